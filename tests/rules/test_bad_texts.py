"""Bad texts of many kinds, each with the code that must be found in it, and no other.

Some are what the embedded model really wrote. They know the rules' doors only.
"""

from __future__ import annotations

import pytest

from mapgen.model import Draft
from mapgen.rules.concepts import check_draft

QUERY = "How do interest rates affect inflation and oil prices?"
NAME = "Oil Prices"
DEFINITION = "Oil prices are what buyers on world markets pay for a barrel of crude, set by supply and demand."
RELEVANCE = (
    "Dearer crude raises freight and heating bills, so headline inflation follows within weeks. Central banks then "
    "weigh a rate rise that would cool fuel demand but cost jobs."
)

DEFINITIONS = [
    ("", "text-empty"),
    ("—", "text-empty"),
    ("TODO", "text-placeholder"),
    ("...", "text-empty"),
    ("N/A", "text-placeholder"),
    ("Definition here.", "text-placeholder"),
    ("[Insert definition of the concept here]", "text-placeholder"),
    ("string", "text-placeholder"),
    ("Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "text-placeholder"),
    ("{{definition}}", "text-placeholder"),
    ("Oil prices are <b>what buyers pay</b> for a barrel of crude on world markets.", "text-markup"),
    ("## Oil prices are what buyers pay for a barrel of crude on world markets.", "text-markup"),
    ("**Oil prices** are what buyers pay for a barrel of crude on world markets.", "text-markup"),
    ("Oil prices are what *buyers* pay for a barrel of crude on world markets.", "text-markup"),
    ("Oil prices are what buyers pay for a `barrel` of crude on world markets.", "text-markup"),
    ("- Oil prices are what buyers pay for a barrel of crude on world markets.", "text-markup"),
    ("1. Oil prices are what buyers pay for a barrel of crude on world markets.", "text-markup"),
    ("Oil prices are what [buyers](https://example.org) pay for a barrel of crude on markets.", "text-markup"),
    ('{"definition": "Oil prices are what buyers pay for a barrel of crude on world markets."}', "text-markup"),
    ("Oil prices are what buyers pay for a barrel of crude on world markets<|im_end|>.", "text-markup"),
    ("Oil prices are what buyers pay &amp; sellers take for a barrel of crude on markets.", "text-markup"),
    ("Definition: What buyers on world markets pay for a barrel of crude.", "text-machine"),
    ("As an AI language model, I describe what buyers on world markets pay for a barrel of crude.", "text-machine"),
    ("I'm sorry, but what buyers on world markets pay for a barrel of crude is unknown to me.", "text-machine"),
    ("Sure, here is what buyers on world markets pay for a barrel of crude.", "text-machine"),
    ("Oil prices are what buyers on world markets pay for a barrel of", "text-unfinished"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude,", "text-unfinished"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude and", "text-unfinished"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude and the.", "text-unfinished"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude...", "text-unfinished"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude…", "text-unfinished"),
    ("Oil prices are what buyers (mostly refiners pay for a barrel of crude on markets.", "text-unfinished"),
    ('Oil prices are what buyers on world markets pay for a "barrel of crude.', "text-unfinished"),
    ("Der Ölpreis ist das, was Käufer auf den Weltmärkten für ein Barrel Rohöl bezahlen.", "language-wrong"),
    ("El precio del petróleo es lo que pagan los compradores por un barril de crudo.", "language-wrong"),
    ("Oil prices are what buyers on world 市场 pay for a barrel of crude.", "script-mixed"),
    ("Oil prices are what buyers on world рынках pay for a barrel of crude.", "script-mixed"),
    ("Oil prices are what buyers pay for crude. They are set by supply and demand on markets.", "definition-sentences"),
    ("Crude prices.", "definition-short"),
    ("Oil prices are the prices of oil.", "definition-circular"),
    ("Oil prices are a type of price for oil.", "definition-circular"),
    ("The concept of oil prices.", "definition-circular"),
    ("Oil prices refer to the way in which prices of oil are priced.", "definition-circular"),
    ("Oil prices are what is paid for crude by " + ", ".join(f"buyer {n}" for n in range(60)) + ".", "definition-long"),
]  # fmt: skip

RELEVANCES = [
    ("This concept is important for understanding the topic. It plays a key role and helps the reader to get a "
     "better overview.", "relevance-generic"),
    ("Oil prices are important for understanding how interest rates affect inflation and oil prices. They play a key "
     "role in how interest rates affect inflation and oil prices.", "relevance-generic"),
    ("Understanding oil prices is essential to the question of inflation. Various significant factors have a crucial "
     "impact on it, which makes it fundamental.", "relevance-generic"),
    ("Oil prices are a central aspect of the relationship between interest rates and inflation. Knowing them provides "
     "valuable insights into the broader context of the query.", "relevance-generic"),
    ("Oil prices are what buyers on world markets pay for a barrel of crude. Supply and demand set what buyers pay "
     "on world markets.", "relevance-restates"),
    ("Dearer crude raises freight and heating bills, so headline inflation follows within weeks.",
     "relevance-sentences"),
    ("Crude gets dearer. Freight follows. Heating follows later. Wages rise too. Banks tighten credit in response.",
     "relevance-sentences"),
    ("Crude feeds freight and heating bills within a few weeks. Crude feeds freight and heating bills within a few "
     "weeks.", "relevance-repeats"),
    ("Their swings hit shipping, heating, aviation and plastics production. Their swings hit the shipping, heating, "
     "aviation and plastics production.", "relevance-repeats"),
    ("Dearer crude raises freight and heating bills within weeks. Los bancos centrales suben entonces los tipos de "
     "interés para enfriar la demanda.", "language-wrong"),
    ("Dearer crude raises freight bills, freight bills, freight bills, freight bills, freight bills. Central banks "
     "then weigh a rate rise that would cool demand.", "text-loops"),
    ("As a language model, I think dearer crude raises freight and heating bills. Central banks then weigh raising "
     "their target.", "text-machine"),
]  # fmt: skip

OTHER_LANGUAGES = [
    ("de", "Wie wirken Zinsen?", "Leitzins", "Der Leitzins ist der Leitzins einer Zentralbank.", "definition-circular"),
    ("fr", "Comment marche l'inflation ?", "Inflation", "L'inflation est le processus de l'inflation.",
     "definition-circular"),
    ("es", "¿Qué es la inflación?", "Inflación", "La inflación es un tipo de inflación.", "definition-circular"),
    ("ja", "インフレとは？", "インフレーション", "インフレーションとは、インフレーションのことである。",
     "definition-circular"),
    ("zh", "石油价格如何变化？", "石油价格", "石油价格是石油的价格。", "definition-circular"),
    ("zh", "石油价格如何变化？", "原油", "原油是从地下开采的液体。它由碳氢化合物组成。", "definition-sentences"),
    ("ar", "كيف تعمل اللقاحات؟", "المستضد", "Antigens are molecules that the immune system recognises as foreign.",
     "language-wrong"),
    ("ru", "Как работают вакцины?", "Антиген", "Антиген — это молекула, которую иммунная система 识别 как чужую.",
     "script-mixed"),
]  # fmt: skip


def codes(name: str, draft: Draft, *, query: str, language: str) -> set[str]:
    return {one.code for one in check_draft(name, draft, where="concepts.c", query=query, language=language)}


def test_the_texts_that_the_bad_ones_are_made_of_are_good() -> None:
    draft = Draft(definition=DEFINITION, relevance=RELEVANCE)
    assert codes(NAME, draft, query=QUERY, language="en") == set()


@pytest.mark.parametrize(("definition", "code"), DEFINITIONS, ids=[f"{i}-{c}" for i, (_, c) in enumerate(DEFINITIONS)])
def test_a_bad_definition_has_its_one_problem(definition: str, code: str) -> None:
    draft = Draft(definition=definition, relevance=RELEVANCE)
    assert codes(NAME, draft, query=QUERY, language="en") == {code}


@pytest.mark.parametrize(("relevance", "code"), RELEVANCES, ids=[f"{i}-{c}" for i, (_, c) in enumerate(RELEVANCES)])
def test_a_bad_relevance_has_its_one_problem(relevance: str, code: str) -> None:
    draft = Draft(definition=DEFINITION, relevance=relevance)
    assert codes(NAME, draft, query=QUERY, language="en") == {code}


@pytest.mark.parametrize(("language", "query", "name", "definition", "code"), OTHER_LANGUAGES)
def test_a_bad_definition_in_another_language(language: str, query: str, name: str, definition: str, code: str) -> None:
    draft = Draft(definition=definition, relevance="")
    assert codes(name, draft, query=query, language=language) == {code, "text-empty"}


GENERATED = [
    ("Autoregressive LLMs",
     "Autoregressive language models generate text by predicting the next word in a sequence based on the preceding "
     "words. They are trained on large amounts of text data to understand the patterns and relationships between "
     "words.", "definition-sentences"),
    ("JEPA World Models",
     "JEPA World Models are a type of JEPA model that uses world models to predict future events.",
     "definition-circular"),
    ("Autoregressive LLMs", "Autoregressive LLMs are a type of autoregressive LLM.", "definition-circular"),
    ("Inflation", "Inflation is when there is inflation.", "definition-circular"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "definition", "code"), GENERATED)
def test_what_the_embedded_model_wrote_is_judged_rightly(name: str, definition: str, code: str) -> None:
    draft = Draft(definition=definition, relevance=RELEVANCE)
    assert codes(name, draft, query="JEPA world models vs autoregressive LLMs", language="en") == {code}


def test_a_sentence_that_the_embedded_model_repeated() -> None:
    once = "They are particularly useful in fields such as natural language processing."
    draft = Draft(definition=DEFINITION, relevance=f"{once} {once}")
    assert "relevance-repeats" in codes(NAME, draft, query=QUERY, language="en")


def test_the_bad_texts_are_many() -> None:
    assert len(DEFINITIONS) + len(RELEVANCES) + len(OTHER_LANGUAGES) + len(GENERATED) >= 60


@pytest.mark.parametrize(
    ("dull", "query", "language"),
    [
        ("Dieses Konzept ist wichtig für das Verständnis des Themas. Es spielt eine zentrale Rolle und hilft, den "
         "Zusammenhang besser zu verstehen.", "Wie wirken Zinsen?", "de"),
        ("Ce concept est essentiel pour comprendre le sujet. Il joue un rôle clé et permet de mieux comprendre la "
         "question.", "Comment marche l'inflation ?", "fr"),
        ("Este concepto es importante para comprender el tema. Desempeña un papel fundamental y ayuda a entender "
         "mejor la pregunta.", "¿Qué es la inflación?", "es"),
        ("Это важное понятие для понимания темы. Оно играет ключевую роль и помогает лучше понять вопрос.",
         "Как работают вакцины?", "ru"),
        ("这个概念对于理解主题非常重要。它起着关键作用，有助于读者更好地理解问题。", "利率如何影响通货膨胀？", "zh"),
        ("この概念は主題を理解するために重要です。重要な役割があり、全体の理解に必要です。", "金利とは？", "ja"),
    ],
)  # fmt: skip
def test_a_generic_relevance_is_found_in_other_languages(dull: str, query: str, language: str) -> None:
    draft = Draft(definition="", relevance=dull)
    assert "relevance-generic" in codes("X1", draft, query=query, language=language)
