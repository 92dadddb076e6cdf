"""Runs an arm: its missing maps, several at a time, each put on disk as soon as it is made.

The same command resumes what was interrupted. It knows arms and run files, and neither prompts nor metrics.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from mapgen.errors import LimitReached, MapgenError
from mapgen.evaluation import runfile
from mapgen.evaluation.answers import Layers
from mapgen.evaluation.arms import renamed
from mapgen.evaluation.bench import Arm, Bench
from mapgen.evaluation.records import Key, Record, Run
from mapgen.evaluation.statistics.exits import Exit
from mapgen.evaluation.trial import Trial
from mapgen.events import Event
from mapgen.model import Count, Value
from mapgen.session import Session

MAPS_AT_ONCE, EMBEDDED_AT_ONCE = 16, 2
CALLS_AT_ONCE = 4  # of those that may be in flight, for each map in the making
GIVE_UP = 5  # maps in a row that the endpoint failed at
Outcome = Literal["complete", "incomplete", "unusable", "missing"]


class Unfinished(MapgenError):
    """A run reached its limit before its last map; what was made is kept."""

    exit_code = Exit.FAILED


class Finished(Value):
    """A map is finished, ``done`` of ``total`` of its arm; ``asked`` calls were sent for it."""

    kind: Literal["finished"] = "finished"
    arm: str
    case: str
    repeat: Count
    done: Count
    total: Count
    outcome: Outcome
    asked: Count
    seconds: float
    error: str = ""


Watch = Callable[[Finished | Event], None]


async def run(arm: Arm, bench: Bench, *, session: Session, watch: Watch) -> Run:
    """The arm's run: what is known of it, and the rest made now.

    Raises Unfinished at a limit, and what else of MapgenError no map would survive; what was made is kept.
    """
    if not arm.missing:
        return arm.run()
    if bench.replay:
        arm.path.unlink(missing_ok=True)
    with runfile.appending(arm.path, arm.head) as file:
        elsewhere = [key for key in arm.wanted if key in arm.known and key not in file.run.by_key]
        await file.append(*(arm.known[key].model_copy(update={"asked": 0}) for key in elsewhere))
        seeds = {**arm.seeds, **file.run.answers}
        layers = Layers(seeds, bench.store(session), strict=bench.replay)
        work = _Work(arm, bench, session, watch, file, layers)
        try:
            await work.done()
        except LimitReached as error:
            raise _unfinished(error, work) from error
        except MapgenError as error:
            if work.kept and not bench.replay:
                error.hint = f"{error.hint} {work.told()}; the same command goes on.".lstrip()
            raise renamed(error, arm.prompts.folder, label=arm.head.label) from error
    return arm.run(work.made)


def at_once(bench: Bench) -> int:
    """How many maps are in the making together."""
    if any(endpoint.kind == "embedded" for endpoint in bench.asked.values()):
        return EMBEDDED_AT_ONCE
    return max(1, min(MAPS_AT_ONCE, bench.settings.concurrency // CALLS_AT_ONCE))


def outcome(record: Record) -> Outcome:
    """What became of a map."""
    if record.map is not None:
        return record.map.status
    return "missing" if record.passing else "unusable"


@dataclass
class _Work:
    """The maps of an arm, made by several tasks that share one list of what is missing."""

    arm: Arm
    bench: Bench
    session: Session
    watch: Watch
    file: runfile.RunFile
    layers: Layers

    def __post_init__(self) -> None:
        self.made: dict[Key, Record] = {}
        self._todo: Iterator[Key] = iter(self.arm.missing)
        self._cases = {case.id: case for case in self.bench.suite.cases}
        self._failed = 0

    @property
    def kept(self) -> int:
        """How many maps of the arm are finished."""
        return len(self.arm.wanted) - len(self.arm.missing) + len(self.made)

    def told(self) -> str:
        """How many maps are kept, and where."""
        return f"{self.kept} of {len(self.arm.wanted)} maps of {self.arm.head.label} are kept in {self.file.path}"

    async def done(self) -> None:
        """Make every missing map. Raises the first error that ends the run."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once(self.bench)):
                    group.create_task(self._go_on())
        except BaseExceptionGroup as errors:
            raise next(_leaves(errors)) from errors

    async def _go_on(self) -> None:
        for case, repeat in self._todo:
            began = time.monotonic()
            trial = Trial(case=self._cases[case], repeat=repeat, prompts=self.arm.prompts, layers=self.layers)
            record, error = await trial.made(self.session, self.watch)
            await self.file.append(record)
            self.made[record.key] = record
            self.watch(self._finished(record, time.monotonic() - began))
            self._failed = 0 if error is None else self._failed + 1
            if error is not None and self._failed >= GIVE_UP:
                raise error

    def _finished(self, record: Record, seconds: float) -> Finished:
        return Finished(
            arm=self.arm.head.label,
            case=record.case,
            repeat=record.repeat,
            done=self.kept,
            total=len(self.arm.wanted),
            outcome=outcome(record),
            asked=record.asked,
            seconds=round(seconds, 3),
            error=record.error,
        )


def _unfinished(error: LimitReached, work: _Work) -> Unfinished:
    return Unfinished(
        f"{error.message} {work.told()}.",
        hint="The same command goes on there; raise its limit if it is reached at once.",
    )


def _leaves(errors: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
