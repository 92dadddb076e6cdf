"""How many concepts and related topics a map has, and whether they are told apart."""

from __future__ import annotations

import pytest

from mapgen.rules.counts import check_count, check_ids, check_related

TOPICS = ("AI Agents", "LLM", "Macroeconomics", "Interest Rates", "Middle East", "ReAct Pattern")


@pytest.mark.parametrize(("found", "asked"), [(3, None), (12, None), (5, 5), (12, 12)])
def test_as_many_as_wanted(found: int, asked: int | None) -> None:
    assert check_count(found, asked) == ()


@pytest.mark.parametrize(
    ("found", "asked", "code", "message"),
    [
        (0, None, "concepts-few", "The map has 0 concepts; 3 to 12 are wanted."),
        (2, None, "concepts-few", "The map has 2 concepts; 3 to 12 are wanted."),
        (13, None, "concepts-many", "The map has 13 concepts; 3 to 12 are wanted."),
        (4, 5, "concepts-few", "The map has 4 concepts; 5 are wanted."),
        (6, 5, "concepts-many", "The map has 6 concepts; 5 are wanted."),
    ],
)
def test_too_few_and_too_many(found: int, asked: int | None, code: str, message: str) -> None:
    (one,) = check_count(found, asked)
    assert (one.code, one.where, one.message) == (code, "map", message)


def test_six_to_twelve_short_topics_are_good() -> None:
    assert check_related(TOPICS) == ()
    assert (
        check_related((*TOPICS, "Blockchain", "Oil Resources", "Sunni-Shia", "Autonomous", "Multi-Agent", "OPEC")) == ()
    )
    assert (
        check_related(("Photovoltaik", "Windkraft", "Netzausbau", "Speicher", "Wasserstoff", "Kernkraft"), "de") == ()
    )


@pytest.mark.parametrize(
    ("related", "code"),
    [
        (TOPICS[:5], "related-count"),
        ((*TOPICS, *(f"Topic{chr(97 + n) * 3}" for n in range(7))), "related-count"),
        ((*TOPICS, "interest rate"), "related-duplicate"),
        ((*TOPICS, "The long history of world oil"), "related-long"),
        ((*TOPICS, ""), "related-empty"),
        ((*TOPICS, "TODO"), "related-empty"),
    ],
)
def test_faulty_topics(related: tuple[str, ...], code: str) -> None:
    assert [(one.code, one.where) for one in check_related(related)] == [(code, "related")]


def test_every_concept_has_an_id_of_its_own() -> None:
    assert check_ids(("a", "b")) == ()
    assert [(one.code, one.where) for one in check_ids(("a", "b", "a", "a"))] == [
        ("concept-id-duplicate", "concepts.a"),
        ("concept-id-duplicate", "concepts.a"),
    ]
