"""A store that the disk, the rights or another writer keep from working: one warning, and a run without it."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mapgen.llm.store import Store
from tests.llm.asking import recorder
from tests.llm.stores import filled_store, is_sound, never


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that holds the database and does not let go."""
    filled_store(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None, check_same_thread=False)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield database


def test_another_writer_is_waited_for_once_and_then_done_without(tmp_path: Path, writer: sqlite3.Connection) -> None:
    told, warn = recorder()
    store = Store(tmp_path, warn=warn, patience=0.05)
    for _ in range(20):
        store.put("key", "text")
    store.close()
    assert len(told) == 1
    assert "(database is locked); going on without it." in told[0]
    assert not list(tmp_path.glob("broken-*"))


def test_another_writer_of_a_new_database_is_not_waited_for_longer(tmp_path: Path) -> None:
    told, warn = recorder()
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        store = Store(tmp_path, warn=warn, patience=0.05)
        began = time.monotonic()
        assert store.get("key") is None
        assert time.monotonic() - began < 30
        store.close()
    assert len(told) == 1
    assert not list(tmp_path.glob("broken-*"))


def test_a_writer_that_lets_go_in_time_is_no_fault(tmp_path: Path, writer: sqlite3.Connection) -> None:
    store = Store(tmp_path, warn=never, patience=30.0)
    holding = threading.Timer(0.1, lambda: writer.execute("COMMIT"))
    holding.start()
    store.put("key", "text")
    holding.join()
    assert store.get("key") == "text"
    store.close()


def _limited(monkeypatch: pytest.MonkeyPatch, pragma: str) -> None:
    """Have every connection begin with a pragma."""
    connect = sqlite3.connect

    def limited(*arguments: Any, **options: Any) -> sqlite3.Connection:
        database = connect(*arguments, **options)
        database.execute(pragma)
        return database

    monkeypatch.setattr(sqlite3, "connect", limited)


def test_a_full_disk_is_one_warning_and_what_was_kept_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled_store(tmp_path)
    told, warn = recorder()
    with monkeypatch.context() as patched:
        _limited(patched, "PRAGMA max_page_count = 1")
        store = Store(tmp_path, warn=warn)
        for number in range(60, 160):
            store.put(str(number), os.urandom(2_000).hex())
        store.close()
    assert len(told) == 1
    assert "(database or disk is full); going on without it." in told[0]
    assert not list(tmp_path.glob("broken-*"))
    store = Store(tmp_path, warn=never)
    assert store.get("0") is not None
    store.close()
    is_sound(tmp_path)


def test_a_database_that_may_only_be_read_is_one_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled_store(tmp_path)
    told, warn = recorder()
    _limited(monkeypatch, "PRAGMA query_only = 1")
    store = Store(tmp_path, warn=warn)
    for _ in range(3):
        store.put("key", "text")
    store.close()
    assert len(told) == 1
    assert "(attempt to write a readonly database); going on without it." in told[0]
    assert not list(tmp_path.glob("broken-*"))


@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_nobody_else_may_read_what_is_kept(tmp_path: Path, mode: int) -> None:
    given = tmp_path / "given"
    given.mkdir(mode=mode)
    given.chmod(mode)
    for folder in (given, tmp_path / "new"):
        filled_store(folder)
        store = Store(folder, warn=never)
        store.put("key", "text")
        assert {path.name for path in folder.iterdir()} >= {"cache.db", "cache.db-wal"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        store.close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE(given.stat().st_mode) == mode


def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    filled_store(tmp_path)
    (tmp_path / "cache.db").chmod(0o644)
    filled_store(tmp_path)
    assert stat.S_IMODE((tmp_path / "cache.db").stat().st_mode) == 0o600
