"""Passages in SQLite's FTS5, found by words and ranked by BM25; kept in step with the files that they come from.

A query is data: no character of it is an operator. It knows no kind of file, no meaning and no threshold.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from mapgen.errors import MapgenError, SourceError
from mapgen.model import Passage, Source
from mapgen.sources.base import Document, Found
from mapgen.sources.database import Warn, broken, discard, opened
from mapgen.sources.passages import passages, whole
from mapgen.sources.plain import plain_bytes, status
from mapgen.sources.terms import UNSPACED, spaced, terms
from mapgen.text import clean

VERSION = 3  # of the tables and of what is in them; another one's are made anew
WEIGHTS = (4.0, 2.0, 1.0)  # of a word in a document's title, in a heading, in the text
SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, hash TEXT NOT NULL,
    source TEXT NOT NULL, title TEXT NOT NULL, location TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE INDEX documents_source ON documents (source);
CREATE VIRTUAL TABLE passages USING fts5(
    title, heading, text, document UNINDEXED, page UNINDEXED, offset UNINDEXED, written UNINDEXED,
    tokenize = "porter unicode61 remove_diacritics 2");
"""
_Row = tuple[Any, ...]
_FOUND = f"""
SELECT p.rowid, -bm25(passages, {", ".join(map(str, WEIGHTS))}) AS score, p.heading, p.text, p.page, p.offset,
    p.written, d.source
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


class _Change(NamedTuple):
    """What has to be written of a file; ``document`` is None where its content is what it was."""

    key: str
    stamp: str
    hash: str
    document: Document | None


Read = Callable[[Path, bytes], Document]
"""A file's path and bytes in, its document out. Raises MapgenError where it cannot be read."""


class Index:
    """The passages of documents in one database. It may be used by several threads and by several processes."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path | None = None) -> None:
        self._connection = connection
        self._path = path
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path | None, *, warn: Warn) -> Index:
        """The index that is kept at ``path``; a new one in memory where it is None, or cannot be kept."""
        return cls(opened(path, schema=SCHEMA, version=VERSION, warn=warn), path=path)

    def close(self) -> None:
        """Let go of the database; a thread that still asks it gets a SourceError."""
        with self._lock:
            self._connection.close()

    def update(self, paths: Iterable[Path], read: Read, *, reader: str) -> Update:
        """Have the passages of these files and of no others; only those that changed are read.

        ``reader`` names what ``read`` does and its version: files that another one read are read again.
        """
        known = {key: (stamp, hash) for key, stamp, hash in self.rows("SELECT key, stamp, hash FROM documents")}
        wanted = {_key(path): path for path in paths}
        gone = [key for key in known if key not in wanted]
        self._write(gone, None)
        failed: list[tuple[str, MapgenError]] = []
        read_now = 0
        for key, path in wanted.items():
            try:
                change = _change(path, known.get(key, ("", "")), read=read, reader=reader)
            except MapgenError as error:
                failed.append((str(path), error))
                self._write([key] if key in known else [], None)
            else:
                self._write([], change)
                read_now += change is not None and change.document is not None
        return Update(read_now, len(wanted) - read_now - len(failed), len(gone), tuple(failed))

    def _write(self, gone: Sequence[str], change: _Change | None) -> None:
        """Write what became of one file at once: an update that is ended keeps what it has read."""
        if gone or change:
            with self.writing():
                self._remove(gone)
                if change:
                    self._apply(change)

    def put(self, documents: Iterable[Document]) -> None:
        """Have these documents, each under its id, in place of any that had it."""
        with self.writing():
            for document in documents:
                self._apply(_Change(document.id, "", _hash(whole(document).encode()), document))

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
        return _hash(json.dumps([VERSION, *told]).encode())

    def of(self, id: str) -> tuple[Passage, ...]:
        """The passages of the document of that id, in order."""
        rows = self.rows(
            "SELECT 0, 0, p.heading, p.text, p.page, p.offset, p.written, d.source FROM documents AS d"
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

    def _apply(self, change: _Change) -> None:
        key, stamp, hash, document = change
        if document is None:
            self._connection.execute("UPDATE documents SET stamp = ? WHERE key = ?", (stamp, key))
            return
        self._remove([key])
        latest = self._connection.execute("SELECT last FROM documents ORDER BY id DESC LIMIT 1").fetchone()
        after = latest[0] if latest else 0
        found = passages(document)
        row = (key, stamp, hash, document.id, document.title, document.location, after + 1, after + len(found))
        columns = "key, stamp, hash, source, title, location, first, last"
        number = self._connection.execute(f"INSERT INTO documents ({columns}) VALUES (?,?,?,?,?,?,?,?)", row).lastrowid
        title = spaced(document.title)
        self._connection.executemany(
            "INSERT INTO passages (rowid, title, heading, text, document, page, offset, written)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                (at, title, spaced(one.heading), spaced(one.text), number, one.page, one.offset, _written(one))
                for at, one in enumerate(found, start=after + 1)
            ),
        )

    def _remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            found = self._connection.execute("SELECT first, last FROM documents WHERE key = ?", (key,)).fetchone()
            if found:
                self._connection.execute("DELETE FROM passages WHERE rowid BETWEEN ? AND ?", found)
                self._connection.execute("DELETE FROM documents WHERE key = ?", (key,))

    def rows(self, statement: str, *values: object) -> list[_Row]:
        """What a statement finds. Raises SourceError where the database fails."""
        with self._lock, self._guarded():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing. Raises SourceError where the database fails."""
        with self._lock, self._guarded():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            hint = "Try again, or name another folder for the cache."
            if self._path and broken(error):
                self._connection.close()
                discard(self._path)
                hint = "It is discarded, and made anew by the next run."
            raise SourceError(f"The index of the sources failed: {error}.", hint=hint) from error


def kept_at(folder: Path, name: str) -> Path:
    """Where in ``folder`` the index of what is called ``name``, such as a path, is kept."""
    return folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.db"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _written(passage: Passage) -> str | None:
    """Heading and text as they are written, where FTS5 reads them otherwise."""
    one, two = passage.heading, passage.text
    return json.dumps([one, two]) if UNSPACED.search(one + two) else None


def _passage(row: _Row) -> Passage:
    _, _, heading, text, page, offset, written, source = row
    if written:
        heading, text = json.loads(written)
    return Passage(source=source, heading=heading, page=page, offset=offset, text=clean(text))


def _key(path: Path) -> str:
    """The path as text, whatever bytes are in its name."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def _change(path: Path, known: tuple[str, str], *, read: Read, reader: str) -> _Change | None:
    """What of a file differs from what is known of it: its stamp and its hash."""
    found = status(path)
    stamp = json.dumps([reader, found.st_size, found.st_mtime_ns, found.st_ctime_ns])
    if stamp == known[0]:
        return None
    data = plain_bytes(path)
    hash = _hash(data)
    same = known[1] == hash and json.loads(known[0])[0] == reader
    return _Change(_key(path), stamp, hash, None if same else read(path, data))
