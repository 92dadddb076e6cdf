"""`mapgen eval run` on real disks that are full, get full, or are read-only: what is made by then is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.evaluation import runfile
from tests.disks import SmallDisk
from tests.evaluation.trials import suite
from tests.servers.fake import FakeServer
from tests.servers.threaded import serving

Run = Any
CASES, CALLS = 7, 7
FULL = "No space left on device"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """An endpoint that answers well, named by the environment; there is no cache, and one map is made at a time."""
    with serving() as running:
        told = {"BASE_URL": running.url, "MODEL": "m", "CACHE": "false", "CONCURRENCY": "4"}
        for name, value in told.items():
            monkeypatch.setenv(f"MAPGEN_{name}", value)
        yield running


def test_a_run_whose_disk_gets_full_ends_with_what_is_made_and_goes_on(
    mapgen: Run, disk: SmallDisk, server: FakeServer, tmp_path: Path
) -> None:
    arguments = ("eval", "run", str(suite(tmp_path)), "--out", "disk/run.jsonl")
    disk.fill(but=2 * 4096 + 48 * 1024)
    done = mapgen(*arguments)
    assert (done.code, done.out) == (74, "")
    *_, first, second = done.err.splitlines()
    assert first == f"mapgen: Writing disk/run.jsonl failed: {FULL}."
    found = runfile.load(disk.path / "run.jsonl")
    kept = found.records
    assert not found.torn
    assert 1 <= len(kept) < CASES
    assert second.startswith("  Free some space")
    assert f"{len(kept)} of {CASES} maps of prompts/ are kept in disk/run.jsonl; the same command goes on." in second
    assert len(server.requests) == (len(kept) + 1) * CALLS
    disk.empty()
    server.requests.clear()
    again = mapgen(*arguments, "-q")
    assert (again.code, again.err) == (0, "")
    assert len(server.requests) == (CASES - len(kept)) * CALLS
    whole = runfile.load(disk.path / "run.jsonl")
    assert (whole.torn, whole.records[: len(kept)]) == (False, kept)
    assert [one.usable for one in whole.records] == [True] * CASES


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [("full", 74, f"failed: {FULL}."), ("read-only", 73, "cannot be created: ")],
)
@pytest.mark.parametrize("place", ["disk/run.jsonl", "disk/new/run.jsonl"])
def test_such_a_disk_is_told_before_anything_is_asked(
    mapgen: Run, disk: SmallDisk, server: FakeServer, tmp_path: Path, *, fault: str, code: int, words: str, place: str
) -> None:
    path = suite(tmp_path)
    disk.fill() if fault == "full" else disk.set_read_only()
    done = mapgen("eval", "run", str(path), "--out", place)
    assert (done.code, done.out) == (code, "")
    first, second = done.err.splitlines()[-2:]
    assert place in first
    assert words in first
    assert second.startswith("  ")
    assert server.requests == []


@pytest.mark.parametrize(("fault", "code"), [("full", 74), ("read-only", 73)])
def test_a_packed_copy_on_such_a_disk_costs_no_run(
    mapgen: Run, disk: SmallDisk, server: FakeServer, tmp_path: Path, fault: str, code: int
) -> None:
    path = suite(tmp_path)
    disk.fill() if fault == "full" else disk.set_read_only()
    done = mapgen("eval", "run", str(path), "--out", "run.jsonl", "--record", "disk/run.jsonl.gz")
    assert (done.code, done.out) == (code, "")
    assert "disk/run.jsonl.gz" in done.err.splitlines()[-2]
    assert server.requests == [] or len(runfile.load("run.jsonl").records) == CASES
    assert disk.names() == set()
