"""Real disks for tests: a small file system in memory, which can be filled and made read-only.

Mounting takes root's right to do so. Where that right is not there, tests that need a disk are skipped.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MAY_MOUNT = 1 << 21  # Linux's CAP_SYS_ADMIN; root in a container is often without
_FILLER = "filler"


class SmallDisk:
    """The file system at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, *, but: int = 0) -> None:
        """Fill it, but for so many bytes, a multiple of 4,096."""
        free = shutil.disk_usage(self.path).free
        with (self.path / _FILLER).open("wb") as file:
            file.write(bytes(max(0, free - but)))
        assert shutil.disk_usage(self.path).free == but

    def empty(self) -> None:
        """Give back what fill took."""
        (self.path / _FILLER).unlink()

    def set_read_only(self, is_read_only: bool = True) -> None:
        """Let nothing be written, or something again."""
        _run("mount", "-o", f"remount,{'ro' if is_read_only else 'rw'}", str(self.path))

    def names(self) -> set[str]:
        """What is on it, at its top."""
        return {path.name for path in self.path.iterdir()} - {_FILLER}


@contextmanager
def small_disk(path: Path, *, kib: int = 512) -> Iterator[SmallDisk]:
    """A disk of that size at ``path``, a new folder. The test is skipped where none may be mounted."""
    if why := _why_not():
        pytest.skip(f"mounting a disk for the test needs {why}")
    path.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=0700", "mapgen-test", str(path))
    except AssertionError:
        if os.environ.get("MAPGEN_TEST_COMPLETE"):
            raise
        pytest.skip("a disk for the test could not be mounted, though root may")
    try:
        yield SmallDisk(path)
    finally:
        _run("umount", "-l", str(path))


def kept_in(err: str) -> tuple[Path, list[str]]:
    """The file that a map is told to be kept in, and the command that is told with it."""
    name, command = err.split("The map is kept in ", 1)[1].split(": `", 1)
    return Path(name), shlex.split(command.split("`", 1)[0])


def _why_not() -> str:
    """What there is not; empty where a disk may be mounted."""
    if sys.platform != "linux":
        return "Linux"
    if os.geteuid() != 0:
        return "root"
    status = Path("/proc/self/status").read_text("utf-8")
    rights = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return "" if int(rights, 16) & _MAY_MOUNT else "the right to mount, which root does not have here"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
