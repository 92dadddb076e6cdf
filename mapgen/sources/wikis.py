"""Wikipedia as a source of a run: a concept gets its own article in the sense that is meant, a query what is found.

Each article is asked for once, two at a time at most; a Wikipedia that fails again and again is left alone.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from mapgen.errors import SourceError
from mapgen.sources.base import Document, Found, Wanted
from mapgen.sources.index import Index
from mapgen.sources.naming import Kind, key, keys
from mapgen.sources.passages import whole
from mapgen.sources.retrieval import relevant
from mapgen.sources.sense import Article, Sense, chosen
from mapgen.sources.wikipedia import Wikipedia, language_of
from mapgen.text import clean

AT_ONCE = 2  # look-ups, as Wikimedia asks of clients
PATIENCE = 3  # failures in a row after which no more is asked
_LEAD = 1_500  # characters of an article by which its sense is told
_BRACKETS = re.compile(r"\s*\([^()]*\)")
Answer = TypeVar("Answer")


class Wikis:
    """The Wikipedia that ``name`` fixes, as ``wikipedia:de`` does, else that of each language wanted.

    ``make`` is for tests.
    """

    def __init__(self, name: str, *, make: Callable[[str], Wikipedia] = Wikipedia) -> None:
        self.name = name
        self._make = make
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._known: dict[tuple[str, str], Document | None] = {}
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failures = 0
        self._failed: SourceError | None = None

    async def find(self, wanted: Wanted) -> Found:
        """The passages of a concept's article, or of those that a query finds. Raises SourceError."""
        language = language_of(self.name, otherwise=wanted.language)
        if wanted.name:
            return await self._concept(wanted, language=language)
        documents = await self._asked(lambda: self._make(language).search(wanted.query))
        return await asyncio.to_thread(_near, documents, wanted.query, language=_spoken(language))

    def fingerprint(self) -> str | None:
        """None: its articles change elsewhere."""
        return None

    def close(self) -> None:
        """There is nothing to let go of."""

    async def _concept(self, wanted: Wanted, *, language: str) -> Found:
        for name in dict.fromkeys((wanted.name, _BRACKETS.sub("", wanted.name))):
            document = await self._article(name, language=language)
            if document is not None:
                found = await asyncio.to_thread(_own, document, wanted, language=_spoken(language))
                if found.passages:
                    return found
        return Found()

    async def _article(self, name: str, *, language: str) -> Document | None:
        place = (language, clean(name))
        async with self._locks[place]:
            if place not in self._known:
                self._known[place] = await self._asked(lambda: self._make(language).article(name))
            return self._known[place]

    async def _asked(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        async with self._slots:
            if self._failed and self._failures >= PATIENCE:
                raise self._failed
            try:
                answer = await ask()
            except SourceError as error:
                self._failed, self._failures = error, self._failures + 1
                raise
            self._failures = 0
            return answer


def _spoken(language: str) -> str:
    """The language that a Wikipedia is written in."""
    return "en" if language == "simple" else language


def _own(document: Document, wanted: Wanted, *, language: str) -> Found:
    """The passages of the article on a concept: its first one, then those near to the scope; none in another sense."""
    article = _titled(document, wanted.name, language=language)
    meant = chosen([article], wanted.name, sense=Sense(language), scope=wanted.scope, query=wanted.query)
    if meant is None:
        return Found()
    with _indexed([document]) as index:
        hits = index.search(f"{wanted.name} {wanted.scope}", language=language)
        near = relevant(hits, f"{wanted.name}: {wanted.scope}", language=language)
        return index.cited(tuple(dict.fromkeys((*index.of(document.id)[:1], *near))))


def _titled(document: Document, name: str, *, language: str) -> Article:
    """An article as one of that name: by its title, by that without what is in brackets, or else by an alias."""
    called = keys(name, language)
    plain = key(_BRACKETS.sub("", document.title), language)
    title = key(document.title, language)
    kind = Kind.TITLE if title in called else Kind.QUALIFIED if plain in called else Kind.ALIAS
    return Article(document.id, document.title, "", whole(document)[:_LEAD], kind, called[0] if called else "")


def _near(documents: Sequence[Document], query: str, *, language: str) -> Found:
    with _indexed(documents) as index:
        return index.cited(relevant(index.search(query, language=language), query, language=language))


@contextmanager
def _indexed(documents: Sequence[Document]) -> Iterator[Index]:
    index = Index.open(None, warn=lambda text: None)
    try:
        index.put(documents)
        yield index
    finally:
        index.close()
