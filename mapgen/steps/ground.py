"""Ground: the passages of the sources that a query, or one concept of its plan, can stand on, within a budget.

No model is asked. It knows no kind of source.
"""

from __future__ import annotations

from mapgen.model import Count, Value
from mapgen.sources.base import Finder, Found, Wanted
from mapgen.sources.retrieval import within_budget


class Room(Value):
    """How many tokens of passages, about, a plan and the texts of one concept are given."""

    plan: Count
    write: Count


ROOM = Room(plan=2_400, write=1_200)
SMALL_ROOM = Room(plan=600, write=450)
"""For a model on this machine: reading a passage of 200 words takes two cores some seconds."""


async def ground(wanted: Wanted, *, finder: Finder, room: int) -> Found:
    """The best passages that are at most ``room`` tokens together, and their sources. Raises SourceError."""
    found = await finder.find(wanted)
    passages = within_budget(found.passages, room)
    used = {passage.source for passage in passages}
    return Found(passages=passages, sources=tuple(one for one in found.sources if one.id in used))
