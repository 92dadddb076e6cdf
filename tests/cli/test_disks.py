"""Real disks, full or read-only, below the cache and the outputs of `mapgen QUERY` and `mapgen resume`.

What cannot be written is said before anything is asked; a map that is finished all the same is never lost.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.disks import SmallDisk, kept_in
from tests.lacking import without
from tests.servers import maps
from tests.servers.fake import FakeServer, Request, good_map
from tests.servers.threaded import serving

Run = Any
QUERY = maps.QUERY
CALLS = 7
OLD = "what stood here before"
FULL = "No space left on device"
DAMAGED = "inflation"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """An endpoint that answers well, named by the environment; there is no cache."""
    with serving() as running:
        told = {"BASE_URL": running.url, "MODEL": "m", "CACHE": "false"}
        for name, value in told.items():
            monkeypatch.setenv(f"MAPGEN_{name}", value)
        yield running


def filling(disk: SmallDisk, server: FakeServer) -> None:
    """The server's next answer fills the disk."""
    good, once = good_map(), iter([disk.fill])

    def answer(request: Request) -> dict[str, Any]:
        for fill in once:
            fill()
        return good(request)

    server._good = answer


def half(path: Path) -> bytes:
    """A map of the server's without a concept's texts and relations, saved; what is in its file."""
    whole = KnowledgeMap.load(path)
    concepts = [one.id for one in whole.concepts]
    without(whole, concepts[0], relations=False).save(path)
    return path.read_bytes()


@pytest.mark.parametrize("fault", ["full", "read-only"])
@pytest.mark.parametrize("there", [False, True], ids=["no cache yet", "a cache"])
def test_a_cache_on_such_a_disk_is_one_warning(
    mapgen: Run, disk: SmallDisk, server: FakeServer, monkeypatch: pytest.MonkeyPatch, fault: str, there: bool
) -> None:
    monkeypatch.setenv("MAPGEN_CACHE", "true")
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(disk.path / "cache"))
    if there:
        assert mapgen(QUERY, "--concepts", "4", "-o", "first.json", "-q").code == 0
    server.requests.clear()
    disk.fill() if fault == "full" else disk.set_read_only()
    for arguments in ((QUERY, "-o", "map.json"), ("resume", "map.json")):
        done = mapgen(*arguments, "-q")
        assert (done.code, done.out) == (0, "")
        (line,) = done.err.splitlines()
        assert line.startswith(f"mapgen: The cache in {disk.path / 'cache'} does not work (")
        assert line.endswith("; going on without it.")
        assert KnowledgeMap.load("map.json").status == "complete"
        half(Path("map.json"))
    assert len(server.requests) == CALLS + 2


@pytest.mark.parametrize(
    ("fault", "code", "words", "hint"),
    [
        ("full", 74, f"Writing disk/map.json failed: {FULL}.", "Free some space, or write elsewhere."),
        ("read-only", 73, "disk/map.json cannot be created: ", "Write somewhere you may."),
    ],
)
def test_an_output_on_such_a_disk_is_refused_before_anything_is_asked(
    mapgen: Run, disk: SmallDisk, server: FakeServer, fault: str, code: int, words: str, hint: str
) -> None:
    (disk.path / "map.json").write_text(OLD)
    without(KnowledgeMap.parse(_good(mapgen)), DAMAGED).save(disk.path / "half.json")
    before = {path.name: path.read_bytes() for path in disk.path.iterdir()}
    server.requests.clear()
    disk.fill() if fault == "full" else disk.set_read_only()
    for arguments in (
        (QUERY, "-o", "disk/map.json"),
        (QUERY, "-o", "other.html", "-o", "disk/map.json"),
        ("resume", "disk/half.json", "-o", "disk/map.json"),
    ):
        done = mapgen(*arguments)
        assert (done.code, done.out) == (code, "")
        first, second = done.err.splitlines()
        assert first.startswith(f"mapgen: {words}")
        assert second == f"  {hint}"
    back = mapgen("resume", "disk/half.json")
    assert (back.code, back.out, len(back.err.splitlines())) == (code, "", 2)
    assert server.requests == []
    assert not Path("other.html").exists()
    assert {name: (disk.path / name).read_bytes() for name in disk.names()} == before


def test_a_folder_of_notes_on_such_a_disk_is_refused_too(mapgen: Run, disk: SmallDisk, server: FakeServer) -> None:
    disk.fill()
    done = mapgen(QUERY, "--format", "obsidian", "-o", "disk/vault")
    assert (done.code, done.err.splitlines()[0]) == (74, f"mapgen: Writing disk/vault failed: {FULL}.")
    assert server.requests == []


