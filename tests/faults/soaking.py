"""A soak: a process makes many maps in one session while its endpoint, here, fails at random; its figures and bounds.

The process is soaked.py. Its folder has a home, a place for temporary files and a cache of its own, so that what is
left anywhere can be seen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from tests.conftest import ROOT
from tests.faults.mixed import Mixed
from tests.faults.running import leaks
from tests.faults.soaked import Told, Work
from tests.servers.threaded import left_alone, running

PATIENCE = 7200.0  # seconds
OWN = {"cache/cache.db"}  # the only file that a session may leave


@dataclass(frozen=True, kw_only=True)
class Soak:
    """What is to be done: ``chance`` is that of a fault of one request; ``hurried``: retries wait no real time.

    Memory is compared between the first ``window`` maps after ``warm`` ones, and the last ``window``.
    """

    maps: int = 1_000
    chance: float = 0.05
    seed: int = 1
    at_once: int = 8
    timeout: float = 5.0
    hurried: bool = False
    warm: int = 100
    window: int = 200


@dataclass(frozen=True)
class Seen:
    """What a soak did: what its process told, and what was seen of it from outside."""

    told: Told
    code: int
    err: str
    files: tuple[str, ...]
    requests: int
    hits: Counter[str]
    closed: bool
    secret: bool
    seconds: float


@dataclass(frozen=True)
class Bound:
    """A figure, and what is promised of it."""

    what: str
    measured: str
    promised: str
    held: bool


def seen(soak: Soak, folder: Path) -> Seen:
    """Do a soak in an empty folder."""
    for name in ("home", "temporary", "here"):
        (folder / name).mkdir()
    with running(Mixed(seed=soak.seed, chance=soak.chance)) as server:
        began = time.monotonic()
        cache = str(folder / "cache")
        work = Work(server.url, soak.maps, soak.at_once, soak.timeout, hurried=soak.hurried, cache_dir=cache)
        done = _process(work, folder)
        seconds, closed = time.monotonic() - began, left_alone(server)
    if not done.stdout:
        raise RuntimeError(f"The soak's process told nothing: {done.stderr[-2_000:]}")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    kept = b"".join((folder / name).read_bytes() for name in files)
    return Seen(
        told=Told(**json.loads(done.stdout)),
        code=done.returncode,
        err=done.stderr,
        files=tuple(sorted(files - OWN)),
        requests=len(server.asked),
        hits=server.hits,
        closed=closed,
        secret=leaks(done.stdout + done.stderr) or leaks(kept.decode("utf-8", "replace")),
        seconds=seconds,
    )


def _process(work: Work, folder: Path) -> subprocess.CompletedProcess[str]:
    foreign = ("MAPGEN_", "OPENAI_", "XDG_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    own = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "tests.faults.soaked", json.dumps(asdict(work))],
        capture_output=True,
        text=True,
        cwd=folder / "here",
        env=environ | own | {"NO_PROXY": "127.0.0.1"},
        timeout=PATIENCE,
        check=False,
    )


def grown(memory: list[int], soak: Soak) -> tuple[float, float]:
    """The medians of the memory after warming up, and in the end, in MB."""
    first, last = memory[soak.warm : soak.warm + soak.window], memory[-soak.window :]
    return median(first) / 1e6, median(last) / 1e6


def bounds(soak: Soak, seen: Seen, *, clean: int, complete: float = 0.99) -> list[Bound]:
    """The figures of a soak with their bounds; ``clean`` is how many requests as many maps take without faults."""
    told = seen.told
    whole, all = told.ends.get("complete", 0), sum(told.ends.values())
    first, last = grown(told.memory, soak)
    return [
        Bound("maps that ended", f"{all:,}", f"{soak.maps:,}", all == soak.maps),
        Bound("complete maps", f"{whole:,}", f"≥ {complete:.0%}", whole >= complete * soak.maps),
        _none("maps that are not complete and do not say why", told.silent),
        _none("lines on stderr", len(seen.err.splitlines()) + abs(seen.code)),
        _none("warnings and tracebacks logged", len(told.logged)),
        Bound("requests", f"{seen.requests:,}", f"≤ 1.5 × {clean:,}", seen.requests <= 1.5 * clean),
        Bound("requests that the session counted", f"{told.calls:,}", "all", told.calls == seen.requests),
        Bound("memory after warming up, and in the end", f"{first:.1f} MB, {last:.1f} MB", *_within(first, last)),
        Bound("connections open at the endpoint", "none" if seen.closed else "some", "none", seen.closed),
        _none("file descriptors left", len(told.descriptors)),
        _none("tasks left", len(told.tasks)),
        _none("threads left", len(told.threads)),
        _none("files left, the cache's database apart", len(seen.files)),
        _none("texts with the key or a prompt", told.secrets + seen.secret),
    ]


def _none(what: str, number: int) -> Bound:
    return Bound(what, str(number), "0", number == 0)


def _within(first: float, last: float) -> tuple[str, bool]:
    return "within 10 %", abs(last - first) <= 0.1 * first
