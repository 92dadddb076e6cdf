"""The computed style of an element: what it has from those around it, what is its own, and what is seen of its text.

The reader's screen is white where nothing else is painted. It knows no selectors and no pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from mapgen.sources.colours import BLACK, CLEAR, WHITE, Colour, blends, colour, legacy, over
from mapgen.sources.declared import WIDE, Style

_MEDIUM = 16.0  # pixels, the size of letters where none is told
_TINY = 3.2  # pixels, under which no reader reads letters: a fifth of that
_FAINT = 0.1  # opacity under which nobody sees a text
_CUT = 1.0  # pixels: a box of this width or height shows nothing
_FAR = re.compile(r"-(?:999|\d{4,})(?:\.\d*)?[a-z%]*.*", re.DOTALL)
_AWAY = ("left", "top", "right", "margin-left", "margin-top")
_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?)([a-z]*|%)")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945}
_PIXELS |= {"vw": 12.8, "vh": 8.0, "vmin": 8.0, "vmax": 12.8, "ch": 8.0, "ex": 8.0}
_SIZES = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32}
_NOTHING = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?(?:\s.*)?", re.DOTALL)
_SCALED = re.compile(r"\bscale(?:3d|x|y)?\(\s*(?:[^,()]*,)?\s*[+-]?(?:0+(?:\.0*)?|\.0+)%?\s*[,)]")
_MOVED = re.compile(r"\btranslate(?:3d|x|y)?\((?:[^,()]*,)?\s*-(?:999|\d{4,})")
_CLIPPED = {
    "clip": re.compile(r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)"),
    "clip-path": re.compile(r"inset\(\s*(?:[5-9]\d|100)%.*|circle\(\s*(?:0+(?:\.0*)?|\.0+)(?:px|%)?[\s)].*", re.DOTALL),
}
_ROOM = re.compile(r"\d\d+(?:\.\d*)?(?:px|%|v[wh])|[1-9]\d*(?:\.\d*)?r?em")
_WIDE, _BARE = re.compile(WIDE), re.compile(rf"none|{WIDE}")
_PAINTED = {"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"}
_LINKS = {"a", "area"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "font",
    "i",
    "label",
    "mark",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "u",
}


class Look(NamedTuple):
    """What an element hands on to those in it; sizes are in pixels, ``root`` is that of the whole page's letters.

    ``fill`` is the letters' own colour where it is not ``colour``, ``behind`` what is painted behind them, and
    ``through`` what they let through where a background is cut to their shape.
    """

    colour: Colour = BLACK
    fill: Colour | None = None
    behind: Colour = WHITE
    through: Colour | None = None
    size: float = _MEDIUM
    root: float = _MEDIUM
    opacity: float = 1.0
    visible: bool = True
    indented: bool = False
    flex: bool = False

    @property
    def seen(self) -> bool:
        """Whether a reader sees text that stands in the element itself."""
        letters = self.fill or self.colour
        if self.through is not None:
            letters = over(letters, self.through)
        return self.visible and self.size >= _TINY and not self.indented and not blends(letters, self.behind)


PLAIN = Look()


def given(tag: str, attributes: Mapping[str, str | None]) -> Style:
    """What browsers and old attributes give an element; each style sheet may say otherwise."""
    found: Style = {"display": "none"} if "hidden" in attributes else {}
    if tag in _LINKS and "href" in attributes:
        found["color"] = "#0000ee"
    if tag == "mark":
        found |= {"color": "black", "background-color": "yellow"}
    if tag in _PAINTED:
        if painted := attributes.get("bgcolor"):
            found |= _legacy("background-color", painted)
        if attributes.get("background"):
            found["background-image"] = "picture()"
    if letters := attributes.get({"font": "color", "body": "text"}.get(tag, "")):
        found |= _legacy("color", letters)
    return found


def _legacy(name: str, value: str) -> Style:
    text = value.strip().lower()
    return {name: text if colour(text) is not None else f"#{text}"} if legacy(text) is not None else {}


def under(above: Look, style: Style, *, tag: str = "") -> Look | None:
    """How an element with a ``style`` looks in another one; None where nothing in it is seen, whatever that is."""
    if not style:
        return above._replace(flex=False) if above.flex else above
    opacity = above.opacity * _opacity(style.get("opacity", "1"))
    if opacity < _FAINT or _gone(style) or _shrunk(style, flex=above.flex):
        return None
    size = _size(style.get("font-size", "inherit"), above)
    look = above._replace(
        size=size,
        root=size if tag == "html" else above.root,
        opacity=opacity,
        visible=_visible(style.get("visibility", "inherit"), visible=above.visible),
        flex="flex" in style.get("display", ""),
    )
    if "text-indent" in style and (tag not in _INLINE or "display" in style):
        look = look._replace(indented=bool(_FAR.fullmatch(style["text-indent"])))
    return _painted(look, style) if any("color" in name or "background" in name for name in style) else look


def _gone(style: Style) -> bool:
    """Whether the whole element is away, or so far off or so small that nothing of it is seen."""
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if any(name in style and _FAR.fullmatch(style[name]) for name in _AWAY):
        return True
    if any(name in style and shape.fullmatch(style[name]) for name, shape in _CLIPPED.items()):
        return True
    moved = style.get("transform", "")
    if _SCALED.search(moved) or _MOVED.search(moved) or _FAR.fullmatch(style.get("translate", "")):
        return True
    return bool(_NOTHING.fullmatch(style.get("scale", "")))


def _shrunk(style: Style, *, flex: bool) -> bool:
    """Whether the box has no room for its text, and cuts it off; room may come from elsewhere."""
    if not {"hidden", "clip"} & set(style.get("overflow", "").split()):
        return False
    if flex and any(not _NOTHING.match(style.get(name, "0")) for name in ("flex", "flex-grow")):
        return False
    wide = any(_little(style.get(name, "")) for name in ("width", "max-width"))
    high = any(_little(style.get(name, "")) for name in ("height", "max-height"))
    padded = any(_ROOM.search(style.get(name, "")) for name in ("padding", "padding-top", "padding-bottom"))
    return (wide and not _ROOM.search(style.get("min-width", ""))) or (
        high and not padded and not _ROOM.search(style.get("min-height", ""))
    )


def _little(length: str) -> bool:
    found = _NUMBER.fullmatch(length)
    return found is not None and (not float(found[1]) or (found[2] == "px" and float(found[1]) <= _CUT))


def _opacity(value: str) -> float:
    found = _NUMBER.fullmatch(value)
    return min(max(float(found[1]) / (100 if found[2] == "%" else 1), 0.0), 1.0) if found else 1.0


def _visible(value: str, *, visible: bool) -> bool:
    if value in ("hidden", "collapse"):
        return False
    return value in ("visible", "initial") or "(" in value or visible


def _size(value: str, above: Look) -> float:
    """The size of letters; where it cannot be told, a usual one."""
    if found := _NUMBER.fullmatch(value):
        number, unit = float(found[1]), found[2]
        relative = {"em": above.size, "%": above.size / 100, "rem": above.root, "ex": above.size / 2}
        return number * relative.get(unit, _PIXELS.get(unit, _MEDIUM))
    if value in ("smaller", "larger"):
        return above.size * (1.2 if value == "larger" else 1 / 1.2)
    if value in ("inherit", "unset", "revert", "revert-layer", "math"):
        return above.size
    return float(_SIZES.get(value, _MEDIUM))


def _painted(look: Look, style: Style) -> Look:
    """The same with the colours of a style."""
    letters = _letters(style.get("color", "inherit"), look.colour)
    fill, said = look.fill, style.get("-webkit-text-fill-color", "inherit")
    if said in ("currentcolor", "initial"):
        fill = None
    elif not _WIDE.fullmatch(said):
        fill = colour(said)
    said = style.get("background-color", "transparent")
    ground = letters if said == "currentcolor" else CLEAR if _WIDE.fullmatch(said) else colour(said) or CLEAR
    picture = not _BARE.fullmatch(style.get("background-image", "none"))
    behind = "" if picture else over(ground, look.behind)
    if style.get("background-clip") == "text":
        return look._replace(colour=letters, fill=fill, through=behind)
    through = None if picture or ground != CLEAR else look.through
    return look._replace(colour=letters, fill=fill, behind=behind, through=through)


def _letters(value: str, inherited: Colour) -> Colour:
    if value == "initial":
        return BLACK
    return inherited if value == "currentcolor" or _WIDE.fullmatch(value) else colour(value) or inherited
