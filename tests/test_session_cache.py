"""What a session keeps between runs: whole maps by all that changes them, and only good ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import Session
from mapgen.events import Done, Event
from mapgen.model import KnowledgeMap, Made
from mapgen.settings import Settings
from tests.scripts import NAMES, QUERY, good_lines, good_map, plan_line, script
from tests.servers.fake import FakeServer
from tests.servers.fake import good_map as server_map

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


async def test_the_second_run_asks_nothing(fake_server: FakeServer, tmp_path: Path) -> None:
    first, _ = await one(**hosted(fake_server, tmp_path))
    asked = len(fake_server.requests)
    second, events = await one(**hosted(fake_server, tmp_path))
    assert len(fake_server.requests) == asked == made_of(first).calls
    made = made_of(second)
    assert second.model_copy(update={"made": None}) == first.model_copy(update={"made": None})
    assert (made.calls, made.input_tokens, made.output_tokens, made.cost) == (0, 0, 0, 0.0)
    assert made.cache_hits == asked
    assert made.created == made_of(first).created
    assert events == [Done(map=second)]


@pytest.mark.parametrize(
    "change",
    [
        {"concepts": 4},
        {"language": "en"},
        {"temperature": 0.5},
        {"model": "other-model"},
        {"writer": "other-model"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_what_changes_the_map_is_part_of_its_key(
    fake_server: FakeServer, tmp_path: Path, change: dict[str, Any]
) -> None:
    async with (
        Session(**hosted(fake_server, tmp_path)) as session,
        Session(**hosted(fake_server, tmp_path, **change)) as changed,
    ):
        settings = changed.settings
        assert session._key(_query(session.settings)) != changed._key(_query(settings))


def _query(settings: Settings) -> Any:
    from mapgen.model import Query

    return Query.of(QUERY, language=settings.language, concepts=settings.concepts)


async def test_what_does_not_change_the_map_is_not(fake_server: FakeServer, tmp_path: Path) -> None:
    async with (
        Session(**hosted(fake_server, tmp_path)) as session,
        Session(
            **hosted(fake_server, tmp_path, api_key="sk-other", timeout=5.0, max_calls=99, concurrency=2, deadline=60.0)
        ) as other,
    ):
        assert session._key(_query(session.settings)) == other._key(_query(other.settings))


async def test_without_a_cache_nothing_is_kept(fake_server: FakeServer, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    for _ in range(2):
        await one(**hosted(fake_server, folder, cache=False))
    assert not folder.exists()
    assert len(fake_server.requests) == 14


async def test_an_incomplete_map_is_not_kept_but_its_answers_are(tmp_path: Path) -> None:
    def good(request: Any) -> dict[str, Any]:
        texts = {"definition": "TODO", "relevance": "TODO"}
        return {name: texts[name] for name in request.properties} if request.properties <= set(texts) else well(request)

    well = server_map(5)
    async with FakeServer(good=good) as server:
        first, _ = await one(**hosted(server, tmp_path))
        assert first.status == "incomplete"
        asked = len(server.requests)
        second, _ = await one(**hosted(server, tmp_path))
        assert second.status == "incomplete"
        assert made_of(second).cache_hits > 0
        assert len(server.requests) == asked
        assert made_of(second).calls == 0


async def test_a_broken_map_in_the_cache_is_a_miss(fake_server: FakeServer, tmp_path: Path) -> None:
    async with Session(**hosted(fake_server, tmp_path)) as session:
        first = await session.generate(QUERY)
        key = session._key(_query(session.settings))
        assert session.store is not None
        for broken in ("", "{}", "not JSON", first.to_json().replace('"version": 1', '"version": 2')):
            session.store.put(key, broken)
            again = await session.generate(QUERY)
            assert again.concepts == first.concepts
            assert made_of(again).calls == 0
        stored = session.store.get(key)
        assert stored is not None
        assert KnowledgeMap.parse(stored).concepts == first.concepts


async def test_maps_of_a_script_are_not_kept_since_its_file_may_change(tmp_path: Path) -> None:
    model = script(tmp_path)
    options: Any = {"model": model, "cache_dir": tmp_path / "cache"}
    assert (await one(**options))[0].title == good_map().title
    script(tmp_path, [plan_line(title="Another title of rates"), *good_lines()[1:]])
    assert (await one(**options))[0].title == "Another title of rates"
