"""Keeps a run inside its limits: calls, tokens, money, time, and calls at once.

A limit is checked before a call begins; calls in flight are finished, so tokens and money may pass their limit by
what those take. It knows no answers; the sums are the meter's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, Field

from mapgen.errors import LimitReached, Unavailable
from mapgen.llm.base import LLM, Reply
from mapgen.llm.metered import Meter
from mapgen.model import Value
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)
T = TypeVar("T")


class Limits(Value):
    """What a run may use; None is no limit. ``deadline`` is in seconds, ``max_cost`` in US dollars."""

    max_calls: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_cost: float | None = Field(default=None, gt=0)
    deadline: float = Field(default=900.0, gt=0)
    concurrency: int = Field(default=16, ge=1)


@dataclass
class Budget:
    """Limits at work: what the meter says against what is allowed. ``clock`` gives monotonic seconds."""

    limits: Limits
    meter: Meter
    clock: Callable[[], float]
    ends: float = field(init=False)
    slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self.clock() + self.limits.deadline
        self.slots = asyncio.Semaphore(self.limits.concurrency)

    def remaining(self) -> float:
        """Seconds to the deadline, at least 0."""
        return max(0.0, self.ends - self.clock())

    def extend(self, seconds: float) -> None:
        """Move the deadline: time that no model was to blame for."""
        self.ends += seconds

    def check(self) -> None:
        """Raise LimitReached where no further call may begin."""
        limits, meter = self.limits, self.meter
        if self.remaining() <= 0:
            raise _reached(f"{limits.deadline:g} s", "deadline")
        if limits.max_calls is not None and meter.calls >= limits.max_calls:
            raise _reached(f"{limits.max_calls} calls", "max-calls")
        if limits.max_tokens is not None and meter.tokens >= limits.max_tokens:
            raise _reached(f"{limits.max_tokens:,} tokens", "max-tokens")
        if limits.max_cost is not None and (meter.cost or 0.0) >= limits.max_cost:
            raise _reached(f"{limits.max_cost:g} US dollars", "max-cost")

    async def in_time(self, waiting: Callable[[], Awaitable[T]]) -> T:
        """What ``waiting`` gives by the deadline; where that moves, it is called again. Raises LimitReached."""
        while True:
            try:
                async with asyncio.timeout(self.remaining()) as time:
                    return await waiting()
            except TimeoutError:
                if not time.expired():
                    raise
                self.check()


def too_long(wait: float, left: float, *, why: str) -> LimitReached:
    """The error where an endpoint wants to be left alone for longer than there is time."""
    return LimitReached(
        f"The endpoint needs {round(wait):.12g} s before it can be asked again, and {left:.0f} s are left: {why}",
        hint="Try again later, or raise --deadline.",
    )


def _reached(what: str, option: str) -> LimitReached:
    return LimitReached(f"The limit of {what} is used up.", hint=f"Raise --{option}, or ask for fewer concepts.")


class Limited:
    """An LLM that starts no call beyond the budget and ends one that outlasts ``timeout`` or the deadline."""

    def __init__(self, inner: LLM, budget: Budget, *, timeout: float) -> None:
        self._inner = inner
        self._budget = budget
        self._timeout = timeout

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer, in time. Raises LimitReached; Unavailable where only this call took too long."""
        await self._budget.in_time(self._budget.slots.acquire)
        try:
            self._budget.check()
            async with asyncio.timeout(min(self._timeout, self._budget.remaining())):
                return await self._inner.ask(filled)
        except TimeoutError as error:
            self._budget.check()
            raise Unavailable(
                f"No answer within {self._timeout:g} s.",
                hint="The endpoint may be overloaded; try again later.",
            ) from error
        finally:
            self._budget.slots.release()
