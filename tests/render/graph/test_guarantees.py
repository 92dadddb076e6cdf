"""What holds of every drawing, whatever the graph: nothing overlaps, nothing leaves the stage, no run differs."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mapgen.render.graph import LAYOUT_LIMIT, draw
from mapgen.render.graph.draw import forget
from tests.render.graph.conftest import make_view, views
from tests.render.graph.geometry import apart, labels, shown, unbroken

# Without shrinking, which takes minutes here: a failing graph is told as it was found.
SLOW = settings(
    max_examples=50,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SHAPES = st.sampled_from(["wide", "tall"])


@given(view=views(), shape=SHAPES)
@SLOW
def test_nothing_overlaps_and_all_is_on_the_stage(view, shape):
    drawing = draw(view, shape)
    assert all(apart(a, b) >= 12 for a, b in combinations(drawing.nodes, 2))
    assert all(apart(label, node) > 0 for label in labels(drawing) for node in drawing.nodes)
    assert all(apart(a, b) > 0 for a, b in combinations(labels(drawing), 2))
    for box in (*drawing.nodes, *labels(drawing)):
        assert box.width / 2 <= box.x <= drawing.width - box.width / 2
        assert box.height / 2 <= box.y <= drawing.height - box.height / 2
    for edge in drawing.edges:
        assert re.fullmatch(r"M[-\d.]+ [-\d.]+(L| Q[-\d.]+ [-\d.]+ )[-\d.]+ [-\d.]+", edge.path)
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in shown(edge.path))


@given(view=views(), shape=SHAPES)
@SLOW
def test_all_that_can_be_drawn_is_drawn_once(view, shape):
    drawing = draw(view, shape)
    assert [(n.anchor, n.name, n.number) for n in drawing.nodes] == [
        (card.anchor, card.name, number) for number, card in enumerate(view.cards, start=1)
    ]
    drawable = [
        (index, tie.kind, tie.source_anchor, tie.target_anchor)
        for index, tie in enumerate(view.relations)
        if tie.source_anchor and tie.target_anchor and tie.source_anchor != tie.target_anchor
    ]
    assert sorted((e.index, e.kind, e.source, e.target) for e in drawing.edges) == drawable
    assert len({edge.path for edge in drawing.edges}) == len(drawing.edges)


@given(view=views(), shape=SHAPES)
@settings(SLOW, max_examples=15)
def test_a_drawing_is_a_function_of_the_view(view, shape):
    once = draw(view, shape)
    forget()
    assert draw(view, shape) == once
    assert all(value == round(value, 1) for node in once.nodes for value in (node.x, node.y, node.left, node.top))
    assert all(value == round(value, 1) for label in labels(once) for value in (label.x, label.y, label.width))


@given(view=views(), shape=SHAPES)
@settings(SLOW, max_examples=30)
def test_names_stand_in_their_boxes(view, shape):
    for node in draw(view, shape).nodes:
        assert 1 <= len(node.lines) <= 4
        said = unbroken(node.lines, node.name)
        assert said in (node.name, "…") or (said.endswith("…") and node.name.startswith(said[:-1]))
        assert all(node.top < row.y < node.top + node.height for row in node.rows)
        assert node.width <= (216 if shape == "wide" else 160)


def test_a_long_word_has_a_wider_box_and_is_hyphenated_only_where_that_does_not_do():
    names = ["Hypothekarkreditzinsen", "Hypothekendarlehenszinssätze", "Short name of four words"]
    assert [node.lines for node in draw(make_view(names, []), "wide").nodes] == [
        ("Hypothekarkreditzinsen",),
        ("Hypothekendarlehens-", "zinssätze"),
        ("Short name ", "of four words"),
    ]


@pytest.mark.parametrize("shape", ["wide", "tall"])
@pytest.mark.parametrize("size", [13, 15])
def test_the_largest_boxes_fit_even_where_all_is_related_to_all(size, shape):
    relations = [(a, b, "limits", "holds back for a long time") for a in range(size) for b in range(a)]
    drawing = draw(make_view(["M" * 200] * size, relations), shape)
    assert all(apart(a, b) >= 12 for a, b in combinations(drawing.nodes, 2))
    assert len(drawing.edges) == len(relations)
    assert drawing.width == (720 if shape == "wide" else 360)


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_many_relations_of_one_pair_are_drawn_side_by_side(shape):
    drawing = draw(make_view(["One", "Two"], [(n % 2, 1 - n % 2, "causes", f"way {n}") for n in range(9)]), shape)
    assert len({edge.path for edge in drawing.edges}) == 9


def test_a_stage_has_a_limit_and_may_be_empty():
    many = make_view([f"Concept {n}" for n in range(LAYOUT_LIMIT + 1)], [])
    with pytest.raises(ValueError, match="too many for one stage"):
        draw(many, "wide")
    assert len(draw(many, "wide", anchors=tuple(card.anchor for card in many.cards[1:])).nodes) == LAYOUT_LIMIT
    empty = draw(many, "tall", anchors=())
    assert (empty.nodes, empty.edges, empty.caption) == ((), (), "Graph of 0 concepts and 0 relations")
