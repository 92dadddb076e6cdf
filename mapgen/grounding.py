"""Opens the sources of a session, once, when its first map needs them, and says how much of them a model is given.

It joins sources/ to settings and events, which do not know each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mapgen.events import Event, Preparing
from mapgen.llm.base import Endpoint
from mapgen.model import Query
from mapgen.prompting import Role
from mapgen.settings import Settings, indexes

if TYPE_CHECKING:
    from mapgen.sources.base import Finder
    from mapgen.sources.library import Library
    from mapgen.steps.ground import Room

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


def room_of(asked: Mapping[Role, Endpoint]) -> Room:
    """How many tokens of passages a plan and a concept's texts are given."""
    from mapgen.steps.ground import ROOM, SMALL_ROOM, Room

    plan, write = (SMALL_ROOM if asked[role].kind == "embedded" else ROOM for role in _READERS)
    return Room(plan=plan.plan, write=write.write)


class Grounding:
    """The sources of a session."""

    def __init__(
        self,
        settings: Settings,
        asked: Mapping[Role, Endpoint],
        *,
        warn: Callable[[str], None],
        tell: Callable[[Event], None],
    ) -> None:
        self._settings = settings
        self._asked = asked
        self._warn = warn
        self._tell = tell
        self._opening = asyncio.Lock()
        self._library: Library | None = None

    async def finder(self, query: Query) -> Finder | None:
        """The open sources for a query; None where there are none. Raises SourceError."""
        if not (names := names_of(self._settings, query, asked=self._asked)):
            return None
        async with self._opening:
            if self._library is None:
                from mapgen.sources.opening import opened

                folder = indexes(self._settings.cache_dir) if self._settings.cache else None
                self._library = await opened(names, folder=folder, warn=self._warn, tell=self._reading)
        return self._library

    def close(self) -> None:
        """Let go of what is open."""
        if self._library is not None:
            self._library.close()

    def _reading(self, what: str) -> None:
        self._tell(Preparing(what=what))
