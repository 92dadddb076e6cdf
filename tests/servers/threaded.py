"""The fake endpoint in a thread of its own, for code that brings its own event loop, and for processes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tests.servers.fake import FakeServer

Server = TypeVar("Server", bound=FakeServer)


@contextmanager
def serving(*answers: Any, **options: Any) -> Iterator[FakeServer]:
    """A running server; ``answers`` script its first answers, ``options`` are FakeServer's."""
    with running(FakeServer(answers, **options)) as server:
        yield server


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, running."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def left_alone(server: FakeServer) -> bool:
    """Whether all connections to a running server are closed by their clients, within a second."""
    loop = server._server.get_loop()
    return asyncio.run_coroutine_threadsafe(server.closed(), loop).result(10)
