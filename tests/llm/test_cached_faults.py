"""A cache that is hostile or broken: a poisoned row is a miss, a cache that cannot work one warning, never an error."""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.llm.base import Reply
from mapgen.llm.cached import Cached
from mapgen.llm.metered import Meter
from mapgen.llm.store import Store
from tests.llm.asking import HOSTED, NOTE, Model, filled, recorder

RAW, BINARY, TEXT, PICKLE = 1, 2, 3, 4


class Bomb:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.path),))


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Path]:
    """A file outside the cache that must neither be read nor deleted, and no pickle may have run in the end."""
    path = tmp_path / "outside" / "victim.txt"
    path.parent.mkdir()
    path.write_bytes(zlib.compress(b'"stolen"'))
    yield path
    assert path.is_file()
    assert not (tmp_path / "exploded").exists()


def poison(folder: Path, **row: Any) -> None:
    """Change every row of the database in ``folder``."""
    database = sqlite3.connect(folder / "cache.db")
    fields = ", ".join(f"{name} = :{name}" for name in row)
    database.execute(f"UPDATE Cache SET {fields}", row)
    database.commit()
    database.close()


def bomb(tmp_path: Path) -> bytes:
    """Bytes that must not be unpickled."""
    return pickle.dumps(Bomb(tmp_path / "exploded"))


POISONS: dict[str, Any] = {
    "pickled value": lambda tmp, victim: {"mode": PICKLE, "value": bomb(tmp)},
    "pickled file": lambda tmp, victim: {"mode": PICKLE, "value": None, "filename": "../outside/victim.txt"},
    "relative file": lambda tmp, victim: {"mode": BINARY, "value": None, "filename": "../outside/victim.txt"},
    "absolute file": lambda tmp, victim: {"mode": TEXT, "value": None, "filename": str(victim)},
    "file beside a value": lambda tmp, victim: {"filename": "../outside/victim.txt"},
    "no file": lambda tmp, victim: {"mode": BINARY, "value": None},
    "unknown mode": lambda tmp, victim: {"mode": 99},
    "a number": lambda tmp, victim: {"value": 7},
    "not compressed": lambda tmp, victim: {"value": b"plain"},
    "not JSON": lambda tmp, victim: {"value": zlib.compress(b"{")},
    "not UTF-8": lambda tmp, victim: {"value": zlib.compress(b'"\xff"')},
    "too deep": lambda tmp, victim: {"value": zlib.compress(b"[" * 100_000)},
    "not a text": lambda tmp, victim: {"value": zlib.compress(b"[1]")},
    "another text": lambda tmp, victim: {"value": zlib.compress(json.dumps("x").encode())},
}


@pytest.mark.parametrize("name", POISONS)
async def test_a_poisoned_row_is_a_miss_and_touches_nothing(tmp_path: Path, victim: Path, name: str) -> None:
    told, warn = recorder()
    store, model, meter = Store(tmp_path / "cache", warn=warn), Model(), Meter()
    door = Cached(model, store=store, endpoint=HOSTED, meter=meter)
    await door.ask(filled())
    store.close()
    poison(tmp_path / "cache", **POISONS[name](tmp_path, victim))
    assert (await door.ask(filled())).value == NOTE
    assert (len(model.asked), meter.cache_hits) == (2, 0)
    assert (await door.ask(filled())).value == NOTE
    assert (len(model.asked), meter.cache_hits) == (2, 1)
    store.close()
    poison(tmp_path / "cache", **POISONS[name](tmp_path, victim))
    assert store.clear() == 1
    store.close()
    assert told == []


def test_a_poisoned_key_is_not_unpickled(tmp_path: Path, victim: Path) -> None:
    told, warn = recorder()
    store = Store(tmp_path / "cache", warn=warn)
    store.put("key", "text")
    store.close()
    poison(tmp_path / "cache", key=bomb(tmp_path), raw=0)
    assert store.get("key") is None
    store.put("key", "new")
    assert (store.get("key"), store.clear()) == ("new", 2)
    store.close()
    assert told == []


def test_an_eviction_deletes_nothing_outside(tmp_path: Path, victim: Path) -> None:
    told, warn = recorder()
    store = Store(tmp_path / "cache", warn=warn, size_limit=40_000)
    store.put("old", "text")
    store.close()
    poison(tmp_path / "cache", filename="../outside/victim.txt", size=100_000, expire_time=1.0)
    for number in range(60):
        store.put(str(number), os.urandom(1_000).hex())
    entries, _ = store.size()
    store.close()
    assert entries < 61
    assert told == []


async def test_a_file_in_the_place_of_the_folder_is_one_warning_and_a_run_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    await _runs_without(tmp_path / "cache")
    assert (tmp_path / "cache").read_text() == "a file"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a file system that nobody can write to")
@pytest.mark.parametrize("folder", ["/proc/mapgen", "/proc/self"])
async def test_a_read_only_place_is_one_warning_and_a_run_without(folder: str) -> None:
    await _runs_without(Path(folder))


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that may not be written, and must stay so."""
    tmp_path.chmod(0o500)
    yield tmp_path
    assert tmp_path.stat().st_mode & 0o777 == 0o500
    tmp_path.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
async def test_a_read_only_folder_is_one_warning_and_stays_as_it_is(read_only: Path) -> None:
    await _runs_without(read_only)


async def _runs_without(folder: Path) -> None:
    told, warn = recorder()
    store, model, meter = Store(folder, warn=warn), Model(Reply(NOTE)), Meter()
    door = Cached(model, store=store, endpoint=HOSTED, meter=meter)
    for _ in range(3):
        assert (await door.ask(filled())).value == NOTE
    assert (len(model.asked), meter.cache_hits) == (3, 0)
    assert (store.size(), store.clear()) == ((0, 0), 0)
    store.close()
    assert len(told) == 1
    assert str(folder) in told[0]
    assert "going on without it" in told[0]
