"""A drawing as values: where each box, line and word of a graph stands, in pixels of its stage.

It knows how a drawing reads to who cannot see it; it knows neither how it came about nor how it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mapgen.model import RelationKind
from mapgen.render.graph.kinds import KIND_STYLE, Style
from mapgen.render.graph.measure import is_rtl
from mapgen.text import counted

Shape = Literal["wide", "tall"]

NAME_SIZE, LABEL_SIZE = 14, 12
NAME_LEADING, LABEL_LEADING = 18, 15


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a text, its middle at ``x``, its baseline at ``y``."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Node:
    """A concept's box; ``x`` and ``y`` are its centre. ``lines`` joined are its name, or the start of it."""

    anchor: str
    number: int
    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    incomplete: bool
    rtl: bool

    @property
    def left(self) -> float:
        """The x of its left side."""
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        """The y of its upper side."""
        return round(self.y - self.height / 2, 1)

    @property
    def caption(self) -> str:
        """What the box is called where it is read aloud."""
        return f"{self.number}. {self.name}{' (incomplete)' if self.incomplete else ''}"

    @property
    def rows(self) -> tuple[Row, ...]:
        """Its lines, each with its place."""
        return _rows(self.lines, (self.x, self.y), leading=NAME_LEADING, size=NAME_SIZE)


@dataclass(frozen=True, slots=True)
class Label:
    """The words on a line, in a box whose centre is ``x`` and ``y``."""

    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    rtl: bool

    @property
    def left(self) -> float:
        """The x of its left side."""
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        """The y of its upper side."""
        return round(self.y - self.height / 2, 1)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Its lines, each with its place."""
        return _rows(self.lines, (self.x, self.y), leading=LABEL_LEADING, size=LABEL_SIZE)


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation's line from one box to another, as an SVG path; ``index`` is its place among the view's relations."""

    kind: RelationKind
    source: str
    target: str
    path: str
    label: Label | None
    sentence: str
    explanation: str
    index: int

    @property
    def title(self) -> str:
        """The relation with its explanation."""
        return f"{self.sentence}: {self.explanation}" if self.explanation else self.sentence

    @property
    def style(self) -> Style:
        """How its kind is drawn."""
        return KIND_STYLE[self.kind]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A stage of that size in pixels, with what stands on it: nodes in reading order, edges as painted."""

    shape: Shape
    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def caption(self) -> str:
        """What the drawing is called where it is read aloud."""
        return f"Graph of {counted(len(self.nodes), 'concept')} and {counted(len(self.edges), 'relation')}"

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each concept in it, by anchor."""
        return {node.anchor: node.number for node in self.nodes}

    @property
    def kinds(self) -> tuple[tuple[RelationKind, Style], ...]:
        """The kinds of relation in it, each with its style."""
        drawn = {edge.kind for edge in self.edges}
        return tuple((kind, style) for kind, style in KIND_STYLE.items() if kind in drawn)


def _rows(lines: tuple[str, ...], centre: tuple[float, float], *, leading: int, size: int) -> tuple[Row, ...]:
    """The lines with their places; a space at a line's end is drawn, too, and must not push it off the middle."""
    x, y = centre
    first = y - leading * (len(lines) - 1) / 2 + size * 0.35
    push = size * 0.13 * (-1 if is_rtl("".join(lines)) else 1)
    return tuple(
        Row(line, round(x + push * line.endswith(" "), 1), round(first + leading * place, 1))
        for place, line in enumerate(lines)
    )
