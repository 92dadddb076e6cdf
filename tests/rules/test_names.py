"""Names of concepts: their form, and which of them mean the same."""

from __future__ import annotations

import unicodedata

import pytest

from mapgen.rules import duplicates
from mapgen.rules.names import check_name, name_problems, title_ok

QUERY = "How do interest rates affect inflation and oil prices?"

GOOD = [
    ("en", "Interest Rates"),
    ("en", "Self-Supervised Learning"),
    ("en", "Autoregressive LLMs"),
    ("en", "Meta's I-JEPA"),
    ("en", "Type I Error"),
    ("en", "U.S. Federal Reserve"),
    ("en", "Washington, D.C."),
    ("en", "St. Petersburg Paradox"),
    ("en", "Large Language Models (LLMs)"),
    ("en", "Introduction Rate"),
    ("en", "WHO Vaccine Guidelines Committee"),
    ("en", "What-If Analysis"),
    ("en", "A* Search"),
    ("en", "C++"),
    ("en", "5G"),
    ("en", "1973 Oil Embargo"),
    ("en", "TCP/IP Model"),
    ("en", "β-Oxidation"),
    ("en", "Tao (道)"),
    ("en", "String"),
    ("en", "Null"),
    ("en", "The Dark Side of the Moon"),
    ("en", "Sgt. Pepper Album"),
    ("en", "Hand, Foot, and Mouth Disease"),
    ("de", "Zinssatz"),
    ("de", "Quelle der Energie"),
    ("fr", "Taux d'intérêt de la banque centrale"),
    ("es", "Ley de la oferta y la demanda"),
    ("ja", "量的金融緩和政策"),
    ("zh", "量化宽松"),
    ("ar", "سعر الفائدة"),
    ("ru", "Ключевая ставка"),
]

BAD = [
    ("", "text-empty"),
    ("***", "text-empty"),
    ("TBD", "text-placeholder"),
    ("[concept name]", "text-placeholder"),
    ("**Inflation**", "text-markup"),
    ("<b>Inflation</b>", "text-markup"),
    ("Name: Inflation", "text-machine"),
    ("Oil рынок", "script-mixed"),
    ("The long and winding road to stable prices", "name-long"),
    ("Key Concepts", "name-heading"),
    ("overview", "name-heading"),
    ("Concept 1", "name-heading"),
    ("Key concept A", "name-heading"),
    ("Introduction to Inflation", "name-heading"),
    ("Overview of Oil", "name-heading"),
    ("Conclusion.", "name-heading"),
    ("Why Prices Rise", "name-question"),
    ("Inflation?", "name-question"),
    ("Prices rise.", "name-punctuation"),
    ("Inflation: Causes", "name-punctuation"),
    ("Rates, Prices, Oil", "name-punctuation"),
    ("Inflation (CPI", "name-punctuation"),
]


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_name_passes(language: str, name: str) -> None:
    assert check_name(name, "", query=QUERY, language=language) == ()
    assert title_ok(name, QUERY, language=language)


@pytest.mark.parametrize(("name", "code"), BAD)
def test_a_bad_name_has_its_problem(name: str, code: str) -> None:
    assert code in {one.code for one in check_name(name, "", query=QUERY, language="en")}
    assert not title_ok(name, QUERY)


@pytest.mark.parametrize(("language", "name"), [("de", "Einleitung"), ("fr", "Aperçu"), ("es", "Conceptos clave"),
                                                ("zh", "概述"), ("ja", "まとめ"), ("ru", "Введение")])  # fmt: skip
def test_headings_of_other_languages(language: str, name: str) -> None:
    assert [one.code for one in check_name(name, "", query="?", language=language)] == ["name-heading"]


@pytest.mark.parametrize("name", ["Oil prices", "oil PRICES!", "  Oil   prices  "])
def test_the_query_itself_is_no_concept(name: str) -> None:
    assert "name-is-query" in {one.code for one in check_name(name, "", query="Oil prices?", language="en")}


