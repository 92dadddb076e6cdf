"""All sources of a run as one: each is asked at once, and their passages are taken in turns.

It knows no kind of source. One that fails is warned of, and the others' passages stand.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain, zip_longest

from mapgen.errors import SourceError
from mapgen.sources.base import Finder, Found, Wanted
from mapgen.sources.database import Warn
from mapgen.vectors import installed


class Library:
    """Sources in the order in which they were named; it closes them."""

    def __init__(self, finders: Sequence[Finder], *, warn: Warn) -> None:
        self._finders = tuple(finders)
        self._warn = warn
        self._warned: set[str] = set()

    @property
    def name(self) -> str:
        """The names of all of them."""
        return ", ".join(finder.name for finder in self._finders)

    async def find(self, wanted: Wanted) -> Found:
        """The first passage of each source, then the second of each, and so on; each passage and source once."""
        found = await asyncio.gather(*(self._asked(finder, wanted) for finder in self._finders))
        turns = chain.from_iterable(zip_longest(*(one.passages for one in found)))
        passages = tuple(dict.fromkeys(passage for passage in turns if passage))
        sources = {source.id: source for one in reversed(found) for source in reversed(one.sources)}
        used = dict.fromkeys(passage.source for passage in passages)
        return Found(passages=passages, sources=tuple(sources[id] for id in used if id in sources))

    def fingerprint(self) -> str | None:
        """What changes with the passages of any of them, and with how they are ranked; None where that is not told."""
        prints = [finder.fingerprint() for finder in self._finders]
        ranked = "by meaning" if installed() else "by words"
        return None if None in prints else hashlib.sha256(json.dumps([ranked, *prints]).encode()).hexdigest()

    def close(self) -> None:
        """Let go of all of them."""
        with ExitStack() as stack:
            for finder in self._finders:
                stack.callback(finder.close)

    async def _asked(self, finder: Finder, wanted: Wanted) -> Found:
        try:
            return await finder.find(wanted)
        except SourceError as error:
            if error.message not in self._warned:
                self._warned.add(error.message)
                self._warn(f"{finder.name} was not used: {error.message} {error.hint}".strip())
            return Found()
