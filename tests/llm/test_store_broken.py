"""A store whose database is broken: it is set aside, nothing of it lost, and begun anew."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mapgen.llm.store import Store
from tests.llm.asking import recorder
from tests.llm.stores import filled_store, is_sound, never


def _garbage(folder: Path) -> None:
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"this is no database, and longer than a header of one hundred bytes" * 100)


def _garbage_with_a_log(folder: Path) -> None:
    _garbage(folder)
    for name in ("cache.db-wal", "cache.db-shm"):
        (folder / name).write_bytes(os.urandom(9_000))


def _folder_for_database(folder: Path) -> None:
    (folder / "cache.db").mkdir(parents=True)
    (folder / "cache.db" / "mine.txt").write_text("mine")


def _folder_for_log(folder: Path) -> None:
    (folder / "cache.db-wal").mkdir(parents=True)


def _other_table(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        database.executescript("CREATE TABLE Cache (x); CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value)")


def _hostile_settings(folder: Path) -> None:
    filled_store(folder)
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        database.execute("INSERT INTO Settings VALUES ('disk_unheard_of', 1)")
        database.commit()


def _truncated(folder: Path) -> None:
    filled_store(folder)
    database = folder / "cache.db"
    database.write_bytes(database.read_bytes()[:9_000])


def _torn(folder: Path) -> None:
    filled_store(folder)
    database = folder / "cache.db"
    data = database.read_bytes()
    database.write_bytes(data[:4_096] + os.urandom(len(data) - 4_096))


BROKEN = [
    _garbage,
    _garbage_with_a_log,
    _folder_for_database,
    _folder_for_log,
    _other_table,
    _hostile_settings,
    _truncated,
    _torn,
]


@pytest.mark.parametrize("breaking", BROKEN)
def test_a_broken_database_is_set_aside_and_begun_anew(tmp_path: Path, breaking: Callable[[Path], None]) -> None:
    folder = tmp_path / "cache"
    breaking(folder)
    told, warn = recorder()
    store = Store(folder, warn=warn)
    assert store.get("key") is None
    store.put("key", "text")
    assert store.get("key") == "text"
    store.close()
    (message,) = told
    assert message.startswith(f"The cache in {folder} was broken (")
    assert message.endswith("); it is set aside as broken-1 and begun anew.")
    assert list((folder / "broken-1").iterdir())
    again = Store(folder, warn=never)
    assert again.get("key") == "text"
    again.close()
    is_sound(folder)


def test_what_was_set_aside_is_whole_andnever_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    for number in (1, 2, 3):
        (folder / "cache.db").unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        (folder / "cache.db").write_text(f"garbage {number} " * 100)
        told, warn = recorder()
        store = Store(folder, warn=warn)
        store.put("key", "text")
        store.close()
        assert f"set aside as broken-{number} " in told[0]
    for number in (1, 2, 3):
        assert (folder / f"broken-{number}" / "cache.db").read_text() == f"garbage {number} " * 100


def test_an_empty_database_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "cache.db").touch()
    store = Store(tmp_path, warn=never)
    store.put("key", "text")
    assert store.get("key") == "text"
    store.close()


def test_a_database_that_breaks_while_it_is_open_is_set_aside(tmp_path: Path) -> None:
    told, warn = recorder()
    store = Store(tmp_path, warn=warn)
    store.put("key", "text")
    with closing(sqlite3.connect(tmp_path / "cache.db")) as database:
        database.execute("DROP TABLE Cache")
        database.commit()
    assert store.get("key") is None
    store.put("key", "text")
    assert store.get("key") == "text"
    store.close()
    assert len(told) == 1
    assert "begun anew" in told[0]


def test_a_database_that_breaks_again_is_given_up(tmp_path: Path) -> None:
    told, warn = recorder()
    store = Store(tmp_path, warn=warn)
    for _ in range(2):
        store.put("key", "text")
        with closing(sqlite3.connect(tmp_path / "cache.db")) as database:
            database.execute("DROP TABLE Cache")
            database.commit()
        assert store.get("key") is None
    store.close()
    assert ["begun anew" in one for one in told] == [True, False]
    assert "going on without it" in told[1]


def test_what_another_process_set_aside_is_not_set_aside_again(tmp_path: Path) -> None:
    one, other = Store(tmp_path, warn=recorder()[1]), Store(tmp_path, warn=never)
    one.put("key", "text")
    assert other.get("key") == "text"
    with closing(sqlite3.connect(tmp_path / "cache.db")) as database:
        database.execute("DROP TABLE Cache")
        database.commit()
    one.put("key", "new")
    assert other.get("key") == "new"
    one.close()
    other.close()
    assert [path.name for path in tmp_path.glob("broken-*")] == ["broken-1"]


def test_many_processes_that_find_a_broken_database_end_with_a_sound_one(tmp_path: Path) -> None:
    _garbage(tmp_path / "cache")
    code = (
        "import sys\nfrom pathlib import Path\nfrom mapgen.llm.store import Store\n"
        "store = Store(Path(sys.argv[1]), warn=lambda message: print(message, file=sys.stderr))\n"
        "[store.put(f'{sys.argv[2]}-{n}', 'text') for n in range(20)]\nstore.close()\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path / "cache", str(n)], stderr=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    said = [one.communicate(timeout=60)[1] for one in running]
    assert [one.returncode for one in running] == [0] * 4
    assert "".join(said).count("begun anew") >= 1
    assert "Traceback" not in "".join(said)
    is_sound(tmp_path / "cache")
