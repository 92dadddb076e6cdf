"""The judge at the end of the settings: the model of its role, behind the same cache, limits and retries as any other.

It knows no metric.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from mapgen.embedded import engine
from mapgen.events import Event
from mapgen.llm import LLM, Models
from mapgen.llm.base import Endpoint
from mapgen.llm.endpoints import default_model, endpoint
from mapgen.llm.limited import Budget
from mapgen.llm.metered import Meter
from mapgen.llm.store import Store
from mapgen.session import limits_of
from mapgen.settings import Settings


@dataclass(frozen=True)
class Judge:
    """A model that may be asked to judge: what it is called, and what it has taken so far."""

    llm: LLM
    endpoint: Endpoint
    meter: Meter


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
