"""Markdown: a block for each paragraph, list and table, under its headings; HTML inside it is read as a reader sees it.

markdown-it-py reads it, which rich brings along. Addresses of links and pictures are not text, and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mapgen.sources.base import TITLE, Block, Extracted, Outline, Raw
from mapgen.sources.pieces import Seen
from mapgen.sources.text import decoded

if TYPE_CHECKING:
    from markdown_it.token import Token

_KEY = re.compile(r"[\w\"'@$][^:]*:(?:\s|$)")
_GROUPS = {"bullet_list", "ordered_list", "table", "paragraph", "heading", "blockquote"}


def read_markdown(raw: Raw) -> Extracted:
    """The blocks of a Markdown file; its title is its first heading."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(_body(decoded(raw)))
    walk = _Walk(Seen(_html(tokens)))
    for token in tokens:
        walk.step(token)
    return Extracted(title=walk.title, blocks=tuple(walk.blocks)).whole(raw.name)


def _body(text: str) -> str:
    """A Markdown text without its front matter: lines of YAML, the first one a key, between two rules.

    Other lines there are text, that begins with a rule and has another one further down.
    """
    first, *lines = text.splitlines(keepends=True) or [""]
    begun = False
    for at, line in enumerate(lines if first.rstrip() == "---" else ()):
        if line.rstrip() in ("---", "..."):
            return "".join(lines[at + 1 :])
        begun = begun or bool(_KEY.match(line))
        if not (_KEY.match(line) or line[0] in " \t\r\n#" or (begun and line[0] in "-]}")):
            break
    return text


def _html(tokens: list[Token]) -> Iterator[str | None]:
    """The HTML between the text, in pieces, with a None at the end of each block that may hold some."""
    for token in tokens:
        if token.type in ("inline", "html_block"):
            yield from (one.content for one in token.children or (token,) if one.type.startswith("html"))
            yield None


class _Walk:
    """Goes through the tokens; what stands inside a list or a table becomes one block."""

    def __init__(self, html: Seen) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._html = html
        self._depth = 0
        self._pieces: list[str] = []

    def step(self, token: Token) -> None:
        """Take the next token."""
        kind, _, edge = token.type.rpartition("_")
        if edge == "open" and kind in _GROUPS:
            self._depth += 1
        elif token.type == "inline":
            self._pieces.append("".join(map(self._shown, token.children or ())))
            self._html.block()
        elif token.type in ("fence", "code_block", "html_block"):
            self._pieces.append(self._shown(token))
            if token.type == "html_block":
                self._html.block()
        elif edge == "close" and kind in _GROUPS:
            self._depth -= 1
        if not self._depth:
            self._end(int(token.tag[1]) if token.type == "heading_close" else 0)

    def _shown(self, token: Token) -> str:
        if token.type.startswith("html"):
            return self._html.through(token.content)
        if not self._html.seen:
            return ""
        if token.type in ("softbreak", "hardbreak"):
            return " "
        return "" if token.type == "image" else token.content

    def _end(self, level: int) -> None:
        """A block ends; at a ``level`` it is a heading."""
        text = " ".join(filter(None, self._pieces))
        self._pieces.clear()
        if level and len(text) <= TITLE:
            self._outline.enter(level, text)
            self.title = self.title or text
        elif text:
            self.blocks.append(Block(heading=self._outline.path, text=text))
