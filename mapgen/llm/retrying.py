"""The one owner of retries: what the adapter classified as passing is tried again, after a wait.

It waits as long as all calls of the endpoint do (paced.py), where they do, else for a time of its own. It knows no
HTTP; tenacity does the counting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from mapgen.errors import EndpointError, FormatUnsupported, MapgenError
from mapgen.llm.backoff import backoff
from mapgen.llm.base import LLM, Reply
from mapgen.llm.limited import too_long
from mapgen.llm.metered import Meter
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)
Sleep = Callable[[float], Awaitable[None]]

ATTEMPTS = 5
FORMATS = 8  # steps down the ladder of structured output, which cost no attempt


class Retrying:
    """An LLM that tries another one again on errors marked retryable, within the time that is left.

    ``remaining`` gives the seconds to the deadline. Raises the last error; LimitReached where the endpoint asks
    for a longer wait than that.
    """

    def __init__(self, inner: LLM, meter: Meter, *, sleep: Sleep, remaining: Callable[[], float]) -> None:
        self._inner = inner
        self._meter = meter
        self._sleep = sleep
        self._remaining = remaining

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The answer, after as many tries as it takes."""
        tries = _Tries()
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, MapgenError) and error.retryable),
            stop=tries.over,
            wait=tries.wait,
            sleep=self._sleep,
            before_sleep=self._before_sleep,
            reraise=True,
        )
        return await retrying(self._inner.ask, filled)

    def _before_sleep(self, state: RetryCallState) -> None:
        if isinstance(_error(state), FormatUnsupported):
            return
        wait = state.next_action.sleep if state.next_action else 0.0
        if wait > (left := self._remaining()):
            error = _error(state)
            raise too_long(wait, left, why=str(error)) from error
        self._meter.count("retries")


class _Tries:
    """How often one asking failed, steps down the ladder apart."""

    def __init__(self) -> None:
        self.failed = 0
        self.formats = 0

    def over(self, state: RetryCallState) -> bool:
        if isinstance(_error(state), FormatUnsupported):
            self.formats += 1
        else:
            self.failed += 1
        return self.failed >= ATTEMPTS or self.formats > FORMATS

    def wait(self, state: RetryCallState) -> float:
        error = _error(state)
        if isinstance(error, FormatUnsupported):
            return 0.0
        if isinstance(error, EndpointError) and error.wait is not None:
            return error.wait
        return backoff(self.failed + 1)  # tenacity asks for the wait before it asks whether that was the last try


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
