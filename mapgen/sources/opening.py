"""What a user names as a source, told apart and opened: a file, a folder, a URL, a Wikipedia, the encyclopedia.

Whatever cannot be used at all is an error here, before any model is asked. It reads nothing itself.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from mapgen.errors import SourceError
from mapgen.sources.base import Finder
from mapgen.sources.database import Warn
from mapgen.sources.editions import Editions
from mapgen.sources.encyclopedia import EDITIONS, edition_of, readable
from mapgen.sources.guard import Guard, shown
from mapgen.sources.kinds import by_ending
from mapgen.sources.library import Library
from mapgen.sources.reading import Reading, Tell, in_thread
from mapgen.sources.shelf import Shelf, file_shelf, folder_shelf, page_shelf
from mapgen.sources.url import PUBLIC, fetch
from mapgen.sources.wikipedia import Wikipedia, language_of
from mapgen.sources.wikis import Wikis
from mapgen.text import clean, shorten

Kind = Literal["file", "folder", "url", "wikipedia", "encyclopedia"]
_WIKIPEDIA, _ENCYCLOPEDIA = "wikipedia", "encyclopedia"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_HOST = re.compile(r"www\.[\w.-]+(/.*)?|[\w-]+(\.[\w-]+)*\.[a-z]{2,}/.*", re.IGNORECASE | re.DOTALL)
_SHOWN = 100  # characters of a name in a message
_NAMES = "Name a file, a folder, an address that begins with https://, wikipedia, or encyclopedia."


class Naming(NamedTuple):
    """What a source's name means: the path, the URL, or the code of a language, empty where none is fixed."""

    kind: Kind
    what: str


@dataclass(frozen=True)
class Reach:
    """How what is not a file is reached; another than this is for tests. ``data`` are the encyclopedia's files."""

    guard: Guard = PUBLIC
    wikipedia: Callable[[str], Wikipedia] = Wikipedia
    data: Path | None = None


REACH = Reach()


def named(text: str) -> Naming:
    """What is named. Raises SourceError where there is no such thing; nothing is read to tell."""
    plain = text.strip()
    word, colon, code = (part.strip().lower() for part in plain.partition(":"))
    if not clean(plain):
        raise SourceError("A source has no name.", hint=_NAMES)
    if word == _WIKIPEDIA:
        return Naming("wikipedia", language_of(plain, otherwise="en") if colon else "")
    if word == _ENCYCLOPEDIA:
        if colon and edition_of(code) is None:
            raise SourceError(f"There is no {_told(plain)}.", hint=f"There are editions in {', '.join(EDITIONS)}.")
        return Naming("encyclopedia", edition_of(code) or "" if colon else "")
    if scheme := _SCHEME.match(plain):
        if scheme[1].lower() in ("http", "https"):
            return Naming("url", plain)
        hint = "Name its path." if scheme[1].lower() == "file" else "Save it as a file, and name that."
        raise SourceError(f"{shown(plain)} is no address that is read: only http and https are.", hint=hint)
    return _path(text)


def check(names: Sequence[str]) -> None:
    """Raise the SourceError with which these names would be refused, as far as that is told without reading them."""
    for naming in map(named, names):
        if naming.kind == "url":
            PUBLIC.place(naming.what)
        elif naming.kind == "encyclopedia":
            readable(naming.what)
        elif naming.kind == "file" and (kind := by_ending(naming.what)):
            kind.check()


def _path(text: str) -> Naming:
    path = os.path.expanduser(text)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        raise SourceError(f"There is no file or folder {_told(text)}.", hint=_meant(text)) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is none that the system knows"
        raise SourceError(f"{_told(text)} cannot be opened: {why}.", hint=_meant(text)) from error
    if stat.S_ISDIR(mode):
        return Naming("folder", path)
    if not stat.S_ISREG(mode):
        raise SourceError(f"{_told(text)} is no plain file.", hint="Save what it gives as a file, and name that.")
    return Naming("file", path)


def _told(text: str) -> str:
    return shorten(clean(text), _SHOWN) or "of that name"


def _meant(text: str) -> str:
    """What may have been meant by a name that leads nowhere."""
    word = text.strip().partition(":")[0].lower()
    if near := get_close_matches(word, (_WIKIPEDIA, _ENCYCLOPEDIA), n=1, cutoff=0.7):
        return f"Did you mean {near[0]}?"
    if _HOST.fullmatch(text.strip()):
        return f"An address begins with its scheme: https://{shown(text.strip())}"
    return _NAMES


async def opened(names: Sequence[str], *, folder: Path | None, warn: Warn, tell: Tell, reach: Reach = REACH) -> Library:
    """The sources of these names, open; equal ones once. Indexes are kept in ``folder``, or in memory without it.

    ``tell`` is told what is being read, ``warn`` what is left out. Raises SourceError where one cannot be used.
    """
    namings: dict[Naming, tuple[str, Naming]] = {}
    for text in names:
        naming = named(text)
        namings.setdefault(_same(naming), (shorten(clean(text), _SHOWN), naming))
    doors = _Doors(folder, warn=_here(_once(warn)), tell=_here(tell), reach=reach)
    finders: list[Finder] = []
    try:
        for name, naming in namings.values():
            finders.append(await doors.open(name, naming))
    except BaseException:
        Library(finders, warn=warn).close()
        raise
    return Library(finders, warn=warn)


def _same(naming: Naming) -> Naming:
    """What is equal for all ways to name one thing."""
    return naming._replace(what=os.path.realpath(naming.what)) if naming.kind in ("file", "folder") else naming


def _once(call: Callable[[str], None]) -> Callable[[str], None]:
    """The same function, called once with each text."""
    said: set[str] = set()

    def called(text: str) -> None:
        if text not in said:
            said.add(text)
            call(text)

    return called


def _here(call: Callable[[str], None]) -> Callable[[str], None]:
    """The same function, called in this thread whatever thread calls it."""
    loop, thread = asyncio.get_running_loop(), threading.get_ident()

    def called(text: str) -> None:
        if threading.get_ident() == thread:
            call(text)
        else:
            with suppress(RuntimeError):  # the loop may be closed by now
                loop.call_soon_threadsafe(call, text)

    return called


class _Doors:
    """Opens each kind of source."""

    def __init__(self, folder: Path | None, *, warn: Warn, tell: Tell, reach: Reach) -> None:
        self._folder = folder
        self._warn = warn
        self._tell = tell
        self._reach = reach

    async def open(self, name: str, naming: Naming) -> Finder:
        """The source. Raises SourceError."""
        kind, what = naming
        kept, warn, reach = self._folder, self._warn, self._reach
        if kind == "wikipedia":
            return Wikis(name, make=reach.wikipedia)
        if kind == "encyclopedia":
            make = partial(Editions, name, language=what, kept=kept, warn=warn, tell=self._tell, data=reach.data)
            return await in_thread(make)
        if kind == "url":
            self._tell(f"fetching {shown(what)}")
            page = await fetch(what, guard=reach.guard)
            return await self._read(lambda reading: page_shelf(page, reading=reading, warn=warn))
        shelf = folder_shelf if kind == "folder" else file_shelf
        return await self._read(lambda reading: shelf(Path(what), name=name, kept=kept, reading=reading, warn=warn))

    async def _read(self, make: Callable[[Reading], Shelf]) -> Shelf:
        reading = Reading(tell=self._tell)

        def work() -> Shelf:
            with reading:
                return make(reading)

        return await in_thread(work, end=reading.end)
