"""Askings that are ended from outside: those in flight at once, later ones before they begin."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mapgen.errors import Stopped
from mapgen.llm.base import Reply
from mapgen.llm.stopping import Stop, Stoppable
from mapgen.prompting import Filled
from tests.llm.asking import NOTE, Model, filled


class Hanging:
    """A model that answers when it is told to, and says how its askings ended."""

    def __init__(self) -> None:
        self.answer = asyncio.Event()
        self.asked = self.cancelled = 0

    async def ask(self, filled: Filled[Any], /) -> Any:
        self.asked += 1
        try:
            await self.answer.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Reply(NOTE)


async def test_what_is_in_flight_ends_and_nothing_more_begins() -> None:
    model, stop = Hanging(), Stop()
    door = Stoppable(model, stop)
    asking = [asyncio.ensure_future(door.ask(filled())) for _ in range(3)]
    await asyncio.sleep(0)
    stop.now()
    stop.now()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(one) for one in found] == [Stopped] * 3
    with pytest.raises(Stopped) as caught:
        await door.ask(filled())
    assert (model.asked, model.cancelled) == (3, 3)
    assert (caught.value.exit_code, caught.value.retryable) == (130, False)
    assert caught.value.hint


async def test_what_was_answered_stays() -> None:
    stop = Stop()
    door = Stoppable(Model(Reply(NOTE)), stop)
    assert (await door.ask(filled())).value == NOTE
    stop.now()
    assert stop.stopped


async def test_who_gives_up_waiting_is_not_told_that_it_was_stopped() -> None:
    model = Hanging()
    asking = asyncio.ensure_future(Stoppable(model, Stop()).ask(filled()))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert model.cancelled == 1
