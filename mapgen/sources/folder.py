"""A folder: the files of known kinds in it, in the order of their names, and what was left out, and why.

It never leaves the folder, follows no link, and opens no file: what is in them is read elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mapgen.errors import SourceError
from mapgen.model import Text, Value
from mapgen.sources.base import TITLE
from mapgen.sources.kinds import by_ending
from mapgen.sources.plain import LARGEST
from mapgen.text import clean, shorten

HIDDEN = "is hidden"


@dataclass(frozen=True)
class Bounds:
    """How much of a folder is read: files, bytes of one and of all, entries looked at, folders inside each other."""

    files: int = 2_000
    each: int = LARGEST
    total: int = 500_000_000
    entries: int = 100_000
    depth: int = 40


class Left(Value):
    """Something in a folder that was left out: its path inside the folder, and why, as the end of a sentence."""

    path: Text
    why: Text


class Survey(Value):
    """The files of a folder that may be read, by their paths inside it, and what was left out, in the order of both."""

    files: tuple[str, ...]
    left: tuple[Left, ...]


@dataclass
class _Walk:
    root: Path
    bounds: Bounds
    left: list[Left] = field(default_factory=list)
    seen: int = 0
    size: int = 0
    files: int = 0

    def leave(self, path: str, why: str) -> None:
        """Tell that something is left out."""
        self.left.append(Left(path=shorten(clean(path), TITLE), why=why))

    def paths(self, inside: str = "", *, depth: int = 0) -> Iterator[str]:
        """The paths, inside the folder, of the plain files that may be read."""
        try:
            with os.scandir(self.root / inside) as entries:
                found = sorted(_taken(entries, self.bounds.entries - self.seen + 1), key=lambda entry: entry.name)
        except OSError as error:
            return self.leave(inside or "The folder itself", f"cannot be opened: {error.strerror}")
        for entry in found:
            path = os.path.join(inside, entry.name)
            self.seen += 1
            if self.seen > self.bounds.entries:
                return self.leave(
                    path, f"comes after the first {self.bounds.entries:,} files and folders, as may others"
                )
            if why := self._refused(entry, depth):
                self.leave(path, why)
            elif entry.is_dir(follow_symlinks=False):
                yield from self.paths(path, depth=depth + 1)
            elif self._fits(entry, path):
                yield path

    def _refused(self, entry: os.DirEntry[str], depth: int) -> str:
        """Why something is not even opened; empty where it is."""
        if entry.name.startswith((".", "~$")):
            return HIDDEN
        if entry.is_symlink() or getattr(entry, "is_junction", bool)():
            inside = Path(os.path.realpath(entry.path)).is_relative_to(os.path.realpath(self.root))
            return "is a link to what is in the folder" if inside else "is a link that leads out of the folder"
        if entry.is_dir(follow_symlinks=False):
            return "is too deep in the folder" if depth >= self.bounds.depth else ""
        if not entry.is_file(follow_symlinks=False):
            return "is no plain file"
        return "" if by_ending(entry.name) else "is of no kind that is read"

    def _fits(self, entry: os.DirEntry[str], path: str) -> bool:
        """Whether a file is within the bounds; what is left out is told."""
        bounds = self.bounds
        try:
            size = entry.stat(follow_symlinks=False).st_size
        except OSError as error:
            self.leave(path, f"cannot be opened: {error.strerror}")
            return False
        if self.files >= bounds.files:
            self.leave(path, f"comes after the first {bounds.files:,} files")
        elif size > bounds.each:
            self.leave(path, f"has more than {bounds.each:,} bytes")
        elif self.size + size > bounds.total:
            self.leave(path, f"would make more than {bounds.total:,} bytes of the files together")
        else:
            self.size += size
            self.files += 1
            return True
        return False


def _taken(entries: Iterator[os.DirEntry[str]], most: int) -> Iterator[os.DirEntry[str]]:
    for _, entry in zip(range(most), entries, strict=False):
        yield entry


def survey(folder: Path, *, bounds: Bounds | None = None) -> Survey:
    """What there is in a folder. Raises SourceError where it is none."""
    if not os.path.isdir(folder):
        raise SourceError(f"{clean(str(folder))} is not a folder.", hint="Name a folder, or a file that is read.")
    walk = _Walk(folder, bounds or Bounds())
    return Survey(files=tuple(walk.paths()), left=tuple(walk.left))
