"""Drawings measured from outside: what an eye would see of boxes, paths and labels, by geometry of its own."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from mapgen.render.graph import Drawing, Label, Node

Point = tuple[float, float]
Box = Node | Label


def apart(one: Box, two: Box) -> float:
    """How many pixels lie between two boxes, across or down; negative where they overlap."""
    across = abs(one.x - two.x) - (one.width + two.width) / 2
    down = abs(one.y - two.y) - (one.height + two.height) / 2
    return max(across, down)


def labels(drawing: Drawing) -> list[Label]:
    return [edge.label for edge in drawing.edges if edge.label]


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def shown(path: str) -> list[tuple[float, float]]:
    """Points along a path, as an SVG viewer would draw them."""
    x0, y0, *rest = numbers(path)
    if len(rest) == 2:
        rest = [(x0 + rest[0]) / 2, (y0 + rest[1]) / 2, *rest]
    x1, y1, x2, y2 = rest
    steps = [step / 20 for step in range(21)]
    return [
        ((1 - t) ** 2 * x0 + 2 * t * (1 - t) * x1 + t * t * x2, (1 - t) ** 2 * y0 + 2 * t * (1 - t) * y1 + t * t * y2)
        for t in steps
    ]


def inside(point: Point, box: Box) -> bool:
    return abs(point[0] - box.x) < box.width / 2 and abs(point[1] - box.y) < box.height / 2


def through_boxes(drawing: Drawing) -> int:
    """How many lines run through a box that is not at one of their ends."""
    return sum(
        any(inside(point, node) for point in shown(edge.path))
        for edge in drawing.edges
        for node in drawing.nodes
        if node.anchor not in (edge.source, edge.target)
    )


def turns(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def crossings(drawing: Drawing) -> int:
    """How many pairs of lines cross."""
    paths = [list(pairwise(shown(edge.path))) for edge in drawing.edges]
    return sum(
        any(turns(a, b, c) != turns(a, b, d) and turns(c, d, a) != turns(c, d, b) for a, b in one for c, d in two)
        for one, two in combinations(paths, 2)
    )


def unlabelled(drawing: Drawing) -> int:
    return sum(edge.label is None for edge in drawing.edges)


def filled(drawing: Drawing) -> tuple[float, float]:
    """Which share of the stage's width and height lies between the outermost boxes."""
    left = min(node.x - node.width / 2 for node in drawing.nodes)
    right = max(node.x + node.width / 2 for node in drawing.nodes)
    top = min(node.y - node.height / 2 for node in drawing.nodes)
    bottom = max(node.y + node.height / 2 for node in drawing.nodes)
    return (right - left) / drawing.width, (bottom - top) / drawing.height


def unbroken(lines: tuple[str, ...], text: str) -> str:
    """Those lines of ``text`` joined, without the hyphens that breaking its words has added."""
    said = ""
    for line in lines:
        added = line.endswith("-") and not text.startswith(said + line) and text[len(said + line) - 1 :][:1].isalpha()
        said += line[:-1] if added else line
    return said
