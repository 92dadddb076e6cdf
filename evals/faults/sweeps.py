"""Counts what the tests' sweeps do: at each call and each disk operation of a run a fault, and how the runs end.

    python evals/faults/sweeps.py

Prints the table that run.py writes into RESULTS.md. The runs, and what has to hold of each, are the tests' own.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from mapgen.__main__ import main  # noqa: E402
from tests.cli import test_disk_sweep, test_resume_sweep  # noqa: E402
from tests.cli.conftest import Result  # noqa: E402
from tests.servers.test_sweep import CALLS, FAULTS, MENDED, FaultyServer, swept  # noqa: E402
from tests.servers.threaded import serving  # noqa: E402

ENDS = ("complete", "incomplete", "refused")
KINDS = ("once", "for ever")
HEAD = f"| each … of a run fails | how | runs | {' | '.join(ENDS)} |\n| --- | --- | --- | --- | --- | --- |\n"
Ends = Counter[str]


def table() -> str:
    """Every sweep, a line each. Raises AssertionError where what has to hold does not."""
    return HEAD + "\n".join(_line(what, how, ends) for what, how, ends in _sweeps())


def _line(what: str, how: str, ends: Ends) -> str:
    return f"| {what} | {how} | {' | '.join(str(n) for n in (ends.total(), *(ends[one] for one in ENDS)))} |"


def _sweeps() -> Iterator[tuple[str, str, Ends]]:
    for what, mended in (("call of a map", False), ("call of a map with a re-asking and a repair", True)):
        for kind in KINDS:
            with _prepared():
                yield what, kind, asyncio.run(_made_by_calls(ever=kind != "once", mended=mended))
    for kind in KINDS:
        with _prepared() as (monkeypatch, place), serving(concepts=3) as server:
            monkeypatch.setenv("MAPGEN_BASE_URL", server.url)
            codes = test_disk_sweep.by_operations(_mapgen, place, kind, server=server, monkeypatch=monkeypatch)
            yield "disk operation of `mapgen QUERY`", kind, Ends(test_resume_sweep.end(code) for code in codes[:-1])
    for kind in KINDS:
        with _prepared():
            yield "call of `mapgen resume`", kind, _resumed_by_calls(ever=kind != "once")
    for kind in KINDS:
        with _prepared() as (monkeypatch, place):
            half = test_resume_sweep.half_map()
            ends = test_resume_sweep.by_operations(_mapgen, half, place, kind, monkeypatch=monkeypatch)
            yield "disk operation of `mapgen resume`", kind, ends - Ends(complete=1)


async def _made_by_calls(*, ever: bool, mended: bool) -> Ends:
    calls = range(1, (MENDED if mended else CALLS) + 1)
    found = [await swept(name, nth=nth, ever=ever, mended=mended) for name in FAULTS for nth in calls]
    return Ends(end if end in ENDS else "refused" for end in found)


def _resumed_by_calls(*, ever: bool) -> Ends:
    half, calls = test_resume_sweep.half_map(), range(1, test_resume_sweep.CALLS + 1)
    servers = [FaultyServer(fault, nth=n, ever=ever) for fault in FAULTS.values() for n in calls]
    return Ends(test_resume_sweep.by_call(_mapgen, half, server) for server in servers)


@contextmanager
def _prepared() -> Iterator[tuple[pytest.MonkeyPatch, Path]]:
    """An empty folder to work in, which is the home, too; the settings of the sweeps, and none from outside."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        place = Path(folder).resolve() / "work"
        place.mkdir()
        for name in [name for name in os.environ if name.startswith(("MAPGEN_", "OPENAI_", "XDG_"))]:
            monkeypatch.delenv(name)
        test_resume_sweep.prepare(monkeypatch)
        monkeypatch.setenv("HOME", folder)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.chdir(place)
        yield monkeypatch, place


def _mapgen(*arguments: str) -> Result:
    """`mapgen` in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before, code = signal.getsignal(signal.SIGTERM), 0
    with patch("sys.argv", ["mapgen", *arguments]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            signal.signal(signal.SIGTERM, before)
    return Result(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


if __name__ == "__main__":
    print(table())
