"""Declarations of a style, read as browsers do: what is no value of a property leaves the value before it.

Only the properties that can hide a text, or show it again, are kept. It knows no elements and no selectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tinycss2 import parse_blocks_contents
from tinycss2.ast import Declaration, Node

from mapgen.sources.colours import colour

Style = dict[str, str]

WIDE = r"inherit|initial|unset|revert|revert-layer"  # values that every property has
_FUNCTION = r"(?:calc|min|max|clamp|var|env|attr|if|round|abs|fit-content|calc-size|anchor|anchor-size)\(.*"
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_LENGTH = rf"[+-]?{_NUMBER}(?:[a-z]+|%)?"
_LONG = 1_000  # characters of a value; a longer one is not read
_DEEP = 16  # brackets in each other
_SIZE = r"(?:xx-|x-|)small|(?:xxx-|xx-|x-|)large|medium|smaller|larger"
_FONT_SIZE = re.compile(
    rf"(?:^|\s)({_NUMBER}(?:[a-z]+|%)|0+(?:\.0*)?|\.0+|{_SIZE}|(?:calc|min|max|clamp|var)\(.*?\))(?=\s*/|\s+\S)"
)
_FONTS = re.compile(r"caption|icon|menu|message-box|small-caption|status-bar")
_PICTURE = re.compile(r"(?:url|gradient|image|image-set|cross-fade|element|paint|var|env|attr|if)\(")
_LAYER = re.compile(r"[\w-]+\((?:[^()]|\([^()]*\))*\)|[^\s,/()]+")
_PLACED = re.compile(
    rf"{_LENGTH}|none|(?:no-)?repeat(?:-[xy])?|round|space|fixed|scroll|local|top|left|right|bottom|center|cover|contain"
    r"|auto|(?:border|padding|content)-box|text|calc\(.*"
)
_SIDE = rf"{_LENGTH}|auto"
_VALUES = {
    name: re.compile(rf"{pattern}|{WIDE}|{_FUNCTION}", re.DOTALL)
    for names, pattern in {
        "display": r"none|contents|(?:inline|block|flow|flow-root|list-item|run-in|table|flex|grid|ruby|math|-webkit-"
        r"|-ms-|box|inline-|-(?:cell|row|column|caption|group|header|footer|base|text|container)| )+",
        "visibility": r"visible|hidden|collapse",
        "content-visibility": r"visible|hidden|auto",
        "opacity": rf"[+-]?{_NUMBER}(?:e[+-]?\d{{1,2}})?%?",
        "font-size": rf"\+?{_NUMBER}(?:[a-z]+|%)?|{_SIZE}|math",
        "overflow": r"(?:(?:visible|hidden|clip|scroll|auto|overlay) ?){1,2}",
        "width height max-width max-height": rf"{_LENGTH}|auto|none|[a-z-]*(?:content|available|stretch)",
        "left top right margin-left margin-top": _SIDE,
        "text-indent": rf"{_LENGTH}(?:\s.*)?",
        "background-image": rf"none|.*{_PICTURE.pattern}.*",
        "scale translate": rf"none|{_LENGTH}(?: {_LENGTH})*",
        "transform": r"none|[a-z]+(?:3d)?[xyz]?\(.*",
        "clip": r"auto|rect\(.*",
        "clip-path": r"none|.*(?:\(.*|-box)",
        "flex flex-grow min-width min-height padding padding-top padding-bottom": r".*",
    }.items()
    for name in names.split()
}
_COLOURS = {"color", "-webkit-text-fill-color", "background-color"}
_KNOWN = {*_VALUES, *_COLOURS, "background", "background-clip", "font"}
_SAME = {
    "overflow-x": "overflow",
    "overflow-y": "overflow",
    "-webkit-transform": "transform",
    "-webkit-background-clip": "background-clip",
    "-webkit-clip-path": "clip-path",
    "-webkit-flex": "flex",
}


class Declared(NamedTuple):
    """The values of properties, in lower case, and those that are marked as important."""

    plain: Style
    important: Style


@lru_cache(maxsize=4_096)
def declared(style: str) -> Declared:
    """The declarations of a style that matter for what is seen."""
    return weighed(one for one in parse_blocks_contents(style) if one.type == "declaration")


def weighed(declarations: Iterable[Declaration]) -> Declared:
    """The same of declarations that are parsed."""
    found = Declared({}, {})
    for one in declarations:
        name = _SAME.get(one.lower_name, one.lower_name)
        if name not in _KNOWN:
            continue
        value = " ".join("".join(_texts(one.value, depth=0)).split())
        (found.important if one.important else found.plain).update(_told(name, value))
    return found


def _texts(tokens: Iterable[Node], *, depth: int) -> Iterator[str]:
    """The words of a value, without comments, strings, escapes and addresses, and without what is nested too deep."""
    for token in tokens:
        if token.type in ("whitespace", "comment"):
            yield " "
        elif token.type in ("ident", "hash"):
            yield ("#" if token.type == "hash" else "") + token.value.lower()
        elif token.type in ("number", "percentage", "dimension"):
            yield token.serialize().lower()
        elif token.type in ("function", "() block"):
            name, inside = (token.lower_name, token.arguments) if token.type == "function" else ("", token.content)
            yield f"{name}("
            yield from _texts(inside, depth=depth + 1) if depth < _DEEP else ()
            yield ")"
        elif token.type == "url":
            yield "url()"
        elif token.type == "literal":
            yield token.value
        elif token.type != "string":
            yield "\0"  # no value of a property holds it


def _told(name: str, value: str) -> Style:
    """One declaration as those of single properties; none where it has no such value."""
    if len(value) > _LONG:
        return {"background-image": "picture()"} if name.startswith("background") and _PICTURE.search(value) else {}
    if name == "background":
        return _background(value)
    if name == "font":
        return _font(value)
    if name in _COLOURS:
        return {name: value} if colour(value) is not None else {}
    if name == "background-clip":
        return {name: "text" if "text" in value else "box"}
    return {name: value} if _VALUES[name].fullmatch(value) else {}


def _font(value: str) -> Style:
    if size := _FONT_SIZE.search(value):
        return {"font-size": size[1]}
    if re.fullmatch(WIDE, value):
        return {"font-size": value}
    return {"font-size": "medium"} if _FONTS.fullmatch(value) else {}


def _background(value: str) -> Style:
    """The shorthand: a colour, a picture or both; of several layers the last one has the colour."""
    words = _LAYER.findall(value)
    found = [word for word in words if colour(word) is not None]
    if not words or not all(word in found or _PLACED.fullmatch(word) or _PICTURE.search(word) for word in words):
        return {}
    return {
        "background-color": found[-1] if found else "transparent",
        "background-image": "picture()" if any(map(_PICTURE.search, words)) else "none",
        "background-clip": "text" if "text" in words else "box",
    }
