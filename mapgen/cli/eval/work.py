"""Runs the asynchronous work of a command, which a signal cancels, so that what is finished is kept.

It knows event loops, and nothing of what the work is.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from mapgen.cli.signals import CODES, Signals

T = TypeVar("T")

PATIENCE = 30.0  # seconds; runs write much to a disk that may be slow, and a second signal ends at once


def done(work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, which has an event loop of its own.

    Raises:
        KeyboardInterrupt: SIGINT cancelled the work.
        SystemExit: SIGTERM cancelled it.
    """
    signals, tasks = Signals(patience=PATIENCE), list[asyncio.Task[Any]]()

    async def working() -> T:
        tasks.extend(task for task in [asyncio.current_task()] if task)
        return await work

    def cancel() -> None:
        for task in tasks:
            task.cancel()

    try:
        return signals.run(working, cancel)
    except asyncio.CancelledError:
        if signals.code == CODES[signal.SIGINT]:
            raise KeyboardInterrupt from None
        sys.exit(signals.code)
