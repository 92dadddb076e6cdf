"""A SQLite database kept between runs: private, begun anew where it is broken or of another version.

Where none can be kept it is made in memory, and that is a warning, never an error. It knows no tables.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from mapgen.errors import SourceError
from mapgen.lock import held

PATIENCE = 5.0  # seconds
Warn = Callable[[str], None]

_ENDING = ".db"
_OWN = re.compile(r"[0-9a-f]{24}\.db(?:-wal|-shm|-journal|\.lock|\.filling)?")
_BESIDE = ("", "-wal", "-shm", "-journal")
# SQLite's primary codes for what lies in the database itself: ERROR (no such table …), CORRUPT, NOTADB.
_BROKEN = {1, 11, 26}


class _Stale(Exception):
    """The database is broken, or another version's."""


def opened(path: Path | None, *, schema: str, version: int, warn: Warn) -> sqlite3.Connection:
    """The database at ``path`` with the tables of ``schema``; in memory where ``path`` is None or cannot be used.

    It may be used by several threads, one at a time, and by several processes. ``warn`` is told what does not work.
    """
    if path is not None:
        try:
            return _kept(path, schema=schema, version=version)
        except (OSError, sqlite3.Error, _Stale) as error:
            warn(f"The index in {path.parent} cannot be kept ({error}); it is made anew in each run.")
    memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    _make(memory, schema=schema, version=version)
    return memory


class Database:
    """A connection that several threads may use, and several processes may have to one file, ``path``."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path | None = None) -> None:
        self._connection = connection
        self._path = path
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the database; a thread that still asks it gets a SourceError."""
        with self._lock:
            self._connection.close()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
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
    def filling(self, waiting: Callable[[], None]) -> Iterator[None]:
        """What takes longer than others wait for a transaction: one process at a time; ``waiting`` is called meanwhile.

        Raises what ``waiting`` raises.
        """
        with ExitStack() as stack:
            if self._path is not None:
                with suppress(OSError):  # of a folder where nothing can be kept: the database is in memory
                    stack.enter_context(held(self._path.with_name(self._path.name + ".filling"), waiting=waiting))
            yield

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


def broken(error: sqlite3.Error) -> bool:
    """Whether the database is at fault, and neither the disk nor another writer."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN


def discard(path: Path) -> None:
    """Remove the database, so that the next one to open it begins anew. Raises OSError."""
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def kept(folder: Path) -> tuple[int, int]:
    """How many databases are kept in that folder, and their bytes."""
    files = _files(folder)
    return sum(path.suffix == _ENDING for path in files), sum(path.stat().st_size for path in files)


def forget(folder: Path) -> int:
    """Remove every database in that folder; how many there were. Raises OSError."""
    files = _files(folder)
    for path in files:
        path.unlink(missing_ok=True)
    return sum(path.suffix == _ENDING for path in files)


def _files(folder: Path) -> list[Path]:
    """The databases' files, and no others that may lie there."""
    return [path for path in folder.glob("*") if _OWN.fullmatch(path.name) and path.is_file()]


def _kept(path: Path, *, schema: str, version: int) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(path.with_name(path.name + ".lock"), waiting=_patience()):
        try:
            return _checked(path, schema=schema, version=version)
        except _Stale:
            discard(path)
            return _checked(path, schema=schema, version=version)


def _patience() -> Callable[[], None]:
    ends = time.monotonic() + PATIENCE

    def waiting() -> None:
        if time.monotonic() > ends:
            raise OSError("another process holds it")

    return waiting


def _checked(path: Path, *, schema: str, version: int) -> sqlite3.Connection:
    """The connection, the file being whole and of this version. Raises _Stale where it is not."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _make(connection, schema=schema, version=version)
        elif found != version or connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _Stale("it is broken")
    except sqlite3.Error as error:
        connection.close()
        if broken(error):
            raise _Stale(str(error)) from error
        raise
    except _Stale:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection, *, schema: str, version: int) -> None:
    connection.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {version}; COMMIT;")
