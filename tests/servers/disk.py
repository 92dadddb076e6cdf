"""A disk that fails at its n-th operation, once or for ever: what touches files below a folder goes through it.

    with Disk(folder, nth=3, ever=False) as disk: ... disk.operations

It counts opening, making, looking at, listing, reading, writing, syncing, closing, moving, changing and removing files,
and each statement of SQLite. A full disk (ENOSPC) lets files be removed, as real ones do.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

_BY_PATH = (
    *("os.open", "os.mkdir", "os.replace", "os.chmod", "os.stat", "os.lstat", "os.access", "os.scandir", "os.listdir"),
    *("os.unlink", "os.rmdir", "io.open", "builtins.open"),
)
_REMOVING = ("os.unlink", "os.rmdir")
_IO_ERROR = 10  # SQLite's code


class Disk:
    """The disk below ``folder``; ``nth`` 0 never fails. ``code`` is an errno, such as that of a full disk."""

    def __init__(self, folder: Path, *, nth: int = 0, ever: bool = False, code: int = errno.EIO) -> None:
        self.folder = folder
        self._nth, self._ever, self._code = nth, ever, code
        self._patches = ExitStack()
        self.operations: list[str] = []
        self.failed: list[str] = []

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
        hit = count >= self._nth > 0 if self._ever else count == self._nth
        if not hit or (self._code == errno.ENOSPC and operation in _REMOVING):
            return False
        self.failed.append(operation)
        return True

    def error(self) -> OSError:
        """What a failing operation raises."""
        return OSError(self._code, os.strerror(self._code))

    def _watched(self, name: str) -> Callable[..., Any]:
        module = {"os": os, "io": io, "builtins": builtins}[name.split(".")[0]]
        real: Callable[..., Any] = getattr(module, name.split(".")[1])

        def call(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            place = path if options.get("dir_fd") is None else options["dir_fd"]
            if not self._is_below(place):
                return real(path, *arguments, **options)
            if self.fails(name):
                if name == "os.access":
                    return False
                raise self.error()
            found = real(path, *arguments, **options)
            return _Torn(found, self) if name.endswith(".open") and not isinstance(found, int) else found

        return call

    def _is_below(self, path: Any) -> bool:
        if isinstance(path, int):
            return self._is_on(path)
        if not isinstance(path, str | os.PathLike):
            return False
        whole = os.path.abspath(os.fspath(path))
        return whole == str(self.folder) or whole.startswith(f"{self.folder}{os.sep}")

    def _is_on(self, handle: int) -> bool:
        """Whether a file that is open is below the folder; where the system does not tell, it is."""
        try:
            place = os.readlink(f"/proc/self/fd/{handle}")
        except OSError:
            return True
        return place.startswith(os.sep) and self._is_below(place.removesuffix(" (deleted)"))

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
                _stated(disk)
                return super().execute(*arguments)

            def executemany(self, *arguments: Any) -> Any:
                _stated(disk)
                return super().executemany(*arguments)

            def executescript(self, *arguments: Any) -> Any:
                _stated(disk)
                return super().executescript(*arguments)

        def connect(database: Any, *arguments: Any, **options: Any) -> Any:
            own = {"factory": Connection} if disk._is_below(database) and database != ":memory:" else {}
            return real(database, *arguments, **own, **options)

        return connect


def _stated(disk: Disk) -> None:
    """Count a statement of SQLite. Raises OperationalError where it fails."""
    if disk.fails("sqlite"):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = _IO_ERROR
        raise error


class _Torn:
    """An open file of which a failing write writes the half; what was written may fail when it is closed, too."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk
        self._written = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        if self._written:
            self._written = False
            self._count("close")

    def write(self, data: Any) -> int:
        self._written = True
        if self._disk.fails("write"):
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            raise self._disk.error()
        return int(self._file.write(data))

    def read(self, *arguments: Any) -> Any:
        self._count("read")
        return self._file.read(*arguments)

    def readline(self, *arguments: Any) -> Any:
        self._count("read")
        return self._file.readline(*arguments)

    def readinto(self, *arguments: Any) -> Any:
        self._count("read")
        return self._file.readinto(*arguments)

    def __iter__(self) -> Iterator[Any]:
        self._count("read")
        return iter(self._file)

    def _count(self, operation: str) -> None:
        if self._disk.fails(operation):
            raise self._disk.error()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
