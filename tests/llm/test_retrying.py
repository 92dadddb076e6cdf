"""Retries: what is tried again, how often, and how long is waited; no second passes here."""

from __future__ import annotations

import asyncio

import pytest

from mapgen.errors import (
    BadAnswer,
    CircuitOpen,
    ConfigError,
    ContentRefused,
    EndpointError,
    FormatUnsupported,
    Garbled,
    KeyRefused,
    LimitReached,
    MapgenError,
    Overloaded,
    RateLimited,
    Unavailable,
    UnknownModel,
    WrongProtocol,
)
from mapgen.llm.backoff import LONGEST_WAIT
from mapgen.llm.base import Reply
from mapgen.llm.metered import Meter
from mapgen.llm.retrying import ATTEMPTS, FORMATS, Retrying
from tests.llm.asking import NOTE, Clock, Model, filled


def retrying(model: Model, clock: Clock, *, deadline: float = 900.0) -> tuple[Retrying, Meter]:
    """Retries around ``model`` with ``deadline`` seconds from now."""
    meter = Meter()
    ends = clock() + deadline
    return Retrying(model, meter, sleep=clock.sleep, remaining=lambda: max(0.0, ends - clock())), meter


@pytest.mark.parametrize("error", [Unavailable("busy"), RateLimited("slow"), Garbled("half")])
async def test_passing_errors_are_tried_again(error: MapgenError) -> None:
    model, clock = Model(error, error, Reply(NOTE)), Clock()
    tried, meter = retrying(model, clock)
    assert (await tried.ask(filled())).value == NOTE
    assert (len(model.asked), meter.retries, len(clock.slept)) == (3, 2, 2)


@pytest.mark.parametrize("error", [Unavailable("busy"), RateLimited("slow"), Garbled("half")])
async def test_the_last_error_is_raised_after_all_attempts(error: MapgenError) -> None:
    model, clock = Model(error), Clock()
    tried, meter = retrying(model, clock)
    with pytest.raises(type(error)) as caught:
        await tried.ask(filled())
    assert caught.value is error
    assert (len(model.asked), meter.retries, len(clock.slept)) == (ATTEMPTS, ATTEMPTS - 1, ATTEMPTS - 1)


@pytest.mark.parametrize(
    "error",
    [
        BadAnswer("no"),
        CircuitOpen("no"),
        ConfigError("no"),
        ContentRefused("no"),
        KeyRefused("no"),
        LimitReached("no"),
        UnknownModel("no"),
        WrongProtocol("no"),
        AttributeError("a bug"),
        asyncio.CancelledError(),
    ],
)
async def test_other_errors_are_raised_at_once(error: BaseException) -> None:
    model, clock = Model(error), Clock()
    tried, meter = retrying(model, clock)
    with pytest.raises(type(error)):
        await tried.ask(filled())
    assert (len(model.asked), meter.retries, clock.slept) == (1, 0, [])


def held(error: EndpointError, wait: float) -> EndpointError:
    """The error, as it comes where all calls of its endpoint wait."""
    error.wait = wait
    return error


async def test_it_waits_as_long_as_all_calls_of_the_endpoint_do() -> None:
    model, clock = Model(held(RateLimited("slow"), 1.0), held(Overloaded("busy"), 121.5), Reply(NOTE)), Clock()
    tried, _ = retrying(model, clock)
    await tried.ask(filled())
    assert clock.slept == [1.0, 121.5]


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    model, clock = Model(held(RateLimited("slow down"), 121.0)), Clock()
    tried, meter = retrying(model, clock, deadline=60.0)
    with pytest.raises(LimitReached, match=r"needs 121 s .* 60 s are left: slow down") as caught:
        await tried.ask(filled())
    assert "--deadline" in caught.value.hint
    assert caught.value.exit_code == 75
    assert (len(model.asked), meter.retries, clock.slept) == (1, 0, [])


async def test_waits_have_full_jitter_below_a_doubling_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return high

    monkeypatch.setattr("mapgen.llm.backoff.random.uniform", uniform)
    monkeypatch.setattr("mapgen.llm.retrying.ATTEMPTS", 10)
    tried, _ = retrying(Model(Unavailable("busy")), clock := Clock())
    with pytest.raises(Unavailable):
        await tried.ask(filled())
    assert [low for low, _ in asked] == [0.0] * len(asked)
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


async def test_waits_of_two_askings_differ() -> None:
    clock = Clock()
    for _ in range(5):
        tried, _ = retrying(Model(Unavailable("busy"), Reply(NOTE)), clock)
        await tried.ask(filled())
    assert all(0.0 <= wait <= 0.5 for wait in clock.slept)
    assert len(set(clock.slept)) == 5


async def test_steps_down_the_ladder_cost_no_attempt_no_wait_and_no_count() -> None:
    steps = [FormatUnsupported("no")] * 3
    busy = [Unavailable("busy")] * (ATTEMPTS - 1)
    model, clock = Model(*steps, *busy, Reply(NOTE)), Clock()
    tried, meter = retrying(model, clock)
    assert (await tried.ask(filled())).value == NOTE
    assert clock.slept[:3] == [0.0] * 3
    assert meter.retries == ATTEMPTS - 1
    assert len(model.asked) == 3 + ATTEMPTS


async def test_a_ladder_without_end_ends() -> None:
    model, clock = Model(FormatUnsupported("no")), Clock()
    tried, meter = retrying(model, clock)
    with pytest.raises(FormatUnsupported):
        await tried.ask(filled())
    assert (len(model.asked), meter.retries) == (FORMATS + 1, 0)


async def test_each_asking_has_attempts_of_its_own() -> None:
    model, clock = Model(*[Unavailable("busy")] * 4, Reply(NOTE), *[Unavailable("busy")] * 4, Reply(NOTE)), Clock()
    tried, meter = retrying(model, clock)
    for _ in range(2):
        assert (await tried.ask(filled())).value == NOTE
    assert meter.retries == 8
