"""Stores for tests: filled ones, and whether their databases are sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from mapgen.llm.store import Store


def filled_store(folder: Path, entries: int = 50) -> None:
    """A sound database with that many entries."""
    store = Store(folder, warn=never)
    for number in range(entries):
        store.put(str(number), os.urandom(500).hex())
    store.close()


def never(message: str) -> None:
    raise AssertionError(message)


def is_sound(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
