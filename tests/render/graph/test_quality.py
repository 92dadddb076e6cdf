"""How good drawings of maps as people make them are: what crosses, what runs through boxes, what is left out."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render.graph import Edge, Node, draw
from mapgen.render.view import Options, view
from tests.render.graph.conftest import EIGHT, EIGHTEEN, SIX, TWELVE, make_view
from tests.render.graph.geometry import apart, crossings, filled, inside, shown, through_boxes, unlabelled

REAL = ("interest-rates", "jepa-vs-llms", "photosynthesis")
VIEWS = {"six": make_view(list(SIX), list(EIGHT)), "twelve": make_view(list(TWELVE), list(EIGHTEEN))}


def view_of(name, root):
    if name in VIEWS:
        return VIEWS[name]
    return view(KnowledgeMap.load(root / "examples" / "maps" / f"{name}.json"), Options())


@pytest.mark.parametrize("name", [*REAL, "six", "twelve"])
@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_lines_go_around_boxes_and_seldom_cross(name, shape, root):
    drawing = draw(view_of(name, root), shape)
    assert through_boxes(drawing) == 0
    assert crossings(drawing) <= {("twelve", "wide"): 3, ("twelve", "tall"): 9}.get((name, shape), 0)
    assert unlabelled(drawing) <= len(drawing.edges) // 10


@pytest.mark.parametrize("name", [*REAL, "six", "twelve"])
def test_the_stage_is_filled(name, root):
    across, down = filled(draw(view_of(name, root), "wide"))
    assert across > 0.6
    assert down > 0.85


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_lines_end_at_their_boxes_with_room_for_the_head(shape, twelve):
    drawing = draw(twelve, shape)
    nodes = {node.anchor: node for node in drawing.nodes}
    for edge in drawing.edges:
        points = shown(edge.path)
        for point, anchor in ((points[0], edge.source), (points[-1], edge.target)):
            assert not inside(point, nodes[anchor])
            assert 1 < gap(point, nodes[anchor]) < 25


def gap(point: tuple[float, float], node: Node) -> float:
    across = abs(point[0] - node.x) - node.width / 2
    down = abs(point[1] - node.y) - node.height / 2
    return max(across, down)


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_labels_stand_on_their_own_line(shape, twelve):
    for edge in draw(twelve, shape).edges:
        if edge.label:
            assert min(distance(point, edge) for point in shown(edge.path)) < 12


def distance(point: tuple[float, float], edge: Edge) -> float:
    assert edge.label
    across = max(0.0, abs(point[0] - edge.label.x) - edge.label.width / 2)
    down = max(0.0, abs(point[1] - edge.label.y) - edge.label.height / 2)
    return float((across**2 + down**2) ** 0.5)


def test_a_label_says_the_relation_and_its_title_all_of_it(six):
    edges = {edge.index: edge for edge in draw(six, "wide").edges}
    assert "".join(edges[4].label.lines) == "underlies"
    assert edges[4].title == "Immune memory underlies Vaccine efficacy: Because."
    assert edges[4].style.light == "#0d5c63"


def test_the_reading_order_runs_from_left_to_right_or_down(twelve):
    wide, tall = draw(twelve, "wide").nodes, draw(twelve, "tall").nodes
    middle = (len(wide) - 1) / 2
    assert sum((place - middle) * node.x for place, node in enumerate(wide)) >= 0
    assert sum((place - middle) * node.y for place, node in enumerate(wide)) >= 0
    rows = sorted(tall, key=lambda node: node.y)
    assert all(apart(a, b) >= 30 for a, b in pairwise(rows))


def test_concepts_without_relations_stand_in_rows():
    nodes = draw(make_view(["One", "Two", "Three", "Four", "Five", "Six"], []), "wide").nodes
    assert len({node.y for node in nodes}) == 2
    assert [node.number for node in sorted(nodes, key=lambda node: (node.y, node.x))] == [1, 2, 3, 4, 5, 6]


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.render.graph.conftest import EIGHTEEN, TWELVE, make_view
from mapgen.render.graph import draw
view = make_view(list(TWELVE), list(EIGHTEEN))
print(draw(view, "wide"), draw(view, "tall"))
"""


def test_every_process_draws_the_same(root):
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(root)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
        ).stdout
        for seed in ("0", "1")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count("Drawing(") == 2


def test_one_small_drawing_exactly():
    drawing = draw(make_view(["Cause", "Effect"], [(0, 1, "causes", "brings about")]), "tall")
    assert (drawing.width, drawing.height) == (360.0, 126.0)
    assert [(node.x, node.y, node.width, node.height) for node in drawing.nodes] == [
        (53.0, 27.0, 90.0, 38.0),
        (307.0, 99.0, 90.0, 38.0),
    ]
    (edge,) = drawing.edges
    assert edge.path == "M100 40.3L250.4 83"
    assert edge.title == "Cause brings about Effect: Because."
    assert edge.label is not None
    assert (edge.label.lines, edge.label.x, edge.label.y) == (("brings about",), 175.2, 61.6)
