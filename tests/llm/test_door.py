"""The whole stack on real TCP: faults are recovered from, counted, limited, and nothing is asked twice."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from mapgen.errors import (
    BadAnswer,
    ContentRefused,
    EngineError,
    Garbled,
    KeyRefused,
    LimitReached,
    MapgenError,
    UnknownModel,
    WrongProtocol,
)
from mapgen.llm import LLM, Models
from mapgen.llm.base import Endpoint, Engine
from mapgen.llm.limited import Budget, Limits
from mapgen.llm.metered import Meter
from mapgen.llm.openai import _known
from mapgen.llm.store import Store
from tests.llm.asking import GOOD, NOTE, Clock, filled, recorder
from tests.servers.fake import FakeServer, completion, error
from tests.servers.http import Answer

KEY = "sk-verysecretkey0123456789"
BUSY = Answer(error("busy"), status=503)
REFUSED = Answer(error("response_format is not supported"), status=400)
SCRIPT: dict[str, Any] = {"answers": [{"prompt": "note", "answer": GOOD}]}


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    _known.clear()
    yield
    _known.clear()


def no_engine(endpoint: Endpoint) -> Engine:
    """There is none."""
    raise EngineError("no engine")


@asynccontextmanager
async def door(
    server: FakeServer, *, limits: Limits | None = None, store: Store | None = None, clock: Clock | None = None
) -> AsyncIterator[tuple[LLM, Meter]]:
    """The stack in front of ``server``, waits taking no time; every connection is closed in the end."""
    clock = clock or Clock()
    told = Endpoint(kind="hosted", model="m", base_url=server.url, api_key=SecretStr(KEY), timeout=0.2)
    budget = Budget(limits or Limits(), Meter(), clock)
    async with AsyncExitStack() as closing:
        roles: dict[Any, Endpoint] = {"planner": told, "writer": told, "judge": told}
        models = Models(roles, budget, store, no_engine, sleep=clock.sleep, closing=closing)
        meter = Meter(parent=budget.meter)
        yield models.llm(meter), meter
    assert await server.closed()


def everything(folder: Path) -> bytes:
    """All bytes of a folder's files."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


RECOVERED: dict[str, tuple[tuple[Answer, ...], int, int]] = {
    "nothing": ((), 0, 0),
    "busy twice": ((BUSY, BUSY), 2, 0),
    "asked to wait": ((Answer(error("slow"), status=429, headers={"Retry-After": "1"}),), 1, 0),
    "cut": ((Answer(completion(GOOD), stop_after=50),), 1, 0),
    "reset": ((Answer(completion(GOOD), stop_after=50, then="reset"),), 1, 0),
    "hang": ((Answer(hang=True),), 1, 0),
    "empty body": ((Answer(b""),), 1, 0),
    "too large": ((Answer(b" " * 5_000_000),), 1, 0),
    "inner error": ((Answer(error("later", code=503)),), 1, 0),
    "no choices": ((Answer(completion("", choices=[])),), 0, 1),
    "bad field": ((Answer(completion('{"text": "x", "score": "0.9"}')),), 0, 1),
    "prose": ((Answer(completion("I would rather not.")),), 0, 1),
    "ladder": ((REFUSED, REFUSED, REFUSED), 0, 0),
    "all of it": ((REFUSED, BUSY, Answer(completion("{}")), BUSY, Answer(completion("no"))), 2, 2),
}


@pytest.mark.parametrize("name", RECOVERED)
async def test_a_passing_fault_is_recovered_from_and_counted(name: str) -> None:
    script, retries, reasked = RECOVERED[name]
    clock = Clock()
    async with FakeServer(script, good=lambda request: GOOD) as server, door(server, clock=clock) as (llm, meter):
        assert (await llm.ask(filled())).value == NOTE
        assert (meter.retries, meter.reasked) == (retries, reasked)
        assert meter.calls == len(server.requests) == len(script) + 1
        assert name != "asked to wait" or clock.slept == [1.0]


