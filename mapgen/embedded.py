"""Brings the embedded model up for a session: weights fetched, engine started, progress told in whole per cent.

It joins local/ to settings and events, which do not know each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from mapgen.events import Event, Preparing
from mapgen.llm.base import Endpoint, Engine
from mapgen.settings import Settings


def engine(
    settings: Settings, tell: Callable[[Event], None], *, loop: asyncio.AbstractEventLoop
) -> Callable[[Endpoint], Engine]:
    """A blocking function that starts an endpoint's engine."""

    told = ("", -1)

    def progress(done: int, total: int, what: str) -> None:
        nonlocal told
        now = (what, done * 100 // total if total else 0)
        if now != told:
            told = now
            loop.call_soon_threadsafe(tell, Preparing(what=what, done=done, total=total))

    def start(endpoint: Endpoint) -> Engine:
        from mapgen.local import QWEN_CODER_1_5B, pull, shared

        path = (
            Path(endpoint.file)
            if endpoint.file
            else pull(QWEN_CODER_1_5B, settings.models_dir, hub=settings.hub, progress=progress)
        )
        progress(0, 0, "loading the model")
        running = shared(path)
        return Engine(running.base_url, running.api_key, running.warm)

    return start
