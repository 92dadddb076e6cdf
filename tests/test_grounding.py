"""Which sources a session opens, when, and how much of them its models are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import SourceError
from mapgen.events import Event, Preparing
from mapgen.grounding import Grounding, names_of, room_of
from mapgen.llm.base import Endpoint
from mapgen.model import Query
from mapgen.prompting import Role
from mapgen.settings import Settings
from mapgen.sources.base import Wanted
from mapgen.steps.ground import ROOM, SMALL_ROOM, Room

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
    return Grounding(made, roles(planner, writer), warn=told.append, tell=told.append), told


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