@pytest.mark.parametrize("name", ["map.json", "map.html"])
def test_a_disk_that_is_full_when_the_map_is_made_costs_no_map(
    mapgen: Run, disk: SmallDisk, server: FakeServer, name: str
) -> None:
    (disk.path / name).write_text(OLD)
    filling(disk, server)
    done = mapgen(QUERY, "-o", f"disk/{name}", "-q")
    assert (done.code, done.out) == (74, "")
    first, second = done.err.splitlines()
    assert first == f"mapgen: Writing disk/{name} failed: {FULL}."
    assert second.startswith("  Free some space, or write elsewhere. The map is kept in ")
    assert second.endswith(f" -o disk/{name}` writes it.")
    assert disk.names() == {name}
    assert (disk.path / name).read_text() == OLD
    place, (program, *command) = kept_in(second)
    assert program == "mapgen"
    assert Path.home() in place.parents
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    disk.empty()
    asked = len(server.requests)
    assert mapgen(*command).code == 0
    assert KnowledgeMap.load(disk.path / name) == KnowledgeMap.load(place)
    assert (len(server.requests), KnowledgeMap.load(place).status) == (asked, "complete")


def test_what_was_added_to_a_map_is_not_lost_either(mapgen: Run, disk: SmallDisk, server: FakeServer) -> None:
    (disk.path / "map.json").write_text(_good(mapgen))
    before = half(disk.path / "map.json")
    filling(disk, server)
    done = mapgen("resume", "disk/map.json", "-q")
    assert (done.code, done.out) == (74, "")
    assert (disk.path / "map.json").read_bytes() == before
    place, (_, *command) = kept_in(done.err)
    assert KnowledgeMap.load(place).status == "complete"
    disk.empty()
    assert mapgen(*command).code == 0
    assert KnowledgeMap.load(disk.path / "map.json") == KnowledgeMap.load(place)


def test_a_partial_map_is_kept_with_the_command_that_completes_it(
    mapgen: Run, disk: SmallDisk, server: FakeServer
) -> None:
    filling(disk, server)
    done = mapgen(QUERY, "--max-calls", "4", "-o", "disk/map.json", "-q")
    assert done.code == 74
    assert done.err.endswith(" -o disk/map.json` completes and writes it.\n")
    place, (_, *command) = kept_in(done.err)
    assert KnowledgeMap.load(place).status == "incomplete"
    disk.empty()
    assert mapgen(*command).code == 0
    assert KnowledgeMap.load(disk.path / "map.json").status == "complete"


def test_every_other_file_is_written_and_the_map_is_there(mapgen: Run, disk: SmallDisk, server: FakeServer) -> None:
    filling(disk, server)
    files = ("-o", "disk/map.json", "-o", "page.html", "-o", "disk/map.md", "-o", "map.txt")
    done = mapgen(QUERY, *files, "-q")
    assert done.code == 74
    other, first, second = done.err.splitlines()
    assert other == f"mapgen: Writing disk/map.md failed: {FULL}."
    assert first == f"mapgen: Writing disk/map.json failed: {FULL}."
    told = "The map is kept in page.html: `mapgen render page.html -o disk/map.json -o disk/map.md` writes it."
    assert second == f"  Free some space, or write elsewhere. {told}"
    assert KnowledgeMap.load("page.html").status == "complete"
    assert Path("map.txt").exists()
    assert not list(Path.home().rglob("map.json"))


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_where_the_home_folder_is_on_that_disk_the_map_is_among_temporary_files(
    mapgen: Run, disk: SmallDisk, server: FakeServer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setenv("HOME", str(disk.path))
    monkeypatch.setattr("tempfile.tempdir", str(disk.path.parent))
    if fault == "read-only":
        monkeypatch.setattr(disk, "fill", disk.set_read_only)
    filling(disk, server)
    done = mapgen(QUERY, "-o", "disk/map.json", "-q")
    assert done.code == (74 if fault == "full" else 73)
    place, _ = kept_in(done.err)
    assert place.parent.parent == disk.path.parent
    assert KnowledgeMap.load(place).status == "complete"
    assert not [path for path in disk.path.rglob("*") if path.is_file() and path.name != "filler"]


def test_where_no_disk_takes_it_that_is_said(
    mapgen: Run, disk: SmallDisk, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(disk.path))
    monkeypatch.setattr("tempfile.tempdir", str(disk.path))
    filling(disk, server)
    done = mapgen(QUERY, "-o", "disk/map.json", "-q")
    assert done.code == 74
    assert done.err.splitlines()[1:] == [
        "  Free some space, or write elsewhere. It could not be kept elsewhere either."
    ]
    assert os.listdir(disk.path) == ["filler"] or disk.names() <= {".local"}


def _good(mapgen: Run) -> str:
    """A map of the server, as JSON."""
    return str(mapgen(QUERY, "--format", "json", "-q").out)
