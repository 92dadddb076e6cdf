"""The kinds of files that are read: what tells them, and who reads them.

The content decides where it is plain, the ending elsewhere. It opens no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

from mapgen.errors import SourceError
from mapgen.sources.apart import Apart
from mapgen.sources.base import Extracted, Raw, Reader, needs
from mapgen.sources.docx import read_docx
from mapgen.sources.html import parse_html
from mapgen.sources.markdown import read_markdown
from mapgen.sources.pdf import parse_pdf
from mapgen.sources.text import read_text


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name, the endings of its files, its reader, and whether that is to work apart.

    ``packages`` are those that the reader needs beyond mapgen's own, which ``extra`` brings.
    """

    name: str
    endings: tuple[str, ...]
    reader: Reader
    apart: bool = False
    packages: tuple[str, ...] = ()
    extra: str = ""

    def check(self) -> None:
        """Raise SourceError where a package is not installed; none is imported."""
        for package in self.packages:
            if find_spec(package) is None:
                raise needs(package, extra=self.extra)


TEXT = Kind("text", (".txt", ".text"), read_text)
MARKDOWN = Kind("Markdown", (".md", ".markdown"), read_markdown)
HTML = Kind(
    "HTML", (".html", ".htm", ".xhtml"), parse_html, apart=True, packages=("selectolax", "cssselect2"), extra="html"
)
PDF = Kind("PDF", (".pdf",), parse_pdf, apart=True, packages=("pypdf",), extra="pdf")
DOCX = Kind("DOCX", (".docx", ".docm"), read_docx, apart=True)
LARGE = 100_000  # bytes, which the slowest reader that does not work apart reads in about a second
KINDS = (TEXT, MARKDOWN, HTML, PDF, DOCX)
_PACKAGES = (*(package for kind in KINDS for package in kind.packages), "cryptography", "pycryptodome")  # of some PDFs

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def packages() -> str:
    """The packages that the readers need, as far as they are installed, with their versions."""
    from importlib.metadata import distributions

    return ", ".join(f"{name} {one.version}" for name in _PACKAGES for one in distributions(name=name))


def by_ending(name: str) -> Kind | None:
    """The kind that a file's name says."""
    return next((kind for kind in KINDS if name.lower().endswith(kind.endings)), None)


def by_name(name: str) -> Kind | None:
    """The kind of that name, in whatever case."""
    return next((kind for kind in KINDS if kind.name.lower() == name.lower()), None)


def kind_of(raw: Raw, *, said: Kind | None = None) -> Kind | None:
    """The kind of a file, by its first bytes where they tell, else as its server said, else by its name."""
    head = raw.data[:1_024]
    if b"%PDF-" in head and head.lstrip().startswith(b"%"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return DOCX if b"word/document" in raw.data else None
    if _PAGE.match(raw.data[:4_096]):
        return HTML
    return said or by_ending(raw.name)


def extracted(raw: Raw, *, process: Apart, said: Kind | None = None) -> Extracted:
    """What is in a file, read by its kind's reader. Raises SourceError.

    Kinds that are to work apart, and files that take long, are read in ``process``.
    """
    kind = kind_of(raw, said=said)
    if kind is None:
        names = ", ".join(kind.name for kind in KINDS)
        hint = f"Name a file of one of these: {names}. One of text is read where its name ends in .txt."
        raise SourceError(f"{raw.name} is of no kind that is read.", hint=hint)
    return process.read(kind.reader, raw) if kind.apart or len(raw.data) > LARGE else kind.reader(raw)
