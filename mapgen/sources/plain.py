"""Plain files, opened so that nothing else is: no link, no pipe, no device, and never more bytes than may be.

It knows no kind of file, and follows no link: who lets a user name one asks for the path that it leads to.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mapgen.errors import SourceError
from mapgen.text import clean

LARGEST = 50_000_000  # bytes of a file
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def status(path: Path) -> os.stat_result:
    """What the system says of what stands at ``path``. Raises SourceError where nothing does."""
    try:
        return path.stat(follow_symlinks=False)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def plain_bytes(path: Path, *, most: int = LARGEST) -> bytes:
    """The bytes of a plain file. Raises SourceError; one of more than ``most`` bytes is not read at all."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _FLAGS)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise SourceError(
                    f"{shown(path)} is no plain file.", hint="Save what it gives as a file, and name that."
                )
            data = b"" if found.st_size > most else file.read(most + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if max(found.st_size, len(data)) > most:
        hint = "Save the part that matters as a file of its own, and name that."
        raise SourceError(f"{shown(path)} has more than {most:,} bytes.", hint=hint)
    return data


def unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """The error of a file that the system does not open."""
    why = getattr(error, "strerror", None) or "its name is none that the system knows"
    return SourceError(f"{shown(path)} cannot be opened: {why}.", hint="Check its name, and that you may read it.")


def shown(path: Path) -> str:
    """A file's name as messages show it."""
    return clean(path.name) or "A file whose name cannot be shown"
