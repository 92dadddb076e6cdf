"""Signals while models are asked: the first one ends the asking and keeps what is done, the second ends the process.

It knows no maps; what is kept is for others to say.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import click

T = TypeVar("T")

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
PATIENCE = 4.0  # seconds for what cannot be ended, such as the loading of a model in a thread
_UNABLE = (NotImplementedError, RuntimeError, ValueError)  # on Windows, or in another thread than the main one


class Signals:
    """Runs work that a signal may end; ``code`` is the exit code of the signal that came, 0 while none has."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self.code = 0
        self._impatient = threading.Timer(patience, self._leave)
        self._impatient.daemon = True

    def run(self, work: Callable[[], Awaitable[T]], stop: Callable[[], None]) -> T:
        """The result of ``work`` in a loop of its own; ``stop`` is called in that loop when the first signal comes."""

        async def listening() -> T:
            with self._listening(stop):
                return await work()

        try:
            return asyncio.run(listening())
        finally:
            self._impatient.cancel()

    @contextmanager
    def _listening(self, stop: Callable[[], None]) -> Iterator[None]:
        """Take the signals that the process does not ignore, and give them back in the end."""
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in CODES}
        taken = [number for number in CODES if before[number] is not signal.SIG_IGN]
        try:
            with suppress(*_UNABLE):
                for number in taken:
                    loop.add_signal_handler(number, self._come, number, stop)
            yield
        finally:
            with suppress(*_UNABLE):
                for number in taken:
                    loop.remove_signal_handler(number)
                    signal.signal(number, before[number])

    def _come(self, number: signal.Signals, stop: Callable[[], None]) -> None:
        if self.code:
            self._leave()
        self.code = CODES[number]
        self._impatient.start()
        stop()

    def _leave(self) -> None:
        click.echo("mapgen: Interrupted.", err=True)
        os._exit(self.code)
