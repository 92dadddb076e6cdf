"""Selectors of style sheets, matched while a page is walked through once, so that the time is linear in its elements.

Each simple part of a selector has one bit of a number; an element's number says which parts it fits together with
those around it and before it. What cannot be told of a page at rest, such as ``:hover``, is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mapgen.sources.declared import unescaped

_NESTED = 4  # of :not() and :is() inside each other
_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}\s?|\\.)+"
_TOKEN = re.compile(
    rf"\#(?P<id>{_NAME})|\.(?P<class>{_NAME})|(?P<tag>{_NAME}|\*)|(?P<pseudo>::?{_NAME}\(?)"
    rf"|\[\s*(?P<name>{_NAME})\s*(?:(?P<sign>[~|^$*]?=)\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>{_NAME}))"
    r"\s*(?P<flag>[iIsS])?\s*)?\]|\s*(?P<combinator>[>+~]|\s)\s*",
    re.DOTALL,
)
_PIECE = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\\.|[()\[\],]|[^\"'\\()\[\],]+|.", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_NEVER = (
    "hover focus focus-within focus-visible active visited target target-within before after first-line first-letter "
    "user-valid user-invalid fullscreen modal popover-open picture-in-picture local-link autofill"
)  # of a page that nobody has touched, and of what is no element
_PAINTED = {":before", ":after", ":first-line", ":first-letter"}  # with nothing in them
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


def selectors(text: str, *, folded: bool = False, nested: int = 0) -> list[Selector]:
    """The selectors of a list that can be told, ``folded`` to lower case. Raises Unknown where browsers drop it."""
    found = []
    for piece in split(text):
        try:
            found.append(_selector(piece.strip(), folded=folded, nested=nested))
        except _Unsure:
            if nested:
                raise
    return found


def split(text: str) -> Iterator[str]:
    """The parts of a list between its commas, those in brackets and strings apart."""
    depth, piece = 0, list[str]()
    for token in _PIECE.findall(text):
        if token == "," and not depth:
            yield "".join(piece)
            piece.clear()
        else:
            depth += (token in ("(", "[")) - (token in (")", "]"))
            piece.append(token)
    yield "".join(piece)


def _selector(text: str, *, folded: bool, nested: int) -> Selector:
    parts: list[tuple[str, Simple]] = []
    before, simple, weight = " ", Simple(), (0, 0, 0)
    begun = painted = False
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _Unsure if text[at] in "|&" else Unknown(text)
        at = token.end()
        if token["combinator"]:
            if not begun or painted:
                raise Unknown(text)
            parts.append((before, simple))
            before, simple, begun = token["combinator"].strip() or " ", Simple(), False
            continue
        if token["pseudo"] and token["pseudo"].endswith("("):
            inside = _inside(text, at)
            at += len(inside) + 1
            simple, more = _function(simple, token["pseudo"], inside=inside, folded=folded, nested=nested)
        else:
            simple, more = _with(simple, token, folded=folded)
        painted = painted or token[0].startswith("::") or token[0].lower() in _PAINTED
        weight, begun = (weight[0] + more[0], weight[1] + more[1], weight[2] + more[2]), True
    if not begun:
        raise Unknown(text)
    return Selector((*parts, (before, simple)), weight)


def _inside(text: str, at: int) -> str:
    """What stands between the bracket before ``at`` and the one that ends it."""
    depth = 1
    for token in _PIECE.finditer(text, at):
        depth += (token[0] in ("(", "[")) - (token[0] in (")", "]"))
        if not depth:
            return text[at : token.start()]
    return text[at:]


def _named(name: str, *, folded: bool) -> str:
    plain = _ESCAPE.sub(unescaped, name)
    return plain.lower() if folded else plain


def _with(simple: Simple, token: re.Match[str], *, folded: bool) -> tuple[Simple, Weight]:
    """A simple part with one token more, and what that adds to its weight."""
    if token["id"]:
        if simple.id:
            raise _Unsure
        return simple._replace(id=_named(token["id"], folded=folded)), (1, 0, 0)
    if token["class"]:
        return simple._replace(classes=simple.classes | {_named(token["class"], folded=folded)}), (0, 1, 0)
    if token["tag"]:
        tag = _named(token["tag"], folded=True)
        return (simple, (0, 0, 0)) if tag == "*" else (simple._replace(tag=tag), (0, 0, 1))
    if token["name"]:
        value = _named(token["a"] or token["b"] or token["c"] or "", folded=False)
        name, flag = _named(token["name"], folded=True), token["flag"] or ""
        one = Attribute(name, token["sign"] or "", value, flag.lower() == "i")
        return simple._replace(attributes=(*simple.attributes, one)), (0, 1, 0)
    name = token["pseudo"].lower()
    if name.startswith("::") or name[1:] in _NEVER.split():
        return simple._replace(never=True), (0, 1, 0)
    if name[1:] in _PLACES:
        return simple._replace(places=simple.places | {(place, True) for place in _PLACES[name[1:]]}), (0, 1, 0)
    if name[1:] in ("link", "any-link", "-webkit-any-link"):
        return simple._replace(link=True), (0, 1, 0)
    raise _Unsure if name[1:] in _UNSURE.split() or name.startswith(":-webkit-") else Unknown(name)


def _function(simple: Simple, pseudo: str, *, inside: str, folded: bool, nested: int) -> tuple[Simple, Weight]:
    """The same with a pseudo-class that has selectors of its own."""
    name = pseudo.strip(":(").lower()
    if pseudo.startswith("::"):
        return simple._replace(never=True), (0, 1, 0)
    if name not in ("not", "is", "where", "matches", "-webkit-any"):
        raise _Unsure if name in _UNSURE.split() else Unknown(name)
    if nested == _NESTED:
        raise _Unsure
    found = selectors(inside, folded=folded, nested=nested + 1)
    weight = (0, 0, 0) if name == "where" else max(one.weight for one in found)
    ones = [one.parts[0][1] for one in found]
    placed = [one for one in ones if one.places]
    if any(len(one.parts) > 1 for one in found) or any(one != Simple(places=one.places) for one in placed):
        raise _Unsure
    if placed and (name != "not" or any(len(one.places) > 1 for one in placed)):
        raise _Unsure
    if name == "not":
        away = {(place, not there) for one in placed for place, there in one.places}
        nots = tuple(one for one in ones if not one.places)
        return simple._replace(nots=simple.nots + nots, places=simple.places | away), weight
    return simple._replace(anys=(*simple.anys, tuple(ones))), weight
