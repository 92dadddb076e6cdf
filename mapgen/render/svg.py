"""SVG: the graph as one picture that stands alone, light or dark as its viewer is, with every text of the map in it.

What is not drawn is told in titles and descriptions; the map itself is in the metadata, as JSON. It knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapgen.model import KnowledgeMap, RelationKind
from mapgen.render.graph import Drawing, Row, Style, draw, stages
from mapgen.render.graph.kinds import KIND_STYLE
from mapgen.render.graph.measure import is_rtl, width, wrap
from mapgen.render.graph.wide import WIDTH
from mapgen.render.html import language_tag
from mapgen.render.pages import environment
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.render.wording import EXPLORE, INCOMPLETE, KINDS, RELATIONS, SOURCES, footer
from mapgen.text import xml_text

if TYPE_CHECKING:
    from markupsafe import Markup

_ASSETS = Path(__file__).parent / "assets"
_WIDTH, _MARGIN = WIDTH, 14.0
_HEADING, _HEADING_LEADING, _HEADING_LINES = 22, 28, 3
_LEGEND, _LEGEND_LEADING, _SAMPLE = 12, 24, 44


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: a kind of relation, how it is drawn and called, and the place of its sample."""

    kind: RelationKind
    style: Style
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole document: what stands where, and what is told beside it."""

    lang: str
    title: str
    told: str
    data: str
    width: float
    height: float
    rtl: bool
    rows: tuple[Row, ...]
    parts: tuple[tuple[float, Drawing], ...]
    legend: tuple[Entry, ...]
    kinds: tuple[tuple[RelationKind, Style], ...]
    nodes: dict[str, str]
    edges: dict[int, str]


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as a standalone SVG document: all its stages below each other, in the broad shape."""
    return document(map, options)


def document(map: KnowledgeMap, options: Options, *, styled: bool = True) -> str:
    """``map`` as SVG; without its style it is a light picture that even a reader without CSS draws rightly."""
    picture = _picture(map, view(map, options))
    text = str(_macros().document(picture, _style() if styled else ""))
    return xml_text(text)


def _picture(map: KnowledgeMap, seen: View) -> Picture:
    drawings = [draw(seen, "wide", anchors=anchors) for anchors in stages(seen)]
    rows, y = _heading(seen.query)
    parts = []
    for drawing in drawings:
        parts.append((y, drawing))
        y += drawing.height + _MARGIN
    kinds = tuple((k, s) for k, s in KIND_STYLE.items() if any((k, s) in one.kinds for one in drawings))
    legend, y = _legend(kinds, y)
    drawn = {edge.index for one in drawings for edge in one.edges}
    return Picture(
        lang=language_tag(map.language),
        title=seen.title_line,
        told="\n".join(_told(seen, drawn)),
        data=map.to_json().replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff"),
        width=_WIDTH,
        height=round(y + _MARGIN, 1),
        rtl=is_rtl(seen.query),
        rows=rows,
        parts=tuple(parts),
        legend=legend,
        kinds=kinds,
        nodes={card.anchor: "\n".join(_card(card)) for card in seen.cards},
        edges={index: tie.tag for index, tie in enumerate(seen.relations)},
    )


def _heading(query: str) -> tuple[tuple[Row, ...], float]:
    """The query in lines at the top, and where what follows begins."""
    lines = wrap(query, _WIDTH - 4 * _MARGIN, size=_HEADING, most=_HEADING_LINES)
    x = _WIDTH - _MARGIN if is_rtl(query) else _MARGIN
    first = _MARGIN + _HEADING
    rows = tuple(Row(line, x, first + _HEADING_LEADING * place) for place, line in enumerate(lines))
    return rows, rows[-1].y + _MARGIN


def _legend(kinds: tuple[tuple[RelationKind, Style], ...], top: float) -> tuple[tuple[Entry, ...], float]:
    """The kinds in lines below ``top``, and where the lines end."""
    entries, x, y = [], _MARGIN, top + _MARGIN
    for kind, style in kinds:
        name = KINDS[kind][0]
        needed = _SAMPLE + 8 + width(name, _LEGEND) + 26
        if x > _MARGIN and x + needed > _WIDTH:
            x, y = _MARGIN, y + _LEGEND_LEADING
        entries.append(Entry(kind, style, name, round(x, 1), round(y, 1)))
        x += needed
    return tuple(entries), y


def _card(card: Card) -> Iterator[str]:
    yield from filter(None, (card.definition, card.relevance))
    yield from (f"[{note.number or '?'}] {note.told}" for note in card.notes)


def _told(seen: View, drawn: set[int]) -> Iterator[str]:
    """What the picture does not show: subtitle, topics, relations not drawn, sources, faults, how it was made."""
    yield from filter(None, (seen.subtitle, seen.brand))
    if seen.chips:
        yield f"{EXPLORE} {' · '.join(seen.chips)}"
    hidden = [tie for index, tie in enumerate(seen.relations) if index not in drawn]
    yield from _listed(RELATIONS, [_relation(tie) for tie in hidden])
    sources = [f"[{n}] {', '.join(filter(None, pair))}" for n, pair in enumerate(seen.sources, start=1)]
    yield from _listed(SOURCES, sources)
    yield from _listed(INCOMPLETE, [f"{fault.place}: {fault.message}" for fault in seen.faults])
    if seen.facts:
        yield footer(seen.facts)


def _listed(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading}:"
        yield from lines


def _relation(tie: Tie) -> str:
    sentence = f"{tie.source} {tie.label} {tie.target} [{tie.tag}]"
    return f"{sentence}: {tie.explanation}" if tie.explanation else sentence


@cache
def _style() -> Markup:
    """The graph's style; it holds no character that XML would have escaped."""
    from markupsafe import Markup

    return Markup((_ASSETS / "graph.css").read_text("utf-8").strip())


@cache
def _macros() -> Any:
    return environment(_ASSETS).get_template("graph.svg.j2").module
