"""The state: its reducers, how a map is assembled from it, and how failures become problems."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import BadAnswer, MapgenError, Unavailable
from mapgen.model import Draft, Outline, Problem, Query, Relation
from mapgen.state import (
    Failure,
    State,
    assembled,
    concept_of,
    current_plan,
    found_problems,
    latest,
    merged,
    placed,
    spare,
    vacant,
)
from tests.scripts import IDS, QUERY, TEXTS, good_map, good_plan

GONE = Failure(Unavailable("The endpoint is gone."))
NEW = Outline(id="wages", name="Wage Growth", scope="")


def good_state() -> State:
    """The state of the good map when all was written."""
    plan = good_plan()
    drafts = {
        outline.id: Draft(definition=texts[0], relevance=texts[1])
        for outline, texts in zip(plan.concepts, TEXTS.values(), strict=True)
    }
    return State(
        query=Query.of(QUERY),
        plan=plan,
        outlines={outline.id: outline for outline in plan.concepts},
        drafts=drafts,
        relations=good_map().relations,
    )


def without(*ids: str, failure: Failure = GONE) -> State:
    """The good state in which those writes failed."""
    state = good_state()
    return replace(state, drafts=merged(state.drafts, dict.fromkeys(ids, failure)))


def places(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems]


MAPPINGS = st.dictionaries(st.sampled_from("abcd"), st.integers())


@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_merging_is_associative_and_later_values_hold(
    one: dict[str, int], two: dict[str, int], three: dict[str, int]
) -> None:
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, two) == {**one, **two}
    assert merged(one, {}) == merged({}, one) == one


def test_a_merged_value_stays_in_its_place() -> None:
    assert list(merged({"a": 1, "b": 2}, {"c": 3, "a": 4}).items()) == [("a", 4), ("b", 2), ("c", 3)]


def test_a_failure_does_not_take_away_what_was_there() -> None:
    relations = good_map().relations
    assert latest(relations, GONE) == relations
    assert latest(GONE, relations) == relations
    assert latest((), relations) == relations
    assert latest((), GONE) is GONE
    assert latest(relations, ()) == ()
    assert latest(GONE, GONE) is GONE


def test_the_good_state_is_the_good_map() -> None:
    assert assembled(good_state()) == good_map()
    assert found_problems(good_state()) == ()
    assert current_plan(good_state()) == good_plan()


def test_a_map_with_problems_is_incomplete_and_its_faulty_concepts_are_marked() -> None:
    problem = Problem(code="c", where="concepts.inflation.definition", message="m")
    map = assembled(replace(good_state(), problems=(problem,)))
    assert map.status == "incomplete"
    assert map.problems == (problem,)
    assert [one.status for one in map.concepts] == ["complete", "incomplete", "complete", "complete"]


def test_problems_elsewhere_mark_no_concept() -> None:
    problem = Problem(code="c", where="relations.0", message="m")
    map = assembled(replace(good_state(), problems=(problem,)))
    assert map.status == "incomplete"
    assert {one.status for one in map.concepts} == {"complete"}


def test_a_concept_without_a_draft_is_empty_and_incomplete() -> None:
    for draft in (None, GONE):
        concept = concept_of(NEW, draft, rank=2)
        assert (concept.definition, concept.relevance, concept.status, concept.rank) == ("", "", "incomplete", 2)
    assert concept_of(NEW, Draft(definition="d", relevance="r"), rank=1).status == "complete"


def test_a_failed_write_is_told_with_its_reason_and_not_as_an_empty_text() -> None:
    found = found_problems(without("inflation"))
    assert places(found) == [
        ("not-written", "concepts.inflation.definition"),
        ("not-written", "concepts.inflation.relevance"),
    ]
    assert {one.message for one in found} == {"The endpoint is gone."}


def test_failed_relations_are_told_with_their_reason() -> None:
    found = found_problems(replace(good_state(), relations=GONE))
    assert places(found) == [("not-related", "relations")]
    assert assembled(replace(good_state(), relations=GONE)).relations == ()


@pytest.mark.parametrize("error", [Unavailable("gone"), BadAnswer("no answer")])
def test_the_first_failure_is_raised_where_nothing_was_written(error: MapgenError) -> None:
    with pytest.raises(type(error)):
        found_problems(without(*IDS, failure=Failure(error)))


def test_one_written_concept_is_enough() -> None:
    found = found_problems(without(*IDS[1:]))
    assert [one.where for one in found if one.code == "not-written"] == [
        f"concepts.{id}.{text}" for id in IDS[1:] for text in ("definition", "relevance")
    ]


def test_the_number_asked_for_is_checked() -> None:
    state = replace(good_state(), query=Query.of(QUERY, concepts=5))
    assert places(found_problems(state)) == [("concepts-few", "map")]


def test_a_replaced_concept_takes_the_place_and_its_failure_is_forgotten() -> None:
    state = without("inflation")
    draft = Draft(definition=TEXTS["Inflation"][0], relevance=TEXTS["Inflation"][1])
    state = replace(
        state,
        outlines=merged(state.outlines, placed({"inflation": NEW}, state)),
        drafts=merged(state.drafts, {"wages": draft}),
    )
    assert [one.id for one in current_plan(state).concepts] == ["interest-rates", "wages", "oil-prices", "fuel-demand"]
    assert not [one for one in found_problems(state) if "inflation" in one.where]
    assert assembled(state).concepts[1].rank == 2


def test_a_concept_replaced_twice_still_has_one_place() -> None:
    state = good_state()
    for id, outline in (("inflation", NEW), ("wages", Outline(id="prices", name="Price Level", scope=""))):
        state = replace(state, outlines=merged(state.outlines, placed({id: outline}, state)))
    assert [one.id for one in current_plan(state).concepts] == ["interest-rates", "prices", "oil-prices", "fuel-demand"]


def test_a_new_concept_comes_last() -> None:
    state = good_state()
    state = replace(state, outlines=merged(state.outlines, placed({"wages": NEW}, state)))
    assert [one.id for one in current_plan(state).concepts] == [*IDS, "wages"]


def linked(target: str = "inflation") -> State:
    """The good state with one more concept, and what connects it."""
    state = good_state()
    link = Relation(source="wages", target=target, kind="causes", label="feeds", explanation="Pay is a cost of goods.")
    return replace(state, outlines=merged(state.outlines, placed({"wages": NEW}, state)), links=(link,))


def test_links_stand_behind_the_relations_where_both_ends_are_there() -> None:
    state = linked()
    assert assembled(state).relations == (*good_map().relations, *state.links)
    assert assembled(linked("gone")).relations == good_map().relations
    assert assembled(replace(state, relations=GONE)).relations == state.links


def test_a_link_is_shown_once_and_not_again_when_the_relations_settled_it() -> None:
    state = linked()
    twice = replace(state, relations=(*good_map().relations, *state.links))
    assert assembled(twice).relations == (*good_map().relations, *state.links)
    assert assembled(replace(state, settled=1)).relations == good_map().relations


def test_room_is_what_the_map_may_have_more() -> None:
    assert vacant(good_state()) == 12 - len(good_state().outlines)
    assert vacant(replace(good_state(), query=Query.of(QUERY, concepts=3))) == 3 - len(good_state().outlines)


def test_the_spare_concept_is_the_last_that_no_subject_needs() -> None:
    full = replace(good_state(), query=Query.of(QUERY, concepts=4))
    assert spare(full) == "fuel-demand"
    outlines = dict(list(full.outlines.items())[::-1])
    assert spare(replace(full, outlines=outlines)) == "fuel-demand"


def test_nothing_is_spare_where_there_is_room_or_all_is_needed() -> None:
    assert spare(good_state()) == ""
    needed = {id: outline for id, outline in good_state().outlines.items() if id != "fuel-demand"}
    assert spare(replace(good_state(), query=Query.of(QUERY, concepts=3), outlines=needed)) == ""
