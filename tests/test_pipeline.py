"""The graph: order, what runs at once, what fails alone, and how often is repaired."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from mapgen.errors import BadAnswer, ConfigError, KeyRefused, LimitReached, MapgenError, Unavailable
from mapgen.events import Checked, ConceptWritten, Event, Planned, Related, Repaired
from mapgen.llm.base import Reply
from mapgen.model import KnowledgeMap, Query
from mapgen.pipeline import attempt, build, run
from mapgen.prompting import Filled, PromptSet, builtin_folder
from mapgen.state import Failure
from tests.scripts import (
    NAMES,
    QUERY,
    SCOPES,
    TEXTS,
    Counting,
    Line,
    bad_lines,
    failing,
    good_lines,
    good_map,
    headed_lines,
    relate_answer,
    repair_line,
)

PROMPTS = PromptSet(builtin_folder())
GONE = Unavailable("The endpoint is gone.")


async def made(llm: Any, **query: Any) -> tuple[KnowledgeMap, int, list[Event]]:
    """The map, the number of repairs, and the events."""
    events: list[Event] = []
    map, repairs, _ = await run(Query.of(QUERY, **query), llm=llm, prompts=PROMPTS, emit=events.append)
    return map, repairs, events


def replaced(lines: Sequence[Line], **by_prompt: Line) -> list[Line]:
    """The lines, with the one of each of those prompts replaced."""
    return [by_prompt.get(line["prompt"], line) for line in lines]


async def test_a_good_map_takes_the_plan_the_writes_and_the_relate() -> None:
    llm = Counting()
    map, repairs, _ = await made(llm)
    assert map == good_map()
    assert repairs == 0
    assert llm.prompts()[0] == "plan"
    assert sorted(llm.prompts()[1:]) == ["relate", *["write"] * len(NAMES)]


async def test_events_come_in_order() -> None:
    _, _, events = await made(Counting())
    assert isinstance(events[0], Planned)
    second = events[1:-1]
    assert {type(event) for event in second} == {ConceptWritten, Related}
    written = [event.concept for event in second if isinstance(event, ConceptWritten)]
    assert sorted(written, key=lambda one: one.rank) == list(good_map().concepts)
    assert events[-1] == Checked(problems=())


class Barrier(Counting):
    """Answers the second wave only when as many calls as expected are in flight."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self._expected = expected
        self._full = asyncio.Event()
        self._waiting = 0

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        if filled.prompt != "plan":
            self._waiting += 1
            if self._waiting == self._expected:
                self._full.set()
            async with asyncio.timeout(5):
                await self._full.wait()
        return await super().ask(filled)


async def test_all_writes_and_the_relate_are_in_flight_together() -> None:
    map, _, _ = await made(Barrier(len(NAMES) + 1))
    assert map.status == "complete"


async def test_nothing_is_in_flight_beside_the_plan() -> None:
    running: list[tuple[str, int]] = []
    llm = Counting(fault=lambda filled: running.append((filled.prompt, llm.now)))
    await made(llm)
    assert running[0] == ("plan", 1)
    assert llm.most == len(NAMES) + 1


async def test_a_write_that_fails_is_a_value_and_its_siblings_live() -> None:
    llm = Counting([*good_lines(), repair_line("none")], fault=failing("write", GONE, match=SCOPES["Inflation"]))
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert [one.status for one in map.concepts] == ["complete", "incomplete", "complete", "complete"]
    assert [one.definition for one in map.concepts] == [
        texts[0] if name != "Inflation" else "" for name, texts in TEXTS.items()
    ]
    assert [(problem.code, problem.where) for problem in map.problems] == [
        ("not-written", "concepts.inflation.definition"),
        ("not-written", "concepts.inflation.relevance"),
        ("not-mended", "map"),
    ]
    assert [problem.message for problem in map.problems][1:] == [
        "The endpoint is gone.",
        "1 part could not be mended: The answer holds no whole JSON object.",
    ]


@pytest.mark.parametrize("error", [GONE, LimitReached("used up"), BadAnswer("no"), KeyRefused("quota")])
async def test_a_write_that_failed_is_repaired(error: MapgenError) -> None:
    texts = dict(zip(("definition", "relevance"), TEXTS["Inflation"], strict=True))
    llm = Counting([*good_lines(), repair_line(texts)], fault=failing("write", error, match=SCOPES["Inflation"]))
    map, repairs, events = await made(llm)
    assert map == good_map()
    assert repairs == 1
    assert llm.prompts().count("repair") == 1
    assert Repaired(round=1, parts=1) in events


async def test_a_failing_relate_leaves_a_map_without_relations() -> None:
    llm = Counting([*good_lines(), repair_line("nothing")], fault=failing("relate", GONE))
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert map.relations == ()
    assert {one.status for one in map.concepts} == {"complete"}
    assert [(one.code, one.where, one.message) for one in map.problems] == [
        ("not-related", "relations", "The endpoint is gone."),
        ("not-mended", "map", "1 part could not be mended: The answer holds no whole JSON object."),
    ]


async def test_relations_that_failed_are_repaired() -> None:
    llm = Counting([*good_lines(), repair_line(relate_answer())], fault=failing("relate", GONE))
    map, repairs, _ = await made(llm)
    assert map.status == "complete"
    assert {(one.source, one.target) for one in map.relations} == {
        (one.source, one.target) for one in good_map().relations
    }
    assert repairs == 1


async def test_no_written_concept_is_the_first_failure() -> None:
    llm = Counting(fault=failing("write", GONE))
    with pytest.raises(Unavailable, match="The endpoint is gone"):
        await made(llm)
    assert "repair" not in llm.prompts()


@pytest.mark.parametrize("error", [GONE, BadAnswer("no plan"), LimitReached("used up")])
async def test_a_failing_plan_is_raised(error: MapgenError) -> None:
    llm = Counting(fault=failing("plan", error))
    with pytest.raises(type(error)):
        await made(llm)
    assert llm.prompts() == ["plan"]


@pytest.mark.parametrize("prompt", ["plan", "write", "relate", "repair"])
async def test_a_config_error_stops_everything(prompt: str) -> None:
    llm = Counting(bad_lines(), fault=failing(prompt, ConfigError("No key.")))
    with pytest.raises(ConfigError, match="No key"):
        await made(llm)
    assert llm.now == 0


async def test_the_same_script_gives_the_same_map() -> None:
    maps = [(await made(Counting(headed_lines())))[0] for _ in range(3)]
    assert maps[0] == maps[1] == maps[2]


async def test_many_maps_at_once_do_not_know_each_other() -> None:
    results = await asyncio.gather(*(made(Counting(lines)) for lines in (good_lines(), bad_lines(), headed_lines())))
    assert [map.status for map, _, _ in results] == ["complete", "incomplete", "complete"]


async def test_an_attempt_lets_only_config_errors_and_bugs_through() -> None:
    async def raising(error: Exception) -> None:
        raise error

    assert await attempt(raising(GONE)) == Failure(GONE)
    for error in (ConfigError("c"), ValueError("bug")):
        with pytest.raises(type(error)):
            await attempt(raising(error))


def test_the_graph_is_built_once() -> None:
    assert build() is build()
    assert set(build().get_graph().nodes) >= {"plan", "write", "relate", "check", "repair"}
