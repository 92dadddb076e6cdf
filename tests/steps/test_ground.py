"""Ground: what is found, as much as there is room for, and no source of what was left out."""

from __future__ import annotations

import pytest

from mapgen.errors import SourceError
from mapgen.sources.base import NOTHING, Found, Wanted
from mapgen.sources.retrieval import tokens
from mapgen.steps.ground import ROOM, SMALL_ROOM, ground
from tests.grounds import CRUDE, PRICES, WANTED, Shelf, found, source

BOTH = found(("economics", PRICES), ("oil", CRUDE))
ONE = tokens(BOTH.passages[0])


@pytest.mark.parametrize(
    ("room", "kept"),
    [(10_000, 2), (ONE, 1), (ONE - 1, 1), (10, 0)],
    ids=["both", "the first", "the second, which is shorter", "none"],
)
async def test_as_many_passages_as_there_is_room_for_with_their_sources(room: int, kept: int) -> None:
    shelf = Shelf({"Inflation": BOTH})
    grounds = await ground(WANTED, finder=shelf, room=room)
    assert len(grounds.passages) == kept
    assert sum(map(tokens, grounds.passages)) <= room
    assert grounds.sources == tuple(source(passage.source) for passage in grounds.passages)
    assert shelf.wanted == [WANTED]


async def test_where_nothing_is_found_there_is_nothing() -> None:
    assert await ground(WANTED, finder=Shelf({}), room=100) == NOTHING


async def test_what_a_source_raises_comes_through() -> None:
    class Broken(Shelf):
        async def find(self, wanted: Wanted) -> Found:
            raise SourceError("Gone.")

    with pytest.raises(SourceError, match="Gone"):
        await ground(WANTED, finder=Broken(), room=100)


def test_a_model_on_this_machine_reads_less() -> None:
    assert SMALL_ROOM.plan < ROOM.plan
    assert SMALL_ROOM.write < ROOM.write