FATAL: dict[str, tuple[Answer, type[MapgenError], int]] = {
    "quota": (Answer(error("x", code="insufficient_quota"), status=429), KeyRefused, 77),
    "payment": (Answer(error("x"), status=402), KeyRefused, 77),
    "key": (Answer(error(f"bad key {KEY}"), status=401), KeyRefused, 77),
    "model": (Answer(error("no such model"), status=404), UnknownModel, 78),
    "redirect": (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), UnknownModel, 78),
    "page": (Answer("<html>"), WrongProtocol, 76),
    "filter": (Answer(error("x", code="content_filter"), status=400), ContentRefused, 65),
    "later": (Answer(error("x"), status=429, headers={"Retry-After": "1000"}), LimitReached, 75),
}


@pytest.mark.parametrize("name", FATAL)
async def test_what_no_retry_mends_is_one_request(name: str) -> None:
    answer, kind, code = FATAL[name]
    async with FakeServer([answer]) as server, door(server) as (llm, meter):
        with pytest.raises(kind) as caught:
            await llm.ask(filled())
        assert (caught.value.exit_code, len(server.asked), meter.calls) == (code, 1, 1)
        assert KEY not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [(Answer(b"null"), Garbled, 5), (Answer(completion("no")), BadAnswer, 3), (REFUSED, WrongProtocol, 4)],
)
async def test_what_never_gives_an_answer_ends_with_76(answer: Answer, kind: type[MapgenError], requests: int) -> None:
    async with FakeServer([answer] * 20) as server, door(server) as (llm, meter):
        with pytest.raises(kind) as caught:
            await llm.ask(filled())
        assert (caught.value.exit_code, len(server.requests), meter.calls) == (76, requests, requests)


async def test_retries_are_calls_and_so_limited() -> None:
    async with FakeServer([BUSY] * 9) as server, door(server, limits=Limits(max_calls=3)) as (llm, meter):
        with pytest.raises(LimitReached, match="3 calls"):
            await llm.ask(filled())
        assert len(server.requests) == meter.calls == 3


async def test_the_cache_asks_once_and_keeps_no_key(tmp_path: Path) -> None:
    told, warn = recorder()
    store = Store(tmp_path, warn=warn)
    async with FakeServer(good=lambda request: GOOD) as server:
        for _ in range(2):
            async with door(server, store=store) as (llm, meter):
                assert (await llm.ask(filled())).value == NOTE
        assert len(server.requests) == 1
        assert (meter.calls, meter.cache_hits) == (0, 1)
    store.close()
    kept = everything(tmp_path)
    assert KEY.encode() not in kept
    assert b"On bread" not in kept
    assert told == []


async def test_a_scripted_model_is_not_cached(tmp_path: Path) -> None:
    told, warn = recorder()
    (tmp_path / "script.json").write_text(json.dumps(SCRIPT))
    one = Endpoint(kind="scripted", model="scripted", file=str(tmp_path / "script.json"))
    meter, store = Meter(), Store(tmp_path / "cache", warn=warn)
    models = Models({"writer": one}, Budget(Limits(), Meter(), time.monotonic), store, no_engine)
    for _ in range(2):
        assert (await models.llm(meter).ask(filled())).value == NOTE
    assert (meter.calls, meter.cache_hits, told) == (2, 0, [])
    assert not (tmp_path / "cache").is_dir()


async def test_an_embedded_model_is_started_warmed_and_asked_like_any_other() -> None:
    warmed: list[str] = []
    one = Endpoint(kind="embedded", model="small")
    async with FakeServer(good=lambda request: GOOD) as server, AsyncExitStack() as closing:
        engine = Engine(server.url, "engine-key-123456", warmed.append)
        budget = Budget(Limits(), Meter(), time.monotonic)
        models = Models({"writer": one}, budget, None, lambda endpoint: engine, closing=closing)
        assert (await models.llm(Meter()).ask(filled(shared=True))).value == NOTE
        assert server.requests[0].headers["authorization"] == "Bearer engine-key-123456"
    assert warmed == ["Write notes."]


async def test_an_engine_that_does_not_start_is_told() -> None:
    one = Endpoint(kind="embedded", model="small")
    models = Models({"writer": one}, Budget(Limits(), Meter(), time.monotonic), None, no_engine)
    with pytest.raises(EngineError):
        await models.llm(Meter()).ask(filled())
