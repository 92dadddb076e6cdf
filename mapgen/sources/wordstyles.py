"""How text of a word processor looks, as far as that tells whether it is seen, and what its styles say of it.

It knows WordprocessingML's names and values, and no archive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_OFF = {"0", "false", "off", "none"}
_WHITE = re.compile(r"(?:[fF][a-fA-F\d]){3}")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CHAIN = 20  # styles that one may stand on
_TINY = 2  # half points


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def value(given: Mapping[str, str], name: str = "val") -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    return next((text for key, text in given.items() if local(key) == name), "")


@dataclass
class Look:
    """Properties of text; what is None is not said here."""

    vanish: bool | None = None
    white: bool | None = None
    tiny: bool | None = None
    shaded: bool | None = None

    def set(self, name: str, given: Mapping[str, str]) -> None:
        """Take one property, as it is called in the file."""
        if name in ("vanish", "specVanish"):
            self.vanish = value(given).lower() not in _OFF
        elif name == "color":
            self.white = bool(_WHITE.fullmatch(value(given)))
        elif name == "sz":
            self.tiny = value(given).isdecimal() and int(value(given)[:6]) <= _TINY
        elif name == "shd":
            fill = value(given, "fill")
            self.shaded = fill.lower() not in ("", "auto") and not _WHITE.fullmatch(fill)
        elif name == "highlight":
            self.shaded = value(given).lower() not in ("", "none", "white")

    def under(self, style: Look) -> None:
        """Take what is not said here from ``style``."""
        for name, inherited in vars(style).items():
            if getattr(self, name) is None:
                setattr(self, name, inherited)

    def hidden(self, *behind: Look) -> bool:
        """Whether such text is not seen; ``behind`` are the paragraph and the cells that it stands in."""
        white = self.white and not self.shaded and not any(one.shaded for one in behind)
        return bool(self.vanish or white or self.tiny)


@dataclass(frozen=True)
class Style:
    """A style: the ``level`` of the heading that it makes (0 the title), whether it makes a list, and its look."""

    level: int | None = None
    listed: bool = False
    look: Look = field(default_factory=Look)
    based: str = ""


class Plain:
    """A target of the parser for XML without a document type, which could declare entities."""

    def doctype(self, name: str, pubid: str | None, *_: str | None) -> None:
        """No document of this kind has one."""
        raise ValueError("document type")


class Styles(Plain):
    """The styles of a document, as its part for them is parsed."""

    def __init__(self) -> None:
        self._own: dict[str, Style] = {}
        self._open: list[str] = []
        self._id = ""

    @property
    def known(self) -> dict[str, Style]:
        """Each style by its id, with what it has from those that it is based on."""
        return {one: self._whole(style) for one, style in self._own.items()}

    def _whole(self, style: Style) -> Style:
        look, based = replace(style.look), style.based
        for _ in range(_CHAIN):
            if (above := self._own.get(based)) is None:
                break
            look.under(above.look)
            level = above.level if style.level is None else style.level
            style = replace(style, level=level, listed=style.listed or above.listed)
            based = above.based
        return replace(style, look=look)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = local(tag)
        above = self._open[-1] if self._open else ""
        self._open.append(name)
        if name == "style":
            self._id = value(attributes, "styleId")
            self._own[self._id] = Style()
        elif "style" in self._open:
            self._set(name, above, given=attributes)

    def _set(self, name: str, above: str, *, given: Mapping[str, str]) -> None:
        style, text = self._own[self._id], value(given)
        if name == "name" and above == "style":
            heading = _HEADING.fullmatch(text)
            level = int(heading[1]) if heading else 0 if text.lower() == "title" else style.level
            style = replace(style, level=level)
        elif name == "basedOn":
            style = replace(style, based=text)
        elif name == "outlineLvl" and style.level is None and text.isdecimal():
            style = replace(style, level=int(text[:6]) + 1)
        elif name == "numPr":
            style = replace(style, listed=True)
        elif above == "rPr":
            style.look.set(name, given)
        self._own[self._id] = style

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop()
