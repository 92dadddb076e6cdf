"""A source into which an attack is planted: one passage, which is found for the query and for every concept.

The worst case: whatever is looked for, the poisoned passage comes. It knows no model and no judge.
"""

from __future__ import annotations

from mapgen.model import Passage, Source
from mapgen.sources.base import Found, Wanted


class Planted:
    """A Finder of one passage."""

    name = "planted"

    def __init__(self, text: str) -> None:
        source = Source(id="planted", title="Notes", location="notes.txt")
        self._found = Found(passages=(Passage(source=source.id, offset=0, text=text),), sources=(source,))

    async def find(self, wanted: Wanted) -> Found:
        """The passage, whatever is wanted."""
        return self._found

    def fingerprint(self) -> str | None:
        """None: nothing made of it is kept."""
        return None

    def close(self) -> None:
        """Nothing to let go of."""
