"""The models behind one door, and the one place where their wrappers are stacked.

    ask ─► cached ─► started ─► reasking ─► retrying ─► paced ─► breaking ─► limited ─► metered ─► the model

Each role may have a model of its own; cache and budget are shared by all, pace and circuit by all calls of an endpoint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from mapgen.llm.base import LLM, Endpoint, Engine, Reply
from mapgen.llm.breaking import Breaking, Circuit
from mapgen.llm.cached import Answers, Cached, Unread
from mapgen.llm.limited import Budget, Limited
from mapgen.llm.metered import Meter, Metered
from mapgen.llm.paced import Pace, Paced
from mapgen.llm.reasking import Reasking
from mapgen.llm.starting import Started, Starting
from mapgen.llm.store import Store
from mapgen.prompting import Filled, Role

Out = TypeVar("Out", bound=BaseModel)

__all__ = ["LLM", "ByRole", "Endpoint", "Models", "Reply"]


class ByRole:
    """An LLM that hands each asking to the model of its role."""

    def __init__(self, models: Mapping[Role, LLM]) -> None:
        self._models = models

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The answer of the model of the asking's role."""
        return await self._models[filled.role].ask(filled)


@dataclass
class Models:
    """The models of a session: started when first asked, shared by its maps, closed with ``closing``.

    ``engine`` starts an embedded model; it may block. ``store`` None: no cache.
    """

    endpoints: Mapping[Role, Endpoint]
    budget: Budget
    store: Store | None
    engine: Callable[[Endpoint], Engine]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        asked = set(self.endpoints.values())
        self._starting = {one: self._lazily(one) for one in asked}
        self._paces = {one: Pace(self.budget, sleep=self._sleep) for one in asked}
        self._circuits = {one: Circuit(one.host, clock=self._clock) for one in asked}

    def llm(self, meter: Meter, *, answers: Answers | None = None, anew: bool = False) -> LLM:
        """All roles' models as one LLM whose askings are counted by ``meter``.

        ``answers`` stand in the place of the store, and hold a script's answers, too. ``anew`` asks whatever is
        stored: a stored answer may be the very one that is to be mended.
        """
        stacked = {role: self._stacked(one, meter, answers=answers, anew=anew) for role, one in self.endpoints.items()}
        return ByRole(stacked)

    def _stacked(self, endpoint: Endpoint, meter: Meter, *, answers: Answers | None, anew: bool) -> LLM:
        from mapgen.llm.retrying import Retrying

        def wrap(model: LLM) -> LLM:
            limited = Limited(Metered(model, meter, endpoint=endpoint), self.budget, timeout=endpoint.timeout)
            paced = Paced(Breaking(limited, self._circuits[endpoint]), self._paces[endpoint])
            return Reasking(Retrying(paced, meter, sleep=self._sleep, remaining=self.budget.remaining), meter)

        started = Started(self._starting[endpoint], wrap)
        store = self.store if answers is None and endpoint.kind != "scripted" else answers
        if store is None:
            return started
        return Cached(started, store=Unread(store) if anew else store, endpoint=endpoint, meter=meter)

    async def _sleep(self, seconds: float) -> None:
        await self.sleep(seconds)

    def _clock(self) -> float:
        return self.budget.clock()

    def _lazily(self, endpoint: Endpoint) -> Starting:
        return Starting(lambda: self._start(endpoint), self.budget)

    async def _start(self, endpoint: Endpoint) -> LLM:
        if endpoint.kind == "scripted":
            from mapgen.llm.scripted import Scripted

            return Scripted.load(endpoint.file or "")
        if endpoint.kind == "embedded":
            from mapgen.llm.warming import Warming

            engine = await asyncio.to_thread(self.engine, endpoint)
            return Warming(self._connected(endpoint, engine.base_url, key=engine.api_key), engine.warm)
        key = endpoint.api_key.get_secret_value() if endpoint.api_key else "none"
        return self._connected(endpoint, endpoint.base_url or "", key=key)

    def _connected(self, endpoint: Endpoint, base_url: str, *, key: str) -> LLM:
        from mapgen.llm.openai import OpenAIEndpoint

        model = OpenAIEndpoint(endpoint, base_url=base_url, api_key=key)
        self.closing.push_async_callback(model.aclose)
        return model
