"""The judge at the end of the settings: the model of its role, behind the same cache, limits and retries as any other.

It knows no metric.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel

from mapgen.embedded import engine
from mapgen.errors import MapgenError
from mapgen.events import Event
from mapgen.llm import LLM, Models, Reply
from mapgen.llm.base import Endpoint
from mapgen.llm.endpoints import default_model, endpoint
from mapgen.llm.limited import Budget
from mapgen.llm.metered import Meter
from mapgen.llm.store import Store
from mapgen.model import Count, Value
from mapgen.prompting import Filled
from mapgen.session import limits_of
from mapgen.settings import Settings

Out = TypeVar("Out", bound=BaseModel)


class Judgements(Value):
    """The judge has been asked ``done`` times; ``total`` is the most that it can come to.

    ``asking`` is the prompt of the last asking, and ``why`` says why that had no answer.
    """

    kind: Literal["judgements"] = "judgements"
    judge: str
    done: Count
    total: Count
    asking: str = ""
    why: str = ""


@dataclass(frozen=True)
class Judge:
    """A model that may be asked to judge: what it is called, and what it has taken so far."""

    llm: LLM
    endpoint: Endpoint
    meter: Meter

    def telling(self, watch: Callable[[Judgements], None], *, total: int) -> LLM:
        """The judge's LLM, which tells of every asking that has ended; ``total`` is the most that there can be."""
        return _Telling(self.llm, watch, judge=self.endpoint.model, total=total)


class _Telling:
    """An LLM whose ended askings are counted and told, the cached and the failed ones too."""

    def __init__(self, inner: LLM, watch: Callable[[Judgements], None], *, judge: str, total: int) -> None:
        self._inner = inner
        self._watch = watch
        self._known = Judgements(judge=judge, done=0, total=total)

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer, told."""
        try:
            reply = await self._inner.ask(filled)
        except MapgenError as error:
            self._tell(filled.prompt, error.message)
            raise
        self._tell(filled.prompt, "")
        return reply

    def _tell(self, prompt: str, why: str) -> None:
        update = {"done": self._known.done + 1, "asking": prompt, "why": why}
        self._known = self._known.model_copy(update=update)
        self._watch(self._known)


@asynccontextmanager
async def judge_of(
    settings: Settings,
    *,
    warn: Callable[[str], None],
    watch: Callable[[Event], None] = lambda event: None,
    budget: Budget | None = None,
) -> AsyncIterator[Judge]:
    """The judge that the settings name, else their model; started when first asked. Raises ConfigError.

    Its calls count against ``budget``, where other work shares it, else against the settings' limits alone.
    """
    judge = endpoint(settings.judge or settings.model or default_model(settings), settings)
    store = Store(settings.cache_dir, warn=warn) if settings.cache else None
    limits = budget or Budget(limits_of(settings), Meter(), time.monotonic)
    async with AsyncExitStack() as closing:
        if store is not None:
            closing.callback(store.close)
        start = engine(settings, watch, loop=asyncio.get_running_loop())
        models = Models({"judge": judge}, limits, store, start, closing=closing)
        meter = Meter(parent=limits.meter)
        yield Judge(models.llm(meter), judge, meter)
