"""A circuit breaker for an endpoint that is down: once nothing succeeds any more, its calls fail at once, for a rest.

Then one call goes as a probe, and the circuit closes if it is answered. It counts what cannot be reached or fails by
its own fault, whichever map asked. It knows no rate limits (paced.py does) and waits for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import CircuitOpen, EndpointError, InputError, Unavailable
from mapgen.llm.base import LLM, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)

ASKINGS = 5  # different ones that failed with no success between: a few may fail by what they ask
SPAN = 4.0  # seconds since the first of these failures: many calls that fail together are one event
REST = 5.0  # seconds between probes


class Circuit:
    """What is known of an endpoint's failures; ``host`` is its name for people, ``clock`` gives monotonic seconds."""

    def __init__(self, host: str, *, clock: Callable[[], float]) -> None:
        self._host = host
        self._clock = clock
        self._failures = 0
        self._failing: set[int] = set()
        self._since = 0.0
        self._until: float | None = None
        self._probing = False
        self._last = ""

    def enter(self) -> bool:
        """Begin a call; whether it is the probe. Raises CircuitOpen."""
        if self._until is None:
            return False
        if self._probing or self._clock() < self._until:
            raise self.error()
        self._probing = True
        return True

    def leave(self, *, probe: bool) -> None:
        """End a call."""
        self._probing = self._probing and not probe

    def answered(self) -> None:
        """The endpoint answered: whatever it said, it works."""
        self._failures, self._until = 0, None
        self._failing.clear()

    def failed(self, error: Unavailable, *, asking: int) -> bool:
        """The endpoint failed; whether the circuit is open now. ``asking`` tells one asking from another."""
        now = self._clock()
        if not self._failures:
            self._since = now
        self._failures += 1
        self._last = error.message
        if self._until is None:
            self._failing.add(asking)
        if self._until is not None or (len(self._failing) >= ASKINGS and now - self._since >= SPAN):
            self._until = now + REST
        return self._until is not None

    def error(self) -> CircuitOpen:
        """What calls raise while the circuit is open."""
        told = f"{self._host} failed {self._failures} times in a row, and is left alone for a while: {self._last}"
        return CircuitOpen(told, hint="The endpoint has trouble; try again later.")


class Breaking:
    """An LLM that asks another one only while its circuit is closed, or to probe it. Raises CircuitOpen."""

    def __init__(self, inner: LLM, circuit: Circuit) -> None:
        self._inner = inner
        self._circuit = circuit

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer."""
        probe = self._circuit.enter()
        try:
            reply = await self._inner.ask(filled)
        except Unavailable as error:
            if self._circuit.failed(error, asking=hash(filled.messages)):
                raise self._circuit.error() from error
            raise
        except (EndpointError, InputError):
            self._circuit.answered()
            raise
        finally:
            self._circuit.leave(probe=probe)
        self._circuit.answered()
        return reply
