"""Open connections to a server of this process, found among its file descriptors and shut down.

It knows nothing of the server. Where a system does not list its descriptors (Windows), it finds none.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LISTED = Path("/dev/fd")


def drop(address: tuple[str, int]) -> int:
    """Shut down every connection that ends at ``address`` in this process, and say how many there were."""
    dropped = 0
    for connection in _sockets():
        with connection, suppress(OSError):
            if connection.getsockname() == address:
                connection.shutdown(socket.SHUT_RDWR)
                dropped += 1
    return dropped


def _sockets() -> Iterator[socket.socket]:
    if not _LISTED.is_dir():
        return
    for name in os.listdir(_LISTED):
        with suppress(OSError):
            copy = os.dup(int(name))
            try:
                found = socket.socket(fileno=copy)
            except OSError:
                os.close(copy)
                continue
            yield found
