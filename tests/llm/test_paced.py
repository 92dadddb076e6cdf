"""The pace of an endpoint: waits that all calls share, fewer calls at once after a 429; no second passes here."""

from __future__ import annotations

import asyncio
from copy import copy
from typing import Any

import pytest

from mapgen.errors import BadAnswer, LimitReached, MapgenError, Overloaded, RateLimited, Unavailable
from mapgen.llm.base import Reply
from mapgen.llm.limited import Budget, Limits
from mapgen.llm.metered import Meter
from mapgen.llm.paced import PATIENCE, Pace, Paced
from mapgen.llm.retrying import Retrying
from tests.llm.asking import NOTE, Clock, Model, filled

SLOW = RateLimited("slow down")


@pytest.fixture(autouse=True)
def ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every backoff is as long as it may be."""
    monkeypatch.setattr("mapgen.llm.backoff.random.uniform", lambda low, high: high)


def paced(model: Model, clock: Clock, **limits: Any) -> tuple[Paced, Pace]:
    """``model`` at the pace of its endpoint."""
    pace = Pace(Budget(Limits(**limits), Meter(), clock), sleep=clock.sleep)
    return Paced(model, pace), pace


async def failing(door: Paced, *, times: int = 1) -> list[Any]:
    """The errors of so many askings, one after the other, each as it was then."""
    found = []
    for _ in range(times):
        with pytest.raises(MapgenError) as caught:
            await door.ask(filled())
        found.append(copy(caught.value))
    return found


async def at_once(door: Any, number: int) -> list[Any]:
    """What so many askings at once give."""
    return await asyncio.gather(*(door.ask(filled()) for _ in range(number)), return_exceptions=True)


@pytest.mark.parametrize("kind", [RateLimited, Overloaded])
async def test_what_one_call_is_told_to_wait_the_others_wait_too(kind: type[RateLimited | Overloaded]) -> None:
    model, clock = Model(kind("wait", retry_after=7.0), Reply(NOTE)), Clock()
    door, _ = paced(model, clock)
    (error,) = await failing(door)
    assert error.wait == 7.0
    clock.now += 2.0
    assert (await door.ask(filled())).value == NOTE
    assert (clock.slept, clock.now) == ([5.0], 1_007.0)
    await door.ask(filled())
    assert clock.slept == [5.0]


async def test_the_longest_wait_that_was_asked_for_holds() -> None:
    clock = Clock()
    model = Model(RateLimited("a", retry_after=9.0), RateLimited("b", retry_after=2.0), Reply(NOTE), pause=0.001)
    door, pace = paced(model, clock, concurrency=4)
    first, second = await at_once(door, 2)
    assert (first.wait, second.wait) == (9.0, 9.0)
    await door.ask(filled())
    assert clock.slept == [9.0]
    assert pace.slots.limit == 2


async def test_waits_without_a_word_double_with_each_round_and_begin_anew_after_a_success() -> None:
    clock = Clock()
    door, _ = paced(Model(SLOW, Overloaded("busy"), SLOW, Reply(NOTE), SLOW), clock)
    assert [error.wait for error in await failing(door, times=3)] == [0.5, 1.0, 2.0]
    await door.ask(filled())
    assert [error.wait for error in await failing(door)] == [0.5]
    assert clock.slept == [0.5, 1.0, 2.0]


async def test_to_wait_no_time_is_no_word_on_how_long() -> None:
    door, _ = paced(Model(RateLimited("wait", retry_after=0.0), Overloaded("wait", retry_after=0.0)), Clock())
    told, silent = await failing(door, times=2), await failing(paced(Model(SLOW), Clock())[0], times=2)
    assert [error.wait for error in told] == [error.wait for error in silent]
    assert all(error.wait > 0.0 for error in told)


async def test_a_burst_that_is_refused_together_is_one_refusal() -> None:
    clock = Clock()
    door, pace = paced(Model(SLOW, pause=0.001), clock, concurrency=16)
    errors = await at_once(door, 8)
    assert [error.wait for error in errors] == [0.5] * 8
    assert pace.slots.limit == 8
    await at_once(door, 8)
    assert pace.slots.limit == 4
    assert clock.slept == [0.5]


async def test_a_success_that_began_before_a_refusal_does_not_end_it() -> None:
    door, _ = paced(Model(SLOW, 0.01, SLOW), Clock())
    await at_once(door, 2)
    (error,) = await failing(door)
    assert error.wait == 1.0


@pytest.mark.parametrize("error", [Overloaded("busy"), Unavailable("broken"), BadAnswer("prose")])
async def test_only_a_rate_limit_takes_slots(error: MapgenError) -> None:
    door, pace = paced(Model(error), Clock(), concurrency=8)
    await failing(door, times=3)
    assert pace.slots.limit == 8


async def test_slots_come_back_with_success_and_never_beyond_the_setting() -> None:
    model = Model(SLOW, Reply(NOTE), pause=0.001)
    door, pace = paced(model, Clock(), concurrency=4)
    await failing(door)
    model.peak = 0
    assert pace.slots.limit == 2
    await at_once(door, 2)
    assert model.peak == 2
    await at_once(door, 20)
    assert (model.peak, pace.slots.limit) == (4, 4)


async def test_an_invalid_answer_went_through_all_the_same() -> None:
    door, pace = paced(Model(SLOW, BadAnswer("prose"), SLOW), Clock(), concurrency=2)
    first, _, last = await failing(door, times=3)
    assert (first.wait, last.wait) == (0.5, 0.5)
    assert pace.slots.limit == 1


@pytest.mark.parametrize(("wait", "told"), [(121.0, "121"), (1e308, "1e+308")])
async def test_who_would_wait_beyond_the_deadline_is_told_at_once(wait: float, told: str) -> None:
    model, clock = Model(RateLimited("quota resets", retry_after=wait)), Clock()
    door, _ = paced(model, clock, deadline=60.0)
    await failing(door)
    (error,) = await failing(door)
    assert isinstance(error, LimitReached)
    assert error.message == f"The endpoint needs {told} s before it can be asked again, and 60 s are left: quota resets"
    assert (len(model.asked), clock.slept) == (1, [])


async def test_patience_ends_and_then_calls_fail_without_a_request_until_the_wait_is_over() -> None:
    model, clock = Model(SLOW), Clock()
    door, _ = paced(model, clock)
    errors = await failing(door, times=PATIENCE + 3)
    assert [type(error) for error in errors] == [RateLimited] * (PATIENCE - 1) + [LimitReached] * 4
    assert errors[-1].message == f"The endpoint asked to wait {PATIENCE} times in a row: slow down"
    assert (errors[-1].exit_code, len(model.asked)) == (75, PATIENCE)
    clock.now += 30.0
    model._outcomes = [Reply(NOTE)]
    assert (await door.ask(filled())).value == NOTE
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


async def test_retries_wait_as_long_as_all_and_once() -> None:
    model, clock = Model(RateLimited("wait", retry_after=3.0), SLOW, Reply(NOTE)), Clock()
    door, _ = paced(model, clock)
    tried = Retrying(door, Meter(), sleep=clock.sleep, remaining=lambda: 900.0)
    assert (await tried.ask(filled())).value == NOTE
    assert (clock.slept, clock.now) == ([3.0, 1.0], 1_004.0)


async def test_cancelled_calls_give_their_slots_back() -> None:
    door, pace = paced(Model(60.0, Reply(NOTE)), Clock(), concurrency=1)
    tasks = [asyncio.create_task(door.ask(filled())) for _ in range(2)]
    await asyncio.sleep(0.005)
    tasks[0].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in outcomes] == [asyncio.CancelledError, Reply]
    assert (await door.ask(filled())).value == NOTE
    assert pace.slots.limit == 1
