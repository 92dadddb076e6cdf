"""Passages in SQLite's FTS5, found by words and ranked by BM25; kept in step with the files that they come from.

A query is data: no character of it is an operator. It knows no kind of file, no meaning and no threshold.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from mapgen.errors import MapgenError, SourceError
from mapgen.model import Passage, Place, Source
from mapgen.sources.base import Document, Found
from mapgen.sources.changes import Change, Known, Read, Reader, change, hash_of, key_of
from mapgen.sources.database import Database, Warn, opened
from mapgen.sources.passages import passages, whole
from mapgen.sources.terms import UNSPACED, spaced, terms
from mapgen.text import clean

VERSION = 4  # of the tables and of what is in them; another one's are made anew
WEIGHTS = (4.0, 2.0, 1.0)  # of a word in a document's title, in a heading, in the text
SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, hash TEXT NOT NULL,
    source TEXT NOT NULL, title TEXT NOT NULL, location TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE INDEX documents_source ON documents (source);
CREATE VIRTUAL TABLE passages USING fts5(
    title, heading, text, document UNINDEXED, page UNINDEXED, offset UNINDEXED, written UNINDEXED, places UNINDEXED,
    tokenize = "porter unicode61 remove_diacritics 2");
CREATE TABLE refusals (
    key TEXT PRIMARY KEY, stamp TEXT NOT NULL, hash TEXT NOT NULL, message TEXT NOT NULL, hint TEXT NOT NULL);
"""
_Row = tuple[Any, ...]
_FOUND = f"""
SELECT p.rowid, -bm25(passages, {", ".join(map(str, WEIGHTS))}) AS score, p.heading, p.text, p.page, p.offset,
    p.written, p.places, d.source
FROM passages AS p JOIN documents AS d ON d.id = p.document
WHERE passages MATCH ? ORDER BY score DESC, d.location, d.key, p.offset LIMIT ?
"""


class Hit(NamedTuple):
    """A passage that was found: ``score`` is its BM25, higher is better, comparable within one search.

    ``share`` is how much of the query it has, from 0 to 1: its words, the rarer ones weighing more.
    """

    passage: Passage
    score: float
    share: float


class Update(NamedTuple):
    """What an update did: how many files were read, kept as they were, and removed; those that failed, and why."""

    read: int
    kept: int
    removed: int
    failed: tuple[tuple[str, MapgenError], ...]


