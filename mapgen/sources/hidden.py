"""Which elements of HTML no reader sees, told from their own names and attributes; it knows no style sheet.

What is hidden from screen readers only (aria-hidden) is on the page for all who look at it, and stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from mapgen.sources.computed import PLAIN, Look, given, under
from mapgen.sources.declared import declared

UNSEEN = {"script", "style", "template", "noscript", "head", "title", "meta", "link", "iframe", "embed"}
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
ENDLESS = {"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}  # their ends may be left out
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}


def bare(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether such an element shows none of its text, whatever styles say."""
    if tag == "object":
        return "data" in attributes
    return tag in UNSEEN or (tag == "input" and (attributes.get("type") or "").lower() == "hidden")


def hides(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether such an element, alone on a white page, shows none of its text."""
    look = None if bare(tag, attributes) else inside(PLAIN, tag, attributes=attributes)
    return look is None or not look.seen


def inside(above: Look, tag: str, *, attributes: Mapping[str, str | None]) -> Look | None:
    """How an element without style sheets looks in another one; None where nothing in it is seen."""
    own = declared(attributes.get("style") or "")
    return under(above, given(tag, attributes) | own.plain | own.important, tag=tag)
