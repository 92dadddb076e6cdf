"""Files written whole or not at all: beside their place, synced, then moved into it.

It knows no formats; what is in a file is its caller's.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mapgen.errors import DiskError, InputError, OutputError, ReadError

_DISK = {errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG}
_ROOM = 4096  # bytes, a block: a disk that has no more is full


def write_atomic(path: Path, content: str | bytes) -> None:
    """Put ``content`` (text as UTF-8) at ``path``; a reader sees the old file or the new one, never half.

    Raises OutputError where nothing can be created, as check_place does; DiskError where writing failed.
    """
    check_place(path)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.", suffix=".part")
    except OSError as error:
        raise _output_error(path, error) from error
    part = Path(name)
    try:
        _fill(handle, data)
        part.chmod(_mode(path))
        part.replace(path)
    except OSError as error:
        raise _output_error(path, error) from error
    finally:
        with suppress(OSError):  # the first error says more, and a moved part is gone already
            part.unlink()


def check_place(path: Path) -> None:
    """Raise OutputError where no file can be put at ``path``.

    That is in a folder that is missing or not writable, or in the place of a folder, a link or a device.
    """
    folder = path.absolute().parent
    if not os.path.isdir(folder):
        raise OutputError(f"{path} cannot be created: there is no folder {folder}.", hint="Create the folder first.")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{path} cannot be created: {folder} is not writable.", hint="Write somewhere you may.")
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _output_error(path, error) from error
    if not stat.S_ISREG(mode):
        what = "symbolic link" if stat.S_ISLNK(mode) else "folder" if stat.S_ISDIR(mode) else "device"
        raise OutputError(f"{path} is a {what}.", hint="Name a file to be written in its place.")


def check_room(path: Path) -> None:
    """Raise DiskError where the disk of ``path`` takes nothing more, OutputError where it may not be written."""
    try:
        with tempfile.TemporaryFile(dir=path.absolute().parent) as file:
            file.write(bytes(_ROOM))
    except OSError as error:
        raise _output_error(path, error) from error


def make_folder_of(path: Path) -> None:
    """Have the folder that ``path`` is to stand in. Raises OutputError, DiskError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _output_error(path, error) from error


def check_new_folder(path: Path) -> None:
    """Raise OutputError where no new folder can be made at ``path``; an empty folder may stand there."""
    if path.is_symlink() or not path.is_dir():
        check_place(path)
        if os.path.lexists(path):
            raise OutputError(f"{path} is a file.", hint="Name a new folder.")
    elif any(path.iterdir()):
        raise OutputError(f"{path} is a folder with files in it.", hint="Name a new folder: nothing is overwritten.")


def write_folder(path: Path, content: Mapping[str, str | bytes]) -> None:
    """Make the folder ``path`` with files of those names (``/`` parts folders): all of them, or no folder.

    Raises OutputError as check_new_folder does; DiskError where writing failed.
    """
    check_new_folder(path)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name[:60]}.", suffix=".part") as part:
            whole = Path(part) / "whole"
            whole.mkdir()
            for name, data in content.items():
                file = whole / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("xb") as handle:
                    handle.write(data.encode("utf-8", "replace") if isinstance(data, str) else data)
                    handle.flush()
                    os.fsync(handle.fileno())
            whole.replace(path)
    except OSError as error:
        raise _output_error(path, error) from error


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _output_error(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    if error.errno in _DISK:
        return DiskError(f"Writing {path} failed: {reason}.", hint="Free some space, or write elsewhere.")
    return OutputError(f"{path} cannot be created: {reason}.", hint="Write somewhere you may.")


def read_bytes(path: Path, *, limit: int) -> bytes:
    """What is in ``path``. Raises ReadError; InputError above ``limit`` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except ValueError as error:  # a path that no system has: with NUL, or with half a character
        raise ReadError(f"{str(path)!a} is no path of a file.", hint="Check the path.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(f"{path} cannot be read: {reason}.", hint="Check the path.") from error
    if len(data) > limit:
        raise InputError(f"{path} is larger than {limit:,} bytes.", hint="This is not a file that mapgen made.")
    return data


def utf8(data: bytes, *, name: str) -> str:
    """The text of a file called ``name``. Raises InputError where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text.", hint="Save it as UTF-8 and try again.") from error


def read_text(path: Path, *, limit: int) -> str:
    """The UTF-8 text of ``path``. Raises ReadError; InputError above ``limit`` bytes or where it is not UTF-8."""
    return utf8(read_bytes(path, limit=limit), name=str(path))
