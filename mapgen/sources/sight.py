"""What a reader sees of a page's elements: one walk through all of them, before another one takes their text.

It knows styles, and from its caller what is no part of what a page is about; it takes no text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from mapgen.sources.computed import PLAIN, Look, given, under
from mapgen.sources.declared import Style, declared
from mapgen.sources.hidden import bare
from mapgen.sources.matching import Level
from mapgen.sources.media import holds
from mapgen.sources.selectors import Element
from mapgen.sources.stylesheet import Sheets

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_WHOLE = {"html", "body"}
_HANDED_ON = {"color", "-webkit-text-fill-color", "font-size", "background-color", "background-image"}

Attributes = Mapping[str, str | None]


class Sight:
    """Which elements are ``gone`` with all that is in them, and which are ``veiled``: their own text is not seen.

    Elements are known by their ``mem_id``. ``main`` has those that are seen and may be the page's main part.
    """

    def __init__(
        self, page: LexborHTMLParser, *, folded: bool, apart: Callable[[LexborNode, Attributes], bool]
    ) -> None:
        self.gone: set[int] = set()
        self.veiled: set[int] = set()
        self.main: defaultdict[str, list[LexborNode]] = defaultdict(list)
        self._sheets = Sheets(_sheets(page), folded=folded)
        self._folded = folded
        self._apart = apart
        if page.root is not None:
            self._through(page.root)

    def _through(self, root: LexborNode) -> None:
        """Go through all elements under ``root``. Raises TooMuch where their styles take too long."""
        node = root
        levels = [(PLAIN, Level())]
        while True:
            inner = self._enter(node, levels[-1])
            child = node.child if inner else None
            if inner and child is not None:
                levels.append(inner)
                node = child
                continue
            while len(levels) > 1 and node.next is None and node.parent is not None:
                levels.pop()
                node = node.parent
            if len(levels) == 1 or node.next is None:
                return
            node = node.next

    def _enter(self, node: LexborNode, around: tuple[Look, Level]) -> tuple[Look, Level] | None:
        """Come to a node; what it hands on to those in it, where anything in it may be seen."""
        tag = node.tag or "-"
        if tag.startswith("-"):
            return None
        (above, level), attributes = around, node.attributes
        matcher = self._sheets.matcher
        fits = 0
        if matcher.ends:
            last = matcher.looks_ahead and _is_last(node)
            fits = matcher.step(level, self._element(tag, attributes), last=last, root=tag == "html")
        look = None
        if not (bare(tag, attributes) or self._apart(node, attributes)):
            look = under(above, self._style(tag, attributes, fits=fits), tag=tag)
        if look is None:
            self.gone.add(node.mem_id)
            return None
        same = node.parent if look is above else None
        if same.mem_id in self.veiled if same is not None else not look.seen:
            self.veiled.add(node.mem_id)
        if tag in ("main", "article"):
            self.main[tag].append(node)
        if attributes.get("role") == "main":
            self.main["role"].append(node)
        return look, matcher.into(level, fits) if matcher.ends else level

    def _element(self, tag: str, attributes: Attributes) -> Element:
        id, classes = attributes.get("id") or "", attributes.get("class") or ""
        if self._folded:
            id, classes = id.lower(), classes.lower()
        return Element(tag, id, _words(classes), attributes)

    def _style(self, tag: str, attributes: Attributes, *, fits: int) -> Style:
        """What is declared of an element: by browsers, by sheets, by itself, and then what is important."""
        style = given(tag, attributes)
        told = self._sheets.told(fits)
        own = declared(attributes.get("style") or "")
        if tag in _WHOLE:  # what hides a whole page, a script shows
            plain, important = ({name: one[name] for name in _HANDED_ON & set(one)} for one in told)
            return style | plain | own.plain | important | own.important
        return style | told.plain | own.plain | told.important | own.important


@lru_cache(maxsize=4_096)
def _words(classes: str) -> frozenset[str]:
    return frozenset(classes.split())


def _is_last(node: LexborNode) -> bool:
    after = node.next
    while after is not None and (after.tag or "-").startswith("-"):
        after = after.next
    return after is None


def _sheets(page: LexborHTMLParser) -> Iterator[str]:
    """The sheets that are for screens, and not only for readers without scripts."""
    for node in page.css("style"):
        around = node.parent.tag if node.parent is not None else ""
        kind = (node.attributes.get("type") or "text/css").strip().lower()
        if around not in ("noscript", "template") and kind == "text/css" and holds(node.attributes.get("media") or ""):
            yield node.text()
