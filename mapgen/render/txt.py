"""Plain text: one line per item, in the order of the page; lines are as long as their text.

It knows no terminal; whoever has one wraps the lines with ``wrapped``, which counts wide characters as two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from mapgen.model import KnowledgeMap
from mapgen.render.graph.measure import clusters
from mapgen.render.view import Card, Fault, Note, Options, Tie, View, view
from mapgen.render.wording import EXPLORE, INCOMPLETE, KEY_CONCEPTS, RELATIONS, SOURCES, footer

_NEVER_FIRST = frozenset("、。，．：；！？）］｝〉》」』】〕ー々〜…")


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as text: chips, brand, title line, query, concepts, and what more the map has."""
    return "\n\n".join("\n".join(block) for block in _blocks(view(map, options)) if any(block)) + "\n"


def _blocks(seen: View) -> Iterator[list[str]]:
    yield list(seen.chips)
    yield [seen.brand]
    yield from ([EXPLORE], [seen.title_line], [seen.query], [KEY_CONCEPTS])
    for card in seen.cards:
        yield from _concept(card)
    yield from _section(RELATIONS, [_relation(tie) for tie in seen.relations])
    yield from _section(
        SOURCES, [_source(n, title, location=place) for n, (title, place) in enumerate(seen.sources, start=1)]
    )
    yield from _section(INCOMPLETE, [_fault(fault) for fault in seen.faults])
    yield [footer(seen.facts)]


def _concept(card: Card) -> Iterator[list[str]]:
    yield [f"{card.name} [incomplete]" if card.incomplete else card.name]
    yield [_marked(card.definition, card.behind("definition"))]
    yield [_marked(card.relevance, card.behind("relevance"))]
    yield [f"{_mark(note)} {note.told}" for note in card.notes]


def _marked(text: str, notes: tuple[Note, ...]) -> str:
    """The text, and behind it the numbers of the sources of those notes, each once."""
    return " ".join(filter(None, (text, "".join(dict.fromkeys(map(_mark, notes))))))


def _mark(note: Note) -> str:
    return f"[{note.number or '?'}]"


def _section(heading: str, items: list[list[str]]) -> Iterator[list[str]]:
    if items:
        yield [heading]
        yield from items


def _relation(tie: Tie) -> list[str]:
    return list(filter(None, (f"{tie.source} {tie.label} {tie.target} [{tie.tag}]", tie.explanation)))


def _source(number: int, title: str, *, location: str) -> list[str]:
    return [" ".join(filter(None, (f"[{number}]", title, f"<{location}>" if location else "")))]


def _fault(fault: Fault) -> list[str]:
    return [f"{fault.place}: {fault.message}"]


def wrapped(text: str, width: int) -> str:
    """``text`` in lines of at most ``width`` cells, broken at spaces, or between wide characters.

    A wide character takes two cells, a mark none; a word longer than a line is cut. Line breaks stay.
    """
    return "\n".join("\n".join(_wrap(line, max(width, 2))) for line in text.split("\n"))


def cells(text: str) -> int:
    """How many cells of a terminal ``text`` takes."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrap(line: str, width: int) -> Iterator[str]:
    row, used = "", 0
    for piece in _pieces(line, width):
        size = cells(piece.rstrip(" "))
        if row and used + size > width:
            yield row.rstrip(" ")
            row, used = "", 0
        row, used = row + piece, used + cells(piece)
    yield row.rstrip(" ")


def _pieces(line: str, width: int) -> Iterator[str]:
    """The parts of a line between which it may be broken, each with the spaces that follow it."""
    piece, room = "", 0
    for cluster, following in pairwise([*clusters(line), ""]):
        size = cells(cluster)
        if piece and room + size > width and cluster != " ":
            yield piece
            piece, room = "", 0
        piece, room = piece + cluster, room + size
        if _may_break(cluster, following):
            yield piece
            piece, room = "", 0
    yield piece


def _may_break(before: str, after: str) -> bool:
    if not after or after == " " or after[0] in _NEVER_FIRST:
        return False
    return before == " " or cells(before) == 2 or cells(after) == 2
