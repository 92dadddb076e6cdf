"""Slots: how many calls run at once, in turn, growing by one a round and halved at a word."""

from __future__ import annotations

import asyncio

import pytest

from mapgen.llm.slots import Slots


async def taking(slots: Slots, number: int) -> list[asyncio.Task[None]]:
    """So many takers, each at its place in the queue or served."""
    takers = [asyncio.create_task(slots.take()) for _ in range(number)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return takers


def served(takers: list[asyncio.Task[None]]) -> list[bool]:
    return [taker.done() and not taker.cancelled() for taker in takers]


async def test_so_many_are_served_and_the_others_in_turn() -> None:
    slots = Slots(2)
    takers = await taking(slots, 4)
    assert served(takers) == [True, True, False, False]
    slots.give()
    await asyncio.sleep(0)
    assert served(takers) == [True, True, True, False]
    slots.give()
    await asyncio.sleep(0)
    assert served(takers) == [True] * 4


@pytest.mark.parametrize(("most", "limits"), [(16, [8, 4, 2, 1, 1]), (5, [2, 1, 1]), (1, [1, 1])])
def test_halving_ends_at_one(most: int, limits: list[int]) -> None:
    slots, found = Slots(most), []
    for _ in limits:
        slots.halve()
        found.append(slots.limit)
    assert found == limits


def test_growing_is_one_more_after_a_round_and_ends_at_the_most() -> None:
    slots = Slots(4)
    slots.halve()
    slots.halve()
    found = []
    for _ in range(12):
        slots.grow()
        found.append(slots.limit)
    assert found == [2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4]


async def test_fewer_slots_leave_the_calls_that_run_alone_and_wait_for_them() -> None:
    slots = Slots(4)
    await taking(slots, 4)
    slots.halve()
    (late,) = await taking(slots, 1)
    for done in (False, False, True):
        slots.give()
        await asyncio.sleep(0)
        assert late.done() is done


async def test_growing_serves_who_waits() -> None:
    slots = Slots(2)
    slots.halve()
    takers = await taking(slots, 2)
    assert served(takers) == [True, False]
    slots.grow()
    await asyncio.sleep(0)
    assert served(takers) == [True, True]


async def test_cancelling_who_waits_or_was_just_served_loses_no_slot() -> None:
    slots = Slots(1)
    takers = await taking(slots, 3)
    takers[1].cancel()
    slots.give()
    await asyncio.gather(*takers[1:2], return_exceptions=True)
    await asyncio.sleep(0)
    assert served(takers) == [True, False, True]
    (last,) = await taking(slots, 1)
    slots.give()
    last.cancel()
    await asyncio.gather(last, return_exceptions=True)
    assert last.cancelled()
    assert served(await taking(slots, 1)) == [True]
