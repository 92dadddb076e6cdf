"""Ends a session's askings and look-ups from outside: those in flight at once, later ones before they begin.

What was answered until then stays: an asking that is stopped fails as any other. It knows no signals and no models.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import Stopped
from mapgen.llm.base import LLM, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)
T = TypeVar("T")


@dataclass
class Stop:
    """Whether askings are to end; ``now`` is called from the loop that they run in."""

    stopped: bool = False
    _asking: set[asyncio.Timeout] = field(default_factory=set)

    def now(self) -> None:
        """End every asking, and begin none."""
        self.stopped = True
        for asking in self._asking:
            if not asking.expired():
                asking.reschedule(0.0)

    def error(self) -> Stopped:
        """What an asking that is ended raises."""
        return Stopped("The work was stopped before this was asked.", hint="Start it again to go on.")

    async def bound(self, work: Callable[[], Awaitable[T]]) -> T:
        """What ``work`` gives, as long as it is not to end. Raises Stopped."""
        if self.stopped:
            raise self.error()
        try:
            async with asyncio.timeout(None) as asking:
                self._asking.add(asking)
                try:
                    return await work()
                finally:
                    self._asking.discard(asking)
        except TimeoutError as error:
            if not asking.expired():
                raise
            raise self.error() from error


class Stoppable:
    """An LLM whose askings end when ``stop`` says so."""

    def __init__(self, inner: LLM, stop: Stop) -> None:
        self._inner = inner
        self._stop = stop

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer. Raises Stopped."""
        return await self._stop.bound(lambda: self._inner.ask(filled))
