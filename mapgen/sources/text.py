"""Plain text: its encoding found, and a block for each paragraph.

It guesses no encoding that it cannot tell: UTF-8, also with some bytes that are damaged, UTF-16 and UTF-32 by their
marks, or Western European. What a server says counts where the bytes do not tell better.
"""

from __future__ import annotations

import codecs
import re

from mapgen.errors import SourceError
from mapgen.sources.base import Block, Extracted, Raw

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CHARSETS = {"ascii", "utf-8", "utf-16", "utf-32", "gb18030", "gbk", "big5", "shift_jis", "euc_jp", "euc_kr"}
_FOREIGN = 0.15  # of the letters: more accents than any Western text has, so that it is in another encoding
_BLANK = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)+|\f")
_DOS_END = b"\x1a"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(raw: Raw) -> Extracted:
    """A block for each paragraph; paragraphs are parted by empty lines."""
    return Extracted(blocks=tuple(Block(text=part) for part in _BLANK.split(decoded(raw)))).whole(raw.name)


def decoded(raw: Raw) -> str:
    """The text of the bytes. Raises SourceError where they are no text, or in an encoding that cannot be told."""
    for mark, encoding in _MARKS:
        if raw.data.startswith(mark):
            return _strictly(raw, encoding)
    if (named := _known(raw.charset)) and (text := _as_said(raw, named)) is not None:
        return text
    if _CONTROLS.search(raw.data[:100_000].rstrip(_DOS_END).decode("latin-1")):
        raise SourceError(f"{raw.name} is not text.", hint="Name a file of text, or one with its kind's ending.")
    try:
        return raw.data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged(raw.data) or _western(raw)


def _as_said(raw: Raw, named: str) -> str | None:
    """The text in the encoding that a server says; None where it is UTF-8 all the same, or not in that encoding."""
    try:
        if b"\0" not in raw.data:
            return raw.data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.data.decode(named)
    except UnicodeDecodeError:
        return None


def _damaged(data: bytes) -> str | None:
    """The text of UTF-8 with some bytes that are not, as of a file that was cut; None where it is more likely none."""
    text = data.decode("utf-8", "replace")
    foreign = len([letter for letter in text if letter > "\x7f"])
    return text if foreign >= 2 * text.count("\ufffd") else None


def _known(charset: str | None) -> str | None:
    """Python's name of an encoding of text; some that Python knows are none."""
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return None
    known = name in _TEXT_CHARSETS or re.fullmatch(r"(cp|iso8859-|koi8-|mac-)\w+", name)
    return {"ascii": None, "iso8859-1": "cp1252"}.get(name, name) if known else None


def _strictly(raw: Raw, encoding: str) -> str:
    try:
        return raw.data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"{raw.name} is not the {encoding} that it says.", hint="Save it as UTF-8.") from error


def _western(raw: Raw) -> str:
    try:
        text = raw.data.decode("cp1252")
    except UnicodeDecodeError:
        text = "\xff"
    letters = [letter for letter in text if letter.isalpha()]
    if len([letter for letter in letters if letter > "\x7f"]) >= _FOREIGN * max(len(letters), 1):
        raise SourceError(f"The encoding of {raw.name} cannot be told.", hint="Save it as UTF-8 and try again.")
    return text
