"""Which subjects a query names, and whether the names and definitions of a map cover them."""

from __future__ import annotations

import pytest

from mapgen.rules import sides, uncovered
from mapgen.rules.coverage import check_coverage
from mapgen.rules.subjects import Subject, subjects

RATES = "How do interest rates affect inflation and oil prices?"
JEPA = "JEPA world models vs autoregressive LLMs and representation collapse in self-supervised learning"

ORDINARY = [
    ("en", "How do vaccines work?", ("Antigen", "Immune Memory", "Herd Immunity")),
    ("en", "Why is the sky blue?", ("Rayleigh Scattering", "Visible Spectrum", "Human Vision")),
    ("en", "What should I know before buying a house?", ("Mortgage", "Down Payment", "Closing Costs")),
    ("en", "What is photosynthesis?", ("Chlorophyll", "Calvin Cycle", "Stomata")),
    ("en", "How do airplanes fly?", ("Lift", "Drag", "Angle of Attack")),
    ("en", "Explain the causes and effects of WWI", ("Alliance System", "Trench Warfare", "Treaty of Versailles")),
    ("en", "How does caffeine keep people awake and alert?", ("Adenosine", "Receptor Blocking", "Half-Life")),
    ("en", "History of the Roman Empire", ("Principate", "Pax Romana", "Crisis of the Third Century")),
    ("en", "What is the role of humans in the future of work?", ("Automation", "Reskilling", "Gig Platforms")),
    ("en", "How do EVs work?", ("Lithium-Ion Battery", "Regenerative Braking", "Inverter")),
    ("en", "What is the meaning of life, the universe and everything?", ("Deep Thought", "Absurdism", "Forty-Two")),
    ("en", "What caused the 2008 financial crisis?", ("Subprime Mortgages", "Securitisation", "Lehman Brothers")),
    ("en", "Why did the Soviet Union collapse?", ("Perestroika", "Glasnost", "Baltic Independence")),
    ("de", "Warum ist der Himmel blau?", ("Rayleigh-Streuung", "Wellenlänge", "Sonnenlicht")),
    ("de", "Was sollte ich vor dem Hauskauf wissen?", ("Eigenkapital", "Grundbuch", "Notar")),
    ("fr", "Comment fonctionne la photosynthèse ?", ("Chlorophylle", "Cycle de Calvin", "Stomates")),
    ("es", "¿Por qué sube el precio del petróleo?", ("OPEP", "Oferta", "Demanda")),
    ("ru", "Как работают вакцины?", ("Антиген", "Антитела", "Иммунная память")),
    ("ar", "كيف تعمل اللقاحات؟", ("المستضد", "الأجسام المضادة", "مناعة القطيع")),
    ("zh", "疫苗是怎么工作的？", ("抗原", "抗体", "免疫记忆")),
    ("ja", "空はなぜ青いのですか？", ("レイリー散乱", "可視光", "大気")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "query", "names"), ORDINARY)
def test_an_ordinary_question_raises_no_alarm(language: str, query: str, names: tuple[str, ...]) -> None:
    assert uncovered(query, names, language=language) == ()


NAMED = [
    ("en", RATES, ("interest rates", "inflation", "oil prices")),
    ("en", "The impact of climate change on coffee production in Brazil", ("climate change", "coffee production")),
    ("en", "How can small businesses use AI to reduce energy costs?", ("AI", "energy costs")),
    ("en", "multi-agent systems with ReAct pattern", ("multi-agent systems", "ReAct pattern")),
    ("de", "Wie beeinflussen Zinsen die Inflation und den Ölpreis?", ("Zinsen", "Inflation", "Ölpreis")),
    ("ja", "金利はインフレにどのように影響しますか？", ("金利", "インフレ")),
    ("zh", "利率如何影响通货膨胀和石油价格？", ("利率", "通货膨胀", "石油价格")),
]


@pytest.mark.parametrize(("language", "query", "named"), NAMED)
def test_the_subjects_that_a_query_names(language: str, query: str, named: tuple[str, ...]) -> None:
    assert tuple(one.words for one in subjects(query, language)) == named
    assert uncovered(query, ("Quux",), language=language) == named
    assert uncovered(query, named, language=language) == ()


COMPARED = [
    ("en", "TCP vs. UDP", ("TCP", "UDP")),
    ("en", "renting vs buying a home", ("renting", "buying")),
    ("en", "Proof of work versus proof of stake", ("Proof of work", "proof of stake")),
    ("en", "What is the difference between Sunni and Shia Islam?", ("Sunni", "Shia Islam")),
    ("en", "How do mRNA vaccines differ from traditional vaccines?", ("mRNA vaccines", "traditional vaccines")),
    ("en", "Should I learn Python or Rust?", ("Python", "Rust")),
    ("en", "nuclear or solar power: which is better?", ("nuclear", "solar power")),
    ("en", "How is jazz compared to blues?", ("jazz", "blues")),
    ("en", "TCP v UDP", ("TCP", "UDP")),
    ("en", "TCP or UDP?", ("TCP", "UDP")),
    ("de", "TCP gegen UDP", ("TCP", "UDP")),
    ("fr", "TCP et UDP : quelles différences ?", ("TCP", "UDP")),
    ("de", "Unterschied zwischen Aktien und Anleihen", ("Aktien", "Anleihen")),
    ("de", "Solarenergie vs. Windenergie", ("Solarenergie", "Windenergie")),
    ("fr", "Quelle est la différence entre une pandémie et une épidémie ?", ("pandémie", "épidémie")),
    ("es", "¿Qué diferencia hay entre virus y bacterias?", ("virus", "bacterias")),
    ("ru", "Разница между вирусами и бактериями", ("вирусами", "бактериями")),
    ("ar", "الفرق بين الفيروسات والبكتيريا", ("الفيروسات", "البكتيريا")),
    ("ja", "JavaとPythonの違いは何ですか", ("Java", "Python")),
    ("zh", "太阳能与核能的区别", ("太阳能", "核能")),
]


