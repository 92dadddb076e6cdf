"""A model that starts with its first asking: once, whoever asks, and not at the deadline's cost."""

from __future__ import annotations

import asyncio

import pytest

from mapgen.errors import EngineError
from mapgen.llm.base import LLM
from mapgen.llm.limited import Budget, Limits
from mapgen.llm.metered import Meter
from mapgen.llm.starting import Started, Starting
from tests.llm.asking import NOTE, Clock, Model, filled


def budget(clock: Clock) -> Budget:
    """Sixty seconds from now."""
    return Budget(Limits(deadline=60.0), Meter(), clock)


async def test_nothing_starts_before_the_first_asking() -> None:
    started: list[Model] = []

    async def start() -> LLM:
        await asyncio.sleep(0)
        started.append(Model())
        return started[-1]

    door = Started(Starting(start, budget(Clock())), lambda model: model)
    assert started == []
    replies = await asyncio.gather(*(door.ask(filled()) for _ in range(5)))
    assert [reply.value for reply in replies] == [NOTE] * 5
    assert [len(model.asked) for model in started] == [5]


async def test_the_time_of_starting_is_given_back() -> None:
    clock = Clock()
    limits = budget(clock)

    async def start() -> LLM:
        clock.now += 50.0
        return Model()

    starting = Starting(start, limits)
    await starting.model()
    assert limits.remaining() == 60.0
    clock.now += 10.0
    await starting.model()
    assert limits.remaining() == 50.0


async def test_a_start_that_failed_is_told_and_tried_again() -> None:
    attempts = 0

    async def start() -> LLM:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise EngineError("no memory")
        return Model()

    door = Started(Starting(start, budget(Clock())), lambda model: model)
    with pytest.raises(EngineError, match="no memory"):
        await door.ask(filled())
    assert (await door.ask(filled())).value == NOTE


async def test_each_door_wraps_the_same_model_in_its_own_way() -> None:
    inner, other = Model(), Model()

    async def start() -> LLM:
        return inner

    starting = Starting(start, budget(Clock()))
    seen: list[LLM] = []

    def wrap(model: LLM) -> LLM:
        seen.append(model)
        return other

    await Started(starting, lambda model: model).ask(filled())
    await Started(starting, wrap).ask(filled())
    assert seen == [inner]
    assert (len(inner.asked), len(other.asked)) == (1, 1)
