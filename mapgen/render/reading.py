"""The map that a page or a drawing carries, packed and read back: the text of its element with the id ``_map``.

It runs nothing and follows nothing; what it finds is JSON that KnowledgeMap.parse judges.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from html.parser import HTMLParser

from mapgen.errors import InputError
from mapgen.render.chunks import is_picture

_LIMIT = 50_000_000  # bytes of unpacked texts
_HEAD = 2_000  # bytes in which a page says that it is one

CARRIER = "_map"
"""The id of the element that carries the map: its JSON as it is, or packed with other texts."""


def pack(texts: Mapping[str, str]) -> str:
    """Texts by name as one: JSON, deflated (RFC 1951), in base64, which is a third of their size."""
    press = zlib.compressobj(9, wbits=-15)
    data = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b64encode(press.compress(data) + press.flush()).decode()


def unpack(text: str) -> Mapping[str, str]:
    """The texts that were packed. Raises ValueError."""
    try:
        inflate = zlib.decompressobj(wbits=-15)
        data = inflate.decompress(b64decode(text, validate=True), _LIMIT)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    texts = json.loads(data) if inflate.eof else None
    if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
        raise ValueError("no texts by name")
    return texts


def form_of(data: bytes) -> str:
    """The name of the format that a file which carries a map is in, by how it begins."""
    if is_picture(data):
        return "png"
    head = data[:_HEAD].decode("utf-8-sig", "replace").lower()
    return "json" if not is_markup(head) else "html" if "<html" in head or "<!doctype html" in head else "svg"


def is_markup(text: str) -> bool:
    """Whether a file's text is a page or a drawing, not JSON."""
    return text.lstrip()[:1] == "<"


def embedded(text: str, *, name: str) -> str:
    """The JSON that the markup carries. Raises InputError where it carries none."""
    finder = _Finder()
    try:
        finder.feed(text)  # and no close: what is left open then is read again from each of its characters
        found = "".join(finder.found or ()).strip()
        return found if found.startswith("{") else unpack(found)["json"]
    except (ValueError, KeyError, RecursionError, AssertionError) as error:  # the last: odd declarations
        hint = "Only pages and drawings that mapgen made carry their map; this one may be cut short."
        raise InputError(f"{name} carries no whole map.", hint=hint) from error


class _Finder(HTMLParser):
    """Keeps the text of the first element with the carrier's id."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] | None = None
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to keep, at the carrier."""
        if self.found is None and ("id", CARRIER) in attrs:
            self.found, self._tag = [], tag

    def handle_endtag(self, tag: str) -> None:
        """Cease to keep, at its end."""
        if tag == self._tag:
            self._tag = ""

    def handle_data(self, data: str) -> None:
        """Keep, inside the carrier."""
        if self._tag and self.found is not None:
            self.found.append(data)
