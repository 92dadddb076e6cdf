"""How the command line is run: in this process for most tests, as a process of its own where that matters."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mapgen.__main__ import main
from tests.disks import SmallDisk, small_disk
from tests.scripts import good_map


@dataclass(frozen=True)
class Result:
    """What a run left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def mapgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs `mapgen` with arguments in this process, in an empty folder; ``stdin`` is bytes."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["mapgen", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        before = signal.getsignal(signal.SIGTERM)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            signal.signal(signal.SIGTERM, before)
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, found.out, found.err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Runs `mapgen` as a process of its own; ``environ`` is added to the environment."""

    def run(*arguments: str, stdin: bytes = b"", environ: dict[str, str] | None = None) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "mapgen", *arguments],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            timeout=60,
            env={**os.environ, **(environ or {})},
        )
        out, err = (stream.decode("utf-8") for stream in (done.stdout, done.stderr))
        assert "Traceback" not in err
        return Result(done.returncode, out, err)

    return run


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    """The good map, saved as map.json in the folder where `mapgen` runs."""
    return good_map().save(tmp_path / "map.json")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of its own that is soon full."""
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted
