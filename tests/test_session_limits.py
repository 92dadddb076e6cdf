"""A limit that is reached in the middle of repair is among the reasons why the map is incomplete."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen import aresume
from mapgen.events import Checked, Event
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from tests.servers.fake import FakeServer, Request, good_map
from tests.servers.maps import QUERY

CALLS, TOKENS = 7, 1_050  # of a map of five concepts before any repair


def careless(request: Request) -> dict[str, Any]:
    """Good answers, but for each definition that is written at first."""
    answer = good_map()(request)
    repairing = "\nProblems:\n" in request.messages[1]
    return answer if repairing or "relevance" not in answer else answer | {"definition": "TODO"}


async def made(server: FakeServer, *, late: bool = False, **limits: Any) -> KnowledgeMap:
    """The map of a careless endpoint; ``late``: the time is over once it is checked."""
    async with Session(model="m", base_url=server.url, api_key="k", cache=False, concepts=5, **limits) as session:

        def watch(event: Event) -> None:
            if late and isinstance(event, Checked):
                session.budget.extend(-1e6)

        return await session.generate(QUERY, watch=watch)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_calls": CALLS}, "5 parts could not be mended: The limit of 7 calls is used up."),
        ({"max_tokens": TOKENS}, "5 parts could not be mended: The limit of 1,050 tokens is used up."),
        ({"late": True, "deadline": 600.0}, "5 parts could not be mended: The limit of 600 s is used up."),
        ({"max_calls": CALLS + 3, "concurrency": 1}, "2 parts could not be mended: The limit of 10 calls is used up."),
    ],
)
async def test_the_limit_is_a_reason_once_with_the_number_of_parts(limits: dict[str, Any], said: str) -> None:
    async with FakeServer(good=careless) as server:
        map = await made(server, **limits)
        assert (map.status, map.problems[-1].where, map.problems[-1].message) == ("incomplete", "map", said)
        assert [one.code for one in map.problems].count("not-mended") == 1
        assert said in map.to_text()
        whole = await aresume(map, model="m", base_url=server.url, api_key="k", cache=False)
    assert (whole.status, whole.problems) == ("complete", ())


async def test_a_limit_that_was_enough_is_no_reason() -> None:
    async with FakeServer(good=careless) as server:
        map = await made(server, max_calls=CALLS + 5)
    assert (map.status, map.problems) == ("complete", ())
