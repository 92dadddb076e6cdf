"""A model that exists only from its first asking on, so that a run from the cache starts and imports nothing.

The time that starting takes (loading an engine, importing a client) does not count against the deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel

from mapgen.llm.base import LLM, Reply
from mapgen.llm.limited import Budget
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)


class Starting:
    """The model that ``start`` gives, started once, whoever asks first."""

    def __init__(self, start: Callable[[], Awaitable[LLM]], budget: Budget) -> None:
        self._start = start
        self._budget = budget
        self._lock = asyncio.Lock()
        self._model: LLM | None = None

    async def model(self) -> LLM:
        """The model, running. Raises what starting raises."""
        async with self._lock:
            if self._model is None:
                began = self._budget.clock()
                self._model = await self._start()
                self._budget.extend(self._budget.clock() - began)
        return self._model


class Started:
    """An LLM that wraps a model, once it runs, as ``wrap`` says."""

    def __init__(self, starting: Starting, wrap: Callable[[LLM], LLM]) -> None:
        self._starting = starting
        self._wrap = wrap

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The wrapped model's answer."""
        return await self._wrap(await self._starting.model()).ask(filled)
