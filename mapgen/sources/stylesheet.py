"""A page's own style sheets: their rules, and what of them holds for an element, as browsers weigh it.

Sheets of other addresses are not fetched. Of at-rules it follows @media, @supports, @layer and rules in rules; what is
in others holds for no element here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mapgen.sources.declared import COMMENT, STRING, Declared, declared, without_comments
from mapgen.sources.matching import Matcher
from mapgen.sources.media import holds
from mapgen.sources.selectors import Unknown, Weight, selectors, split

WORK = 2_000_000  # comparisons of a page's elements with its rules
_LONG = 1_000  # characters of selectors, beyond which they take longer than in step
_TOKEN = re.compile(
    rf"{STRING}|{COMMENT}|\burl\(\s*[^\"')\s][^)]*(?:\)|$)|\\.|[{{}};]|[^\"'{{}};/\\u]+|.", re.DOTALL | re.IGNORECASE
)
_AT = re.compile(r"@([a-z-]+)\s*(.*)", re.DOTALL | re.IGNORECASE)
_MARKS = re.compile(r"<!--|-->")  # of times when browsers showed sheets as text


class _Rule(NamedTuple):
    weight: tuple[bool, Weight, int, int]
    declared: Declared


@dataclass(frozen=True)
class _Frame:
    """What stands between two braces: the selectors that it is for, and whether it holds at all."""

    order: int = 0
    selectors: tuple[str, ...] = ()
    holds: bool = True
    layered: bool = False
    body: list[str] = field(default_factory=list)


class Sheets:
    """The rules of some sheets; ``folded`` where names of classes are the same in upper and lower case."""

    def __init__(self, sheets: Iterable[str], *, folded: bool) -> None:
        self.matcher = Matcher(work=WORK)
        self._rules: dict[int, _Rule] = {}
        self._found: dict[int, Declared] = {0: Declared({}, {})}
        self._folded = folded
        for number, sheet in enumerate(sheets):
            for frame in _frames(sheet, self.matcher):
                self._add(frame, number)

    def _add(self, frame: _Frame, sheet: int) -> None:
        body = declared("".join(frame.body))
        if not (frame.holds and (body.plain or body.important)):
            return
        try:
            found = [one for text in frame.selectors for one in selectors(text, folded=self._folded)]
        except Unknown:
            return
        for one in found:
            rule = _Rule((not frame.layered, one.weight, sheet, frame.order), body)
            if (bit := self.matcher.add(one)) is not None:
                self._rules[bit] = rule

    def told(self, fits: int) -> Declared:
        """What the rules say of an element with such a number. Raises TooMuch where that takes too long."""
        ends = fits & self.matcher.ends
        if ends not in self._found:
            rules = sorted((self._rules[bit] for bit in _bits(ends)), key=lambda rule: rule.weight)
            self.matcher.spend(len(rules))
            found = self._found[ends] = Declared({}, {})
            for rule in rules:
                found.plain.update(rule.declared.plain)
                found.important.update(rule.declared.important)
        return self._found[ends]


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _frames(css: str, matcher: Matcher) -> Iterator[_Frame]:
    """What stands between braces, the inner before the outer; at the end of a sheet all of it ends."""
    open_frames = [_Frame()]
    text: list[str] = []
    for order, token in enumerate(_TOKEN.findall(css)):
        if token == "{":
            prelude = _MARKS.sub("", without_comments("".join(text))).strip()
            open_frames.append(_entered(prelude, open_frames[-1], order=order))
            matcher.spend(sum(len(one) + len(one) ** 2 // _LONG for one in open_frames[-1].selectors))
            text = []
        elif token == "}":
            if len(open_frames) > 1:
                open_frames[-1].body.extend(text)
                yield open_frames.pop()
            text = []
        else:
            text.append(token)
            if token == ";":
                open_frames[-1].body.extend(text)
                text = []
    open_frames[-1].body.extend(text)
    yield from open_frames[:0:-1]


def _entered(prelude: str, outer: _Frame, *, order: int) -> _Frame:
    """What begins with such words before its brace."""
    inner = replace(outer, order=order, body=[])
    if at := _AT.fullmatch(prelude):
        name, rest = at[1].lower(), at[2]
        if name == "media":
            return replace(inner, holds=outer.holds and holds(rest))
        if name == "supports":
            return replace(inner, holds=outer.holds and not rest.lower().startswith("not"))
        return replace(inner, layered=True) if name == "layer" else replace(inner, holds=False)
    pieces = tuple(piece.strip() for piece in split(prelude))
    if not outer.selectors or not outer.holds:
        return replace(inner, selectors=pieces)
    nested = [
        piece.replace("&", above) if "&" in piece else f"{above} {piece}"
        for above in outer.selectors
        for piece in pieces
    ]
    return replace(inner, selectors=tuple(nested))
