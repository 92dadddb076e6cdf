"""The encyclopedia as a source of a run: that of the language wanted, opened when it is first asked for.

A language without an edition finds nothing. It knows no index and no sense: the encyclopedia does.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path

from mapgen.sources.base import Found, Wanted
from mapgen.sources.database import Warn
from mapgen.sources.encyclopedia import EDITIONS, Encyclopedia, edition_of, fingerprint
from mapgen.sources.reading import Ended, Tell, in_thread
from mapgen.sources.retrieval import relevant


class Editions:
    """The edition of ``language``, or without one that of each language wanted; indexes are kept in ``kept``.

    ``tell`` is told when an index is made, which takes some seconds; ``data`` is the folder of the data files, for
    tests. Raises SourceError where the package is not installed.
    """

    def __init__(
        self, name: str, *, language: str = "", kept: Path | None, warn: Warn, tell: Tell, data: Path | None = None
    ) -> None:
        self.name = name
        self._language = language
        self._kept = kept
        self._warn = warn
        self._tell = tell
        self._data = data
        self._print = fingerprint(language or None, data=data)
        self._open: dict[str, Encyclopedia] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._missed: set[str] = set()

    async def find(self, wanted: Wanted) -> Found:
        """The passages of the article on a concept in its sense, or those near to a query. Raises SourceError."""
        language = self._language or edition_of(wanted.language)
        if language is None:
            self._miss(wanted.language)
            return Found()
        encyclopedia = await self._edition(language)
        return await asyncio.to_thread(_found, encyclopedia, wanted)

    def fingerprint(self) -> str:
        """What changes with the articles."""
        return self._print

    def close(self) -> None:
        """Let go of the indexes."""
        for encyclopedia in self._open.values():
            encyclopedia.close()

    async def _edition(self, language: str) -> Encyclopedia:
        async with self._locks[language]:
            if language not in self._open:
                making = _Making(language, tell=self._tell)
                kept, warn, data = self._kept, self._warn, self._data
                self._open[language] = await in_thread(
                    lambda: Encyclopedia.open(language, folder=kept, warn=warn, data=data, each=making.each),
                    end=making.end,
                )
            return self._open[language]

    def _miss(self, language: str) -> None:
        if language not in self._missed:
            self._missed.add(language)
            self._warn(f"There is no encyclopedia in {language!r}, only in {', '.join(EDITIONS)}: it finds nothing.")


class _Making:
    """Tells that an index is made, and ends that from another thread."""

    def __init__(self, language: str, *, tell: Tell) -> None:
        self._language = language
        self._tell = tell
        self._begun = self._ended = False

    def each(self) -> None:
        if self._ended:
            raise Ended
        if not self._begun:
            self._begun = True
            self._tell(f"reading the encyclopedia ({self._language})")

    def end(self) -> None:
        self._ended = True


def _found(encyclopedia: Encyclopedia, wanted: Wanted) -> Found:
    if wanted.name:
        match = encyclopedia.look_up(wanted.name, scope=wanted.scope, query=wanted.query)
        return Found(passages=match.passages, sources=(match.source,)) if match else Found()
    hits = encyclopedia.search(wanted.query)
    return encyclopedia.cited(relevant(hits, wanted.query, language=encyclopedia.language))
