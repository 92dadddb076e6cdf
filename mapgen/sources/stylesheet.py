"""Which elements a page's own style sheets hide: taken out of sight, or moved far off, whatever a reader does not do.

Sheets of other addresses are not fetched. Of what hides, only that is followed which is seldom a step of an animation
or a trick of layout; it knows no colours and no sizes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mapgen.sources.hidden import hiding

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

RULES = 200  # that hide, and that show, the first ones: each goes through the whole page
_CHARACTERS = 1_000_000  # of all sheets
_FOLLOWED = {"display", "visibility", "content-visibility", "clip", "clip-path", "text-indent"}
_FOLLOWED |= {"left", "right", "top", "margin-left", "margin-top"}
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_BRACE = re.compile(r"([{}])")
_SCREEN = re.compile(r"\s*(?:(?:only\s+)?(?:all|screen))?\s*", re.IGNORECASE)
_ALWAYS = re.compile(rf"@(?:media\b{_SCREEN.pattern}|supports\b.*|layer\b.*)", re.IGNORECASE | re.DOTALL)
_ID, _CLASS, _TAG = re.compile(r"#"), re.compile(r"[.\[]"), re.compile(r"(?:^|[\s>+~])[a-zA-Z]")


Weight = tuple[bool, int, int, int, int]


class _Rule(NamedTuple):
    """One selector: its weight against other rules, and its properties, each with whether it hides."""

    weight: Weight
    selector: str
    told: dict[str, bool]


def mark(page: LexborHTMLParser) -> None:
    """Give the attribute ``hidden`` to the elements that the sheets of ``page`` hide."""
    sheets = (node.text() for node in page.css("style") if _holds(node))
    rules = list(_rules("\n".join(sheets)[:_CHARACTERS]))
    hiding_ones = [rule for rule in rules if any(rule.told.values())][:RULES]
    nodes = {node.mem_id: node for rule in hiding_ones for node in _chosen(page, rule.selector)}
    others = [rule for rule in rules if not any(rule.told.values())][:RULES] if nodes else []
    told: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for rule in sorted(hiding_ones + others, key=lambda rule: rule.weight) if nodes else ():
        for node in _chosen(page, rule.selector):
            if node.mem_id in nodes:
                told[node.mem_id] |= rule.told
    for id, node in nodes.items():
        if any((told[id] | hiding(node.attributes.get("style") or "")).values()):
            node.attrs["hidden"] = ""


def _holds(sheet: LexborNode) -> bool:
    """Whether a sheet is for screens, and not only for readers without scripts."""
    around = sheet.parent.tag if sheet.parent is not None else ""
    return bool(_SCREEN.fullmatch(sheet.attributes.get("media") or "")) and around not in ("noscript", "template")


def _chosen(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements of a selector; none where the parser does not know it. What hides a whole page, a script shows."""
    from selectolax.lexbor import SelectolaxError

    try:
        return [node for node in page.css(selector) if node.tag not in ("html", "body")]
    except SelectolaxError:
        return []


def _rules(css: str) -> Iterator[_Rule]:
    """The rules that hold for every reader of a screen, and whatever a reader does."""
    around: list[str] = []
    text = ""
    for order, piece in enumerate(_BRACE.split(_COMMENT.sub("", css))):
        if piece == "{":
            around.append(text.rpartition(";")[2].strip())
        elif piece == "}" and around:
            selectors = around.pop()
            if not selectors.startswith("@") and all(map(_ALWAYS.fullmatch, around)):
                yield from _told(selectors, text, order=order)
        text = piece


def _told(selectors: str, body: str, *, order: int) -> Iterator[_Rule]:
    told = {name: hides for name, hides in hiding(body).items() if name in _FOLLOWED}
    for selector in map(str.strip, selectors.split(",") if told else ()):
        if selector and ":" not in selector:
            ids, classes, tags = (len(kind.findall(selector)) for kind in (_ID, _CLASS, _TAG))
            yield _Rule(("!important" in body.replace(" ", ""), ids, classes, tags, order), selector, told)