@pytest.mark.parametrize(("language", "query", "sides"), COMPARED)
def test_both_sides_of_a_comparison_are_found_and_each_needs_a_concept(
    language: str, query: str, sides: tuple[str, str]
) -> None:
    one, other = sides
    assert subjects(query, language)[:2] == (Subject(one, other), Subject(other, one))
    assert uncovered(query, (one,), texts=(other,), language=language) == (other,)
    assert uncovered(query, (other,), texts=(one,), language=language) == (one,)


def test_every_side_of_a_comparison_of_three_needs_a_concept() -> None:
    names = ("TCP", "UDP", "QUIC")
    assert uncovered("TCP vs UDP vs QUIC", names) == ()
    for left_out in names:
        rest = tuple(name for name in names if name != left_out)
        assert uncovered("TCP vs UDP vs QUIC", rest) == (left_out,)


def test_the_subjects_of_the_source_document_are_its_concepts() -> None:
    names = ("Autoregressive LLMs", "JEPA World Models", "Self-Supervised Learning", "Representation Collapse")
    assert uncovered(JEPA, names) == ()
    assert uncovered(JEPA, names[1:]) == ("autoregressive LLMs",)
    assert uncovered(JEPA, (names[0], *names[2:])) == ("JEPA world models",)
    assert uncovered(JEPA, names[:3]) == ("representation collapse",)


@pytest.mark.parametrize(
    ("names", "texts", "left"),
    [
        (("Interest Rates", "Inflation", "Oil Prices"), (), ()),
        (("Interest Rate", "Inflationary Pressure", "Crude Oil Market"), (), ()),
        (("Interest Rates", "Inflation", "Consumer Prices"), (), ("oil prices",)),
        (("Interest Rates", "Inflation", "Petroleum"), ("Petroleum is crude oil whose price is set daily.",), ()),
        (("Interest Rates", "Inflation", "Petroleum"), ("Petroleum is a liquid found underground.",), ("oil prices",)),
        (("Policy Rate", "Central Bank"), (), ("interest rates", "inflation", "oil prices")),
    ],
)
def test_a_name_covers_a_subject_and_failing_that_a_definition_does(
    names: tuple[str, ...], texts: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert uncovered(RATES, names, texts=texts) == left


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("LLMs vs RAG", ("Large Language Models", "Retrieval-Augmented Generation")),
        ("Large language models vs retrieval-augmented generation", ("LLM", "RAG")),
        ("Effect of vaccination on hospital costs", ("Vaccines", "Hospital Costs")),
        ("Impact of WWI on women", ("World War I", "Women's Suffrage")),
    ],
)
def test_acronyms_and_forms_of_a_word_cover(query: str, names: tuple[str, ...]) -> None:
    assert uncovered(query, names) == ()


def test_the_problems_say_what_to_add() -> None:
    found = check_coverage("TCP vs UDP for online games", ("UDP",))
    assert [(one.code, one.where, one.message) for one in found] == [
        ("comparison-side-missing", "map", 'The query compares "TCP", but no concept is it; add a concept for it.'),
        ("subject-missing", "map", 'The query asks about "online games", but no concept covers it; '
         "add a concept for it."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names", "language", "expected"),
    [
        ("TCP vs UDP", ("Transmission Control Protocol", "Reliability", "TCP", "UDP"), "en", ((0, 2), (3,))),
        ("JEPA world models vs autoregressive LLMs", ("World Models", "JEPA World Models", "LLMs"), "en", ((1,), ())),
        ("What is the difference between debt and equity financing?", ("Debt", "Equity"), "en", ((0,), (1,))),
        ("太阳能和风能的区别", ("太阳能", "电网", "风能"), "zh", ((0,), (2,))),
        ("TCP vs UDP", ("TCP and UDP", "TCP", "UDP"), "en", ((1,), (2,))),
        ("TCP vs UDP", ("TCP", "Latency"), "en", ((0,), ())),
        ("TCP vs UDP vs QUIC", ("TCP", "UDP", "QUIC"), "en", ((), ())),
        ("Which is better: TCP, UDP or QUIC?", ("TCP", "UDP", "QUIC"), "en", ((), ())),
        ("TCP or UDP?", ("TCP", "UDP"), "en", ((0,), (1,))),
        ("TCP et UDP : quelles différences ?", ("UDP", "TCP"), "fr", ((1,), (0,))),
        ("How do vaccines work?", ("Vaccine", "Antibody"), "en", ((), ())),
    ],
)
def test_the_names_of_each_side_of_a_comparison(query, names, language, expected):
    assert sides(query, names, language=language) == expected
