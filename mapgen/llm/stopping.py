"""Ends a session's askings from outside: those in flight at once, later ones before they begin.

What was answered until then stays: an asking that is stopped fails as any other. It knows no signals and no models.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import Stopped
from mapgen.llm.base import LLM, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)


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


class Stoppable:
    """An LLM whose askings end when ``stop`` says so."""

    def __init__(self, inner: LLM, stop: Stop) -> None:
        self._inner = inner
        self._stop = stop

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer. Raises Stopped."""
        if self._stop.stopped:
            raise self._stop.error()
        try:
            async with asyncio.timeout(None) as asking:
                self._stop._asking.add(asking)
                try:
                    return await self._inner.ask(filled)
                finally:
                    self._stop._asking.discard(asking)
        except TimeoutError as error:
            raise self._stop.error() from error
