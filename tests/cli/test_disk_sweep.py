"""A sweep in the manner of SQLite: the first, second, third … disk operation of a run fails, once and for ever.

The invariant: a complete map, or a typed error with a hint; what stood in a file stands there still, or the whole new
map does; a map that was made is not lost; nothing half-written is left; the cache costs no more than a warning, and is
sound afterwards; requests are within bounds, and no connection is left open.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from mapgen.prompting import builtin_folder
from tests.disks import kept_in
from tests.llm.stores import is_sound
from tests.servers import maps
from tests.servers.disk import Disk
from tests.servers.fake import FakeServer
from tests.servers.threaded import left_alone, serving

OLD = "what stood here before"
CALLS = 5  # of a map of three concepts
OPERATIONS = {"once": (False, errno.EIO), "for ever": (True, errno.ENOSPC)}
CODES = {0, 73, 74, 78}
KEPT = {"prompts", "cache", "map.json", "page.html"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """An endpoint that answers well, named by the environment."""
    with serving(concepts=3) as running:
        monkeypatch.setenv("MAPGEN_BASE_URL", running.url)
        monkeypatch.setenv("MAPGEN_MODEL", "m")
        yield running


def swept(mapgen: Any, folder: Path, disk: Disk, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> int:
    """One run on that disk, in a folder of its own; its exit code, the invariant asserted."""
    before = len(server.requests)
    shutil.copytree(builtin_folder(), folder / "prompts")
    (folder / "map.json").write_text(OLD)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(folder / "cache"))
    with disk:
        arguments = ("--concepts", "3", "--prompts", "prompts", "-q", "-o", "map.json", "-o", "page.html")
        done = mapgen(maps.QUERY, *arguments)
    at = f"operation {len(disk.operations)}: {disk.failed[:1]}"
    assert done.code in CODES, (at, done)
    assert done.out == ""
    requests = len(server.requests) - before
    assert requests == CALLS or (done.code and not requests), at
    assert left_alone(server), at
    lines = done.err.splitlines()
    warned = [line for line in lines if "going on without it" in line or "begun anew" in line]
    assert len(warned) <= 1, (at, done)
    assert len(lines) - len(warned) in ((2, 3) if done.code else (0,)), (at, done)
    if done.code and requests:
        assert KnowledgeMap.load(kept_in(done.err)[0]).status == "complete", (at, done)
    assert {path.name for path in folder.iterdir()} <= KEPT, at
    text = (folder / "map.json").read_text("utf-8")
    assert text == OLD or KnowledgeMap.parse(text).status == "complete", at
    page = folder / "page.html"
    assert not page.exists() or KnowledgeMap.load(page).status == "complete", at
    if done.code == 0:
        assert text != OLD
        assert page.exists()
    if (folder / "cache" / "cache.db").exists():
        is_sound(folder / "cache")
    return int(done.code)


def by_operations(
    mapgen: Any, place: Path, kind: str, *, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """The exit codes of the runs of which the first, second, third … operation fails; the last has no fault."""
    ever, code = OPERATIONS[kind]
    codes: list[int] = []
    while True:
        folder = place / f"run{len(codes)}"
        folder.mkdir()
        disk = Disk(folder, nth=len(codes) + 1, ever=ever, code=code)
        codes.append(swept(mapgen, folder, disk, server, monkeypatch))
        if len(disk.operations) < len(codes):
            return codes


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_operation_of_a_run_may_fail(
    mapgen: Any, server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    codes = by_operations(mapgen, tmp_path, kind, server=server, monkeypatch=monkeypatch)
    assert codes[-1] == 0
    assert len(codes) > 100
    assert set(codes) - {2} == CODES
