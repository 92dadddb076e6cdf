"""The lock between processes: one has it at a time, another waits for it, and whoever dies gives it up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mapgen.lock import held

HOLDER = """
import sys
from pathlib import Path
from mapgen.lock import held
with held(Path(sys.argv[1]), waiting=lambda: sys.exit(1)):
    print("held", flush=True)
    sys.stdin.read()
"""


class Busy(Exception):
    """Another has it."""


def busy() -> None:
    raise Busy


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the lock until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_it_is_free_again_after_its_block_and_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(ZeroDivisionError), held(path, waiting=busy):
        raise ZeroDivisionError
    with held(path, waiting=busy):
        assert path.read_bytes() == b""


def test_another_one_has_to_wait_and_what_that_raises_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with holder(path), pytest.raises(Busy), held(path, waiting=busy):
        pass
    with held(path, waiting=busy), held(tmp_path / "b.lock", waiting=busy):
        pass


@pytest.mark.parametrize("way", ["end", "kill"])
def test_who_ends_or_is_killed_gives_it_up_to_the_one_that_waits(tmp_path: Path, way: str) -> None:
    path = tmp_path / "a.lock"
    asked = []
    with holder(path) as process:

        def waiting() -> None:
            asked.append(process.poll())
            if len(asked) == 2:
                process.kill() if way == "kill" else process.communicate(b"")

        with held(path, waiting=waiting):
            assert process.wait() == (-9 if way == "kill" else 0)
    assert asked[:2] == [None, None]


def test_a_file_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), held(tmp_path / "none" / "a.lock", waiting=busy):
        pass
