"""Faults at random, from a seed: of maps whose calls are hit now and then nearly all are whole, and none is silent."""

from __future__ import annotations

import asyncio

import pytest

from mapgen.errors import MapgenError
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from tests.faults.fault import CALLS, CONCEPTS
from tests.faults.mixed import KINDS, QUICK, REFUSALS, SLOW, STUCK, Mixed
from tests.faults.running import KEY, PROMPT, leaks
from tests.llm.asking import Hurried
from tests.servers import maps

MAPS = 30


async def made(session: Session) -> KnowledgeMap | MapgenError:
    """One map, or the typed error that came instead."""
    try:
        return await session.generate(maps.QUERY, concepts=CONCEPTS)
    except MapgenError as error:
        return error


def test_the_mix_is_of_many_faults() -> None:
    assert len(QUICK) >= 60
    assert len(STUCK) >= 4
    assert len(KINDS) == len(QUICK) + len(STUCK) + len(REFUSALS) + len(SLOW)


@pytest.mark.parametrize(("seed", "chance"), [(1, 0.05), (2, 0.05), (3, 0.5)])
async def test_maps_under_random_faults(seed: int, chance: float) -> None:
    async with Mixed(seed=seed, chance=chance, kinds=QUICK) as server:
        async with Session(model="m", base_url=server.url, api_key=KEY, cache=False) as session:
            Hurried().rule(session)
            found = [one for _ in range(MAPS // 5) for one in await asyncio.gather(*(made(session) for _ in range(5)))]
        assert await server.closed()
    whole = [one for one in found if isinstance(one, KnowledgeMap) and one.status == "complete"]
    for one in found:
        told = one.to_json() if isinstance(one, KnowledgeMap) else f"{one} {one.hint}"
        assert not leaks(told)
        assert PROMPT not in told
        assert one in whole or (one.problems if isinstance(one, KnowledgeMap) else one.hint)
    assert server.faulty >= chance * CALLS * MAPS / 2
    if chance == 0.05:
        assert len(whole) == MAPS
        assert len(server.asked) <= 1.5 * CALLS * MAPS


async def test_the_same_seed_hits_the_same_requests() -> None:
    hits = []
    for _ in range(2):
        server = Mixed(seed=7, chance=0.3, kinds=QUICK)
        async with server, Session(model="m", base_url=server.url, cache=False, concurrency=1) as session:
            Hurried().rule(session)
            await made(session)
            hits.append((len(server.asked), server.faulty))
    assert hits[0] == hits[1]
    assert hits[0][1] > 0
