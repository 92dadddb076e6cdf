"""A session and the doors complete a saved map: the account, the requests, and what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import aresume, resume
from mapgen.errors import MapgenError
from mapgen.events import Done, Event
from mapgen.model import KnowledgeMap
from mapgen.session import Session
from tests.grounds import source
from tests.lacking import PROMPTS, made, without, writes
from tests.scripts import QUERY, good_map, script
from tests.servers.fake import FakeServer, completion, error
from tests.servers.http import Answer


async def test_the_account_is_of_this_run_and_names_all_makers_and_the_first_day(tmp_path: Path) -> None:
    lacking = without(good_map(), "inflation").model_copy(update={"made": made()})
    async with Session(model=script(tmp_path, writes("Inflation")), cache=False) as session:
        found = (await session.resume(lacking)).made
        (told,) = session.differences(lacking)
    name = f"scripted:{tmp_path / 'script.json'}"
    assert told == f"The map was made by gpt-0 at old.example; it is completed by {name}."
    assert found is not None
    assert (found.model, found.planner, found.endpoint) == (
        f"gpt-0 + {name}",
        f"gpt-0 + {name}",
        "old.example + scripted",
    )
    assert (found.calls, found.repairs, found.created, found.prompts) == (1, 0, made().created, PROMPTS.fingerprint())


async def test_other_prompts_are_told(tmp_path: Path) -> None:
    name = script(tmp_path)
    by_others = made(model=name, planner=name, endpoint="scripted", prompts="0123")
    async with Session(model=name, cache=False) as session:
        (told,) = session.differences(good_map().model_copy(update={"made": by_others}))
        assert told == f"The map was made with the prompts 0123; it is completed with {PROMPTS.fingerprint()}."
        assert session.differences(good_map()) == ()


async def test_a_map_on_sources_that_is_completed_without_any_is_told(tmp_path: Path) -> None:
    name = script(tmp_path)
    on_sources = good_map().model_copy(update={"sources": (source("bank"),)})
    async with Session(model=name, cache=False) as session:
        (told,) = session.differences(on_sources)
    assert told == "The map stands on sources; it is completed without any, unless they are named (--source)."
    async with Session(model=name, cache=False, sources=["a.txt"]) as session:
        assert session.differences(on_sources) == ()


async def test_a_complete_map_asks_nothing(fake_server: FakeServer) -> None:
    events: list[Event] = []
    whole = good_map().model_copy(update={"made": made()})
    found = await aresume(whole, watch=events.append, model="m", base_url=fake_server.url, api_key="k", cache=False)
    assert found == whole
    assert events == [Done(map=whole)]
    assert fake_server.requests == []


async def test_a_map_that_was_mended_by_hand_is_complete_without_asking(fake_server: FakeServer) -> None:
    by_hand = without(good_map(), "inflation").model_copy(update={"concepts": good_map().concepts, "made": made()})
    found = await aresume(by_hand, model="m", base_url=fake_server.url, api_key="k", cache=False)
    assert found == good_map().model_copy(update={"made": made()})
    assert fake_server.requests == []


def test_the_synchronous_door(tmp_path: Path) -> None:
    found = resume(without(good_map(), "inflation"), model=script(tmp_path, writes("Inflation")), cache=False)
    assert found.model_copy(update={"made": None}) == good_map()


async def test_a_stored_answer_that_was_faulty_is_not_taken_again(fake_server: FakeServer, tmp_path: Path) -> None:
    todo = Answer(completion({"definition": "TODO"}))
    options: Any = {"model": "m", "base_url": fake_server.url, "api_key": "k", "cache_dir": tmp_path / "cache"}
    lacking = without(good_map(), "inflation", definition="TODO")
    fake_server.then(todo, todo)
    still = await aresume(lacking, **options)
    assert (still.status, len(fake_server.requests)) == ("incomplete", 2)
    whole = await aresume(lacking, **options)
    assert (whole.status, len(fake_server.requests)) == ("complete", 3)


async def test_what_an_endpoint_left_undone_is_asked_for_and_nothing_else(fake_server: FakeServer) -> None:
    options: Any = {"model": "m", "base_url": fake_server.url, "api_key": "k", "cache": False, "max_calls": 4}
    partial = await _made(options)
    unwritten = sum(one.status == "incomplete" for one in partial.concepts)
    assert partial.status == "incomplete"
    assert len(fake_server.requests) == 4
    whole = await aresume(partial, model="m", base_url=fake_server.url, api_key="k", cache=False)
    assert whole.status == "complete"
    assert len(fake_server.requests) == 4 + unwritten + (not partial.relations)


async def _made(options: Any) -> KnowledgeMap:
    async with Session(**options) as session:
        return await session.generate(QUERY)


async def test_no_connection_is_left_where_nothing_could_be_added(fake_server: FakeServer) -> None:
    fake_server.then(Answer(error("No such key"), status=401))
    with pytest.raises(MapgenError) as caught:
        await aresume(without(good_map(), "inflation"), model="m", base_url=fake_server.url, api_key="k", cache=False)
    assert caught.value.exit_code == 77
    assert await fake_server.closed()
