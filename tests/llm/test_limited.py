"""Limits: calls, tokens, money, time and calls at once; checked before a call begins, held while it runs."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from pydantic import ValidationError

from mapgen.errors import LimitReached, Unavailable
from mapgen.llm.base import Reply
from mapgen.llm.limited import Budget, Limited, Limits
from mapgen.llm.metered import Meter, Metered
from tests.llm.asking import HOSTED, NOTE, Clock, Model, filled


def limited(
    model: Model, limits: Limits, *, clock: Clock | None = None, timeout: float = 60.0
) -> tuple[Limited, Meter]:
    """A metered ``model`` within ``limits``."""
    meter = Meter()
    budget = Budget(limits, meter, clock or time.monotonic)
    return Limited(Metered(model, meter, endpoint=HOSTED), budget, timeout=timeout), meter


async def test_calls_are_limited() -> None:
    model = Model()
    door, meter = limited(model, Limits(max_calls=2))
    for _ in range(2):
        await door.ask(filled())
    with pytest.raises(LimitReached, match="limit of 2 calls") as caught:
        await door.ask(filled())
    assert "--max-calls" in caught.value.hint
    assert (len(model.asked), meter.calls) == (2, 2)


async def test_calls_are_limited_however_many_come_at_once() -> None:
    model = Model(pause=0.005)
    door, meter = limited(model, Limits(max_calls=3))
    outcomes = await asyncio.gather(*(door.ask(filled()) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, Reply) for one in outcomes) == len(model.asked) == meter.calls == 3
    assert sum(isinstance(one, LimitReached) for one in outcomes) == 7


async def test_tokens_are_limited_and_a_call_may_pass_the_limit() -> None:
    door, meter = limited(Model(Reply(NOTE, input_tokens=70, output_tokens=50)), Limits(max_tokens=100))
    await door.ask(filled())
    with pytest.raises(LimitReached, match="limit of 100 tokens"):
        await door.ask(filled())
    assert meter.tokens == 120


async def test_money_is_limited() -> None:
    door, meter = limited(Model(Reply(NOTE)), Limits(max_cost=0.5))
    await door.ask(filled())
    meter.cost = 0.5
    with pytest.raises(LimitReached, match=r"limit of 0\.5 US dollars"):
        await door.ask(filled())


async def test_after_the_deadline_nothing_begins() -> None:
    clock, model = Clock(), Model()
    door, _ = limited(model, Limits(deadline=30.0), clock=clock)
    clock.now += 29.9
    await door.ask(filled())
    clock.now += 0.2
    with pytest.raises(LimitReached, match="limit of 30 s") as caught:
        await door.ask(filled())
    assert "--deadline" in caught.value.hint
    assert len(model.asked) == 1


async def test_a_call_that_hangs_ends_at_the_deadline() -> None:
    model = Model(60.0)
    door, _ = limited(model, Limits(deadline=0.05))
    began = time.monotonic()
    with pytest.raises((LimitReached, Unavailable)):
        await door.ask(filled())
    assert time.monotonic() - began < 1.0
    assert model.in_flight == 0


async def test_a_call_that_is_slow_is_unavailable_and_gives_its_slot_back() -> None:
    model = Model(60.0, Reply(NOTE))
    door, _ = limited(model, Limits(concurrency=1), timeout=0.03)
    with pytest.raises(Unavailable, match=r"No answer within 0\.03 s") as caught:
        await door.ask(filled())
    assert caught.value.retryable
    assert (await door.ask(filled())).value == NOTE


@pytest.mark.parametrize("most", [1, 3])
async def test_so_many_at_once_and_no_more(most: int) -> None:
    model = Model(pause=0.002)
    door, _ = limited(model, Limits(concurrency=most))
    await asyncio.gather(*(door.ask(filled()) for _ in range(9)))
    assert (model.peak, len(model.asked)) == (most, 9)


async def test_who_waits_for_a_slot_waits_no_longer_than_the_deadline() -> None:
    model = Model(60.0)
    door, _ = limited(model, Limits(concurrency=1, deadline=0.05))
    outcomes = await asyncio.gather(*(door.ask(filled()) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, LimitReached | Unavailable) for one in outcomes)
    assert len(model.asked) == 1


async def test_who_waits_for_a_slot_gains_by_a_deadline_that_moves() -> None:
    model, meter = Model(0.08, Reply(NOTE)), Meter()
    budget = Budget(Limits(concurrency=1, deadline=0.04), meter, time.monotonic)
    first = Limited(model, budget, timeout=60.0)
    tasks = [asyncio.create_task(first.ask(filled())) for _ in range(2)]
    await asyncio.sleep(0.01)
    budget.extend(30.0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in outcomes] == [Unavailable, Reply]


async def test_cancelling_who_waits_loses_no_slot() -> None:
    model = Model(pause=0.02)
    door, _ = limited(model, Limits(concurrency=1))
    tasks = [asyncio.create_task(door.ask(filled())) for _ in range(3)]
    await asyncio.sleep(0.005)
    tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in outcomes] == [Reply, asyncio.CancelledError, Reply]
    assert (await door.ask(filled())).value == NOTE


@pytest.mark.parametrize("wrong", [{"max_calls": 0}, {"deadline": 0.0}, {"concurrency": 0}, {"max_cost": -1.0}])
def test_limits_are_positive(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Limits(**wrong)
