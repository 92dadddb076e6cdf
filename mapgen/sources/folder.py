"""A folder: its files of known kinds as documents, in the order of their names, and what was left out, and why.

It never leaves the folder, follows no link, and opens nothing but plain files. It keeps no index.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mapgen.errors import SourceError
from mapgen.model import Text, Value
from mapgen.sources.apart import SECONDS, Apart
from mapgen.sources.base import TITLE, Document, Extracted, Raw
from mapgen.sources.kinds import by_ending, extracted
from mapgen.text import clean, shorten, unique_slugs


@dataclass(frozen=True)
class Bounds:
    """How much of a folder is read: files, bytes of one and of all, entries looked at, folders inside each other.

    ``seconds`` is for one file of a kind that is read apart.
    """

    files: int = 2_000
    each: int = 50_000_000
    total: int = 500_000_000
    entries: int = 100_000
    depth: int = 40
    seconds: float = SECONDS


class Left(Value):
    """Something in a folder that was left out: its path inside the folder, and why, as the end of a sentence."""

    path: Text
    why: Text


class Folder(Value):
    """What was read of a folder, and what was left out, in the order of their paths."""

    documents: tuple[Document, ...]
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
            return self.leave(inside, f"cannot be opened: {error.strerror}")
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
            else:
                yield path

    def _refused(self, entry: os.DirEntry[str], depth: int) -> str:
        """Why something is not even opened; empty where it is."""
        if entry.name.startswith((".", "~$")):
            return "is hidden"
        if entry.is_symlink() or getattr(entry, "is_junction", bool)():
            inside = Path(os.path.realpath(entry.path)).is_relative_to(os.path.realpath(self.root))
            return "is a link to what is in the folder" if inside else "is a link that leads out of the folder"
        if entry.is_dir(follow_symlinks=False):
            return "is too deep in the folder" if depth >= self.bounds.depth else ""
        if not entry.is_file(follow_symlinks=False):
            return "is no plain file"
        return "" if by_ending(entry.name) else "is of no kind that is read"

    def opened(self, path: str) -> Raw | None:
        """A file's bytes; None where it is left out, which is told."""
        data, why = self._read(path)
        if why:
            self.leave(path, why)
            return None
        self.size += len(data)
        self.files += 1
        return Raw(name=clean(path), data=data)

    def _read(self, path: str) -> tuple[bytes, str]:
        """A file's bytes, or why there are none."""
        if self.files >= self.bounds.files:
            return b"", f"comes after the first {self.bounds.files:,} files"
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(self.root / path, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return b"", "is no plain file"
                data = file.read(self.bounds.each + 1)
        except OSError as error:
            return b"", f"cannot be opened: {error.strerror}"
        if len(data) > self.bounds.each:
            return b"", f"has more than {self.bounds.each:,} bytes"
        if self.size + len(data) > self.bounds.total:
            return b"", f"would make more than {self.bounds.total:,} bytes of the files together"
        return data, ""


def _taken(entries: Iterator[os.DirEntry[str]], most: int) -> Iterator[os.DirEntry[str]]:
    for _, entry in zip(range(most), entries, strict=False):
        yield entry


def read_folder(folder: Path, *, bounds: Bounds | None = None) -> Folder:
    """The documents of a folder. Raises SourceError where it is none, or has no file that can be read."""
    walk = _Walk(folder, bounds or Bounds())
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder.", hint="Name a folder, or a file of a kind that is read.")
    found: dict[str, Extracted] = {}
    with Apart(seconds=walk.bounds.seconds) as process:
        for path in walk.paths():
            if raw := walk.opened(path):
                try:
                    found[path] = extracted(raw, process=process)
                except SourceError as error:
                    walk.leave(path, f"was refused: {error.message} {error.hint}")
    if not found:
        raise SourceError(f"{folder} has no file that can be read.", hint=_hint(walk.left))
    ids = unique_slugs(tuple(found))
    documents = tuple(
        _document(folder / path, one, id_=id_) for id_, (path, one) in zip(ids, found.items(), strict=True)
    )
    return Folder(documents=documents, left=tuple(walk.left))


def _hint(left: list[Left]) -> str:
    if not left:
        return "Put files of text, Markdown, HTML, PDF or DOCX into it."
    more = f" {len(left):,} were left out." if len(left) > 1 else ""
    return f"{left[0].path} {left[0].why.rstrip('.')}.{more}"


def _document(path: Path, found: Extracted, *, id_: str) -> Document:
    title = found.title or shorten(clean(path.stem), TITLE)
    return Document(id=id_, title=title, location=clean(str(path)), blocks=found.blocks)
