"""The relations: asked in one call, ends by name, and what no rule can accept is left out at once."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import BadAnswer
from mapgen.model import RELATION_KINDS, Query, Relation, RelationKind
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.rules import unsound
from mapgen.steps.relate import relate, relate_input
from mapgen.steps.relations import KINDS, RelationsAnswer, relations_of
from tests.scripts import LINKS, NAMES, QUERY, SCOPES, Counting, good_map, good_plan, relate_answer, relate_line

PROMPTS = PromptSet(builtin_folder())


async def related(llm: Counting) -> tuple[Relation, ...]:
    return await relate(Query.of(QUERY), good_plan(), llm=llm, prompts=PROMPTS)


def answer(*links: tuple[str, str, str], **changes: str) -> RelationsAnswer:
    said = relate_answer(links)
    for one in said["relations"]:
        one |= changes
    return RelationsAnswer.model_validate_json(json.dumps(said))


def links_of(relations: tuple[Relation, ...]) -> list[tuple[str, str, str]]:
    return [(one.source, one.kind, one.target) for one in relations]


async def test_a_good_answer_becomes_relations_by_id() -> None:
    llm = Counting()
    assert await related(llm) == good_map().relations
    assert llm.prompts() == ["relate"]
    assert llm.asked[0].role == "planner"


async def test_the_schema_names_concepts_and_kinds_and_wants_enough_to_connect() -> None:
    llm = Counting()
    await related(llm)
    relations = llm.asked[0].schema["properties"]["relations"]
    fields = relations["items"]["properties"]
    assert fields["source"]["enum"] == fields["target"]["enum"] == list(NAMES)
    assert fields["kind"]["enum"] == list(RELATION_KINDS)
    assert (relations["minItems"], relations["maxItems"]) == (len(NAMES) - 1, len(NAMES) + 1)


def test_every_kind_is_explained_to_the_model() -> None:
    assert set(KINDS) == set(get_args(RelationKind))
    given = relate_input(Query.of(QUERY), good_plan())
    assert given.kinds == KINDS
    assert given.concepts == tuple(SCOPES.items())
    said = PROMPTS.render("relate", dict(given))[0].content
    assert all(f"{kind}: {meaning}" in said for kind, meaning in KINDS.items())


def test_names_are_matched_in_any_case() -> None:
    found = relations_of(answer(("oil prices", "causes", "INFLATION")), good_plan())
    assert links_of(found) == [("oil-prices", "causes", "inflation")]


@pytest.mark.parametrize(
    "link",
    [
        ("Gold", "causes", "Inflation"),
        ("Inflation", "causes", "Gold"),
        ("Inflation", "causes", "inflation"),
        ("", "causes", "Inflation"),
        LINKS[0],
    ],
    ids=["unknown source", "unknown target", "loop", "empty", "duplicate"],
)
def test_what_no_rule_accepts_is_left_out(link: tuple[str, str, str]) -> None:
    found = relations_of(answer(*LINKS, link), good_plan())
    assert found == good_map().relations


def test_a_cycle_of_kinds_is_left_out_and_the_first_stays() -> None:
    found = relations_of(answer(("Oil Prices", "is-a", "Inflation"), ("Inflation", "is-a", "Oil Prices")), good_plan())
    assert links_of(found) == [("oil-prices", "is-a", "inflation")]


def test_a_contrast_is_the_same_both_ways() -> None:
    links = (("Oil Prices", "contrasts-with", "Inflation"), ("Inflation", "contrasts-with", "Oil Prices"))
    assert len(relations_of(answer(*links), good_plan())) == 1


@pytest.mark.parametrize("label", ["", "related to", "is related to"])
def test_vague_relations_are_left_out(label: str) -> None:
    assert relations_of(answer(LINKS[0], label=label), good_plan()) == ()


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("depends-on", "depends on"),
        ("is-a", "is a"),
        ("part-of", "is part of"),
        ("example-of", "is an example of"),
        ("consists-of", "consists of"),
        ("enables", "enables"),
        ("co-produces", "co-produces"),
        ("is a step-down of", "is a step-down of"),
        ("hängt-ab", "hängt-ab"),
    ],
)
def test_a_kind_given_as_label_is_put_in_words(label: str, said: str) -> None:
    (one,) = relations_of(answer((NAMES[0], "causes", NAMES[1]), label=label), good_plan())
    assert one.label == said
    assert one.kind == "causes"


def test_known_relations_stay_and_win_over_new_ones() -> None:
    known = good_map().relations[:1]
    found = relations_of(answer(*LINKS, LINKS[0]), good_plan(), known=known)
    assert found == good_map().relations


async def test_no_relation_is_no_error() -> None:
    assert await related(Counting([relate_line(())])) == ()


async def test_an_unknown_kind_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer) as caught:
        await related(Counting([relate_line((("Oil Prices", "related", "Inflation"),))]))
    assert any("kind" in problem for problem in caught.value.problems)


ENDS = st.sampled_from([*NAMES, "Gold", "", "inflation"])


@given(links=st.lists(st.tuples(ENDS, st.sampled_from(RELATION_KINDS), ENDS), max_size=12))
def test_what_is_kept_is_sound(links: list[tuple[str, str, str]]) -> None:
    plan = good_plan()
    found = relations_of(answer(*links), plan)
    assert unsound(found, tuple(outline.id for outline in plan.concepts)) == ()
