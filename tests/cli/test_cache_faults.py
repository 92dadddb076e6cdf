"""`mapgen QUERY` with a cache that is broken, shared or in the way: the map comes, exit 0, and at most one warning."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.llm.stores import filled_store, is_sound
from tests.scripts import QUERY
from tests.servers.fake import FakeServer
from tests.servers.threaded import serving

Run = Any
CALLS = 7


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeServer]:
    """An endpoint, and a cache beside the outputs."""
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path / "cache"))
    with serving() as running:
        monkeypatch.setenv("MAPGEN_BASE_URL", running.url)
        monkeypatch.setenv("MAPGEN_MODEL", "m")
        yield running


def _garbage(folder: Path) -> None:
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"no database " * 1_000)


def _truncated(folder: Path) -> None:
    filled_store(folder)
    (folder / "cache.db").write_bytes((folder / "cache.db").read_bytes()[:9_000])


def _folder(folder: Path) -> None:
    (folder / "cache.db").mkdir(parents=True)


def _empty(folder: Path) -> None:
    folder.mkdir()
    (folder / "cache.db").touch()


@pytest.mark.parametrize(("breaking", "warnings"), [(_garbage, 1), (_truncated, 1), (_folder, 1), (_empty, 0)])
def test_a_broken_cache_is_rebuilt_and_used(
    mapgen: Run, server: FakeServer, tmp_path: Path, breaking: Callable[[Path], None], warnings: int
) -> None:
    breaking(tmp_path / "cache")
    first = mapgen(QUERY, "-o", "map.json", "-q")
    assert (first.code, first.out, len(first.err.splitlines())) == (0, "", warnings)
    assert first.err.count("begun anew") == warnings
    assert len(server.requests) == CALLS
    second = mapgen(QUERY, "-o", "map.json", "-q")
    assert (second.code, second.err) == (0, "")
    assert len(server.requests) == CALLS
    is_sound(tmp_path / "cache")


def test_a_file_in_the_place_of_the_cache_is_one_warning(mapgen: Run, server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    done = mapgen(QUERY, "-o", "map.json", "-q")
    assert done.code == 0
    (line,) = done.err.splitlines()
    assert line.endswith("going on without it.")
    assert (tmp_path / "cache").read_text() == "mine"


def test_another_program_that_holds_the_cache_is_one_warning(
    mapgen: Run, server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_store(tmp_path / "cache")
    monkeypatch.setattr("mapgen.llm.store.PATIENCE", 0.05)
    with closing(sqlite3.connect(tmp_path / "cache" / "cache.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        done = mapgen(QUERY, "-o", "map.json", "-q")
    assert done.code == 0
    (line,) = done.err.splitlines()
    assert line.endswith("does not work (database is locked); going on without it.")
    assert KnowledgeMap.load("map.json").status == "complete"


def test_four_processes_with_the_same_query_have_a_map_each_and_leave_a_sound_database(
    server: FakeServer, tmp_path: Path
) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "mapgen", QUERY, "-o", f"map{number}.json", "-q"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        for number in range(4)
    ]
    assert [one.communicate(timeout=120)[1] for one in running] == [""] * 4
    assert [one.returncode for one in running] == [0] * 4
    told = [json.loads((tmp_path / f"map{number}.json").read_text("utf-8")) for number in range(4)]
    assert all(one["status"] == "complete" and one["concepts"] == told[0]["concepts"] for one in told)
    assert len(server.requests) <= 4 * CALLS
    is_sound(tmp_path / "cache")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", *(f"map{number}.json" for number in range(4))]
