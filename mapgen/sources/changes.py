"""What became of a file since an index last saw it: unchanged, read anew, or refused by its reader, then or now.

A file that was refused is not read again until it changes, or what reads it does. It knows no index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mapgen.errors import SourceError
from mapgen.sources.base import Document
from mapgen.sources.plain import plain_bytes, status

Read = Callable[[Path, bytes], Document]
"""A file's path and bytes in, its document out. Raises MapgenError where it cannot be read."""


class Reader(NamedTuple):
    """``read``, and a name for what it does with its version; ``packages`` tells those that it may need.

    What another reader read is read again, and what was refused is, too, where the packages are others.
    """

    read: Read
    name: str
    packages: Callable[[], str]


class Known(NamedTuple):
    """What is known of a file: by whom, and how old and large it was when it was read, and what was in it."""

    stamp: str = ""
    hash: str = ""
    refused: SourceError | None = None


class Change(NamedTuple):
    """What has to be written of a file; without ``document`` and ``refused`` its content is what it was."""

    key: str
    stamp: str
    hash: str
    document: Document | None = None
    refused: SourceError | None = None


def key_of(path: Path) -> str:
    """The path as text, whatever bytes are in its name."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def hash_of(data: bytes) -> str:
    """What tells one content from all others."""
    return hashlib.sha256(data).hexdigest()


def change(path: Path, known: Known, *, reader: Reader) -> Change | None:
    """What of a file differs from what is known of it; None where nothing does.

    Raises MapgenError where it cannot be opened, or its reader fails in a way that may pass.
    """
    found = status(path)
    place = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    who = _who(reader, refused=known.refused is not None)
    stamp = json.dumps([who, *place])
    if stamp == known.stamp:
        return None
    data = plain_bytes(path)
    hash = hash_of(data)
    if known.hash == hash and json.loads(known.stamp)[0] == who:
        return Change(key_of(path), stamp, hash, refused=known.refused)
    try:
        document = reader.read(path, data)
    except SourceError as error:
        if error.retryable:
            raise
        stamp = json.dumps([_who(reader, refused=True), *place])
        return Change(key_of(path), stamp, hash, refused=error)
    return Change(key_of(path), json.dumps([_who(reader), *place]), hash, document)


def _who(reader: Reader, *, refused: bool = False) -> str:
    return f"{reader.name} with {reader.packages()}" if refused else reader.name
