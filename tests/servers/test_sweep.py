"""A sweep in the manner of SQLite: each fault at the first, second, third … call of a map, once and for ever.

Of a map that takes no more calls than it must, and of one with an answer that is asked for again and a repair. The
invariant: a complete map, or a partial one that says so, or a typed error; requests within bounds; no connection left
open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mapgen.errors import MapgenError
from mapgen.llm.openai import _known
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from mapgen.state import ROUNDS
from tests.llm.asking import Hurried
from tests.servers import maps
from tests.servers.fake import FakeServer, Good, Request, completion, error, good_map
from tests.servers.http import Answer

KEY = "sk-verysecretkey0123456789"
CALLS = 7  # of a map of five concepts
MENDED = CALLS + 2  # where the plan is asked for again, and a concept's texts are repaired
ASKINGS = MENDED + ROUNDS * 6  # each concept and the relations may be repaired in every round
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
    "dropped": Answer(drop="reset"),
    "HTML": Answer("<!doctype html><h1>Welcome</h1>"),
    "redirect": Answer(status=307, headers={"Location": "http://localhost:9/v1/chat/completions"}),
    "key": Answer(error("who are you?"), status=401),
    "unknown model": Answer(error("no such model"), status=404),
    "oversize": Answer(b" " * 4_000_001),
    "context": Answer(error("too long", code="context_length_exceeded"), status=400),
}
REFUSALS = {"refusal", "quota", "HTML", "redirect", "key", "unknown model", "context"}  # no plan, no map
PASSING = set(FAULTS) - REFUSALS
STUCK = {"hang": Answer(hang=True), "stall": Answer(completion("x" * 99), stop_after=40, then="stall")}


class FaultyServer(FakeServer):
    """Gives ``fault`` at the ``nth`` request, or from it on; ``mended``: its first plan and a concept have faults."""

    def __init__(self, fault: Answer, *, nth: int, ever: bool, mended: bool = False) -> None:
        super().__init__(good=blemished() if mended else None)
        self._fault, self._nth, self._ever = fault, nth, ever

    def _next(self, request: Request) -> Answer:
        number = len(self.asked)
        hit = number >= self._nth if self._ever else number == self._nth
        return self._fault if hit and request is self.asked[-1] else super()._next(request)


def blemished() -> Good:
    """The answers of a good map, but that the first plan has no concepts, and Inflation has no definition at first."""
    good, asked = good_map(), Counter[str]()

    def answer(request: Request) -> dict[str, Any]:
        found = good(request)
        part = "plan" if "concepts" in found else maps.asked_concept(request.messages[1])
        asked[part] += 1
        if asked[part] == 1 and part == "plan":
            return {name: value for name, value in found.items() if name != "concepts"}
        return found | {"definition": ""} if asked[part] == 1 and part == "Inflation" else found

    return answer


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    _known.clear()
    yield
    _known.clear()


async def attempt(server: FakeServer, **limits: float) -> KnowledgeMap | MapgenError:
    """One map, or the typed error that came instead."""
    async with Session(model="m", base_url=server.url, api_key=KEY, cache=False, **limits) as session:
        Hurried().rule(session)
        try:
            return await session.generate(maps.QUERY, concepts=5)
        except MapgenError as error:
            return error


async def outcome(server: FakeServer, **limits: float) -> str:
    """How one map ends: its status, or the name of a typed error; the invariant holds for it."""
    _known.clear()
    async with server:
        found = await attempt(server, **limits)
        assert await server.closed()
    if isinstance(found, MapgenError):
        assert found.hint
        assert KEY not in f"{found} {found.hint}"
        return type(found).__name__
    assert found.status == ("incomplete" if found.problems else "complete")
    assert found.made is not None
    assert found.made.calls == len(server.asked)
    assert KEY not in found.to_json()
    return found.status


async def swept(name: str, *, nth: int, ever: bool, mended: bool = False) -> str:
    """How one map ends that meets a fault at its ``nth`` call; that end, and the requests, are as promised."""
    server = FaultyServer(FAULTS[name], nth=nth, ever=ever, mended=mended)
    found = await outcome(server)
    calls, plans = (MENDED, 2) if mended else (CALLS, 1)
    if ever:
        assert (found == "complete") == (nth > calls), f"from call {nth}"
        assert (found == "incomplete") <= (plans < nth <= calls), f"from call {nth}"
        assert (found == "incomplete") or not plans + 2 < nth <= calls, f"from call {nth}: a concept was written"
        assert len(server.asked) <= ASKINGS * ATTEMPTS
    else:
        assert found == "complete" or (nth <= plans and name in REFUSALS), f"at call {nth}"
        assert len(server.asked) <= calls + 1
    return found


@pytest.mark.parametrize("mended", [False, True], ids=["plain", "mended"])
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_that_comes_once(name: str, mended: bool) -> None:
    for nth in range(1, (MENDED if mended else CALLS) + 1):
        await swept(name, nth=nth, ever=False, mended=mended)


@pytest.mark.parametrize("mended", [False, True], ids=["plain", "mended"])
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_that_stays(name: str, mended: bool) -> None:
    for nth in range(1, (MENDED if mended else CALLS) + 2):
        await swept(name, nth=nth, ever=True, mended=mended)


@pytest.mark.parametrize("name", STUCK)
async def test_an_answer_that_never_ends(name: str) -> None:
    for nth in (1, 4):
        server = FaultyServer(STUCK[name], nth=nth, ever=False)
        assert await outcome(server, timeout=2.0) == "complete", f"at call {nth}"
        assert len(server.asked) <= CALLS + 1
        server = FaultyServer(STUCK[name], nth=nth, ever=True)
        assert await outcome(server, deadline=2.0) in ("incomplete", "LimitReached"), f"from call {nth}"
        assert len(server.asked) <= CALLS
