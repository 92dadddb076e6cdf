"""The doors: synchronous, asynchronous, streaming; inside a running loop; and what closing early stops."""

from __future__ import annotations

import asyncio
import inspect
import threading
from pathlib import Path
from typing import Any

import pytest

import mapgen
from mapgen import agenerate, generate, stream
from mapgen.errors import ConfigError, InputError
from mapgen.events import Checked, ConceptWritten, Done, Event, Planned, Related, Spent
from mapgen.model import KnowledgeMap
from tests.scripts import NAMES, QUERY, bad_lines, good_lines, good_map, script


def bare(map: KnowledgeMap) -> KnowledgeMap:
    return map.model_copy(update={"made": None})


def slow(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, the writes of which take a minute."""
    return [line | ({"delay": 60} if line["prompt"] == "write" else {}) for line in lines]


def others() -> set[asyncio.Task[Any]]:
    current = asyncio.current_task()
    return {task for task in asyncio.all_tasks() if task is not current}


def test_a_map_is_generated(tmp_path: Path) -> None:
    events: list[Event] = []
    map = generate(QUERY, model=script(tmp_path), cache=False, watch=events.append)
    assert bare(map) == good_map()
    assert events[-1] == Done(map=map)
    assert isinstance(map, KnowledgeMap)


async def test_it_is_generated_inside_a_running_loop(tmp_path: Path) -> None:
    before = threading.active_count()
    assert bare(generate(QUERY, model=script(tmp_path), cache=False)) == good_map()
    assert threading.active_count() == before


async def test_errors_come_out_of_a_running_loop_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        generate("", model=script(tmp_path))
    with pytest.raises(ConfigError, match="needs an API key"):
        generate(QUERY, model="gpt-5-mini")


def test_errors_are_raised(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty"):
        generate(" ", model=script(tmp_path))
    with pytest.raises(ConfigError, match="There is no setting 'modle'"):
        generate(QUERY, modle="x")  # type: ignore[call-arg]


async def test_it_can_be_awaited_many_at_once(tmp_path: Path) -> None:
    model = script(tmp_path)
    maps = await asyncio.gather(*(agenerate(QUERY, model=model, cache=False) for _ in range(5)))
    assert {bare(map).to_json() for map in maps} == {good_map().to_json()}
    assert not others()


def test_an_incomplete_map_is_returned_and_says_so(tmp_path: Path) -> None:
    map = generate(QUERY, model=script(tmp_path, bad_lines()), cache=False)
    assert map.status == "incomplete"
    assert map.problems


def test_the_options_reach_the_pipeline(tmp_path: Path) -> None:
    map = generate(QUERY, model=script(tmp_path), cache=False, concepts=3, language="English")
    assert len(map.concepts) == 3
    assert map.language == "en"


def test_the_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_MODEL", script(tmp_path))
    monkeypatch.setenv("MAPGEN_CACHE", "0")
    assert bare(generate(QUERY)) == good_map()


async def test_a_stream_tells_all_in_order_and_ends_with_the_map(tmp_path: Path) -> None:
    events = [event async for event in stream(QUERY, model=script(tmp_path), cache=False)]
    kinds = [type(event) for event in events if not isinstance(event, Spent)]
    assert kinds[0] is Planned
    assert kinds[-2:] == [Checked, Done]
    assert sorted(kind.__name__ for kind in kinds[1:-2]) == [*["ConceptWritten"] * len(NAMES), "Related"]
    assert isinstance(events[-1], Done)
    assert bare(events[-1].map) == good_map()
    assert not others()


async def test_concepts_land_as_they_are_written(tmp_path: Path) -> None:
    lines = [line | {"delay": 0.1 if line.get("match") else 0} for line in good_lines()]
    lines[2]["delay"] = 0
    landed = [
        event.concept.name
        async for event in stream(QUERY, model=script(tmp_path, lines), cache=False)
        if isinstance(event, ConceptWritten)
    ]
    assert landed[0] == NAMES[1]
    assert sorted(landed) == sorted(NAMES)


async def test_closing_a_stream_stops_the_work_and_leaves_no_task(tmp_path: Path) -> None:
    events = stream(QUERY, model=script(tmp_path, slow(good_lines())), cache=False)
    seen = [type(event) async for event in _until(events, Related)]
    assert Planned in seen
    assert not others()


async def _until(events: Any, kind: type) -> Any:
    """The events up to one of a kind; then the stream is closed."""
    try:
        async for event in events:
            yield event
            if isinstance(event, kind):
                return
    finally:
        await events.aclose()


async def test_cancelling_a_generation_leaves_no_task(tmp_path: Path) -> None:
    planned = asyncio.Event()
    task = asyncio.create_task(
        agenerate(
            QUERY,
            model=script(tmp_path, slow(good_lines())),
            cache=False,
            watch=lambda event: planned.set() if isinstance(event, Planned) else None,
        )
    )
    async with asyncio.timeout(20):
        await planned.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not others()


async def test_an_error_comes_out_of_the_stream(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The script has no answer left"):
        async for _ in stream(QUERY, model=script(tmp_path, good_lines()[:1]), cache=False):
            pass
    assert not others()


async def test_a_query_without_use_is_an_error_before_any_event(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        await anext(stream("?!", model=script(tmp_path)))


async def test_a_watcher_that_raises_ends_the_run(tmp_path: Path) -> None:
    def watch(event: Event) -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        await agenerate(QUERY, model=script(tmp_path), cache=False, watch=watch)


async def test_a_deadline_ends_a_slow_run(tmp_path: Path) -> None:
    map = await agenerate(QUERY, model=script(tmp_path, slow(good_lines())[:2] + good_lines()[2:]), deadline=0.5)
    assert map.status == "incomplete"
    assert map.made is not None
    assert map.made.seconds < 10
    assert {"The limit of 0.5 s is used up."} == {problem.message for problem in map.problems}


def test_the_doors_take_the_same_options() -> None:
    doors = [inspect.signature(door) for door in (generate, agenerate)]
    assert [list(door.parameters) for door in doors] == [["query", "watch", "options"]] * 2
    assert mapgen.generate is generate
