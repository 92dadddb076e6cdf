"""Sweeps over `mapgen resume` of a half-finished map: its n-th request, and its n-th disk operation, fails.

The invariant is whole: the map that stands in the file loads and is no worse than before; exit code, a hint, requests
within bounds, no connection left, nothing half-written, and what was completed is never lost.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen import generate
from mapgen.llm.openai import _known
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import KnowledgeMap
from mapgen.prompting import builtin_folder
from mapgen.state import ROUNDS
from tests.cli.test_disk_sweep import OPERATIONS
from tests.disks import kept_in
from tests.lacking import without
from tests.llm.stores import is_sound
from tests.servers import maps
from tests.servers.disk import Disk
from tests.servers.test_sweep import FAULTS, KEY, PASSING, FaultyServer
from tests.servers.threaded import left_alone, running, serving

Run = Any
CALLS = 3  # two concepts and the relations
ASKINGS = CALLS + ROUNDS * 6


def prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model and a key; backoff takes no time, and nothing is known of an endpoint."""
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    monkeypatch.setenv("MAPGEN_MODEL", "m")
    monkeypatch.setenv("MAPGEN_API_KEY", KEY)
    _known.clear()


def half_map() -> KnowledgeMap:
    """The server's map without the texts of two concepts and without relations."""
    with serving() as server:
        whole = generate(maps.QUERY, model="m", base_url=server.url, api_key=KEY, cache=False, concepts=5)
    found = without(whole, *(concept.id for concept in whole.concepts[:2]), relations=False)
    assert lacks(found) == CALLS
    return found


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> Iterator[KnowledgeMap]:
    """The half-finished map, and everything prepared."""
    prepare(monkeypatch)
    yield half_map()
    _known.clear()


def lacks(map: KnowledgeMap) -> int:
    """How much is missing in a map."""
    return sum(not one.definition for one in map.concepts) + (not map.relations)


def end(code: int) -> str:
    """How a run ended, in a word."""
    return {0: "complete", 3: "incomplete"}.get(code, "refused")


def by_call(mapgen: Run, half: KnowledgeMap, server: FaultyServer) -> str:
    """How one run by a faulty server ended; the invariant holds."""
    _known.clear()
    path = Path("map.json")
    before = half.save(path).read_bytes()
    with running(server):
        done = mapgen("resume", "map.json", "-q", "--no-cache", "--base-url", server.url)
        assert left_alone(server)
    found = KnowledgeMap.load(path)
    assert done.out == ""
    assert KEY not in done.err
    assert done.code in {0, 3, 65, 69, 75, 76, 77, 78}, done
    if done.code not in (0, 3):
        assert path.read_bytes() == before
        assert len(done.err.splitlines()) == 2
    else:
        assert found.status == {0: "complete", 3: "incomplete"}[done.code]
        assert lacks(found) < lacks(half)
        assert found.made is not None
        assert found.made.calls == len(server.asked)
    assert [path.name for path in Path().iterdir()] == ["map.json"]
    return end(done.code)


def by_operation(mapgen: Run, half: KnowledgeMap, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> str:
    """How one run on that disk, in an empty folder of its own, ended; the invariant holds."""
    folder = disk.folder
    shutil.copytree(builtin_folder(), folder / "prompts")
    before = half.save(folder / "map.json").read_bytes()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(folder / "cache"))
    with serving() as server:
        with disk:
            done = mapgen("resume", "map.json", "-q", "--prompts", "prompts", "--base-url", server.url)
        assert left_alone(server)
    at = f"operation {len(disk.operations)}: {disk.operations[-1:]}", done
    assert (done.code in {0, 66, 73, 74, 78}, done.out) == (True, ""), at
    assert len(server.requests) == CALLS or (done.code and not server.requests), at
    lines = [line for line in done.err.splitlines() if "going on without it" not in line and "begun anew" not in line]
    assert len(lines) == (2 if done.code else 0), at
    assert {path.name for path in folder.iterdir()} <= {"prompts", "cache", "map.json"}, at
    after = (folder / "map.json").read_bytes()
    if done.code == 0:
        assert KnowledgeMap.load(folder / "map.json").status == "complete", at
    else:
        assert after == before, at
        assert not server.requests or KnowledgeMap.load(kept_in(done.err)[0]).status == "complete", at
    if (folder / "cache" / "cache.db").exists():
        is_sound(folder / "cache")
    return end(done.code)


def by_operations(
    mapgen: Run, half: KnowledgeMap, place: Path, kind: str, *, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    """How the runs ended of which the first, second, third … operation fails; the last is the one without a fault."""
    ends, number = Counter[str](), 0
    ever, code = OPERATIONS[kind]
    while True:
        number += 1
        folder = place / f"resume{number}"
        folder.mkdir()
        disk = Disk(folder, nth=number, ever=ever, code=code)
        ends[by_operation(mapgen, half, disk, monkeypatch)] += 1
        if len(disk.operations) < number:
            return ends


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_any_request_that_comes_once(mapgen: Run, half: KnowledgeMap, name: str) -> None:
    for nth in range(1, CALLS + 1):
        server = FaultyServer(FAULTS[name], nth=nth, ever=False)
        assert by_call(mapgen, half, server) == "complete" or name not in PASSING, f"at call {nth}"
        assert len(server.asked) <= CALLS + 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_from_any_request_on(mapgen: Run, half: KnowledgeMap, name: str) -> None:
    ends = Counter[str]()
    for nth in range(1, CALLS + 2):
        server = FaultyServer(FAULTS[name], nth=nth, ever=True)
        found = by_call(mapgen, half, server)
        ends[found] += 1
        assert (found == "complete") == (nth > CALLS), f"from call {nth}"
        assert len(server.asked) <= ASKINGS * ATTEMPTS
    assert ends["complete"] == 1


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_operation_of_a_run_may_fail(
    mapgen: Run, half: KnowledgeMap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    ends = by_operations(mapgen, half, tmp_path, kind, monkeypatch=monkeypatch)
    assert ends.total() > 50
    assert set(ends) == {"complete", "refused"}
