"""Which concepts stand together: all of them somewhere, the most connected first, and what belongs together near."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.render.graph import LAYOUT_LIMIT, stages
from tests.render.graph.conftest import make_view

PLACES = st.integers(0, 45)
GRAPHS = st.tuples(st.integers(0, 45), st.lists(st.tuples(PLACES, PLACES), max_size=90))


def graph(size: int, pairs: list[tuple[int, int]]):
    return make_view([f"Concept {n}" for n in range(size)], [(a, b, "causes", "causes") for a, b in pairs])


@given(GRAPHS)
@settings(deadline=None)
def test_every_concept_is_on_a_stage_and_no_stage_is_crowded(given_graph):
    view = graph(*given_graph)
    found = stages(view)
    order = {card.anchor: place for place, card in enumerate(view.cards)}
    assert {anchor for stage in found for anchor in stage} == set(order)
    assert all(0 < len(stage) <= LAYOUT_LIMIT for stage in found)
    for stage in found:
        assert list(stage) == sorted(set(stage), key=order.__getitem__)
    assert stages(view) == found


@given(GRAPHS)
@settings(deadline=None)
def test_a_guest_is_related_to_who_lives_there(given_graph):
    view = graph(*given_graph)
    near = {frozenset((tie.source_anchor, tie.target_anchor)) for tie in view.relations}
    homes: dict[str, int] = {}
    for number, stage in enumerate(stages(view)):
        own = [anchor for anchor in stage if anchor not in homes or len(near_of(anchor, near) & set(stage)) == 0]
        guests = [anchor for anchor in stage if anchor not in own]
        assert number == 0 or len(guests) <= 3
        for guest in guests:
            assert near_of(guest, near) & set(stage)
        homes.update((anchor, number) for anchor in own)


def near_of(anchor: str, near: set[frozenset[str]]) -> set[str]:
    return {other for pair in near if anchor in pair for other in pair if other != anchor}


def test_up_to_the_limit_there_is_one_stage():
    assert stages(graph(0, [])) == ()
    assert stages(graph(3, [(0, 1)])) == (("c0", "c1", "c2"),)
    assert [len(stage) for stage in stages(graph(LAYOUT_LIMIT, []))] == [LAYOUT_LIMIT]


def test_the_first_stage_has_the_most_connected_ties_by_reading_order():
    star = [(19, n) for n in range(16, 19)]
    first = stages(graph(20, star))[0]
    assert {"c16", "c17", "c18", "c19"} < set(first)
    assert first[:11] == tuple(f"c{n}" for n in range(11))


def test_what_belongs_together_stands_together():
    core = [(a, b) for a in range(15) for b in range(a)]
    chains = [(15, 16), (16, 17), (18, 19), (19, 20), (15, 0), (18, 1)]
    found = stages(graph(21, core + chains))
    assert found[0] == tuple(f"c{n}" for n in range(15))
    assert found[1] == ("c0", "c1", *(f"c{n}" for n in range(15, 21)))


def test_relations_of_the_rest_are_drawn_where_that_is_possible():
    core = [(a, b) for a in range(15) for b in range(a)]
    rest = [(n, n % 3) for n in range(15, 27)]
    found = stages(graph(27, core + rest))
    drawn = [(a, b) for a, b in rest if any({f"c{a}", f"c{b}"} <= set(stage) for stage in found)]
    assert drawn == rest
