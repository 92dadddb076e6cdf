"""Where a canvas's cards lie: the page's drawing, drawn wider, its cards moved down until none covers another.

It knows lengths in the canvas's pixels; it knows no format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

from mapgen.render.txt import cells
from mapgen.render.view import View

WIDTH, SIDE, GAP, GRID = 420, 480, 80, 20
MOST = 3.0
_CHARACTER, _LINE, _PADDING = 8.4, 26, 50


@dataclass(frozen=True, slots=True)
class Box:
    """A card: what it says, its upper left corner, and its size."""

    id: str
    text: str
    x: int
    y: int
    width: int
    height: int

    def near(self, other: Box) -> bool:
        """Whether the two are less than the gap apart."""
        return (
            self.x < other.x + other.width + GAP
            and other.x < self.x + self.width + GAP
            and self.y < other.y + other.height + GAP
            and other.y < self.y + self.height + GAP
        )


def concepts(seen: View, texts: Mapping[str, str]) -> list[list[Box]]:
    """The concepts' cards, stage under stage, a concept on the first stage that has it; ``texts`` by anchor."""
    from mapgen.render.graph import stages

    placed: set[str] = set()
    result: list[list[Box]] = []
    top = 0
    for stage in stages(seen):
        fresh = tuple(anchor for anchor in stage if anchor not in placed)
        placed.update(fresh)
        if boxes := _stage(seen, texts, anchors=fresh, top=top):
            result.append(boxes)
            top = max(box.y + box.height for box in boxes) + 3 * GAP
    return result


def stacked(texts: Mapping[str, str]) -> list[Box]:
    """Cards one under the other, left of the concepts; ``texts`` by identifier."""
    boxes: list[Box] = []
    top = 0
    for id, text in texts.items():
        boxes.append(Box(id, text, -SIDE - 2 * GAP, top, SIDE, _height(text, SIDE)))
        top += boxes[-1].height + GAP // 2
    return boxes


def around(id: str, boxes: list[Box]) -> Box:
    """The box that holds those boxes."""
    margin = GAP // 2
    left, top = min(box.x for box in boxes) - margin, min(box.y for box in boxes) - margin
    right, bottom = (max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes))
    return Box(id, "", left, top, right - left + margin, bottom - top + margin)


def facing(source: Box, target: Box, *, turned: bool) -> tuple[str, str]:
    """The sides by which an arrow leaves and arrives: those that face each other, or ``turned`` the others."""
    dx = (target.x - source.x) * 2 + target.width - source.width
    dy = (target.y - source.y) * 2 + target.height - source.height
    apart = abs(dx) - source.width - target.width, abs(dy) - source.height - target.height
    if (apart[0] >= apart[1]) != turned:
        return ("right", "left") if dx >= 0 else ("left", "right")
    return ("bottom", "top") if dy >= 0 else ("top", "bottom")


def _stage(seen: View, texts: Mapping[str, str], *, anchors: tuple[str, ...], top: int) -> list[Box]:
    from mapgen.render.graph import draw

    if not anchors:
        return []
    drawing = draw(seen, "wide", anchors=anchors)
    heights = {node.anchor: _height(texts[node.anchor], WIDTH) for node in drawing.nodes}
    scale = _scale([(node.x, node.y, heights[node.anchor]) for node in drawing.nodes])
    boxes = [
        Box(
            id=f"concept-{node.anchor}",
            text=texts[node.anchor],
            x=_snapped(node.x * scale - WIDTH / 2),
            y=_snapped(node.y * scale - heights[node.anchor] / 2),
            width=WIDTH,
            height=heights[node.anchor],
        )
        for node in drawing.nodes
    ]
    left, high = min(box.x for box in boxes), min(box.y for box in boxes)
    return _apart([replace(box, x=box.x - left, y=box.y - high + top) for box in boxes])


def _scale(cards: list[tuple[float, float, int]]) -> float:
    """How much wider to draw, so that the cards (x, y and height) have room: at most MOST times the area they take."""
    needed, free = 1.0, 1.0
    for (x, y, height), (other_x, other_y, other_height) in combinations(cards, 2):
        across, down = abs(x - other_x), abs(y - other_y)
        needed = max(needed, min((WIDTH + 2 * GAP) / (across or 1), ((height + other_height) / 2 + GAP) / (down or 1)))
        free = max(free, across * down)
    taken = sum((WIDTH + GAP) * (height + GAP) for *_, height in cards)
    return min(needed, sqrt(MOST * taken / free))


def _apart(boxes: list[Box]) -> list[Box]:
    """Those boxes, from the highest to the lowest, each moved down until it is near none above it."""
    placed: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box.y, box.x, box.id)):
        while near := [other for other in placed if box.near(other)]:
            box = replace(box, y=max(other.y + other.height for other in near) + GAP)
        placed.append(box)
    return placed


def _height(text: str, width: int) -> int:
    """What a card of that width needs to show its text without a scroll bar."""
    row = (width - 50) / _CHARACTER
    lines = sum(max(1, -(-cells(line) // row)) * (1.5 if line.startswith("#") else 1) for line in text.split("\n"))
    return _snapped(lines * _LINE + _PADDING)


def _snapped(length: float) -> int:
    return round(length / GRID) * GRID
