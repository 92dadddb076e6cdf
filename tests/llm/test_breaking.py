"""The circuit breaker: when it opens, what calls get meanwhile, and what closes it; no second passes here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mapgen.errors import (
    BadAnswer,
    CircuitOpen,
    ContentRefused,
    Garbled,
    InputError,
    KeyRefused,
    LimitReached,
    MapgenError,
    Overloaded,
    RateLimited,
    Unavailable,
)
from mapgen.llm.base import Reply
from mapgen.llm.breaking import ASKINGS, REST, SPAN, Breaking, Circuit
from mapgen.prompting import Filled, Message
from tests.llm.asking import NOTE, Clock, Model, filled

DOWN = Unavailable("broken")


def breaking(model: Model, clock: Clock) -> Breaking:
    """``model`` behind a circuit breaker."""
    return Breaking(model, Circuit("llm.example", clock=clock))


def asking(number: int) -> Filled[Any]:
    """An asking that differs from those of other numbers."""
    return filled(messages=(Message(role="user", content=str(number)),))


async def outcome(door: Breaking, number: int = 0) -> str:
    """The name of what an asking gives or raises."""
    try:
        return type(await door.ask(asking(number))).__name__
    except MapgenError as error:
        return type(error).__name__


async def opened(model: Model, clock: Clock) -> Breaking:
    """A breaker whose circuit has just opened."""
    door = breaking(model, clock)
    assert [await outcome(door, number) for number in range(ASKINGS - 1)] == ["Unavailable"] * (ASKINGS - 1)
    clock.now += SPAN
    assert await outcome(door, ASKINGS - 1) == "CircuitOpen"
    return door


async def test_an_open_circuit_sends_nothing_and_says_why() -> None:
    model, clock = Model(DOWN), Clock()
    door = await opened(model, clock)
    clock.now += REST - 0.5
    with pytest.raises(CircuitOpen) as caught:
        await door.ask(asking(9))
    assert caught.value.message == "llm.example failed 5 times in a row, and is left alone for a while: broken"
    assert (caught.value.exit_code, caught.value.retryable) == (69, False)
    assert "later" in caught.value.hint
    assert len(model.asked) == ASKINGS


async def test_what_fails_together_is_one_event() -> None:
    door = breaking(Model(DOWN), Clock())
    assert {await outcome(door, number) for number in range(50)} == {"Unavailable"}


async def test_a_few_askings_that_always_fail_open_nothing() -> None:
    clock = Clock()
    door = breaking(Model(DOWN), clock)
    for number in range(50):
        clock.now += SPAN
        assert await outcome(door, number % (ASKINGS - 1)) == "Unavailable"


ANSWERS: dict[str, Reply[Any] | MapgenError] = {
    "an answer": Reply(NOTE),
    "prose": BadAnswer("prose"),
    "a broken body": Garbled("half"),
    "a rate limit": RateLimited("slow"),
    "a refusal": ContentRefused("no"),
    "too much": InputError("long"),
    "a bad key": KeyRefused("who?"),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_whatever_an_endpoint_says_it_works(name: str) -> None:
    clock = Clock()
    door = breaking(Model(*[DOWN] * (ASKINGS - 1), ANSWERS[name], DOWN), clock)
    for number in range(ASKINGS):
        await outcome(door, number)
    clock.now += SPAN
    assert await outcome(door, 99) == "Unavailable"


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_probe_that_is_answered_closes_the_circuit(name: str) -> None:
    model, clock = Model(*[DOWN] * ASKINGS, ANSWERS[name], Reply(NOTE)), Clock()
    door = await opened(model, clock)
    clock.now += REST
    assert await outcome(door) == type(ANSWERS[name]).__name__
    assert [await outcome(door), await outcome(door)] == ["Reply", "Reply"]


async def test_a_probe_that_fails_leaves_it_open_for_another_rest() -> None:
    model, clock = Model(DOWN), Clock()
    door = await opened(model, clock)
    for _ in range(3):
        clock.now += REST
        assert [await outcome(door), await outcome(door)] == ["CircuitOpen"] * 2
    assert len(model.asked) == ASKINGS + 3


async def test_one_call_is_the_probe_and_the_others_fail_meanwhile() -> None:
    model, clock = Model(*[DOWN] * ASKINGS, Reply(NOTE), pause=0.001), Clock()
    door = await opened(model, clock)
    clock.now += REST
    found = await asyncio.gather(*(outcome(door, number) for number in range(4)))
    assert found == ["Reply", "CircuitOpen", "CircuitOpen", "CircuitOpen"]


@pytest.mark.parametrize("ended", [LimitReached("time"), asyncio.CancelledError()])
async def test_a_probe_without_a_verdict_makes_room_for_the_next(ended: BaseException) -> None:
    model, clock = Model(*[DOWN] * ASKINGS, ended, Reply(NOTE)), Clock()
    door = await opened(model, clock)
    clock.now += REST
    with pytest.raises(type(ended)):
        await door.ask(asking(1))
    assert await outcome(door) == "Reply"


async def test_overload_counts_like_any_failure() -> None:
    clock = Clock()
    door = breaking(Model(Overloaded("busy")), clock)
    found = []
    for number in range(ASKINGS):
        found.append(await outcome(door, number))
        clock.now += SPAN
    assert found == ["Overloaded"] * (ASKINGS - 1) + ["CircuitOpen"]
