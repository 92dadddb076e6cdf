"""Texts by key in a folder on disk; the only importer of diskcache.

A store that cannot work is a warning and a run without it, never an error; one whose database is broken is set aside
and begun anew. It knows neither answers nor maps.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import diskcache

PATIENCE = 5.0  # seconds
# A long session's memory shall not grow with its cache: diskcache would hold 32 MB of pages, and map 64 MB more.
_MEMORY = {"sqlite_cache_size": 2**9, "sqlite_mmap_size": 0}
_FAULTS = (OSError, sqlite3.Error, diskcache.Timeout, ValueError, KeyError, TypeError)
_FILES = ("cache.db", "cache.db-wal", "cache.db-shm")
# SQLite's primary codes for what lies in the database itself: ERROR (no such column …), CORRUPT, CONSTRAINT, MISMATCH,
# NOTADB. Everything else is the disk's, the rights', or another writer's.
_BROKEN = {1, 11, 19, 20, 26}


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
    """A cache that waits no longer for another writer than it is told, and lets go where it cannot be opened."""

    def __init__(self, directory: str, *, timeout: float, **options: Any) -> None:
        self._patience = timeout
        try:
            super().__init__(directory, timeout=timeout, **options)
        except BaseException:
            if hasattr(self, "_local"):
                self.close()
            raise

    @property
    def _sql_retry(self) -> Callable[..., Any]:
        sql, ends = self._sql, time.monotonic() + self._patience

        def execute(statement: str, *arguments: Any, **options: Any) -> Any:
            while True:
                try:
                    return sql(statement, *arguments, **options)
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > ends:
                        raise
                time.sleep(0.01)

        return execute


class Store:
    """A folder of texts by key. ``warn`` is told, once, when it does not work, or was broken.

    ``patience`` is how many seconds another writer is waited for. ``fault`` says why it does not work, once it failed.
    """

    failures = False

    def __init__(
        self, folder: Path, *, warn: Callable[[str], None], size_limit: int = 2**30, patience: float | None = None
    ) -> None:
        self.folder, self.fault = folder, ""
        self._warn = warn
        self._patience = PATIENCE if patience is None else patience
        self._options = {"size_limit": size_limit, "timeout": self._patience, **_MEMORY}
        self._cache: diskcache.Cache | None = None
        self._opened: int | None = None
        self._begun_anew = False

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
            with suppress(*_FAULTS):
                self._cache.close()
            self._cache = None

    def _try(self, action: Callable[[diskcache.Cache], Any]) -> Any:
        if self.fault:
            return None
        try:
            return self._act(action)
        except _FAULTS as error:
            self.fault = f"The cache in {self.folder} does not work ({_first(error)})"
            self._warn(f"{self.fault}; going on without it.")
            return None

    def _act(self, action: Callable[[diskcache.Cache], Any]) -> Any:
        try:
            return action(self._open())
        except _FAULTS as error:
            if self._begun_anew or not self._is_broken(_first(error)):
                raise
            self._begin_anew(_first(error))
            return action(self._open())

    def _open(self) -> diskcache.Cache:
        if self._cache is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._opened = self._private()
            self._wait_for_others()
            self._cache = _Cache(str(self.folder), disk=_SafeDisk, disk_min_file_size=2**40, **self._options)
        return self._cache

    def _private(self) -> int:
        """Have a database that nobody else may read, whatever the folder allows; the number by which it is known."""
        path = self.folder / _FILES[0]
        if not path.is_dir():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        found = path.stat()
        if found.st_mode & 0o077 and not path.is_dir():
            path.chmod(0o600)
        return found.st_ino

    def _wait_for_others(self) -> None:
        """Until it may be written, but no longer than is patient: diskcache would try for a minute."""
        with closing(
            sqlite3.connect(self.folder / _FILES[0], timeout=self._patience, isolation_level=None)
        ) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")

    def _is_broken(self, error: BaseException) -> bool:
        """Whether the database is at fault, and neither the disk nor another writer."""
        if any((self.folder / name).is_dir() for name in _FILES):
            return True
        code = getattr(error, "sqlite_errorcode", 0)
        return code & 0xFF in _BROKEN or isinstance(error, ValueError | KeyError | TypeError)

    def _begin_anew(self, error: BaseException) -> None:
        """Set the database aside, unless another process has done so already. Raises OSError where it cannot be."""
        self.close()
        self._begun_anew = True
        database = self.folder / _FILES[0]
        if not database.exists() or database.stat().st_ino != self._opened:
            return
        aside = self._aside()
        for name in _FILES:
            with suppress(FileNotFoundError):
                (self.folder / name).replace(aside / name)
        self._warn(f"The cache in {self.folder} was broken ({error}); it is set aside as {aside.name} and begun anew.")

    def _aside(self) -> Path:
        number = 1
        while True:
            aside = self.folder / f"broken-{number}"
            try:
                aside.mkdir(mode=0o700)
            except FileExistsError:
                number += 1
            else:
                return aside


def _first(error: BaseException) -> BaseException:
    """What came first: undoing a failed write fails, too, and says less."""
    return _first(error.__context__) if isinstance(error.__context__, _FAULTS) else error
