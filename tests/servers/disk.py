"""A disk that fails at its n-th operation, once or for ever: what touches files below a folder goes through it.

    with Disk(folder, nth=3, ever=False) as disk: ... disk.operations

It counts opening, making, looking at, writing, syncing, moving and changing files, and each statement of SQLite.
"""

from __future__ import annotations

import errno
import io
import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

_BY_PATH = ("os.open", "os.mkdir", "os.replace", "os.chmod", "os.stat", "os.lstat", "io.open")
_IO_ERROR = 10  # SQLite's code


class Disk:
    """The disk below ``folder``; ``nth`` 0 never fails. ``code`` is an errno, such as that of a full disk."""

    def __init__(self, folder: Path, *, nth: int = 0, ever: bool = False, code: int = errno.EIO) -> None:
        self.folder = folder
        self._nth, self._ever, self._code = nth, ever, code
        self._patches = ExitStack()
        self.operations: list[str] = []

    def __enter__(self) -> Self:
        for name in _BY_PATH:
            self._patches.enter_context(patch(name, self._watched(name)))
        self._patches.enter_context(patch("os.fsync", self._synced(os.fsync)))
        self._patches.enter_context(patch("os.fdopen", self._opened(os.fdopen)))
        self._patches.enter_context(patch("sqlite3.connect", self._connected(sqlite3.connect)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patches.close()

    def fails(self, operation: str) -> bool:
        """Count an operation; whether it is one that fails."""
        self.operations.append(operation)
        count = len(self.operations)
        return count >= self._nth > 0 if self._ever else count == self._nth

    def error(self) -> OSError:
        """What a failing operation raises."""
        return OSError(self._code, os.strerror(self._code))

    def _watched(self, name: str) -> Callable[..., Any]:
        module = {"os": os, "io": io}[name.split(".")[0]]
        real: Callable[..., Any] = getattr(module, name.split(".")[1])

        def call(path: Any, *arguments: Any, **options: Any) -> Any:
            if self._is_below(path) and self.fails(name):
                raise self.error()
            return real(path, *arguments, **options)

        return call

    def _is_below(self, path: Any) -> bool:
        if not isinstance(path, str | os.PathLike):
            return False
        return os.path.abspath(os.fspath(path)).startswith(str(self.folder))

    def _is_on(self, handle: int) -> bool:
        """Whether a file that is open is below the folder; where the system does not tell, it is."""
        try:
            return self._is_below(os.readlink(f"/proc/self/fd/{handle}"))
        except OSError:
            return True

    def _synced(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(handle: int) -> None:
            if self._is_on(handle) and self.fails("os.fsync"):
                raise self.error()
            real(handle)

        return call

    def _opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *arguments: Any, **options: Any) -> Any:
            file = real(handle, *arguments, **options)
            return _Torn(file, self) if self._is_on(handle) else file

        return call

    def _connected(self, real: Callable[..., Any]) -> Callable[..., Any]:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, *arguments: Any) -> Any:
                if disk.fails("sqlite"):
                    error = sqlite3.OperationalError("disk I/O error")
                    error.sqlite_errorcode = _IO_ERROR
                    raise error
                return super().execute(*arguments)

        return lambda *arguments, **options: real(*arguments, factory=Connection, **options)


class _Torn:
    """An open file of which a failing write writes the half."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        if self._disk.fails("write"):
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            raise self._disk.error()
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
