"""The body of an answer, taken in piece by piece and unpacked as it comes, up to a size.

It knows no connection. What unpacks to more than the size is never held: a small answer may stand for a huge text.
"""

from __future__ import annotations

import zlib

_PACKED = {"gzip", "x-gzip", "deflate"}
ENCODINGS = "gzip, deflate"
"""What this unpacks, as Accept-Encoding says it."""


class TooLarge(ValueError):
    """The body, packed or unpacked, is larger than it may be."""


class Body:
    """A body of at most ``most`` bytes, packed and unpacked. Raises ValueError where ``encoding`` is not known."""

    def __init__(self, encoding: str, *, most: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _PACKED | {"", "identity"}:
            raise ValueError(f"{encoding} is not unpacked")
        self._most = most
        self._taken = 0
        self._text = bytearray()
        self._unpack = _Unpacking() if encoding in _PACKED else None

    def take(self, piece: bytes) -> None:
        """Take the next piece. Raises TooLarge, and ValueError where it cannot be unpacked."""
        self._taken += len(piece)
        room = self._most - len(self._text)
        self._text += self._unpack.feed(piece, most=room + 1) if self._unpack else piece
        if max(self._taken, len(self._text)) > self._most:
            raise TooLarge(f"more than {self._most} bytes")

    def whole(self) -> bytes:
        """The body. Raises ValueError where it broke off while packed."""
        if self._unpack and self._taken and not self._unpack.ended:
            raise ValueError("it breaks off")
        return bytes(self._text)


class _Unpacking:
    """One stream of gzip or zlib, or of bare deflate, which some servers send as deflate."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._first = b""

    @property
    def ended(self) -> bool:
        return self._stream.eof

    def feed(self, piece: bytes, *, most: int) -> bytes:
        """At most ``most`` bytes more; what is beyond them is dropped."""
        if self.ended:
            raise ValueError("something follows its end")
        try:
            found = self._fed(piece, most)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if self._stream.unused_data:
            raise ValueError("something follows its end")
        return found

    def _fed(self, piece: bytes, most: int) -> bytes:
        if len(self._first) >= 2:
            return self._stream.decompress(piece, most)
        self._first += piece
        if len(self._first) < 2:
            return b""
        try:
            return self._stream.decompress(self._first, most)
        except zlib.error:
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._stream.decompress(self._first, most)
