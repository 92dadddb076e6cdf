"""Runs one row through Python or through the command line, and says which promises were broken.

The invariant stands in ``broken``: outcome, exit code, requests, time, no traceback, no secret, no connection left.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mapgen.doors import agenerate
from mapgen.errors import MapgenError
from mapgen.llm.openai import _known
from mapgen.model import KnowledgeMap
from tests.faults.fault import CALLS, CONCEPTS, FaultServer, Row
from tests.servers import maps
from tests.servers.threaded import left_alone, running

KEY = "sk-verysecretkey0123456789"
PROMPT = "exactly one sentence of at most 25 words"  # stands in every prompt of a concept
SLACK = 20.0  # seconds beyond the deadline for starting and ending on a busy machine


@dataclass(frozen=True)
class Seen:
    """What one run of a row left."""

    code: int
    out: str
    err: str
    requests: int
    waited: float
    seconds: float
    closed: bool

    @property
    def map(self) -> KnowledgeMap | None:
        """The map, if one came."""
        return KnowledgeMap.parse(self.out) if self.out else None


Command = Callable[..., tuple[int, str, str]]


def by_command(row: Row, command: Command) -> Seen:
    """The row through a command line: ``command`` takes its arguments and gives exit code, stdout and stderr."""
    options = ("--model", "m", "--format", "json", "--concepts", str(CONCEPTS))
    limits = ("--deadline", str(row.deadline), "--timeout", str(row.timeout))
    with served(row) as server, written(row) as files:
        began = time.monotonic()
        sources = [part for file in files for part in ("--source", file)]
        code, out, err = command(maps.QUERY, "--base-url", row.url or server.url, *options, *limits, *sources)
        return seen(server, (code, out, err), began=began)


def by_python(row: Row, folder: Path) -> Seen:
    """The row through agenerate; an error's message and hint stand for stderr."""

    async def map_of(url: str) -> tuple[int, str, str]:
        told: dict[str, float] = {"deadline": row.deadline, "timeout": row.timeout}
        asked = {"model": "m", "base_url": url, "api_key": KEY}
        try:
            with written(row) as files:
                map = await agenerate(
                    maps.QUERY, **asked, concepts=CONCEPTS, cache_dir=folder, sources=files or None, **told
                )
        except MapgenError as error:
            return error.exit_code, "", f"mapgen: {error.message}\n  {error.hint}\n"
        return (0 if map.status == "complete" else 3), map.to_json(), ""

    with served(row) as server:
        began = time.monotonic()
        return seen(server, asyncio.run(map_of(row.url or server.url)), began=began)


@contextmanager
def written(row: Row) -> Iterator[list[str]]:
    """The row's source as a file, if it has one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notes.txt"
        file.write_text(row.source, "utf-8")
        yield [str(file)] if row.source else []


@contextmanager
def served(row: Row) -> Iterator[FaultServer]:
    """The row's server, in a thread; what was found out of an endpoint before is forgotten."""
    _known.clear()
    with running(FaultServer(row.faults)) as server:
        yield server
    _known.clear()


def seen(server: FaultServer, left: tuple[int, str, str], *, began: float) -> Seen:
    """What a run left, and what its server saw of it."""
    seconds = time.monotonic() - began
    at = [request.at for request in server.asked]
    waited = at[1] - at[0] if len(at) > 1 else 0.0
    code, out, err = left
    return Seen(code, out, err, len(at), waited, seconds, left_alone(server))


def broken(row: Row, seen: Seen, folder: Path) -> list[str]:
    """The promises that were broken; none where all is well."""
    least, most = row.requests
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    secrets = KEY in seen.out + seen.err or KEY.encode() in kept
    promises = {
        f"exit code {seen.code} instead of {row.code}: {seen.err[-400:]}": seen.code == row.code,
        f"{seen.requests} requests instead of {least} to {most}": least <= seen.requests <= most,
        f"it took {seen.seconds:.1f} s": seen.seconds < row.deadline + SLACK,
        f"it waited {seen.waited:.2f} s": seen.waited >= row.waits,
        f"a traceback: {seen.err}": "Traceback" not in seen.err,
        "a secret is told": not secrets,
        f"a prompt is told: {seen.err}": PROMPT not in seen.err,
        "a connection is left open": seen.closed,
        **(_error(row, seen) if isinstance(row.outcome, int) else _map(row, seen)),
    }
    return [promise for promise, held in promises.items() if not held]


def _error(row: Row, seen: Seen) -> dict[str, bool]:
    last = seen.err.rstrip("\n").splitlines()[-2:]
    return {
        f"a map came: {seen.out}": seen.out == "",
        f"no message with a hint: {seen.err}": len(last) == 2
        and last[0].startswith("mapgen: ")
        and last[1][:2] == "  ",
        f"{row.says!r} is not told: {seen.err}": row.says in seen.err,
    }


def _map(row: Row, seen: Seen) -> dict[str, bool]:
    map = seen.map
    if map is None or map.made is None:
        return {"no map came": False}
    messages = " ".join(problem.message for problem in map.problems)
    return {
        f"the map is {map.status}: {messages}": map.status == ("complete" if row.outcome == "R" else "incomplete"),
        "no reason is given": bool(messages) == (row.outcome == "P"),
        f"{len(map.concepts)} concepts": len(map.concepts) == CONCEPTS,
        f"{row.says!r} is not told: {messages}": row.says in messages,
        f"{map.made.calls} calls counted": map.made.calls == seen.requests,
        "a retry is not counted": row.outcome == "P" or _counted(map) >= seen.requests - CALLS - row.steps,
    }


def _counted(map: KnowledgeMap) -> int:
    """What the map's statistics say was done beyond the seven calls; steps down the ladder are calls only."""
    assert map.made is not None
    return map.made.retries + map.made.reasked + map.made.repairs
