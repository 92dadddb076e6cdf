"""A document cut into passages: 80 to 200 words of whole sentences, each with heading, page and offset.

Passages follow each other without gap or overlap, and end with their page. A document, and a page's last remainder, may
be shorter; a sentence that is too long for a passage is cut between its words. It knows no index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from mapgen.model import Passage, Place
from mapgen.rules.sentences import ends
from mapgen.rules.words import count
from mapgen.sources.base import Document
from mapgen.text import clean

FEWEST, MOST = 80, 200  # words
_USUAL = 160  # words after which a passage is closed at the next sentence
_PIECE = MOST - FEWEST  # words that a passage of too few always has room for
_CHARACTERS, _PIECE_CHARACTERS = 6_000, 3_000  # of a passage, and of a piece: text may have no words at all
_BETWEEN = "\n\n"
_INK = re.compile(r"\S")


class _Piece(NamedTuple):
    start: int
    end: int
    words: int
    heading: str
    page: int | None


def whole(document: Document) -> str:
    """The text of a document, which offsets count in: its blocks, an empty line between each two."""
    return _BETWEEN.join(block.text for block in document.blocks)


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of ``document``, in order; none where it has no text."""
    text = whole(document)
    groups = (group for pages in _paged(_pieces(document, text)) for group in _balanced(_grouped(pages)))
    return tuple(_passage(group, document.id, text=text) for group in groups)


def _paged(pieces: Iterator[_Piece]) -> list[list[_Piece]]:
    """The pieces page by page: short pages share their passages, and no other page does."""
    found: list[list[_Piece]] = []
    for _, page in groupby(pieces, key=lambda piece: piece.page):
        if found and _words(found[-1]) < FEWEST:
            found[-1] += page
        else:
            found.append(list(page))
    if len(found) > 1 and _words(found[-1]) < FEWEST:
        last = found.pop()
        found[-1] += last
    return found


def _pieces(document: Document, text: str) -> Iterator[_Piece]:
    """The sentences of the document, those that are too long in parts."""
    at = 0
    for block in document.blocks:
        for start, end in _spans(block.text):
            for first, last in _cut(text, at + start, end=at + end):
                yield _Piece(first, last, count(text[first:last]), " > ".join(block.heading), block.page)
        at += len(block.text) + len(_BETWEEN)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of ``text`` that end as sentences do, without the space around them."""
    start = 0
    for end in (*ends(text), len(text)):
        piece = text[start:end]
        if _seen(piece):
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = end


def _seen(piece: str) -> bool:
    return any(map(str.isalnum, piece)) or bool(clean(piece))


def _cut(text: str, start: int, *, end: int) -> Iterator[tuple[int, int]]:
    """``text[start:end]`` in parts that are no longer than a piece may be, between words where that is possible."""
    while not _fits(text, start, end=end):
        most = _most(text, start, end=end)
        space = text.rfind(" ", start + 1, most)
        last = space if space > start else most
        yield start, last
        start = found.start() if (found := _INK.search(text, last, end)) else end
    if start < end:
        yield start, end


def _fits(text: str, start: int, *, end: int) -> bool:
    length = end - start
    return length <= _PIECE_CHARACTERS and (length <= _PIECE or count(text[start:end]) <= _PIECE)


def _most(text: str, start: int, *, end: int) -> int:
    """The last place that a piece from ``start`` may end at."""
    low, high = start + 1, min(end, start + _PIECE_CHARACTERS)
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[start:middle]) <= _PIECE:
            low = middle
        else:
            high = middle - 1
    return low


def _grouped(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    groups: list[list[_Piece]] = []
    words = 0
    for piece in pieces:
        if not groups or _closed(groups[-1], piece, words=words):
            groups.append([])
            words = 0
        groups[-1].append(piece)
        words += piece.words
    return groups


def _closed(group: list[_Piece], piece: _Piece, *, words: int) -> bool:
    """Whether ``piece`` begins a passage of its own: there is enough before it, and it is much or in another place."""
    if piece.end - group[0].start > _CHARACTERS:
        return True
    enough = words >= FEWEST
    return words + piece.words > MOST or (
        enough and (words + piece.words > _USUAL or (piece.heading, piece.page) != (group[-1].heading, group[-1].page))
    )


def _balanced(groups: list[list[_Piece]]) -> list[list[_Piece]]:
    """The same pieces, the last passage joined with the one before it, or lengthened by it, where it is short."""
    if len(groups) < 2 or _words(groups[-1]) >= FEWEST:
        return groups
    *rest, one, last = groups
    together = one + last
    if _words(together) <= MOST and together[-1].end - together[0].start <= _CHARACTERS:
        return [*rest, together]
    for at in range(len(one) - 1, 0, -1):
        first, second = together[:at], together[at:]
        if _words(first) < FEWEST or _words(second) > MOST:
            break
        if _words(second) >= FEWEST and second[-1].end - second[0].start <= _CHARACTERS:
            return [*rest, first, second]
    return groups


def _words(group: list[_Piece]) -> int:
    return sum(piece.words for piece in group)


def _passage(group: list[_Piece], source: str, *, text: str) -> Passage:
    """One passage; sections too short to stand alone share one, under all of their headings."""
    headings = dict.fromkeys(piece.heading for piece in group if piece.heading)
    start = group[0].start
    return Passage(
        source=source,
        heading="; ".join(headings),
        page=group[0].page,
        offset=start,
        text=text[start : group[-1].end],
        places=_places(group, text),
    )


def _places(group: list[_Piece], text: str) -> tuple[Place, ...]:
    """Where in the passage's text, which is cleaned, each heading and page begins; none where there is but one."""
    start = group[0].start
    firsts = [next(pieces) for _, pieces in groupby(group, key=lambda piece: (piece.heading, piece.page))]
    if len(firsts) == 1:
        return ()
    return tuple(
        Place(start=len(f"{clean(text[start : one.start])} ".lstrip()), heading=one.heading, page=one.page)
        for one in firsts
    )
