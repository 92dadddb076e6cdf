"""Texts inside a PNG file: the chunk iTXt written and read back, without drawing anything.

It knows the container and no picture; whatever the file says of its lengths, no more than its bytes is read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from struct import pack, unpack_from

from mapgen.errors import InputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = "mapgen"
"""The keyword of the chunk that carries a map's JSON."""
HEAD = 33
"""Bytes of the signature and of the chunk IHDR, which comes first."""
_COMPRESSED, _PLAIN = b"\1\0", b"\0\0"


def written(text: str) -> bytes:
    """The chunk that carries ``text``: compressed, no language, no translated keyword, UTF-8."""
    body = b"iTXt" + KEYWORD.encode("latin-1") + b"\0" + _COMPRESSED + b"\0\0" + zlib.compress(text.encode(), 9)
    return pack(">I", len(body) - 4) + body + pack(">I", zlib.crc32(body))


def is_picture(data: bytes) -> bool:
    """Whether a file's bytes are a PNG."""
    return data.startswith(SIGNATURE)


def carried(data: bytes, *, limit: int, name: str) -> bytes:
    """The text, in UTF-8, that a PNG carries for mapgen. Raises InputError for none, or more than ``limit`` bytes."""
    for content in _texts(data):
        keyword, _, rest = content.partition(b"\0")
        if keyword == KEYWORD.encode("latin-1"):
            text = _unpacked(rest, limit=limit)
            if text is not None:
                return text
    hint = "Only pictures that mapgen made carry their map; others may have dropped it when they saved them."
    raise InputError(f"{name} carries no map.", hint=hint)


def _texts(data: bytes) -> Iterator[bytes]:
    """What stands in each whole iTXt chunk before the end of the picture."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 8 + length
        if kind == b"IEND" or end + 4 > len(data):
            return
        if kind == b"iTXt" and data[end : end + 4] == pack(">I", zlib.crc32(data[at + 4 : end])):
            yield data[at + 8 : end]
        at = end + 4


def _unpacked(rest: bytes, *, limit: int) -> bytes | None:
    """The text behind the flag of compression, its method, the language and the translated keyword."""
    flags, parts = rest[:2], rest[2:].split(b"\0", 2)
    if len(parts) < 3:
        return None
    if flags == _PLAIN:
        return parts[2] if len(parts[2]) <= limit else None
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(parts[2], limit)
    except zlib.error:
        return None
    return text if flags == _COMPRESSED and inflate.eof else None
