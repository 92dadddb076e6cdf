"""Warming: the common beginning is made ready once, before the askings that share it."""

from __future__ import annotations

import asyncio
import time

import pytest

from mapgen.errors import EngineError
from mapgen.llm.warming import Warming
from mapgen.prompting import Filled, Message
from tests.llm.asking import NOTE, Model, Note, filled


def asking(system: str, *, shared: bool = True) -> Filled[Note]:
    """An asking that begins with ``system``."""
    said = (Message(role="system", content=system), Message(role="user", content="On bread."))
    return filled(messages=said, shared=shared)


class Engine:
    """Remembers what it was warmed with, and how many askings had come by then."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.warmed: list[tuple[str, int]] = []

    def warm(self, beginning: str) -> None:
        """Block for a moment."""
        time.sleep(0.005)
        self.warmed.append((beginning, len(self.model.asked)))


async def test_askings_that_share_a_beginning_find_it_ready() -> None:
    engine = Engine(Model())
    door = Warming(engine.model, engine.warm)
    replies = await asyncio.gather(*(door.ask(asking("Write.")) for _ in range(5)))
    assert [reply.value for reply in replies] == [NOTE] * 5
    assert engine.warmed == [("Write.", 0)]


async def test_an_asking_alone_is_not_worth_it() -> None:
    engine = Engine(Model())
    door = Warming(engine.model, engine.warm)
    await door.ask(asking("Plan.", shared=False))
    assert engine.warmed == []


async def test_another_beginning_is_warmed_anew() -> None:
    engine = Engine(Model())
    door = Warming(engine.model, engine.warm)
    for system in ("Write.", "Write.", "Judge.", "Write."):
        await door.ask(asking(system))
    await door.ask(asking("Plan.", shared=False))
    await door.ask(asking("Write."))
    assert [beginning for beginning, _ in engine.warmed] == ["Write.", "Judge.", "Write."]


async def test_another_beginning_stops_nobody_who_is_being_answered() -> None:
    """Two maps at once in two languages would wait for each other's slots all the time."""
    model = Model(pause=0.02)
    engine = Engine(model)
    door = Warming(model, engine.warm)
    await asyncio.gather(*(door.ask(asking(f"Write in {language}.")) for language in ("French", "German", "French")))
    assert [beginning for beginning, _ in engine.warmed] == ["Write in French."]
    await door.ask(asking("Write in German."))
    assert [beginning for beginning, _ in engine.warmed] == ["Write in French.", "Write in German."]


async def test_the_askings_themselves_run_at_once() -> None:
    model = Model(pause=0.005)
    door = Warming(model, Engine(model).warm)
    await asyncio.gather(*(door.ask(asking("Write.")) for _ in range(5)))
    assert model.peak == 5


async def test_a_warming_that_failed_is_told_and_tried_again() -> None:
    calls: list[str] = []

    def warm(beginning: str) -> None:
        calls.append(beginning)
        if len(calls) == 1:
            raise EngineError("stopped")

    door = Warming(Model(), warm)
    with pytest.raises(EngineError):
        await door.ask(asking("Write."))
    assert (await door.ask(asking("Write."))).value == NOTE
    assert calls == ["Write.", "Write."]
