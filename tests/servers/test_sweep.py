"""A sweep in the manner of SQLite: each fault at the first, second, third … call of a map, once and for ever.

The invariant: a complete map, or a partial one that says so, or a typed error; no connection left open.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mapgen.errors import MapgenError
from mapgen.llm.openai import _known
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from mapgen.state import ROUNDS
from tests.llm.asking import Hurried
from tests.servers import maps
from tests.servers.fake import FakeServer, Request, completion, error
from tests.servers.http import Answer

KEY = "sk-verysecretkey0123456789"
CALLS = 7  # of a map of five concepts
ASKINGS = CALLS + ROUNDS * 6  # each concept and the relations may be repaired in every round
FAULTS = {
    "busy": Answer(error("busy"), status=503),
    "slow down": Answer(error("slow"), status=429),
    "empty": Answer(b""),
    "cut": Answer(completion("x" * 99), stop_after=40),
    "reset": Answer(completion("x" * 99), stop_after=40, then="reset"),
    "no choices": Answer(completion("", choices=[])),
    "prose": Answer(completion("I would rather not.")),
    "wrong fields": Answer(completion('{"definition": 1, "concepts": true, "relations": "no"}')),
    "ran out of tokens": Answer(completion("", choices=[{"message": {"content": '{"a'}, "finish_reason": "length"}])),
    "refusal": Answer(completion("", choices=[{"message": {"refusal": "No."}, "finish_reason": "stop"}])),
    "quota": Answer(error("x", code="insufficient_quota"), status=429),
    "no response_format": Answer(error("response_format is not supported"), status=400),
}
PASSING = set(FAULTS) - {"refusal", "quota"}


class FaultyServer(FakeServer):
    """Gives ``fault`` at the ``nth`` request, or from it on."""

    def __init__(self, fault: Answer, *, nth: int, ever: bool) -> None:
        super().__init__()
        self._fault, self._nth, self._ever = fault, nth, ever

    def _next(self, request: Request) -> Answer:
        number = len(self.requests)
        hit = number >= self._nth if self._ever else number == self._nth
        return self._fault if hit else super()._next(request)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    _known.clear()
    yield
    _known.clear()


async def attempt(server: FakeServer) -> KnowledgeMap | MapgenError:
    """One map, or the typed error that came instead."""
    async with Session(model="m", base_url=server.url, api_key=KEY, cache=False) as session:
        Hurried().rule(session)
        try:
            return await session.generate(maps.QUERY, concepts=5)
        except MapgenError as error:
            return error


async def outcome(server: FakeServer) -> str:
    """How one map ends: its status, or the name of a typed error; the invariant holds for it."""
    async with server:
        found = await attempt(server)
        assert await server.closed()
    if isinstance(found, MapgenError):
        assert found.hint
        assert KEY not in f"{found} {found.hint}"
        return type(found).__name__
    assert found.status == ("incomplete" if found.problems else "complete")
    assert found.made is not None
    assert found.made.calls == len(server.requests)
    assert KEY not in found.to_json()
    return found.status


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_that_comes_once(name: str) -> None:
    for nth in range(1, CALLS + 1):
        server = FaultyServer(FAULTS[name], nth=nth, ever=False)
        found = await outcome(server)
        assert found == "complete" or (nth == 1 and name not in PASSING), f"at call {nth}"
        assert len(server.requests) <= CALLS + 1


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_that_stays(name: str) -> None:
    for nth in (1, 2, 4, CALLS, CALLS + 1):
        server = FaultyServer(FAULTS[name], nth=nth, ever=True)
        found = await outcome(server)
        assert (found == "complete") == (nth > CALLS), f"from call {nth}"
        assert len(server.requests) <= ASKINGS * ATTEMPTS
