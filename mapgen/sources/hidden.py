"""Which elements of HTML no reader sees, told from their own names and attributes; it knows no stylesheet.

What is only hidden from screen readers (aria-hidden) is seen by the others, and stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser

UNSEEN = {"script", "style", "template", "noscript", "head", "title", "meta", "link", "iframe", "object", "embed"}
UNSEEN |= {"svg", "math", "canvas", "audio", "video", "datalist", "dialog", "noembed", "noframes", "param", "source"}
APART = {
    "address",
    "article",
    "blockquote",
    "br",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "hr",
    "li",
}
APART |= {"h1", "h2", "h3", "h4", "h5", "h6", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_NOTHING = r"[+]?0*\.?0+(?:[a-z]+|%)?"
_FAR = r"-(?:999|\d{4,})(?:\.\d+)?[a-z%]*.*"
_HIDING = {
    name: re.compile(pattern)
    for names, pattern in (
        ("display", r"none"),
        ("visibility", r"hidden|collapse"),
        ("content-visibility", r"hidden"),
        ("opacity", rf"{_NOTHING}|0*\.0\d*|[0-4](?:\.\d+)?%"),
        ("font-size", rf"{_NOTHING}|0*1(?:\.\d+)?(?:px|pt)|0*\.\d+(?:px|pt)|0*\.[01]\d*r?em|[0-9](?:\.\d+)?%"),
        ("font", rf"(?:.*\s)?{_NOTHING}(?:\s*/\s*\S+)?\s.*"),
        ("transform", r".*scale\w*\(\s*0*\.?0+\s*[,)].*"),
        ("scale", _NOTHING),
        ("text-indent left top right margin-left margin-top", _FAR),
        ("clip", r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)"),
        ("clip-path", r"inset\(\s*(?:[5-9]\d|100)%.*|circle\(\s*0.*"),
    )
    for name in names.split()
}
_SHRUNK = re.compile(rf"{_NOTHING}|0*1px")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_PRIORITY = re.compile(r"!\s*important")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)")
_WHITE = re.compile(
    r"white|snow|ivory|ghostwhite|floralwhite|whitesmoke|#f[a-f\d]f[a-f\d]f[a-f\d](?:[a-f\d]{2})?|#fff[a-f\d]?"
    r"|rgba?\(\s*25[0-5]\s*[, ]\s*25[0-5]\s*[, ]\s*25[0-5]\s*(?:[,/][^)]*)?\)|hsla?\([^)]*\b(?:9[89]|100)%[^)]*\)"
)
_ENDLESS = 10_000  # characters of a comment or tag that does not end, after which all that follows is in it
_CLEAR = re.compile(r"transparent|#[a-f\d]{3}0|#[a-f\d]{6}00|(?:rgb|hsl)a?\([^)]*[,/]\s*0*\.?0+%?\s*\)")


def hides(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether such an element shows none of its text."""
    if tag in UNSEEN or "hidden" in attributes:
        return True
    if tag == "input" and (attributes.get("type") or "").lower() == "hidden":
        return True
    style = _declared(attributes.get("style") or "")
    if tag == "font" and (colour := attributes.get("color")):
        style = _declared(f"color:{colour}") | style
    return any(_told(style).values()) or _shrinks(style) or _blends(style)


def hiding(style: str) -> dict[str, bool]:
    """The properties of a style that may hide a text by themselves, each with whether it does."""
    return _told(_declared(style))


def _told(style: Mapping[str, str]) -> dict[str, bool]:
    return {name: bool(_HIDING[name].fullmatch(value)) for name, value in style.items() if name in _HIDING}


def _declared(style: str) -> dict[str, str]:
    """The declarations of a style, in lower case, without comments, escapes and priorities."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style.lower()))
    parts = (part.partition(":") for part in plain.split(";"))
    return {name.strip(): _PRIORITY.sub("", value).strip() for name, _, value in parts}


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    return found[2] or (chr(code).lower() if 0 < code < 0x110000 else "")


def _shrinks(style: Mapping[str, str]) -> bool:
    """Whether the box has no room for its text, and cuts it off."""
    sizes = (style.get(name, "") for name in ("width", "height", "max-width", "max-height"))
    cut = any(style.get(name, "") in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y"))
    return cut and any(map(_SHRUNK.fullmatch, sizes))


def _blends(style: Mapping[str, str]) -> bool:
    """Whether the letters have the colour of what is behind them; where no background is named, that is white."""
    colour = style.get("-webkit-text-fill-color") or style.get("color", "")
    behind = style.get("background-color") or style.get("background", "white")
    if not colour or _CLEAR.fullmatch(colour) or colour == behind:
        return bool(colour)
    return bool(_WHITE.fullmatch(colour)) and bool(_WHITE.fullmatch(behind) or behind in ("transparent", "none"))


class Seen(HTMLParser):
    """Follows pieces of HTML, as they stand in Markdown, and says whether text after them is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool]] = []
        self._names: Counter[str] = Counter()
        self._hiding = 0
        self._inside = self._lost = False
        self._text: list[str] = []

    @property
    def seen(self) -> bool:
        """Whether no element that hides its text is open, nor a comment or the value of an attribute."""
        return not (self._hiding or self._inside)

    def through(self, html: str) -> str:
        """Go on through ``html``; what a reader sees of its text."""
        self._text.clear()
        if not self._lost:
            self._inside = False
            self.feed(html)
            if self.rawdata.startswith("<") and not self.rawdata.startswith(("<!", "<?")):
                self.feed(">")  # the next tag would end it
            self._lost = len(self.rawdata) > _ENDLESS
            self._inside = self._lost or self.rawdata.startswith("<")
        return "".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens; those that hold nothing are passed by."""
        self._part(tag)
        if tag not in VOID:
            hidden = hides(tag, dict(attrs))
            self._open.append((tag, hidden))
            self._names[tag] += 1
            self._hiding += hidden

    def handle_endtag(self, tag: str) -> None:
        """The innermost element of this name ends, with all that is open in it."""
        self._part(tag)
        name = "" if self._names[tag] else tag
        while name != tag:
            name, hidden = self._open.pop()
            self._names[name] -= 1
            self._hiding -= hidden

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """The end of ``<![…``: what is none that the parser knows is a comment, as in HTML 5, and no error."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def _part(self, tag: str) -> None:
        if tag in APART:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self.seen:
            self._text.append(data)
