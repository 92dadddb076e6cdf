"""PDF: the paragraphs of each page, with its number, without running heads and feet and hyphens at line ends.

pypdf reads it, in a process apart. Text comes in the order in which it is drawn; it knows no bookmarks and no layers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING

from mapgen.errors import SourceError
from mapgen.sources.apart import apart
from mapgen.sources.base import Block, Extracted, Raw, needs
from mapgen.sources.drawn import Drawn
from mapgen.text import clean

if TYPE_CHECKING:
    from pypdf import PdfReader

BYTES, PAGES, CHARACTERS = 50_000_000, 2_000, 20_000_000
_EDGE = 2  # lines at the top and at the bottom of a page that may be a running head or foot
_USUAL = 0.4  # of the pages have it: left and right pages may differ
_SHORT = 0.75  # of a usual line: the last one of a paragraph
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_SENTENCE = re.compile(r"[.!?:。！？]['\"”’)\]]*$")
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_SCAN = "Have its text recognised, and save that as a text file."


def read_pdf(raw: Raw) -> Extracted:
    """The blocks of a PDF. Raises SourceError where it is broken, encrypted, a scan, too large, or takes too long."""
    return apart(parse_pdf, raw)


def parse_pdf(raw: Raw) -> Extracted:
    """The same in this process: a hostile file may take minutes, and more memory than there is."""
    try:
        import pypdf
    except ImportError as error:
        raise needs("pypdf", extra="pdf") from error
    if len(raw.data) > BYTES:
        raise SourceError(f"{raw.name} has more than {BYTES:,} bytes.", hint="Name a smaller file.")
    if b"%PDF-" not in raw.data[:1_024]:
        raise SourceError(f"{raw.name} is not a PDF.", hint="Name a file that a PDF reader opens.")
    from pypdf.errors import LimitReachedError

    try:
        with BytesIO(raw.data) as stream:
            return _extracted(_opened(pypdf.PdfReader(stream), raw.name), raw.name)
    except (SourceError, MemoryError):
        raise
    except LimitReachedError as error:
        raise SourceError(f"{raw.name} unpacks to more than it may.", hint="Save its text as a text file.") from error
    except Exception as error:
        raise SourceError(f"{raw.name} is a broken PDF.", hint="Open it in a PDF reader and save it anew.") from error


def _opened(reader: PdfReader, name: str) -> PdfReader:
    """The reader, if it may read: an empty password opens what is only protected from changes."""
    from pypdf.errors import DependencyError

    try:
        locked = reader.is_encrypted and not reader.decrypt("")
    except (DependencyError, NotImplementedError):
        locked = True
    if locked:
        raise SourceError(f"{name} is encrypted.", hint="Save a copy without a password.")
    if len(reader.pages) > PAGES:
        raise SourceError(f"{name} has more than {PAGES:,} pages.", hint="Name a part of it.")
    return reader


def _extracted(reader: PdfReader, name: str) -> Extracted:
    pages: list[list[str]] = []
    unseen = characters = 0
    for page in reader.pages:
        drawn = Drawn(page)
        pages.append(drawn.text().split("\n"))
        unseen += drawn.unseen
        characters += sum(map(len, pages[-1]))
        if characters > CHARACTERS:
            raise SourceError(f"{name} has more than {CHARACTERS:,} letters.", hint="Name a part of it.")
    if not any(map(clean, chain.from_iterable(pages))):
        what = (
            "only text that is not seen, as a scan with recognised text has" if unseen else "no text: it may be a scan"
        )
        raise SourceError(f"{name} has {what}.", hint=_SCAN)
    blocks = (
        Block(page=number, text=text)
        for number, lines in enumerate(_bodies(pages), start=1)
        for text in paragraphs(lines)
    )
    info = reader.metadata
    return Extracted(title=str((info and info.title) or ""), blocks=tuple(blocks)).whole(name)


def _bodies(pages: list[list[str]]) -> Iterator[list[str]]:
    """The lines of each page without the running heads and feet."""
    counts = Counter(chain.from_iterable({_shape(lines[at]) for at in _edges(lines)} for lines in pages))
    often = {shape for shape, count in counts.items() if count >= max(3, _USUAL * len(pages))}
    for lines in pages:
        running = {at for at in _edges(lines) if _shape(lines[at]) in often}
        yield [line for at, line in enumerate(lines) if at not in running]


def _edges(lines: list[str]) -> list[int]:
    full = [at for at, line in enumerate(lines) if clean(line)]
    return [*full[:_EDGE], *full[max(len(full) - _EDGE, _EDGE) :]]


def _shape(line: str) -> str:
    """A line with a sign for each number, so that those of all pages are the same."""
    return _NUMBER.sub("#", clean(line).lower())


def paragraphs(lines: list[str]) -> Iterator[str]:
    """The paragraphs of a page: they end at an empty line, and after a short line that ends a sentence."""
    full = [len(line) for line in lines if clean(line)]
    short = _SHORT * median(full) if full else 0
    text = ""
    for line in lines:
        text = _joined(text, line.strip()) if line.strip() else text
        if text and (not line.strip() or (len(line) < short and _SENTENCE.search(line))):
            yield text
            text = ""
    if clean(text):
        yield text


def _joined(text: str, line: str) -> str:
    if _HYPHEN.search(text[-2:]) and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}" if text else line