TWINS = [
    ("en", "Inflation", "inflation"),
    ("en", "Interest Rate", "Interest Rates"),
    ("en", "Central Bank Policy", "Central Banks' Policies"),
    ("en", "Self-Supervised Learning", "Self Supervised Learning"),
    ("en", "Self-Supervised Learning", "Selfsupervised learning"),
    ("en", "Caf\u00e9", unicodedata.normalize("NFD", "Caf\u00e9")),
    ("en", "Café Culture", "Cafe Culture"),
    ("en", "Consumer Behaviour", "Consumer Behavior"),
    ("en", "Globalisation", "Globalization"),
    ("en", "Monetary Policy", "Monetery Policy"),
    ("en", "Rate of Interest", "Interest Rate"),
    ("en", "The Oil Price", "Oil Price"),
    ("en", "Large Language Models", "LLMs"),
    ("en", "Large Language Models (LLMs)", "Large Language Models"),
    ("en", "World Wide Web", "WWW"),
    ("en", "Ｗorld Models", "World Models"),
    ("de", "Zinssatz", "Zinssätze"),
    ("fr", "Taux directeur", "Taux directeurs"),
    ("es", "Banco central", "Bancos centrales"),
    ("ru", "Процентная ставка", "Процентные ставки"),
    ("ja", "インフレ", "ｲﾝﾌﾚ"),
]


@pytest.mark.parametrize(("language", "one", "other"), TWINS)
def test_near_duplicates_are_found(language: str, one: str, other: str) -> None:
    assert duplicates((one, "Something Else", other), language) == ((0, 2),)


SIBLINGS = [
    ("Type I error", "Type II error"),
    ("Precision", "Recall"),
    ("Supervised Learning", "Unsupervised Learning"),
    ("Supervised Learning", "Self-Supervised Learning"),
    ("World Models", "JEPA World Models"),
    ("Macroeconomics", "Microeconomics"),
    ("Linear Models", "Nonlinear Models"),
    ("Symmetric Encryption", "Asymmetric Encryption"),
    ("Monomer", "Polymer"),
    ("Hypothermia", "Hyperthermia"),
    ("Inductive Reasoning", "Deductive Reasoning"),
    ("Endothermic Reaction", "Exothermic Reaction"),
    ("Inflation", "Deflation"),
    ("Hyperinflation", "Inflation"),
    ("Nitrate", "Nitrite"),
    ("Adsorption", "Absorption"),
    ("Universe", "University"),
    ("Organism", "Organization"),
    ("Import Tariffs", "Export Tariffs"),
    ("Layer 1", "Layer 2"),
    ("Web 2.0", "Web 3.0"),
    ("World War I", "World War II"),
    ("Vitamin A", "Vitamin B"),
    ("19th Century Art", "18th Century Art"),
    ("Pre-Training", "Post-Training"),
    ("Supply Curve", "Demand Curve"),
    ("Producer Price Index", "Consumer Price Index"),
    ("C", "C++"),
    ("A* Search", "A Search"),
    ("Addition", "Addiction"),
    ("Mercury (planet)", "Mercury (element)"),
]


@pytest.mark.parametrize(("one", "other"), SIBLINGS)
def test_siblings_are_no_duplicates(one: str, other: str) -> None:
    assert duplicates((one, other)) == ()


@pytest.mark.parametrize(("language", "one", "other"), [("zh", "第一次世界大战", "第二次世界大战"),
                                                       ("de", "Erster Weltkrieg", "Zweiter Weltkrieg"),
                                                       ("fr", "Vent", "Vente"),
                                                       ("fr", "Diplomatie", "Diplomatique"),
                                                       ("es", "Astronauta", "Astronáutica"),
                                                       ("ja", "供給曲線", "需要曲線")])  # fmt: skip
def test_siblings_in_other_languages(language: str, one: str, other: str) -> None:
    assert duplicates((one, other), language) == ()


def test_the_later_of_two_twins_has_the_problem() -> None:
    named = (("a", "Interest Rates"), ("b", "Inflation"), ("c", "interest rate"))
    (found,) = name_problems(named, query=QUERY, language="en")
    assert found.model_dump() == {
        "code": "concept-duplicate",
        "where": "concepts.c.name",
        "message": '"interest rate" is the same concept as "Interest Rates"; name another one.',
    }
