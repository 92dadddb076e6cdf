"""A lock between processes, held on a file by the operating system.

A process that dies gives it up, however it dies. What the lock guards is its caller's to know.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_AGAIN = 0.2

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _free(file: IO[bytes]) -> bool:
    try:
        _take(file)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def held(path: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of the file ``path``, which is made and stays; ``waiting`` is called while another has it.

    Raises OSError where the file cannot be made, and whatever ``waiting`` raises.
    """
    with path.open("ab") as file:
        while not _free(file):
            waiting()
            time.sleep(_AGAIN)
        yield
