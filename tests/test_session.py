"""The session: what its maps share, what each took, and what is kept between runs."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mapgen import Session
from mapgen.errors import ConfigError, InputError, LimitReached, WrongProtocol
from mapgen.events import Done, Event, Spent
from mapgen.model import KnowledgeMap, Made
from mapgen.settings import Options, Settings
from mapgen.version import __version__
from tests.scripts import NAMES, QUERY, bad_lines, good_lines, good_map, plan_line, repair_line, script, write_line
from tests.servers.fake import FakeServer
from tests.servers.http import Answer

CALLS = len(NAMES) + 2
SECRET = "sk-SECRET-0123456789"


def hosted(server: FakeServer, folder: Path, **more: Any) -> Any:
    """The options that ask the fake server and keep what it says."""
    return {"model": "fake-model", "base_url": server.url, "api_key": SECRET, "cache_dir": folder, **more}


async def one(query: str = QUERY, **options: Any) -> tuple[KnowledgeMap, list[Event]]:
    events: list[Event] = []
    async with Session(**options) as session:
        return await session.generate(query, watch=events.append), events


def kept_in(folder: Path) -> bytes:
    """All that stands in a folder's files."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def made_of(map: KnowledgeMap) -> Made:
    assert map.made is not None
    return map.made


def test_every_setting_is_an_option_but_the_brand() -> None:
    assert set(Options.__annotations__) == set(Settings.model_fields) - {"brand"}


async def test_a_map_tells_how_it_was_made(tmp_path: Path) -> None:
    model = script(tmp_path)
    map, events = await one(model=model, cache=False)
    made = made_of(map)
    assert map == good_map().model_copy(update={"made": made})
    assert (made.model, made.planner, made.endpoint, made.mapgen) == (model, model, "scripted", __version__)
    assert (made.calls, made.retries, made.reasked, made.repairs, made.cache_hits) == (CALLS, 0, 0, 0, 0)
    assert made.input_tokens > made.output_tokens > 100
    assert made.cost == 0.0
    assert made.created.tzinfo is not None
    assert 0 < made.seconds < 30
    assert len(made.prompts) == 12
    spent = [event for event in events if isinstance(event, Spent)]
    assert spent[-1] == Spent(calls=CALLS, input_tokens=made.input_tokens, output_tokens=made.output_tokens)
    assert [one.calls for one in spent] == sorted(one.calls for one in spent)
    assert events[-1] == Done(map=map)


async def test_repairs_and_reasked_answers_are_counted(tmp_path: Path) -> None:
    lines = [plan_line() | {"answer": "no JSON", "times": 1}, *bad_lines()]
    made = made_of((await one(model=script(tmp_path, lines), cache=False))[0])
    assert (made.reasked, made.repairs) == (1, 2)
    assert made.calls == CALLS + 1 + 2


async def test_roles_may_name_other_models(tmp_path: Path) -> None:
    planner = script(tmp_path, [line for line in good_lines() if line["prompt"] != "write"], name="planner.json")
    writer = script(tmp_path, [line for line in good_lines() if line["prompt"] == "write"], name="writer.json")
    made = made_of((await one(planner=planner, writer=writer, model=planner, cache=False))[0])
    assert (made.planner, made.model) == (planner, writer)


async def test_no_map_and_no_cache_holds_the_key(fake_server: FakeServer, tmp_path: Path) -> None:
    map, events = await one(**hosted(fake_server, tmp_path))
    assert made_of(map).endpoint == f"127.0.0.1:{fake_server.port}"
    assert SECRET not in map.to_json()
    assert not [event for event in events if SECRET in repr(event)]
    assert SECRET.encode() not in kept_in(tmp_path)
    assert fake_server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert "SECRET" not in repr(Session(**hosted(fake_server, tmp_path)).endpoints)


async def test_the_limits_hold_for_all_maps_together(tmp_path: Path) -> None:
    async with Session(model=script(tmp_path), cache=False, max_calls=2 * CALLS) as session:
        maps = await asyncio.gather(session.generate(QUERY), session.generate(QUERY))
        assert [map.status for map in maps] == ["complete", "complete"]
        assert [made_of(map).calls for map in maps] == [CALLS, CALLS]
        with pytest.raises(LimitReached) as caught:
            await session.generate(QUERY)
    assert caught.value.exit_code == 75
    assert "--max-calls" in caught.value.hint


