"""Runs the asynchronous work of a command, and ends it quietly where the process is told to end.

It knows event loops, and nothing of what the work is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def done(work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, which has an event loop of its own."""

    async def working() -> T:
        asyncio.get_running_loop().set_exception_handler(_handled)
        return await work

    return asyncio.run(working())


def _handled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of a task that SIGTERM ended: the process says it by its exit code."""
    if not isinstance(context.get("exception"), SystemExit):
        loop.default_exception_handler(context)
