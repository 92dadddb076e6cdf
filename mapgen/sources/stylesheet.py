"""A page's own style sheets: their rules, and what of them holds for an element, as browsers weigh it.

Sheets of other addresses are not fetched. Of at-rules it follows @media, @supports, @layer and rules in rules; what is
in others holds for no element here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from tinycss2 import parse_blocks_contents, parse_stylesheet, serialize
from tinycss2.ast import Node, WhitespaceToken

from mapgen.sources.declared import Declared, weighed
from mapgen.sources.matching import Matcher
from mapgen.sources.media import holds
from mapgen.sources.selectors import TooMuch, Unknown, Weight, selectors, size

WORK = 2_000_000  # comparisons of a page's elements with its rules
_LONG = 1_000  # parts of selectors, beyond which they take longer than in step
_DEEP = 64  # rules in each other

_Pieces = tuple[tuple[Node, ...], ...]


class _Rule(NamedTuple):
    weight: tuple[bool, Weight, int, int]
    declared: Declared


@dataclass(frozen=True)
class _Around:
    """What a block stands in: the selectors that it is for, whether it is in a layer, and how deep it is."""

    selectors: _Pieces = ()
    layered: bool = False
    depth: int = 0


class _Block(NamedTuple):
    """Declarations, and what they stand in."""

    around: _Around
    declared: Declared


class Sheets:
    """The rules of some sheets; ``folded`` where names of classes are the same in upper and lower case."""

    def __init__(self, sheets: Iterable[str], *, folded: bool) -> None:
        self.matcher = Matcher(work=WORK)
        self._rules: dict[int, _Rule] = {}
        self._found: dict[int, Declared] = {0: Declared({}, {})}
        self._folded = folded
        for number, sheet in enumerate(sheets):
            for order, block in enumerate(_blocks(sheet, self.matcher)):
                self._add(block, (number, order))

    def _add(self, block: _Block, place: tuple[int, int]) -> None:
        try:
            found = selectors(block.around.selectors, folded=self._folded)
        except Unknown:
            return
        for one in found:
            rule = _Rule((not block.around.layered, one.weight, *place), block.declared)
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


def _blocks(css: str, matcher: Matcher) -> Iterator[_Block]:
    """The blocks that hold for a reader and say something of what is seen, the outer before the inner."""
    yield from _within(parse_stylesheet(css, skip_comments=True, skip_whitespace=True), _Around(), matcher=matcher)


def _within(nodes: Iterable[Node], around: _Around, *, matcher: Matcher) -> Iterator[_Block]:
    if around.depth > _DEEP:
        raise TooMuch
    for node in nodes:
        inner: _Around | None = None
        if node.type == "qualified-rule":
            inner = replace(around, selectors=_nested(node.prelude, around.selectors, matcher=matcher))
        elif node.type == "at-rule" and node.content is not None:
            matcher.spend(size(node.prelude))
            inner = _entered(node.lower_at_keyword, serialize(node.prelude).strip(), around=around)
        if inner is None:
            continue
        inside = parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        told = weighed(one for one in inside if one.type == "declaration")
        if inner.selectors and (told.plain or told.important):
            yield _Block(inner, told)
        yield from _within(inside, replace(inner, depth=inner.depth + 1), matcher=matcher)


def _entered(name: str, said: str, *, around: _Around) -> _Around | None:
    """What an at-rule begins; None where nothing in it holds."""
    if name == "media":
        return around if holds(said) else None
    if name == "supports":
        return None if said.lower().startswith("not") else around
    return replace(around, layered=True) if name == "layer" else None


def _nested(prelude: Iterable[Node], above: _Pieces, *, matcher: Matcher) -> _Pieces:
    """The selectors of a rule, in those of the rule that it stands in."""
    found = []
    for outer, piece in product(above or ((),), _split(prelude)):
        made = _in(outer, piece)
        parts = size(made)
        matcher.spend(parts + parts**2 // _LONG)
        found.append(made)
    return tuple(found)


def _split(prelude: Iterable[Node]) -> _Pieces:
    """What stands between commas, without the space around it."""
    pieces = list[list[Node]]([[]])
    for token in prelude:
        if token == ",":
            pieces.append([])
        elif token.type != "whitespace" or pieces[-1]:
            pieces[-1].append(token)
    for piece in pieces:
        while piece and piece[-1].type == "whitespace":
            piece.pop()
    return tuple(map(tuple, pieces))


def _in(outer: tuple[Node, ...], piece: tuple[Node, ...]) -> tuple[Node, ...]:
    """A selector in another one, which stands where the sign for it does, or before it."""
    if not outer:
        return piece
    if not any(token == "&" for token in piece):
        return (*outer, WhitespaceToken(1, 1, " "), *piece)
    return tuple(one for token in piece for one in (outer if token == "&" else (token,)))
