"""Files read into documents, one after the other, until another thread ends it; and work in threads that can be ended.

A source's id is made of its name and of where it is, so that it is the same in every run and no other's. It knows no
index.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePath
from types import TracebackType
from typing import Protocol, Self, TypeVar

from mapgen.sources.apart import SECONDS, Apart
from mapgen.sources.base import TITLE, Document, Raw
from mapgen.sources.kinds import Kind, extracted
from mapgen.text import clean, shorten, slug

Tell = Callable[[str], None]
"""Is told in a few words what is being done."""

_SLUG, _DIGITS = 40, 8


class Ended(Exception):
    """Reading was ended from outside; whoever did that waits for no result."""


class Reading:
    """Reads files. ``seconds`` are those that one may take that is read apart."""

    def __init__(self, *, tell: Tell, seconds: float = SECONDS) -> None:
        self._tell = tell
        self._process = Apart(seconds=seconds)
        self._ended = False

    def __enter__(self) -> Self:
        self._process.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.__exit__(kind, error, trace)

    def end(self) -> None:
        """Read no more, from whatever thread: the file that is being read raises Ended, and so does every other."""
        self._ended = True
        self._process.stop()

    def document(self, raw: Raw, *, where: str, location: str, said: Kind | None = None) -> Document:
        """The document in a file. ``where`` tells it from all others. Raises SourceError, and Ended."""
        self._check()
        self._tell(f"reading {raw.name}")
        try:
            found = extracted(raw, process=self._process, said=said)
        finally:
            self._check()
        name = PurePath(raw.name).name or raw.name
        title = found.title or shorten(clean(PurePath(name).stem or name), TITLE)
        return Document(id=id_of(name, where), title=title, location=clean(location), blocks=found.blocks)

    def _check(self) -> None:
        if self._ended:
            raise Ended


def id_of(name: str, where: str) -> str:
    """The id of a source that is called ``name`` and stands at ``where``."""
    digits = hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{slug(name, limit=_SLUG) or 'source'}-{digits}"


class Closed(Protocol):
    """What is let go of by closing it."""

    def close(self) -> None:
        """Let go of it."""
        ...


Result = TypeVar("Result", bound=Closed)


async def in_thread(work: Callable[[], Result], *, end: Callable[[], None] = lambda: None) -> Result:
    """What ``work`` gives, done in a thread. Where that is cancelled, ``end`` is called, and the thread waited for."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        end()
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None:
            task.result().close()
        raise
