"""Answers and maps kept on disk between runs; the only importer of diskcache.

The key is all that changes an answer and nothing else; only validated values are stored, as JSON, and they are
validated again when read. A cache that cannot work is a warning and a run without it, never an error.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import diskcache
from pydantic import BaseModel

from mapgen.errors import BadAnswer, ContentRefused, MapgenError
from mapgen.llm.base import LLM, Endpoint, Reply
from mapgen.llm.kept import read, written
from mapgen.llm.metered import Meter
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)

_FAULTS = (OSError, sqlite3.Error, diskcache.Timeout, ValueError, KeyError, TypeError)
_VERSION = 2  # of the stored form; part of every key


class Answers(Protocol):
    """Texts by key: a store on disk, a recording, or several of them in layers.

    ``failures`` says whether askings that the model failed at are kept, too: a recording gives back what happened,
    while a cache gives the model another chance.
    """

    @property
    def failures(self) -> bool:
        """Whether failed askings are kept."""
        ...

    def get(self, key: str) -> str | None:
        """The text of ``key``, or None."""
        ...

    def put(self, key: str, text: str) -> None:
        """Keep ``text``."""
        ...


class _SafeDisk(diskcache.JSONDisk):  # type: ignore[misc]
    """Rows hold JSON in the database and nothing else: no pickle is loaded, no file is named (CVE-2025-69872)."""

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """The value of a row. Raises OSError, which diskcache takes for a miss, where mapgen did not write it."""
        if mode != diskcache.core.MODE_RAW or filename is not None:
            raise OSError("a row that mapgen did not write")
        try:
            return super().fetch(mode, filename, value, read)
        except (zlib.error, ValueError, TypeError, RecursionError) as error:
            raise OSError("a row that mapgen did not write") from error

    def get(self, key: Any, raw: int) -> Any:
        if not raw:
            raise ValueError("a key that mapgen did not write")
        return super().get(key, raw)

    def remove(self, file_path: str) -> None:
        """Nothing is ever stored outside the database, so nothing is ever deleted there."""


class _Cache(diskcache.Cache):  # type: ignore[misc]
    """A cache that lets go of its database where it cannot be opened."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(*arguments, **options)
        except BaseException:
            if hasattr(self, "_local"):
                self.close()
            raise


class Store:
    """A folder of texts by key. ``warn`` is told, once, when it does not work."""

    failures = False

    def __init__(self, folder: Path, *, warn: Callable[[str], None], size_limit: int = 2**30) -> None:
        self.folder = folder
        self._warn = warn
        self._size_limit = size_limit
        self._cache: diskcache.Cache | None = None
        self._broken = False

    def get(self, key: str) -> str | None:
        """The text of ``key``, or None."""
        found = self._try(lambda cache: cache.get(key))
        return found if isinstance(found, str) else None

    def put(self, key: str, text: str) -> None:
        """Keep ``text``; at the size limit the least recently stored go."""
        self._try(lambda cache: cache.set(key, text))

    def size(self) -> tuple[int, int]:
        """The number of entries, and the bytes on disk."""
        found = self._try(lambda cache: (len(cache), cache.volume()))
        return found if isinstance(found, tuple) else (0, 0)

    def clear(self) -> int:
        """Forget everything; the number of entries that went."""
        return self._try(lambda cache: cache.clear()) or 0

    def close(self) -> None:
        """Let go of the database."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _try(self, action: Callable[[diskcache.Cache], Any]) -> Any:
        if self._broken:
            return None
        try:
            return action(self._open())
        except _FAULTS as error:
            self._broken = True
            self._warn(f"The cache in {self.folder} does not work ({error}); going on without it.")
            return None

    def _open(self) -> diskcache.Cache:
        if self._cache is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._cache = _Cache(
                str(self.folder),
                disk=_SafeDisk,
                disk_min_file_size=2**40,
                size_limit=self._size_limit,
                timeout=5,
            )
        return self._cache


class Cached:
    """An LLM that remembers another one's answers."""

    def __init__(self, inner: LLM, *, store: Answers, endpoint: Endpoint, meter: Meter) -> None:
        self._inner = inner
        self._store = store
        self._endpoint = endpoint
        self._meter = meter

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The stored answer where there is a valid one, with what it took at first; else the inner one's, stored."""
        key = answer_key(filled, self._endpoint)
        if (found := read(self._store.get(key), filled.out)) is not None:
            self._meter.reuse(found)
            if isinstance(found, MapgenError):
                raise found
            return found
        try:
            reply = await self._inner.ask(filled)
        except (BadAnswer, ContentRefused) as error:
            if self._store.failures:
                self._store.put(key, written(error))
            raise
        if not reply.partial or self._store.failures:
            self._store.put(key, written(reply))
        return reply


def answer_key(filled: Filled[Any], endpoint: Endpoint) -> str:
    """The key of one answer: messages, model, endpoint, schema, sampling and repeat, hashed."""
    return digest(
        "answer",
        [message.model_dump() for message in filled.messages],
        filled.schema,
        endpoint.kind,
        endpoint.model,
        endpoint.base_url,
        endpoint.file,
        endpoint.temperature,
        filled.repeat,
    )


def digest(kind: str, *parts: Any) -> str:
    """A key from JSON values: equal parts, equal key (SHA-256 of their canonical JSON)."""
    text = json.dumps([_VERSION, *parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"
