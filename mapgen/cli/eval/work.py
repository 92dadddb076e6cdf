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
    signals = Signals(patience=PATIENCE)
    main: asyncio.Task[Any] | None = None

    async def working() -> T:
        nonlocal main
        main = asyncio.current_task()
        return await work

    def cancel() -> None:
        if main is not None:
            main.cancel()

    try:
        return signals.run(working, cancel)
    except asyncio.CancelledError as cancelled:
        if not signals.code:
            raise RuntimeError("the work was cancelled, and no signal came") from cancelled
        if signals.code == CODES[signal.SIGINT]:
            raise KeyboardInterrupt from None
        sys.exit(signals.code)
