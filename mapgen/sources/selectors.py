"""Selectors of style sheets, matched while a page is walked through once, so that the time is linear in its elements.

Each simple part of a selector has one bit of a number; an element's number says which parts it fits together with
those around it and before it. What cannot be told of a page at rest, such as ``:hover``, is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from cssselect2 import SelectorError, parser
from tinycss2.ast import IdentToken, Node

_MOST = 500  # parts of a selector, those in its brackets apart
_DEEP = 20  # brackets in each other
_NESTED = 4  # of :not() and :is() inside each other
_NEVER = (
    "hover focus focus-within focus-visible active visited target target-within before after first-line first-letter "
    "user-valid user-invalid fullscreen modal popover-open picture-in-picture local-link autofill"
)  # of a page that nobody has touched, and of what is no element
_UNSURE = (
    "checked disabled enabled required optional valid invalid in-range out-of-range read-only read-write open defined "
    "placeholder-shown default indeterminate empty lang dir nth-child nth-last-child nth-of-type nth-last-of-type "
    "first-of-type last-of-type only-of-type has "
    "host host-context scope playing paused current past future state"
)
_PLACES = {"first-child": ("first",), "last-child": ("last",), "only-child": ("first", "last"), "root": ("root",)}


class Element(NamedTuple):
    """What selectors see of an element by itself."""

    tag: str
    id: str
    classes: frozenset[str]
    attributes: Mapping[str, str | None]


class Attribute(NamedTuple):
    """An attribute that an element has to have, with such a value where there is a ``sign``."""

    name: str
    sign: str
    value: str
    folded: bool

    def fits(self, attributes: Mapping[str, str | None]) -> bool:
        """Whether one of these is that."""
        if self.name not in attributes or not self.sign:
            return self.name in attributes
        said, value = attributes[self.name] or "", self.value
        if self.folded:
            said, value = said.lower(), value.lower()
        if self.sign == "=":
            return said == value
        if self.sign == "~=":
            return value in said.split()
        if self.sign == "|=":
            return said == value or said.startswith(f"{value}-")
        if not value:
            return False
        return {"^=": said.startswith, "$=": said.endswith, "*=": said.__contains__}[self.sign](value)


class Simple(NamedTuple):
    """What one element has to be by itself; ``places`` are where it has to stand, or not to stand."""

    tag: str = ""
    id: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[Attribute, ...] = ()
    nots: tuple[Simple, ...] = ()
    anys: tuple[tuple[Simple, ...], ...] = ()
    link: bool = False
    never: bool = False
    places: frozenset[tuple[str, bool]] = frozenset()

    def fits(self, element: Element) -> bool:
        """Whether an element is that, wherever it stands."""
        if self.never or self.tag not in ("", element.tag) or self.id not in ("", element.id):
            return False
        if not self.classes <= element.classes or any(one.fits(element) for one in self.nots):
            return False
        if self.link and not (element.tag in ("a", "area") and "href" in element.attributes):
            return False
        return all(one.fits(element.attributes) for one in self.attributes) and all(
            any(one.fits(element) for one in some) for some in self.anys
        )

    def within(self) -> Iterator[Simple]:
        """It, and those in it."""
        yield self
        for one in (*self.nots, *(one for some in self.anys for one in some)):
            yield from one.within()


Weight = tuple[int, int, int]


class Selector(NamedTuple):
    """Simple parts, each with what stands before it (a space, ``>``, ``+`` or ``~``), and how specific they are."""

    parts: tuple[tuple[str, Simple], ...]
    weight: Weight


class Unknown(ValueError):
    """No browser knows the selector; all of them drop the rule that it stands in."""


class _Unsure(Exception):
    """Whether the selector holds cannot be told here."""


class TooMuch(Exception):
    """The selectors of a page would take too long."""


def selectors(pieces: Sequence[Sequence[Node]], *, folded: bool = False) -> list[Selector]:
    """The selectors of a list that can be told, ``folded`` to lower case; a piece is what stands between two commas.

    Raises Unknown where browsers drop the whole list.
    """
    found = []
    for piece in pieces:
        try:
            for one in parser.parse(_known(piece)):
                if one.pseudo_element is None:
                    parts = tuple(_parts(one.parsed_tree, folded=folded, left=_NESTED))
                    found.append(Selector(parts, one.specificity))
        except SelectorError as error:
            raise Unknown(str(error)) from error
        except _Unsure:
            continue
    return found


def _known(piece: Sequence[Node]) -> Sequence[Node]:
    """The same with a pseudo-element that the parser knows: browsers know more. Raises Unknown for more behind it."""
    at = next((at for at, (one, two) in enumerate(pairwise(piece)) if one == two == ":"), None)
    if at is None:
        return piece
    if any(token != ":" and token.type not in ("ident", "function") for token in piece[at:]):
        raise Unknown("something stands behind a pseudo-element")
    return (*piece[: at + 2], IdentToken(1, 1, "before"))


def size(tokens: Sequence[Node], *, depth: int = 0) -> int:
    """How many these are with those in them. Raises TooMuch for too many in each other, or without a comma."""
    total = behind = 0
    for token in tokens:
        behind = 0 if token == "," else behind + 1
        if depth > _DEEP or behind > _MOST:
            raise TooMuch
        inside = getattr(token, "arguments", None) or getattr(token, "content", None) or ()
        total += 1 + size(inside, depth=depth + 1)
    return total


def _parts(tree: Any, *, folded: bool, left: int) -> Iterator[tuple[str, Simple]]:
    """The simple parts of a selector, the last one last, each with what stands before it."""
    if hasattr(tree, "combinator"):
        yield from _parts(tree.left, folded=folded, left=left)
        yield tree.combinator, _simple(tree.right, folded=folded, left=left)
    else:
        yield " ", _simple(tree, folded=folded, left=left)


def _simple(compound: Any, *, folded: bool, left: int) -> Simple:
    simple = Simple()
    for one in compound.simple_selectors:
        simple = _with(simple, one, folded=folded, left=left)
    return simple


def _with(simple: Simple, one: Any, *, folded: bool, left: int) -> Simple:
    """A simple part that has to fit one condition more."""

    def named(name: str) -> str:
        return name.lower() if folded else name

    match one:
        case parser.IDSelector() if not simple.id:
            return simple._replace(id=named(one.ident))
        case parser.ClassSelector():
            return simple._replace(classes=simple.classes | {named(one.class_name)})
        case parser.LocalNameSelector():
            return simple._replace(tag=one.lower_local_name)
        case parser.AttributeSelector():
            made = Attribute(one.lower_name, one.operator or "", one.value or "", one.case_sensitive is False)
            return simple._replace(attributes=(*simple.attributes, made))
        case parser.NegationSelector():
            return _without(simple, tuple(_inside(one, folded=folded, left=left, forgiving=False)))
        case parser.MatchesAnySelector() | parser.SpecificityAdjustmentSelector():
            inside = tuple(_inside(one, folded=folded, left=left, forgiving=True))
            if any(part.places for part in inside):
                raise _Unsure
            return simple._replace(anys=(*simple.anys, inside))
        case parser.PseudoClassSelector() if one.name in _NEVER.split():
            return simple._replace(never=True)
        case parser.PseudoClassSelector() if one.name in _PLACES:
            return simple._replace(places=simple.places | {(place, True) for place in _PLACES[one.name]})
        case parser.PseudoClassSelector(name="link" | "any-link" | "-webkit-any-link"):
            return simple._replace(link=True)
        case parser.PseudoClassSelector() | parser.FunctionalPseudoClassSelector():
            raise _Unsure if one.name in _UNSURE.split() or one.name.startswith("-webkit-") else Unknown(one.name)
    raise _Unsure


def _inside(function: Any, *, folded: bool, left: int, forgiving: bool) -> Iterator[Simple]:
    """What the selectors of a pseudo-class ask of the element itself; ``forgiving`` if unknown ones are passed by."""
    if not left:
        raise _Unsure
    for one in function.selector_list:
        try:
            (_, simple), *more = _parts(one.parsed_tree, folded=folded, left=left - 1)
        except Unknown:
            if not forgiving:
                raise
            continue
        if more:
            raise _Unsure
        yield simple


def _without(simple: Simple, ones: tuple[Simple, ...]) -> Simple:
    """A simple part that must fit none of these; of places it can be told one by one only."""
    placed = [one for one in ones if one.places]
    if any(one != Simple(places=one.places) or len(one.places) > 1 for one in placed):
        raise _Unsure
    away = {(place, not there) for one in placed for place, there in one.places}
    nots = tuple(one for one in ones if not one.places)
    return simple._replace(nots=simple.nots + nots, places=simple.places | away)
