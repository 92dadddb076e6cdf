"""HTML in pieces, as it stands between the text of Markdown: whether a reader sees the text after each of them.

What looks like a tag may be an angle bracket that nobody escaped (``List<Object>``): an element whose end does not come
ends with the block that it begins in, and so do a comment and a tag.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from mapgen.sources.computed import PLAIN, Look
from mapgen.sources.hidden import APART, ENDLESS, VOID, bare, inside

_LONG = 10_000  # characters of a comment or tag that does not end, after which all that follows is in it
_MARKS = re.compile(r"</[a-z][^\s/>]*|-->|[\"']", re.IGNORECASE)
_TAG = re.compile(r"<(?![!?])(?:[^\"'>]|\"[^\"]*\"|'[^']*')*(?P<quote>[\"']?)", re.DOTALL)

Attributes = dict[str, str | None]


class _Open(NamedTuple):
    """An element that is open: its number in the document, and its look, none where nothing in it is seen."""

    number: int
    tag: str
    attributes: Attributes
    look: Look | None


class _Follower(HTMLParser):
    """Follows pieces of HTML; ``pieces`` are all that will come, a None for the end of each block."""

    def __init__(self, pieces: Sequence[str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self._last = {mark.lower(): at for at, piece in enumerate(pieces) for mark in _MARKS.findall(piece or "")}
        self._at = -1
        self._number = 0
        self._names: Counter[str] = Counter()
        self.lost = False

    def piece(self, html: str) -> None:
        """Go on through a piece."""
        self._at += 1
        if not self.lost:
            self.feed(html)
            if self.rawdata.startswith("<") and not self.rawdata.startswith(("<!", "<?")):
                self.feed(">")  # the next tag would end it
            self.lost = len(self.rawdata) > _LONG

    def block(self) -> None:
        """A block ends: with it what does not end later, such as the text of a script, a comment or a tag."""
        self._at += 1
        if self.cdata_elem and not self._comes(f"</{self.cdata_elem}"):
            self.feed(f"</{self.cdata_elem}>")
        begun = self.rawdata
        tag = _TAG.match(begun)
        mark = "-->" if begun.startswith("<!--") else tag["quote"] if tag else ""
        if begun.startswith("<") and not (mark and self._comes(mark)):
            self.rawdata, self.lost = "", False

    def _comes(self, mark: str) -> bool:
        return self._last.get(mark, -1) > self._at

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens; those that hold nothing are passed by."""
        if tag not in VOID:
            self._number += 1
            self._names[tag] += 1
            self.opens(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The same: for browsers a slash at the end of a tag means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The innermost element of this name ends, with all that is open in it."""
        name = "" if self._names[tag] else tag
        while name != tag:
            name = self.ends(tag)
            self._names[name] -= 1

    def opens(self, tag: str, attributes: Attributes) -> None:
        """The element ``_number`` opens."""

    def ends(self, tag: str) -> str:
        """The innermost open element ends, for the end tag of ``tag``; its name."""
        return tag

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """The end of ``<![…``: what is none that the parser knows is a comment, as in HTML 5, and no error."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _Pairs(_Follower):
    """Goes through all pieces beforehand: ``ended`` has the numbers of the elements whose ends come."""

    def __init__(self, pieces: Sequence[str | None]) -> None:
        super().__init__(pieces)
        self.ended: set[int] = set()
        self._open: list[tuple[int, str]] = []
        for piece in pieces:
            self.block() if piece is None else self.piece(piece)

    def opens(self, tag: str, attributes: Attributes) -> None:
        """The element ``_number`` opens."""
        self._open.append((self._number, tag))

    def ends(self, tag: str) -> str:
        """The innermost open element ends; one whose end is left out does so with another one."""
        number, name = self._open.pop()
        if name == tag or name in ENDLESS:
            self.ended.add(number)
        return name


class Seen(_Follower):
    """Follows pieces of HTML, and says whether text after them is seen."""

    def __init__(self, pieces: Iterable[str | None] = ()) -> None:
        known = tuple(pieces)
        super().__init__(known)
        self._ended = _Pairs(known).ended
        self._open: list[_Open] = []
        self._before = 0
        self._inside = False
        self._text: list[str] = []

    @property
    def seen(self) -> bool:
        """Whether the elements that are open show their text, and no comment or value of an attribute is open."""
        look = self._look
        return not self._inside and look is not None and look.seen

    @property
    def _look(self) -> Look | None:
        return self._open[-1].look if self._open else PLAIN

    def through(self, html: str) -> str:
        """Go on through ``html``; what a reader sees of its text."""
        self._text.clear()
        self._inside = self.lost
        self.piece(html)
        self._inside = self.lost or self.rawdata.startswith("<")
        return "".join(self._text)

    def block(self) -> None:
        """A block ends, and with it all that is open in it and does not end later."""
        super().block()
        self._inside = self.lost or self.rawdata.startswith("<")
        begun = self._open[self._before :]
        if any(one.number not in self._ended for one in begun):
            del self._open[self._before :]
            for one in begun:
                if one.number in self._ended:
                    self._push(one.number, one.tag, attributes=one.attributes)
                else:
                    self._names[one.tag] -= 1
        self._before = len(self._open)

    def _push(self, number: int, tag: str, *, attributes: Attributes) -> None:
        above = self._look
        look = None if above is None or bare(tag, attributes) else inside(above, tag, attributes=attributes)
        self._open.append(_Open(number, tag, attributes, look))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        self._part(tag)
        super().handle_starttag(tag, attrs)

    def opens(self, tag: str, attributes: Attributes) -> None:
        """The element ``_number`` opens."""
        self._push(self._number, tag, attributes=attributes)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        self._part(tag)
        super().handle_endtag(tag)

    def ends(self, tag: str) -> str:
        """The innermost open element ends."""
        name = self._open.pop().tag
        self._before = min(self._before, len(self._open))
        return name

    def _part(self, tag: str) -> None:
        if tag in APART:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self.seen:
            self._text.append(data)
