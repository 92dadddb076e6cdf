"""Opens the sources of a session, once, when its first map needs them, and says how much of them a model is given.

It joins sources/ to settings and events, which do not know each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from mapgen.errors import LimitReached, Stopped
from mapgen.events import Event, Preparing
from mapgen.llm.base import Endpoint
from mapgen.model import Query
from mapgen.prompting import Role
from mapgen.settings import Settings, indexes

if TYPE_CHECKING:
    from mapgen.sources.base import Finder, Found, Wanted
    from mapgen.sources.library import Library
    from mapgen.steps.ground import Room

T = TypeVar("T")
ENCYCLOPEDIA = "encyclopedia"
_READERS: tuple[Role, Role] = ("planner", "writer")


def names_of(settings: Settings, query: Query, *, asked: Mapping[Role, Endpoint]) -> tuple[str, ...]:
    """The sources that a query is answered from, as they are named.

    Where the settings name none, it is the encyclopedia, for the embedded model alone.
    """
    if settings.sources is not None or asked["writer"].kind != "embedded":
        return settings.sources or ()
    from mapgen.sources.encyclopedia import edition, installed

    return (ENCYCLOPEDIA,) if installed() and edition(query) else ()


def check(names: Sequence[str]) -> None:
    """Raise the SourceError with which opening these sources would end, as far as nothing has to be read for that."""
    if names:
        from mapgen.sources import opening

        opening.check(names)


def room_of(asked: Mapping[Role, Endpoint]) -> Room:
    """How many tokens of passages a plan and a concept's texts are given."""
    from mapgen.steps.ground import ROOM, SMALL_ROOM, Room

    plan, write = (SMALL_ROOM if asked[role].kind == "embedded" else ROOM for role in _READERS)
    return Room(plan=plan.plan, write=write.write)


class Within(Protocol):
    """Runs work as long as it may. Raises LimitReached, Stopped."""

    async def __call__(self, work: Callable[[], Awaitable[T]], /) -> T:
        """What ``work`` gives."""
        ...


class InTime:
    """A Finder that finds nothing once ``within``, which runs a look-up, ends it: its map is over, or its time."""

    def __init__(self, inner: Finder, within: Within) -> None:
        self.name = inner.name
        self._inner = inner
        self._within = within

    async def find(self, wanted: Wanted) -> Found:
        """What the inner finder finds. Raises SourceError."""
        from mapgen.sources.base import NOTHING

        try:
            return await self._within(lambda: self._inner.find(wanted))
        except (LimitReached, Stopped):
            return NOTHING

    def fingerprint(self) -> str | None:
        """The inner finder's."""
        return self._inner.fingerprint()

    def close(self) -> None:
        """The inner finder is closed by who opened it."""


class Grounding:
    """The sources of a session."""

    def __init__(
        self,
        settings: Settings,
        asked: Mapping[Role, Endpoint],
        *,
        within: Within,
        warn: Callable[[str], None],
        tell: Callable[[Event], None],
    ) -> None:
        self._settings = settings
        self._asked = asked
        self._within = within
        self._warn = warn
        self._tell = tell
        self._opening = asyncio.Lock()
        self._library: Library | None = None
        self._finder: Finder | None = None

    async def finder(self, query: Query) -> Finder | None:
        """The open sources for a query; None where there are none. Raises SourceError, LimitReached, Stopped."""
        if not (names := names_of(self._settings, query, asked=self._asked)):
            return None
        async with self._opening:
            if self._finder is None:
                self._library = await self._within(lambda: self._opened(names))
                self._finder = InTime(self._library, self._within)
        return self._finder

    async def _opened(self, names: tuple[str, ...]) -> Library:
        from mapgen.sources.opening import opened

        folder = indexes(self._settings.cache_dir) if self._settings.cache else None
        return await opened(names, folder=folder, warn=self._warn, tell=self._reading)

    def close(self) -> None:
        """Let go of what is open."""
        if self._library is not None:
            self._library.close()

    def _reading(self, what: str) -> None:
        self._tell(Preparing(what=what))
