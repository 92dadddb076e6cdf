"""One pace for all calls of an endpoint: what one of them is told to wait, the others wait too, and fewer go at once.

A burst that is refused together counts as one refusal. It tries nothing again: that is retrying.py's, which waits as
long as is said here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import BadAnswer, ContentRefused, LimitReached, Overloaded, RateLimited
from mapgen.llm.backoff import backoff
from mapgen.llm.base import LLM, Reply
from mapgen.llm.limited import Budget, too_long
from mapgen.llm.slots import Slots
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)

PATIENCE = 8  # rounds of 429 in a row; backing off through them takes half a minute, or a minute at most


class Pace:
    """What an endpoint bears, as far as it told: when the next call may begin, and how many at once."""

    def __init__(self, budget: Budget, *, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.slots = Slots(budget.limits.concurrency)
        self._budget = budget
        self._sleep = sleep
        self._until = self._slept = 0.0
        self._refusals = self._round = 0
        self._why, self._limited = "", False

    async def turn(self) -> int:
        """Wait until a call may begin, and take its slot; gives the round that it belongs to.

        Raises LimitReached where the wait would outlast the deadline, or the endpoint said no too often.
        """
        while True:
            await self._held()
            await self._budget.in_time(self.slots.take)
            if not self._wait():
                return self._round
            self.slots.give()

    def refused(self, error: RateLimited | Overloaded, round: int) -> None:
        """Hold all calls back: as long as the endpoint says, else longer after each round that is refused."""
        wait = error.retry_after or 0.0  # zero is no word on how long
        if round == self._round:
            self._round += 1
            self._refusals += 1
            if isinstance(error, RateLimited):
                self.slots.halve()
            if not error.retry_after:
                wait = backoff(self._refusals)
        self._until = max(self._until, self._budget.clock() + wait)
        self._why, self._limited = error.message, isinstance(error, RateLimited)
        error.wait = self._wait()
        self._lose_patience()

    def accepted(self, round: int) -> None:
        """A call went through: there is room for more, and if it began after the last refusal, that is over."""
        self.slots.grow()
        if round == self._round:
            self._refusals = 0

    async def _held(self) -> None:
        while wait := self._wait():
            self._lose_patience()
            if wait > (left := self._budget.remaining()):
                raise too_long(wait, left, why=self._why)
            until = self._until
            await self._sleep(wait)
            self._slept = max(self._slept, until)

    def _wait(self) -> float:
        return max(0.0, self._until - self._budget.clock()) if self._until > self._slept else 0.0

    def _lose_patience(self) -> None:
        if self._limited and self._refusals >= PATIENCE:
            raise LimitReached(
                f"The endpoint asked to wait {self._refusals} times in a row: {self._why}",
                hint="Try again later, or lower --concurrency.",
            )


class Paced:
    """An LLM whose calls keep an endpoint's pace."""

    def __init__(self, inner: LLM, pace: Pace) -> None:
        self._inner = inner
        self._pace = pace

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer, when its turn has come."""
        round = await self._pace.turn()
        try:
            reply = await self._inner.ask(filled)
        except (RateLimited, Overloaded) as error:
            self._pace.refused(error, round)
            raise
        except (BadAnswer, ContentRefused):
            self._pace.accepted(round)
            raise
        finally:
            self._pace.slots.give()
        self._pace.accepted(round)
        return reply
