"""What the maps of one session share of an endpoint's trouble, on real TCP: waits, slots and the circuit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mapgen.errors import CircuitOpen, MapgenError, Unavailable
from mapgen.llm.breaking import ASKINGS, REST
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from tests.llm.asking import Hurried
from tests.servers import maps
from tests.servers.fake import FakeServer, Request, completion, error
from tests.servers.http import Answer

BROKEN = Answer(error("oops"), status=500)
PLAN = Answer(completion(maps.plan_answer(5)))
CALLS = 7


@pytest.fixture(autouse=True)
def ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every backoff is as long as it may be."""
    monkeypatch.setattr("mapgen.llm.backoff.random.uniform", lambda low, high: high)


class Failing(FakeServer):
    """Answers so many requests and then breaks."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def _next(self, request: Request) -> Answer:
        return BROKEN if len(self.requests) > self._after else super()._next(request)


@asynccontextmanager
async def session(server: FakeServer, *, concurrency: int = 16) -> AsyncIterator[tuple[Session, Hurried]]:
    """A session whose waits take no time; it leaves no connection open."""
    clock = Hurried()
    async with Session(model="m", base_url=server.url, cache=False, concurrency=concurrency) as opened:
        clock.rule(opened)
        yield opened, clock
    assert await server.closed()


async def made(session: Session) -> KnowledgeMap | MapgenError:
    """One map, or the error that came instead."""
    try:
        return await session.generate(maps.QUERY, concepts=5)
    except MapgenError as error:
        return error


async def test_a_wait_that_one_map_is_told_holds_for_another() -> None:
    slow = Answer(error("slow"), status=429, headers={"Retry-After": "40"})
    async with FakeServer([slow]) as server, session(server) as (opened, clock):
        first = asyncio.create_task(made(opened))
        while not server.requests or server.in_flight:  # noqa: ASYNC110 - the server is another party
            await asyncio.sleep(0.001)
        second = await made(opened)
        assert isinstance(second, KnowledgeMap)
        assert isinstance(await first, KnowledgeMap)
    assert len(server.requests) == 2 * CALLS + 1
    assert max(clock.slept) == pytest.approx(40, abs=1)
    assert clock.now >= 39


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_a_rate_limit_leaves_fewer_calls_at_once_and_success_brings_them_back(concurrency: int) -> None:
    slow = Answer(error("slow"), status=429)
    async with FakeServer([slow, slow], latency=0.005) as server, session(server, concurrency=concurrency) as (one, _):
        map = await made(one)
        assert isinstance(map, KnowledgeMap)
        assert map.made is not None
        assert (map.status, map.made.retries) == ("complete", 2)
        assert server.peak <= min(concurrency, 3)
        await asyncio.gather(made(one), made(one))
        assert server.peak == concurrency


async def test_an_endpoint_that_goes_down_is_left_alone_and_found_again() -> None:
    async with FakeServer([PLAN]) as server, session(server) as (opened, clock):
        server.then(*[BROKEN] * 1_000)
        down = await made(opened)
        assert isinstance(down, Unavailable)
        asked = len(server.requests)
        assert 1 + ASKINGS <= asked <= 1 + 6 * ATTEMPTS
        again = await made(opened)
        assert type(again) is CircuitOpen
        assert re.search(r"failed \d+ times in a row, and is left alone for a while: .* 500: oops", again.message)
        assert len(server.requests) == asked
        await clock.sleep(REST)
        assert type(await made(opened)) is CircuitOpen
        assert len(server.requests) == asked + 1
        server._script.clear()
        await clock.sleep(REST)
        found = await made(opened)
        assert isinstance(found, KnowledgeMap)
        assert found.status == "complete"


async def test_what_was_written_before_an_endpoint_went_down_is_kept() -> None:
    async with Failing(after=3) as server, session(server, concurrency=1) as (opened, _):
        map = await made(opened)
    assert isinstance(map, KnowledgeMap)
    assert map.status == "incomplete"
    assert [bool(concept.definition) for concept in map.concepts] == [True, True, False, False, False]
    assert len(server.requests) == 3 + 4 * ATTEMPTS + 1
