"""HTML: the text of a page's main part under its headings, as a reader sees it; menus, heads and feet are left out.

selectolax parses it: 0.03 s to import, 0.1 s for 100,000 paragraphs; trafilatura passes some hidden text on, brings 15
packages, and takes 0.4 s and 11 s. A page can hold selectolax up in C for minutes, hence the process apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapgen.errors import SourceError
from mapgen.sources.apart import apart
from mapgen.sources.base import TITLE, Block, Extracted, Outline, Raw, needs
from mapgen.sources.hidden import APART, ENDLESS, VOID
from mapgen.sources.text import decoded
from mapgen.text import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from mapgen.sources.sight import Attributes, Sight

BYTES = 10_000_000
DEEP = 5_000  # elements inside each other; the parser's time grows with the square of them
_FURNITURE = {"nav", "footer", "aside", "button", "select", "textarea", "input", "option", "menu", "search"}
_ROLES = {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_GROUPS = {"ul", "ol", "dl", "table"}
_BLOCKS = (APART - {"br"}) | {
    "body",
    "center",
    "details",
    "fieldset",
    "form",
    "header",
    "hgroup",
    "html",
    "legend",
    "summary",
}
_BLOCKS |= {"tbody", "tfoot", "thead"}
_MAIN = ("main", "role", "article")
_OPENING = 4_096  # characters of a page, within which it says what it is
_SIMPLER = "Save its text as a text file."
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z]\w*)")
_ENDLESS = VOID | ENDLESS
_ANCHORS = {"#", "¶", "§", "🔗"}  # what a link from a heading to itself is written as
_LOST = 0.001  # of a page's characters may be bytes that its encoding does not have
_MENU = 0.8  # of a list's text in links: it is a menu
_SENTENCE = re.compile(r"[.!?。！？؟।]\W*$")


def read_html(raw: Raw) -> Extracted:
    """The blocks of a page. Raises SourceError where it has none, is too large, or takes too long."""
    return apart(parse_html, raw)


def parse_html(raw: Raw) -> Extracted:
    """The same in this process: a hostile page may take minutes, and more memory than there is."""
    try:
        from selectolax.lexbor import LexborHTMLParser

        from mapgen.sources.selectors import TooMuch
        from mapgen.sources.sight import Sight
    except ImportError as error:
        raise needs((error.name or "selectolax").partition(".")[0], extra="html") from error
    if len(raw.data) > BYTES:
        raise SourceError(f"{raw.name} has more than {BYTES:,} bytes.", hint="Name a smaller page.")
    text = page_text(raw)
    if _depth(text) > DEEP:
        raise SourceError(f"{raw.name} has more than {DEEP:,} elements inside each other.", hint="Name another page.")
    page = LexborHTMLParser(text)
    try:
        sight = Sight(page, folded="<!doctype" not in text[:_OPENING].lower(), apart=_apart)
    except TooMuch as error:
        raise SourceError(f"{raw.name} has more rules of style than can be followed.", hint=_SIMPLER) from error
    main = next((found[0] for kind in _MAIN if len(found := sight.main[kind]) == 1), page.body)
    walk = _walked(main, sight)
    if not walk.blocks:
        walk = _walked(page.body, sight)
    title = page.css_first("head > title")
    return Extracted(title=walk.title or (title.text() if title else ""), blocks=tuple(walk.blocks)).whole(raw.name)


def _walked(root: LexborNode | None, sight: Sight) -> _Walk:
    walk = _Walk(sight)
    if root is not None:
        walk.through(root)
    return walk


def page_text(raw: Raw) -> str:
    """The markup of a page: in UTF-8 where it is that, whatever it says, else as it or its server says."""
    found = _DECLARED.search(_COMMENT.sub(b"", raw.data[:_OPENING]))
    says = (found[1] or found[2]).decode("ascii", "replace") if found else None
    try:
        if b"\0" not in raw.data:
            return raw.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    charset = raw.charset or says
    try:
        return decoded(Raw(name=raw.name, data=raw.data, charset=charset))
    except SourceError:
        text = raw.data.decode("utf-8-sig", "replace")
        if "\0" in text or text.count("\ufffd") > len(text) * _LOST:
            raise
        return text


def _depth(text: str) -> int:
    """How many elements are open at most, those apart whose ends may be left out."""
    deepest = depth = 0
    for end, name in _TAG.findall(text):
        if name.lower() not in _ENDLESS:
            depth = max(depth - 1, 0) if end else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _apart(node: LexborNode, attributes: Attributes) -> bool:
    """Whether an element is no part of what the page is about."""
    tag = node.tag or ""
    if tag in _FURNITURE or (attributes.get("role") or "").lower() in _ROLES:
        return True
    top = tag == "header" and node.parent is not None and node.parent.tag == "body"
    return top and node.css_first("h1") is None


class _Walk:
    """Goes through the elements without recursion; a list or a table without headings becomes one block."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self.title = ""
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._group: int | None = None
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0
        self._inside = 0
        self._begun = 0
        self._heading = False

    def through(self, root: LexborNode) -> None:
        """Take all that is seen of ``root``."""
        node: LexborNode | None = root
        end = root.mem_id
        while node is not None:
            if (child := self._enter(node)) is not None:
                node = child
                continue
            while node is not None and node.next is None and node.mem_id != end:
                self._leave(node)
                node = node.parent
            if node is None or node.mem_id == end:
                break
            self._leave(node)
            node = node.next
        self._end()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Come to a node; its first child, where that is to be taken, too."""
        tag = node.tag or ""
        if tag == "-text":
            self._take(node)
            return None
        if tag.startswith("-") or node.mem_id in self._sight.gone:
            return None
        if tag == "br":
            self._pieces.append(" ")
        if tag in _BLOCKS or tag in _HEADINGS:
            self._part()
        if tag == "a":
            self._inside += 1
            self._links += 1
            self._begun = len(self._pieces)
        elif self._group is None and (
            tag in _HEADINGS or (tag in _GROUPS and node.css_first(", ".join(_HEADINGS)) is None)
        ):
            self._group = node.mem_id
            self._heading = tag in _HEADINGS
        return node.child

    def _take(self, node: LexborNode) -> None:
        if node.parent is not None and node.parent.mem_id in self._sight.veiled:
            return
        text = node.text_content or ""
        self._pieces.append(text)
        self._linked += len(clean(text)) if self._inside else 0

    def _part(self) -> None:
        """A line ends: inside a group that is a space, elsewhere a block."""
        if self._group is None:
            self._end()
        else:
            self._pieces.append(" ")

    def _leave(self, node: LexborNode) -> None:
        """Go out of a node that was entered, or past one that was not."""
        tag = node.tag or ""
        if tag == "a" and node.mem_id not in self._sight.gone:
            self._inside -= 1
            anchor = self._heading and "#" in (node.attributes.get("href") or "#")
            if anchor and clean("".join(self._pieces[self._begun :])) in _ANCHORS:
                del self._pieces[self._begun :]
        elif self._group == node.mem_id:
            self._end(_HEADINGS.get(tag, 0), menu=tag in _GROUPS)
        elif tag in _BLOCKS:
            self._part()

    def _end(self, level: int = 0, *, menu: bool = False) -> None:
        """A block ends; at a ``level`` it is a heading; a group that is a ``menu`` is left out."""
        text = clean("".join(self._pieces))
        left = menu and self._links > 2 and self._linked > _MENU * len(text) and not _SENTENCE.search(text[-20:])
        if level and len(text) <= TITLE:
            self._outline.enter(level, text)
            self.title = self.title or (text if level == 1 else "")
        elif text and not left:
            self.blocks.append(Block(heading=self._outline.path, text=text))
        self._pieces.clear()
        self._group, self._heading = None, False
        self._linked = self._links = 0