class Index(Database):
    """The passages of documents in one database. It may be used by several threads and by several processes."""

    @classmethod
    def open(cls, path: Path | None, *, warn: Warn) -> Index:
        """The index that is kept at ``path``; a new one in memory where it is None, or cannot be kept."""
        return cls(opened(path, schema=SCHEMA, version=VERSION, warn=warn), path=path)

    def update(self, paths: Iterable[Path], read: Read, *, reader: str, packages: Callable[[], str] = str) -> Update:
        """Have the passages of these files and of no others; only those that changed are read.

        ``reader`` names what ``read`` does and its version: files that another one read are read again. One that was
        refused is told again without being read, as long as the ``packages`` that reading may need are the same.
        """
        known, how = self._known(), Reader(read, reader, cache(packages))
        wanted = {key_of(path): path for path in paths}
        gone = [key for key in known if key not in wanted]
        self._write(gone, None)
        failed: list[tuple[str, MapgenError]] = []
        read_now = 0
        for key, path in wanted.items():
            before = known.get(key, Known())
            try:
                found = change(path, before, reader=how)
            except MapgenError as error:
                failed.append((str(path), error))
                self._write([key] if key in known else [], None)
                continue
            self._write([], found)
            if refused := found.refused if found else before.refused:
                failed.append((str(path), refused))
            read_now += found is not None and found.document is not None
        documents = [key for key in gone if known[key].refused is None]
        return Update(read_now, len(wanted) - read_now - len(failed), len(documents), tuple(failed))

    def _known(self) -> dict[str, Known]:
        known = {key: Known(stamp, hash) for key, stamp, hash in self.rows("SELECT key, stamp, hash FROM documents")}
        for key, stamp, hash, message, hint in self.rows("SELECT key, stamp, hash, message, hint FROM refusals"):
            known[key] = Known(stamp, hash, SourceError(message, hint=hint))
        return known

    def _write(self, gone: Sequence[str], changed: Change | None) -> None:
        """Write what became of one file at once: an update that is ended keeps what it has read."""
        if gone or changed:
            with self.writing():
                self._remove(gone)
                if changed:
                    self._apply(changed)

    def put(self, documents: Iterable[Document]) -> None:
        """Have these documents, each under its id, in place of any that had it."""
        with self.writing():
            for document in documents:
                self._apply(Change(document.id, "", hash_of(whole(document).encode()), document))

    def size(self) -> tuple[int, int]:
        """The number of documents, and of passages."""
        return self.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0]

    def source(self, id: str) -> Source | None:
        """The document of that id."""
        found = self.rows("SELECT source, title, location FROM documents WHERE source = ? ORDER BY key LIMIT 1", id)
        return Source(id=found[0][0], title=found[0][1], location=found[0][2]) if found else None

    def cited(self, passages: Sequence[Passage]) -> Found:
        """These passages, with the documents that they are from, each once, as sources."""
        sources = map(self.source, dict.fromkeys(passage.source for passage in passages))
        return Found(passages=tuple(passages), sources=tuple(filter(None, sources)))

    def fingerprint(self) -> str:
        """What changes with the documents, their names and places, their reader, and how passages are cut (VERSION)."""
        rows = self.rows("SELECT source, title, location, hash, stamp FROM documents ORDER BY source, key")
        told = [[*row[:4], json.loads(row[4])[0] if row[4] else ""] for row in rows]
        return hash_of(json.dumps([VERSION, *told]).encode())

    def of(self, id: str) -> tuple[Passage, ...]:
        """The passages of the document of that id, in order."""
        rows = self.rows(
            "SELECT 0, 0, p.heading, p.text, p.page, p.offset, p.written, p.places, d.source"
            " FROM documents AS d"
            " JOIN passages AS p ON p.rowid BETWEEN d.first AND d.last WHERE d.source = ? ORDER BY p.rowid",
            id,
        )
        return tuple(_passage(row) for row in rows)

    def search(
        self, query: str, *, language: str = "en", limit: int = 20, having: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        """The passages that have words of ``query``, best first; ties in the order of location and offset.

        With ``having`` only those that have all the words of one of these texts, anywhere.
        """
        asked = terms(query, language)
        match = " OR ".join(asked.values())
        if having:
            texts = [" AND ".join(found.values()) for text in having if (found := terms(text, language))]
            match = f"({match}) AND (({') OR ('.join(texts)}))" if texts else ""
        if not asked or not match or not (rows := self.rows(_FOUND, match, limit)):
            return ()
        weights = self._weights(asked, [row[0] for row in rows])
        whole = sum(weight for weight, _ in weights) or 1.0
        return tuple(
            Hit(_passage(row), row[1], sum(weight for weight, has in weights if row[0] in has) / whole) for row in rows
        )

    def _weights(self, asked: dict[str, str], rows: Sequence[int]) -> list[tuple[float, set[int]]]:
        """For each term how rare it is, and which of the ``rows`` have it."""
        total = self.size()[1]
        among = ", ".join(map(str, rows))
        found = []
        for match in asked.values():
            number = self.rows("SELECT count(*) FROM passages WHERE passages MATCH ?", match)[0][0]
            has = self.rows(f"SELECT rowid FROM passages WHERE passages MATCH ? AND rowid IN ({among})", match)
            found.append((math.log(1 + total / (number + 0.5)), {row[0] for row in has}))
        return found

    def _apply(self, changed: Change) -> None:
        key, stamp, hash, document, refused = changed
        if refused:
            self._remove([key])
            row = (key, stamp, hash, refused.message, refused.hint)
            self._connection.execute("INSERT INTO refusals VALUES (?,?,?,?,?)", row)
        elif document is None:
            self._connection.execute("UPDATE documents SET stamp = ? WHERE key = ?", (stamp, key))
        else:
            self._add(document, key=key, stamp=stamp, hash=hash)

    def _add(self, document: Document, *, key: str, stamp: str, hash: str) -> None:
        self._remove([key])
        latest = self._connection.execute("SELECT last FROM documents ORDER BY id DESC LIMIT 1").fetchone()
        after = latest[0] if latest else 0
        found = passages(document)
        row = (key, stamp, hash, document.id, document.title, document.location, after + 1, after + len(found))
        columns = "key, stamp, hash, source, title, location, first, last"
        number = self._connection.execute(f"INSERT INTO documents ({columns}) VALUES (?,?,?,?,?,?,?,?)", row).lastrowid
        title = spaced(document.title)
        self._connection.executemany(
            "INSERT INTO passages (rowid, title, heading, text, document, page, offset, written, places)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                (at, title, spaced(one.heading), spaced(one.text), number, one.page, one.offset, *_apart(one))
                for at, one in enumerate(found, start=after + 1)
            ),
        )

    def _remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            found = self._connection.execute("SELECT first, last FROM documents WHERE key = ?", (key,)).fetchone()
            if found:
                self._connection.execute("DELETE FROM passages WHERE rowid BETWEEN ? AND ?", found)
                self._connection.execute("DELETE FROM documents WHERE key = ?", (key,))
            self._connection.execute("DELETE FROM refusals WHERE key = ?", (key,))


def kept_at(folder: Path, name: str) -> Path:
    """Where in ``folder`` the index of what is called ``name``, such as a path, is kept."""
    return folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.db"


def _apart(passage: Passage) -> tuple[str | None, str | None]:
    """Heading and text as they are written, where FTS5 reads them otherwise; the places, where there are several."""
    one, two = passage.heading, passage.text
    written = json.dumps([one, two]) if UNSPACED.search(one + two) else None
    places = [[place.start, place.heading, place.page] for place in passage.places]
    return written, json.dumps(places) if places else None


def _passage(row: _Row) -> Passage:
    _, _, heading, text, page, offset, written, places, source = row
    if written:
        heading, text = json.loads(written)
    listed = json.loads(places) if places else ()
    found = tuple(Place(start=start, heading=head, page=number) for start, head, number in listed)
    return Passage(source=source, heading=heading, page=page, offset=offset, text=clean(text), places=found)
