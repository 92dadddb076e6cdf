"""A process that makes many maps in one session, and tells what it saw and what it left: python -m tests.faults.soaked.

Its only argument is a Work as JSON; what it tells is a Told as JSON, on stdout. Whatever is on stderr is a fault. It
knows an endpoint's address and no faults.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mapgen import KnowledgeMap, MapgenError, Session
from mapgen.events import Done
from tests.faults.fault import CONCEPTS
from tests.faults.running import KEY, PROMPT, leaks
from tests.llm.asking import Hurried
from tests.servers import maps

STREAMED = 4  # every so many maps one comes by Session.stream
DESCRIPTORS = Path("/proc/self/fd")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Work:
    """``maps`` maps asked at ``url``, ``at_once`` of them together; ``hurried``: waits between calls take no time."""

    url: str
    maps: int
    at_once: int
    timeout: float
    hurried: bool
    cache_dir: str


@dataclass
class Told:
    """What was seen: how the maps ended, how those that are not whole explain it, the memory in bytes after each map.

    ``logged`` are records of warnings, errors and tracebacks; the lists below are of what the session left.
    """

    ends: dict[str, int] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    silent: int = 0
    secrets: int = 0
    memory: list[int] = field(default_factory=list)
    calls: int = 0
    logged: list[str] = field(default_factory=list)
    descriptors: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)


class Listening(logging.Handler):
    """Keeps what a log should not have to say."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.INFO)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning, and whatever brings a traceback."""
        if record.levelno >= logging.WARNING or record.exc_info or "Traceback" in record.getMessage():
            self._told.append(f"{record.name}: {record.getMessage()}")


def descriptors() -> Counter[str]:
    """What every open file descriptor of this process leads to."""
    found: Counter[str] = Counter()
    for path in DESCRIPTORS.iterdir():
        try:
            found[str(path.readlink())] += 1
        except FileNotFoundError:  # the listing's own
            continue
    return found


def memory() -> int:
    """The resident memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE


async def made(session: Session, number: int) -> KnowledgeMap | MapgenError:
    """The map of a query of its own, or the error that came instead."""
    query = f"({number}) {maps.QUERY}"
    try:
        if number % STREAMED:
            return await session.generate(query)
        *_, done = [event async for event in session.stream(query)]
        assert isinstance(done, Done)
        return done.map
    except MapgenError as error:
        return error


def note(told: Told, found: KnowledgeMap | MapgenError, *, number: int) -> None:
    """Keep how a map ended, and not the map."""
    if isinstance(found, MapgenError):
        end, why, text = type(found).__name__, found.message, f"{found.message} {found.hint}"
    else:
        end, why, text = found.status, "; ".join(problem.message for problem in found.problems), found.to_json()
    told.ends[end] = told.ends.get(end, 0) + 1
    told.secrets += leaks(text) or PROMPT in text
    if end != "complete":
        told.why.append(f"map {number}: {end}: {why}")
        told.silent += not why
    told.memory.append(memory())


async def many(work: Work, told: Told) -> None:
    """All the maps, in one session; then what it left."""
    before, numbers = descriptors(), iter(range(1, work.maps + 1))

    async def worker(numbers: Iterator[int]) -> None:
        for number in numbers:
            note(told, await made(session, number), number=number)

    async with Session(
        model="m",
        base_url=work.url,
        api_key=KEY,
        concepts=CONCEPTS,
        timeout=work.timeout,
        deadline=86_400.0,
        cache_dir=work.cache_dir,
    ) as session:
        if work.hurried:
            Hurried().rule(session)
        async with asyncio.TaskGroup() as group:
            for _ in range(work.at_once):
                group.create_task(worker(numbers))
        told.calls = session.budget.meter.calls
    gc.collect()
    told.descriptors += (descriptors() - before).elements()
    told.tasks += [repr(task) for task in asyncio.all_tasks() if task is not asyncio.current_task()]


def main(work: Work) -> Told:
    """Do the work, tell what was seen."""
    told = Told()
    logging.basicConfig(level=logging.INFO, handlers=[Listening(told.logged)])
    asyncio.run(many(work, told))
    gc.collect()
    told.threads += [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(main(Work(**json.loads(sys.argv[1]))))))
