"""The doors to a map: synchronous, asynchronous, streaming; each opens a session for a single map.

They know settings by name and events; what is done with them is the session's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, TypeVar, Unpack

from mapgen.events import Event
from mapgen.model import KnowledgeMap
from mapgen.session import Session, Watch
from mapgen.settings import Options

T = TypeVar("T")


def generate(query: str, *, watch: Watch | None = None, **options: Unpack[Options]) -> KnowledgeMap:
    """The knowledge map of ``query``; usable inside a running event loop, such as a notebook's, too.

    ``options`` are settings (``model="local"``, ``language="de"``, ``concepts=6`` …); what is not given comes from
    the environment, the config file and the defaults. ``watch`` is called with every event. An incomplete map is
    returned, and says so. Raises MapgenError where there is no map.
    """
    return synchronously(agenerate(query, watch=watch, **options))


async def agenerate(query: str, *, watch: Watch | None = None, **options: Unpack[Options]) -> KnowledgeMap:
    """As generate, to be awaited."""
    async with Session(**options) as session:
        return await session.generate(query, watch=watch)


def resume(map: KnowledgeMap, *, watch: Watch | None = None, **options: Unpack[Options]) -> KnowledgeMap:
    """``map``, completed: only what is missing or faulty is asked for; a complete map comes back as it is.

    ``options`` and ``watch`` are as for generate; the map's language stands. What cannot be mended is returned as an
    incomplete map. Raises MapgenError where nothing could be added.
    """
    return synchronously(aresume(map, watch=watch, **options))


async def aresume(map: KnowledgeMap, *, watch: Watch | None = None, **options: Unpack[Options]) -> KnowledgeMap:
    """As resume, to be awaited."""
    async with Session(**options) as session:
        return await session.resume(map, concepts=options.get("concepts"), watch=watch)


async def stream(query: str, **options: Unpack[Options]) -> AsyncIterator[Event]:
    """The events of making the map of ``query``, as they happen; the last one is Done, with the map.

    Raises as generate. Closing the iterator stops the work.
    """
    async with Session(**options) as session, aclosing(session.stream(query)) as events:
        async for event in events:
            yield event


def synchronously(work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, in this thread, or in one of its own where a loop runs here already."""
    if not _loop_runs():
        return asyncio.run(work)
    with ThreadPoolExecutor(1, "mapgen") as pool:
        return pool.submit(asyncio.run, work).result()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
