"""Which sources a session opens, when, and how much of them its models are given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mapgen import Session
from mapgen.errors import LimitReached, MapgenError, SourceError, Stopped
from mapgen.events import ConceptWritten, Event, Preparing
from mapgen.grounding import Grounding, InTime, names_of, room_of
from mapgen.llm.base import Endpoint
from mapgen.model import Query
from mapgen.prompting import Role
from mapgen.settings import Settings
from mapgen.sources.base import NOTHING, Wanted
from mapgen.steps.ground import ROOM, SMALL_ROOM, Room
from tests.scripts import NAMES, QUERY, script

T = TypeVar("T")
LOCAL = Endpoint(kind="embedded", model="local")
HOSTED = Endpoint(kind="hosted", model="m", base_url="https://h/v1")
ENGLISH = Query(text="How do interest rates affect inflation?")
TEXT = "Inflation is a general and lasting rise of prices. " * 12


def roles(planner: Endpoint, writer: Endpoint) -> dict[Role, Endpoint]:
    return {"planner": planner, "writer": writer, "judge": writer}


def grounding(planner: Endpoint = LOCAL, writer: Endpoint = LOCAL, **settings: Any) -> tuple[Grounding, list[Any]]:
    """A session's sources, and what is told and warned."""
    told: list[Any] = []
    made = Settings(**{"cache": False} | settings)
    return Grounding(made, roles(planner, writer), within=at_leisure, warn=told.append, tell=told.append), told


async def at_leisure(work: Callable[[], Awaitable[T]], /) -> T:
    """Let it take its time."""
    return await work()


@pytest.mark.parametrize(
    ("writer", "sources", "query", "expected"),
    [
        (LOCAL, None, ENGLISH, ("encyclopedia",)),
        (LOCAL, None, Query(text="Wie entsteht Inflation?", language="de"), ()),
        (LOCAL, None, Query(text="¿Cómo nace la inflación?", language="es"), ("encyclopedia",)),
        (LOCAL, (), ENGLISH, ()),
        (LOCAL, ("a.txt",), ENGLISH, ("a.txt",)),
        (HOSTED, None, ENGLISH, ()),
        (HOSTED, ("wikipedia", "a.txt"), ENGLISH, ("wikipedia", "a.txt")),
        (Endpoint(kind="scripted", model="scripted:a"), None, ENGLISH, ()),
    ],
)
def test_the_encyclopedia_is_used_by_itself_for_the_embedded_writer_alone(
    writer: Endpoint, sources: tuple[str, ...] | None, query: Query, expected: tuple[str, ...]
) -> None:
    assert names_of(Settings(sources=sources), query, asked=roles(HOSTED, writer)) == expected


def test_without_the_extra_the_embedded_model_has_no_source_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.sources.encyclopedia.PACKAGE", "no_such_package")
    assert names_of(Settings(), ENGLISH, asked=roles(LOCAL, LOCAL)) == ()


def test_a_model_on_this_machine_is_given_less() -> None:
    assert room_of(roles(HOSTED, HOSTED)) == ROOM
    assert room_of(roles(LOCAL, LOCAL)) == SMALL_ROOM
    assert room_of(roles(HOSTED, LOCAL)) == Room(plan=ROOM.plan, write=SMALL_ROOM.write)


async def test_no_sources_are_no_finder() -> None:
    assert await grounding(sources=())[0].finder(ENGLISH) is None


async def test_sources_are_opened_once_and_that_is_told(tmp_path: Path) -> None:
    file = tmp_path / "prices.txt"
    file.write_text(TEXT, "utf-8")
    made, told = grounding(sources=(str(file),))
    first = await made.finder(ENGLISH)
    assert first is not None
    assert await made.finder(ENGLISH) is first
    reading = [event for event in told if isinstance(event, Preparing)]
    assert len(reading) == 1
    assert "prices.txt" in reading[0].what
    found = await first.find(Wanted(query="inflation prices", language="en"))
    assert "lasting rise of prices" in found.passages[0].text
    made.close()
    made.close()


async def test_what_cannot_be_opened_is_raised_each_time(tmp_path: Path) -> None:
    events: list[Event] = []
    made, _ = grounding(sources=(str(tmp_path / "none.txt"),))
    for _ in range(2):
        with pytest.raises(SourceError, match=r"none\.txt"):
            await made.finder(ENGLISH)
    assert events == []
    made.close()


class Never:
    """A Finder, and what opens one, that never comes back."""

    name = "never"

    def __init__(self) -> None:
        self.waiting = asyncio.Event()

    async def opened(self, *names: Any, **more: Any) -> Any:
        """For ever."""
        self.waiting.set()
        await asyncio.Event().wait()

    async def find(self, wanted: Wanted) -> Any:
        """For ever."""
        await self.opened()

    def fingerprint(self) -> None:
        """None."""

    def close(self) -> None:
        """Nothing."""


class OneNever(Never):
    """It finds nothing at once, but for Inflation."""

    async def find(self, wanted: Wanted) -> Any:
        """Nothing, or never."""
        return await super().find(wanted) if wanted.name == "Inflation" else NOTHING


async def test_the_deadline_ends_the_opening_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.sources.opening.opened", Never().opened)
    async with Session(
        model="m", base_url="http://127.0.0.1:9/v1", cache=False, deadline=0.1, sources=["a"]
    ) as session:
        with pytest.raises(LimitReached, match=r"0\.1 s"):
            await session.generate(ENGLISH.text)


async def test_a_stop_ends_the_opening_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    never = Never()
    monkeypatch.setattr("mapgen.sources.opening.opened", never.opened)
    async with Session(model="m", base_url="http://127.0.0.1:9/v1", cache=False, sources=["a"]) as session:
        making = asyncio.ensure_future(session.generate(ENGLISH.text))
        await never.waiting.wait()
        session.stop()
        with pytest.raises(Stopped):
            await making


@pytest.mark.parametrize("error", [LimitReached("over"), Stopped("stopped")])
async def test_a_look_up_that_is_ended_finds_nothing(error: MapgenError) -> None:
    async def ended(work: Callable[[], Awaitable[T]], /) -> T:
        raise error

    assert await InTime(Never(), ended).find(Wanted(query="q", language="en")) == NOTHING
    assert InTime(Never(), ended).fingerprint() is None


async def test_a_look_up_that_hangs_does_not_outlast_a_stop_and_what_is_written_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One concept's look-up hangs; the others' find nothing, and are written before the stop."""
    library, written = OneNever(), asyncio.Event()
    events: list[Event] = []

    async def opened(*names: Any, **more: Any) -> Any:
        return library

    def watch(event: Event) -> None:
        events.append(event)
        if [type(one) for one in events].count(ConceptWritten) == len(NAMES) - 1:
            written.set()

    monkeypatch.setattr("mapgen.sources.opening.opened", opened)
    async with Session(model=script(tmp_path), cache=False, sources=["a"]) as session:
        making = asyncio.ensure_future(session.generate(QUERY, watch=watch))
        await library.waiting.wait()
        await written.wait()
        session.stop()
        map = await making
    assert map.status == "incomplete"
    assert [one.name for one in map.concepts if not one.definition] == ["Inflation"]
