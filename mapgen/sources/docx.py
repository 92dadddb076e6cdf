"""DOCX: paragraphs, lists and tables in reading order, under their headings; what is hidden or deleted is left out.

Two parts of the archive are streamed through the standard library's parser; python-docx, weighed, has no bound on what
it unpacks, needs lxml, and passes over text boxes. Foot-notes, heads, feet and comments are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import XMLParser
from zipfile import ZipFile

from mapgen.errors import SourceError
from mapgen.sources.base import TITLE, Block, Extracted, Outline, Raw
from mapgen.sources.hidden import hides
from mapgen.sources.wordstyles import Look, Plain, Style, Styles, local, value
from mapgen.text import clean

BYTES, UNPACKED, PARTS = 50_000_000, 50_000_000, 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_CHUNK = 65_536
_LEFT = {"del", "moveFrom", "delText", "instrText", "Fallback", "sdtPr", "sectPr", "comment"}
_LEFT |= {"rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "numberingChange"}
_SHAPES = {"shape", "rect", "roundrect", "oval", "group"}
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "ptab": " ", "noBreakHyphen": "-"}
_BROKEN = "Open it in a word processor and save it anew."


def read_docx(raw: Raw) -> Extracted:
    """The blocks of a DOCX. Raises SourceError where it is broken, encrypted, or unpacks to too much."""
    if len(raw.data) > BYTES:
        raise SourceError(f"{raw.name} has more than {BYTES:,} bytes.", hint="Name a smaller file.")
    if raw.data.startswith(_OLE):
        raise SourceError(f"{raw.name} is encrypted, or an old DOC.", hint="Save a copy as DOCX without a password.")
    try:
        with BytesIO(raw.data) as stream, ZipFile(stream) as archive:
            return _extracted(archive, raw.name)
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"{raw.name} is a broken DOCX.", hint=_BROKEN) from error


def _extracted(archive: ZipFile, name: str) -> Extracted:
    entries = archive.infolist()
    if len(entries) > PARTS:
        raise SourceError(f"{name} has more than {PARTS:,} parts.", hint=_BROKEN)
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError(f"{name} is encrypted.", hint="Save a copy without a password.")
    parts = [entry.filename for entry in entries]
    document = next(filter(_DOCUMENT.fullmatch, parts), None)
    if document is None:
        raise SourceError(f"{name} is not a DOCX.", hint="Name a file that a word processor saved as DOCX.")
    styles = Styles()
    if "word/styles.xml" in parts:
        with archive.open("word/styles.xml") as part:
            _parse(part, styles, name=name)
    walk = _Walk(styles.known)
    with archive.open(document) as part:
        _parse(part, walk, name=name)
    return Extracted(title=walk.title, blocks=tuple(walk.blocks)).whole(name)


def _parse(part: IO[bytes], target: Any, *, name: str) -> None:
    """Stream a part through ``target``; a document type, which could declare entities, is refused by it."""
    parser = XMLParser(target=target)
    read = 0
    while chunk := part.read(_CHUNK):
        read += len(chunk)
        if read > UNPACKED:
            raise SourceError(f"{name} unpacks to more than {UNPACKED:,} bytes.", hint="Name a smaller file.")
        parser.feed(chunk)
    parser.close()


@dataclass
class _Paragraph:
    style: Style = field(default_factory=Style)
    level: int | None = None
    listed: bool = False
    look: Look = field(default_factory=Look)
    pieces: list[str] = field(default_factory=list)


class _Walk(Plain):
    """Goes through the document; text is taken when its run ends, since only then is known how it looks."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self._styles = styles
        self._outline = Outline()
        self._open: list[str] = []
        self._left = 0
        self._unseen = 0
        self._tables: list[list[str]] = []
        self._cells: list[Look] = []
        self._paragraphs: list[_Paragraph] = []
        self._runs: list[tuple[Look, list[str]]] = []
        self._items: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = local(tag)
        above = self._open[-1] if self._open else ""
        self._open.append(name)
        if self._left or self._unseen or name in _LEFT or (name in _SHAPES and hides(name, attributes)):
            self._left += 1
        elif name == "docPr" and value(attributes, "hidden") in ("1", "true", "on"):
            self._unseen = len(self._open) - 1
        elif name == "tbl":
            self._end_list()
            self._tables.append([])
        elif name == "tc":
            self._cells.append(Look())
        elif name == "p":
            self._paragraphs.append(_Paragraph())
        elif name == "r":
            self._runs.append((Look(), []))
        elif name in _SIGNS and above == "r":
            self._runs[-1][1].append(_SIGNS[name])
        else:
            self._set(name, above, given=attributes)

    def _set(self, name: str, above: str, *, given: Mapping[str, str]) -> None:
        """A property of a cell, a paragraph or a run."""
        if above == "tcPr" and self._cells:
            self._cells[-1].set(name, given)
        elif above == "rPr" and self._open[-3:-2] == ["r"]:
            look = self._runs[-1][0]
            look.set(name, given)
            if name == "rStyle":
                look.under(self._styles.get(value(given), Style()).look)
        elif above == "pPr" and self._paragraphs:
            paragraph = self._paragraphs[-1]
            if name == "pStyle":
                paragraph.style = self._styles.get(value(given), Style())
            elif name == "outlineLvl" and value(given).isdecimal():
                paragraph.level = int(value(given)[:6]) + 1
            elif name == "shd":
                paragraph.look.set(name, given)
        elif above == "numPr" and self._paragraphs:
            self._paragraphs[-1].listed = True

    def data(self, text: str) -> None:
        """Text inside an element; only that of a run's ``t`` is shown."""
        if not self._left and self._runs and self._open[-1:] == ["t"]:
            self._runs[-1][1].append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = self._open.pop()
        if self._left:
            self._left -= 1
        elif name == "r":
            self._end_run()
        elif name == "p":
            self._end_paragraph(self._paragraphs.pop())
        elif name == "tc":
            self._cells.pop()
        elif name == "tbl":
            text = " ".join(self._tables.pop())
            if self._tables:
                self._tables[-1].append(text)
            else:
                self._add(text)
        elif name == "body":
            self._end_list()
        if len(self._open) < self._unseen:
            self._unseen = 0

    def _end_run(self) -> None:
        look, pieces = self._runs.pop()
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        look.under(paragraph.style.look)
        within = any(outer.vanish for outer, _ in self._runs)
        if not within and not look.hidden(paragraph.look, *self._cells):
            paragraph.pieces += pieces

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        text = clean("".join(paragraph.pieces))
        level = paragraph.style.level if paragraph.level is None else paragraph.level
        if self._tables:
            self._tables[-1].append(text)
        elif level is not None and level < 10 and 0 < len(text) <= TITLE:
            self._end_list()
            self._outline.enter(level, text)
            self.title = self.title or (text if level < 2 else "")
        elif paragraph.listed or paragraph.style.listed:
            self._items.append(text)
        elif text:
            self._end_list()
            self._add(text)

    def _end_list(self) -> None:
        self._add(" ".join(self._items))
        self._items.clear()

    def _add(self, text: str) -> None:
        if text := clean(text):
            self.blocks.append(Block(heading=self._outline.path, text=text))
