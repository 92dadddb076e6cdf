"""An embedded engine that has a common beginning ready before the many askings that share it arrive.

It knows which beginnings are ready; how that is done is the engine's. Hosted endpoints see to this by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from mapgen.llm.base import LLM, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)


class Warming:
    """An LLM whose engine is warmed with the system message of the first of several askings that share it.

    ``warm`` may block; it runs in a thread. Askings that come meanwhile wait, so that they find every slot ready.
    Warming waits for every slot: where other maps are being asked for, in another language perhaps, a second
    beginning would stop them all, again and again, and is left to the engine.
    """

    def __init__(self, inner: LLM, warm: Callable[[str], None]) -> None:
        self._inner = inner
        self._warm = warm
        self._lock = asyncio.Lock()
        self._ready = ""
        self._asked = 0

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer."""
        async with self._lock:
            beginning = filled.messages[0].content
            if filled.shared and beginning != self._ready and not (self._ready and self._asked):
                await asyncio.to_thread(self._warm, beginning)
                self._ready = beginning
        self._asked += 1
        try:
            return await self._inner.ask(filled)
        finally:
            self._asked -= 1