async def test_a_limit_in_the_middle_makes_a_partial_map(tmp_path: Path) -> None:
    map, _ = await one(model=script(tmp_path), cache=False, max_calls=4)
    assert map.status == "incomplete"
    assert made_of(map).calls == 4
    assert len([one for one in map.concepts if one.definition]) == 3
    assert {"The limit of 4 calls is used up."} <= {problem.message for problem in map.problems}


async def test_a_limit_of_tokens_ends_a_run(tmp_path: Path) -> None:
    with pytest.raises(LimitReached, match="tokens"):
        await one(model=script(tmp_path), cache=False, max_tokens=1)


async def test_no_more_than_concurrency_calls_are_in_flight(tmp_path: Path) -> None:
    async with FakeServer(latency=0.02) as server:
        await one(**hosted(server, tmp_path, concurrency=2))
        assert server.peak == 2
    async with FakeServer(latency=0.02) as server:
        await one(**hosted(server, tmp_path / "other"))
        assert server.peak == 6


async def test_a_limit_of_money_needs_a_price() -> None:
    with pytest.raises(ConfigError, match="price of no-such-model at host") as caught:
        Session(model="no-such-model", base_url="http://host/v1", max_cost=1.0)
    assert caught.value.hint == "Use --max-tokens or --max-calls."
    Session(model="gpt-5-mini", api_key="k", max_cost=1.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "gpt-5-mini"}, "needs an API key"),
        ({"base_url": "http://host/v1"}, "Which model of"),
        ({"model": "scripted:/nowhere"}, "There is no file"),
        ({"model": "local:/nowhere.gguf"}, "There is no file"),
        ({"prompts": "/nowhere"}, "holds no prompts"),
        ({"max_calls": 0}, "max_calls: '0' is not usable"),
        ({"modle": "x"}, "There is no setting 'modle'"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said_at_once(options: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Session(**options)


async def test_a_query_without_use_asks_nothing(fake_server: FakeServer, tmp_path: Path) -> None:
    for query in ("", "?!", "x" * 5_000):
        with pytest.raises(InputError):
            await one(query, **hosted(fake_server, tmp_path))
    assert fake_server.requests == []


async def test_a_querys_own_language_and_number_go_before_the_sessions(tmp_path: Path) -> None:
    async with Session(model=script(tmp_path), cache=False, language="fr", concepts=3) as session:
        map = await session.generate(QUERY, language="English", concepts=4)
        assert (map.language, len(map.concepts)) == ("en", 4)
        for bad in ({"concepts": 0}, {"language": "Klingon"}):
            with pytest.raises(InputError):
                await session.generate(QUERY, **bad)  # type: ignore[arg-type]


async def test_what_an_endpoint_does_is_raised_as_it_is(tmp_path: Path) -> None:
    async with FakeServer([Answer({"error": {"message": "bad request"}}, status=400)] * 9) as server:
        with pytest.raises(WrongProtocol, match="bad request"):
            await one(**hosted(server, tmp_path))
        assert await server.closed()


async def test_connections_are_closed_with_the_session(fake_server: FakeServer, tmp_path: Path) -> None:
    await one(**hosted(fake_server, tmp_path))
    assert await fake_server.closed()


async def test_answers_that_are_invalid_for_ever_make_a_partial_map(tmp_path: Path) -> None:
    lines = [line for line in good_lines() if line != write_line("Inflation")]
    lines += [write_line("Inflation", "never any JSON"), repair_line("never any JSON")]
    map, _ = await one(model=script(tmp_path, lines), cache=False)
    assert map.status == "incomplete"
    assert {problem.where.split(".")[1] for problem in map.problems} == {"inflation"}


@contextmanager
def folder_that_is_a_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "file"
    path.write_text("")
    yield path


async def test_a_cache_that_does_not_work_is_one_warning_and_a_map(tmp_path: Path) -> None:
    with folder_that_is_a_file(tmp_path) as path:
        told: list[str] = []
        async with FakeServer() as server, Session(**hosted(server, path), warn=told.append) as session:
            assert (await session.generate(QUERY)).status == "complete"
        assert len(told) == 1
        assert "does not work" in told[0]
        async with FakeServer() as server, Session(**hosted(server, path)) as session:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                await session.generate(QUERY)
        assert len([one for one in caught if "does not work" in str(one.message)]) == 1


async def test_a_session_that_is_not_open_says_so(tmp_path: Path) -> None:
    session = Session(model=script(tmp_path), cache=False)
    for asked in (session.generate(QUERY), session.resume(good_map().model_copy(update={"relations": ()}))):
        with pytest.raises(ConfigError, match="not open") as caught:
            await asked
        assert "async with" in caught.value.hint
