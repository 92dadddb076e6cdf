"""Articles of a language's Wikipedia, asked live: the one that a concept names, or those that a query's words find.

A look-up has one deadline and one second try; its requests follow each other, as Wikimedia asks of clients. How many
look-ups run at once is their caller's affair.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from mapgen.errors import SourceBusy, SourceError
from mapgen.rules.words import base, forms, runs, stop_words
from mapgen.sources.base import TITLE, Document
from mapgen.sources.guard import Guard
from mapgen.sources.mediawiki import Article, articles, blocks
from mapgen.sources.url import LIMITS, PUBLIC, Limits, fetch
from mapgen.text import clean, shorten

ROOT = "https://{language}.wikipedia.org"
_LANGUAGE = re.compile(r"(?!(?:www|api|wap|ftp)$)[a-z]{2,3}(?:-[a-z]{2,10}){0,2}|simple")
_OWN = {"nb": "no", "yue": "zh-yue", "lzh": "zh-classical", "nan": "zh-min-nan", "gsw": "als", "fil": "tl"}
_LIMITS = replace(LIMITS, size=4_000_000)  # the longest articles have a quarter of that
_JSON = {"application/json": "json"}
_LONGEST_TITLE = 255  # bytes, in MediaWiki
_LONGEST_SEARCH = 300  # characters, in its search; counted in bytes here, which is safe in every script
_NO_TITLE = re.compile(r"[#<>\[\]|{}\x00-\x1f\x7f]")
_LAG = 5.0  # seconds that the wiki may be behind, and that are waited where it does not say how long
_COMMON = {
    "action": "query",
    "format": "json",
    "formatversion": "2",
    "maxlag": f"{_LAG:g}",
    "redirects": "1",
    "prop": "info|pageprops",
    "ppprop": "disambiguation",
}
_TEXT = {"prop": "extracts|info|pageprops", "explaintext": "1", "exsectionformat": "wiki", "exlimit": "1"}
Pause = Callable[[float], Awaitable[None]]


def language_of(source: str, *, otherwise: str) -> str:
    """The Wikipedia that ``wikipedia`` or ``wikipedia:de`` names; else that of the BCP 47 code ``otherwise``.

    Raises SourceError where it is no code of a language.
    """
    kind, colon, code = source.partition(":")
    code = code.strip().lower() if colon else base(otherwise).lower()
    if kind.strip().lower() != "wikipedia" or not _LANGUAGE.fullmatch(code):
        raise SourceError(f"{shorten(clean(source), 60)!r} names no Wikipedia.", hint="For example: wikipedia:de")
    return _OWN.get(code, code)


@dataclass(frozen=True)
class Wikipedia:
    """The Wikipedia of ``language``, a code that ``language_of`` gave. ``root``, ``guard``, ``pause`` are for tests."""

    language: str
    root: str = ROOT
    limits: Limits = _LIMITS
    guard: Guard = PUBLIC
    pause: Pause = asyncio.sleep

    async def article(self, name: str) -> Document | None:
        """The article with that title or alias, in whatever case; None where there is none. Raises SourceError.

        An alias that leads to a section gives that section.
        """
        title = clean(name)
        if not title or len(title.encode()) > _LONGEST_TITLE or _NO_TITLE.search(title):
            return None
        like = {"generator": "search", "gsrwhat": "nearmatch", "gsrsearch": title, "gsrlimit": "1"}
        async with self._visit() as visit:
            found = await visit.asked({"titles": title, **_TEXT}) or await visit.asked({**like, **_TEXT})
        return next(filter(None, map(self._document, found[:1])), None)

    async def search(self, query: str, *, most: int = 3) -> tuple[Document, ...]:
        """At most ``most`` articles that the words of ``query`` find, best first. Raises SourceError."""
        if not (words := _words(query, self.language)):
            return ()
        wanted = {"generator": "search", "gsrsearch": words, "gsrnamespace": "0", "gsrlimit": str(2 * most)}
        async with self._visit() as visit:
            listed = (await visit.asked(wanted))[:most]
            found = [one for hit in listed for one in await visit.asked({"pageids": str(hit.page), **_TEXT})]
        return tuple(filter(None, map(self._document, found)))

    @asynccontextmanager
    async def _visit(self) -> AsyncIterator[_Visit]:
        visit = _Visit(self)
        try:
            async with asyncio.timeout(self.limits.seconds):
                yield visit
        except TimeoutError as late:
            message = f"{visit.host} did not answer within {self.limits.seconds:g} seconds."
            raise SourceError(message, hint="Try again later, or without it.") from late

    def _document(self, article: Article) -> Document | None:
        if not (found := blocks(article)):
            return None
        title = quote(article.title.replace(" ", "_"), safe="")
        return Document(
            id=f"wikipedia-{self.language}-{article.page}",
            title=shorten(clean(article.title), TITLE),
            location=f"{self.root.format(language=self.language)}/w/index.php?title={title}&oldid={article.revision}",
            blocks=found,
        )


class _Visit:
    """The requests of one look-up, with what they share: the deadline, and one second try."""

    def __init__(self, wiki: Wikipedia) -> None:
        self._wiki = wiki
        self._root = wiki.root.format(language=wiki.language)
        self._ends = asyncio.get_running_loop().time() + wiki.limits.seconds
        self._tried = False
        self.host = urlsplit(self._root).hostname or ""

    async def asked(self, parameters: dict[str, str]) -> tuple[Article, ...]:
        """The articles of an answer, for which the wiki may be asked a second time."""
        try:
            return await self._asked(parameters)
        except SourceBusy as busy:
            wait = _LAG if busy.retry_after is None else busy.retry_after
            if self._tried or wait >= self._ends - asyncio.get_running_loop().time():
                raise
            self._tried = True
            await self._wiki.pause(wait)
            return await self._asked(parameters)

    async def _asked(self, parameters: dict[str, str]) -> tuple[Article, ...]:
        url = f"{self._root}/w/api.php?{urlencode(_COMMON | parameters)}"
        limits = replace(self._wiki.limits, redirects=0)
        page = await fetch(url, kinds=_JSON, limits=limits, guard=self._wiki.guard)
        return articles(page.raw.data, self.host, retry_after=page.retry_after)


def _words(query: str, language: str) -> str:
    """The words of a query that are worth a search; marks that a search would obey are not among them."""
    code = "en" if language == "simple" else base(language)
    empty = stop_words(code) | forms("asking", code)
    words = [word.lower() for word in runs(query)]
    found = " ".join([word for word in words if word not in empty] or words)
    return found.encode()[:_LONGEST_SEARCH].decode("utf-8", "ignore").strip()
