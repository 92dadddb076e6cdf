"""A long wait that an endpoint asks for is waited where the deadline allows it; here it takes no real time."""

from __future__ import annotations

import pytest

from mapgen.errors import LimitReached
from mapgen.session import Session
from tests.faults.endpoint import LONG
from tests.faults.fault import CALLS, CONCEPTS, Fault, FaultServer
from tests.faults.running import KEY
from tests.llm.asking import Hurried
from tests.servers import maps


async def test_121_seconds_are_waited_inside_the_deadline() -> None:
    clock = Hurried()
    async with FaultServer((Fault(LONG),)) as server:
        async with Session(model="m", base_url=server.url, api_key=KEY, cache=False, deadline=900.0) as session:
            clock.rule(session)
            found = await session.generate(maps.QUERY, concepts=CONCEPTS)
        assert await server.closed()
    assert found.status == "complete"
    assert found.made is not None
    assert (found.made.retries, len(server.asked)) == (1, CALLS + 1)
    assert max(clock.slept) == pytest.approx(121.0, abs=1.0)


async def test_121_seconds_are_not_waited_beyond_it() -> None:
    clock = Hurried()
    async with (
        FaultServer((Fault(LONG),)) as server,
        Session(model="m", base_url=server.url, api_key=KEY, cache=False, deadline=100.0) as session,
    ):
        clock.rule(session)
        with pytest.raises(LimitReached, match="121 s"):
            await session.generate(maps.QUERY, concepts=CONCEPTS)
    assert len(server.asked) == 1
    assert sum(clock.slept) == 0
