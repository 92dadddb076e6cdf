"""Runs one row through Python or through the command line, and says which promises were broken.

The invariant stands in ``broken``: outcome, exit code, requests, time, no traceback, no secret, no connection left, no
half-written output.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from mapgen.doors import agenerate
from mapgen.errors import MapgenError
from mapgen.llm.openai import _known
from mapgen.model import KnowledgeMap
from tests.busy import starved
from tests.faults.fault import CALLS, CONCEPTS, EVER, FaultServer, Row
from tests.servers import maps
from tests.servers.threaded import left_alone, running

KEY = "sk-very/secret+key0123456789"  # JSON may escape it, an address has to
TOLD = 12  # characters of the key that are told if any are
PROMPT = "exactly one sentence of at most 25 words"  # stands in every prompt of a concept
GRACE = 5.0  # seconds beyond the deadline for starting, writing and ending, where there is a processor to do it
OUTPUTS = ("map.json", "page.html")


@dataclass(frozen=True)
class Seen:
    """What one run of a row left: ``out`` is the map's JSON, ``said`` what stood on stdout and in the log beside it."""

    code: int
    out: str
    err: str
    said: str
    requests: int
    waited: float
    seconds: float
    closed: bool

    @property
    def map(self) -> KnowledgeMap | None:
        """The map, if one came."""
        return KnowledgeMap.parse(self.out) if self.out else None


Command = Callable[..., tuple[int, str, str]]


def by_command(row: Row, command: Command, folder: Path) -> Seen:
    """The row through a command line: ``command`` takes its arguments and gives exit code, stdout and stderr.

    The map is written to files in ``folder``.
    """
    outputs = [part for name in OUTPUTS for part in ("-o", str(folder / name))]
    options = ("--model", "m", "--concepts", str(CONCEPTS), *outputs)
    limits = ("--deadline", str(row.deadline), "--timeout", str(row.timeout))
    with served(row) as server, written(row) as files, logged() as lines:
        began = now()
        sources = [part for file in files for part in ("--source", file)]
        code, out, err = command(maps.QUERY, "--base-url", row.url or server.url, *options, *limits, *sources)
        map = folder / OUTPUTS[0]
        text = map.read_text("utf-8") if map.is_file() else ""
        return seen(server, (code, text, err), said="\n".join((out, *lines)), began=began)


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

    with served(row) as server, logged() as lines:
        began = now()
        return seen(server, asyncio.run(map_of(row.url or server.url)), said="\n".join(lines), began=began)


def now() -> float:
    """Seconds of a clock that stands while this process could run and is not let."""
    return time.monotonic() - starved()


@contextmanager
def logged() -> Iterator[list[str]]:
    """The lines that are logged meanwhile, but for those that only debugging shows."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def leaks(text: str) -> bool:
    """Whether the key, or its beginning, stands in a text: as it is, in JSON's escapes, or in an address's."""
    plain = re.sub(r"\\+u00([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text).replace("\\/", "/")
    return any(KEY[:TOLD] in one for one in (text, plain, unquote(plain)))


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


def seen(server: FaultServer, left: tuple[int, str, str], *, said: str, began: float) -> Seen:
    """What a run left, and what its server saw of it."""
    seconds = now() - began
    at = [request.at for request in server.asked]
    waited = at[1] - at[0] if len(at) > 1 else 0.0
    code, out, err = left
    return Seen(code, out, err, said, len(at), waited, seconds, left_alone(server))


def broken(row: Row, seen: Seen, folder: Path) -> list[str]:
    """The promises that were broken; none where all is well. ``folder`` has the cache, and what was written."""
    least, most = row.requests
    kept = {path.name: path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}
    told = [name for name, text in kept.items() if leaks(text)]
    promises = {
        f"exit code {seen.code} instead of {row.code}: {seen.err[-400:]}": seen.code == row.code,
        f"{seen.requests} requests instead of {least} to {most}": least <= seen.requests <= most,
        f"it took {seen.seconds:.1f} s": seen.seconds < row.deadline + GRACE,
        f"it waited {seen.waited:.2f} s": seen.waited >= row.waits,
        f"a traceback: {seen.err} {seen.said}": "Traceback" not in seen.err + seen.said,
        f"the key is told: {seen.err} {seen.said}": not leaks(seen.out + seen.err + seen.said),
        f"the key is kept in {told}": told == [],
        f"a prompt is told: {seen.err} {seen.said}": PROMPT not in seen.err + seen.said,
        f"half a file is left among {sorted(kept)}": not any(name.endswith(".part") for name in kept),
        "a connection is left open": seen.closed,
        **(_error(row, seen) if isinstance(row.outcome, int) else _map(row, seen)),
        f"not all or none was written of {sorted(kept)}": not set(OUTPUTS) & set(kept)
        or (seen.out and KnowledgeMap.load(folder / OUTPUTS[1]) == seen.map),
    }
    return [promise for promise, held in promises.items() if not held]


def _error(row: Row, seen: Seen) -> dict[str, bool]:
    last = seen.err.rstrip("\n").splitlines()[-2:]
    return {
        f"a map came: {seen.out}": seen.out == "",
        f"no message with a hint: {seen.err}": len(last) == 2
        and last[0].removeprefix("mapgen: ").strip() not in ("", last[0].strip())
        and last[1][:2] == "  "
        and last[1].strip() != "",
        f"{row.says!r} is not told: {seen.err}": row.says in seen.err,
    }


def _map(row: Row, seen: Seen) -> dict[str, bool]:
    map = seen.map
    if map is None or map.made is None:
        return {"no map came": False}
    messages = " ".join(problem.message for problem in map.problems)
    good, names = maps.write_answers(CONCEPTS), {one.name for one in map.concepts}
    lost = {fault.part for fault in row.faults if row.outcome == "P" and fault.times == EVER} & names
    texts = {one.name: one.definition for one in map.concepts if one.status == "complete"}
    return {
        f"the map is {map.status}: {messages}": map.status == ("complete" if row.outcome == "R" else "incomplete"),
        "no reason is given": bool(messages) == (row.outcome == "P"),
        f"{len(map.concepts)} concepts": len(map.concepts) == CONCEPTS,
        f"only {sorted(texts)} are whole": row.outcome == "P" or len(texts) == CONCEPTS,
        f"of {sorted(names)} {sorted(texts)} are whole": not lost or set(texts) == names - lost,
        "a sibling is harmed": not lost or texts == {name: good[name]["definition"] for name in texts},
        f"{row.says!r} is not told: {messages}": row.says in messages,
        f"{map.made.calls} calls counted": map.made.calls == seen.requests,
        "a retry is not counted": row.outcome == "P" or _counted(map) >= seen.requests - CALLS - row.steps,
    }


def _counted(map: KnowledgeMap) -> int:
    """What the map's statistics say was done beyond the seven calls; steps down the ladder are calls only."""
    assert map.made is not None
    return map.made.retries + map.made.reasked + map.made.repairs
