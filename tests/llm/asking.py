"""What the tests of the door share: a small asking, and models that answer, fail or hang as told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, SecretStr

from mapgen.llm.base import Endpoint, Reply
from mapgen.model import Text
from mapgen.prompting import Answer, Filled, Message, schema_of
from mapgen.session import Session


class Note(Answer):
    """The value that the tests ask for."""

    text: Text
    score: Annotated[float, Field(ge=0, le=1)]


GOOD = {"text": "plain", "score": 0.5}
NOTE = Note(text="plain", score=0.5)
HOSTED = Endpoint(kind="hosted", model="some-model", base_url="https://llm.example/v1", api_key=SecretStr("sk-1"))


def filled(**changed: Any) -> Filled[Note]:
    """An asking for a Note."""
    told: dict[str, Any] = {
        "prompt": "note",
        "role": "writer",
        "messages": (Message(role="system", content="Write notes."), Message(role="user", content="On bread.")),
        "out": Note,
        "schema": schema_of(Note),
        "max_tokens": 100,
    }
    return Filled(**(told | changed))


class Model:
    """A model that gives its outcomes in order, the last one for ever: replies, errors, or seconds to hang."""

    def __init__(self, *outcomes: Reply[Note] | BaseException | float, pause: float = 0.0) -> None:
        self._outcomes = list(outcomes) or [Reply(NOTE)]
        self._pause = pause
        self.asked: list[Filled[Any]] = []
        self.in_flight = self.peak = 0

    async def ask(self, asking: Filled[Any], /) -> Reply[Any]:
        """The next outcome."""
        self.asked.append(asking)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self._pause)
            outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
            if isinstance(outcome, BaseException):
                raise outcome
            if isinstance(outcome, float):
                await asyncio.sleep(outcome)
                return Reply(NOTE)
            return outcome
        finally:
            self.in_flight -= 1


class Clock:
    """Seconds that pass only when a test says so; ``sleep`` lets them pass and remembers how long."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Sleep, at once."""
        self.slept.append(seconds)
        self.now += seconds


class Hurried(Clock):
    """The clock of this machine, which ``sleep`` puts forward instead of waiting; sleepers at once sleep together."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.now

    async def sleep(self, seconds: float) -> None:
        """Sleep, at once."""
        until = self() + seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now += max(0.0, until - self())

    def rule(self, session: Session) -> None:
        """Have a session, once it is open, wait and measure by this clock."""
        session._models.sleep = self.sleep
        session.budget.clock = self


def recorder() -> tuple[list[str], Callable[[str], None]]:
    """A list, and a function that appends to it."""
    told: list[str] = []
    return told, told.append
