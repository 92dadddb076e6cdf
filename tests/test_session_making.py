"""A session that makes maps by other prompts and other answers than its own, as evaluations need it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import Session
from mapgen.events import Done, Event
from mapgen.llm.base import LLM, Endpoint
from mapgen.llm.metered import Meter
from mapgen.llm.repeated import Repeated
from mapgen.model import Query
from mapgen.prompting import Filled, PromptSet
from mapgen.session import Making
from tests.evaluation.trials import edit, prompts
from tests.scripts import QUERY, good_map, script
from tests.servers.fake import FakeServer

CALLS = 7
ASKED = Query.of(QUERY)


class Memory(dict[str, str]):
    """Answers in memory."""

    failures = True
    put = dict.__setitem__


def hosted(server: FakeServer, folder: Path) -> Any:
    return {"model": "fake-model", "base_url": server.url, "api_key": "k", "cache_dir": folder / "cache"}


async def test_answers_stand_in_the_place_of_the_cache(fake_server: FakeServer, tmp_path: Path) -> None:
    answers, meter = Memory(), Meter()
    async with Session(**hosted(fake_server, tmp_path)) as session:
        first = await session.make(ASKED, Making(prompts=session.prompts, answers=answers))
        assert len(answers) == len(fake_server.requests) == CALLS
        again = await session.make(ASKED, Making(prompts=session.prompts, answers=answers, meter=meter))
        assert len(fake_server.requests) == CALLS
        assert session.store is not None
        assert session.store.size()[0] == 0
    assert again.concepts == first.concepts
    assert (meter.calls, meter.cache_hits, meter.reused.calls, meter.reused.input_tokens) == (0, CALLS, CALLS, 700)


async def test_a_map_is_made_whether_or_not_it_is_in_the_cache(fake_server: FakeServer, tmp_path: Path) -> None:
    async with Session(**hosted(fake_server, tmp_path)) as session:
        await session.generate(QUERY)
        events: list[Event] = []
        made = await session.make(ASKED, Making(prompts=session.prompts, answers=Memory()), watch=events.append)
        assert events[-1] == Done(map=made)
        assert len(events) > 5
    assert len(fake_server.requests) == 2 * CALLS


async def test_maps_of_one_session_may_have_other_prompts_and_share_its_limits(
    fake_server: FakeServer, tmp_path: Path
) -> None:
    folder = prompts(tmp_path)
    edit(folder, "write", "Take care.")
    async with Session(**hosted(fake_server, tmp_path), max_calls=100) as session:
        made = await session.make(ASKED, Making(prompts=PromptSet(folder)))
        assert made.made is not None
        assert made.made.prompts == PromptSet(folder).fingerprint() != session.prompts.fingerprint()
        said = [request.messages[0] for request in fake_server.requests]
        assert sum("Take care." in one for one in said) == 5
        await session.generate(QUERY)
    assert len(fake_server.requests) == CALLS + 5


async def test_whoever_stands_before_the_models_sees_every_asking(tmp_path: Path) -> None:
    seen: list[Filled[Any]] = []

    class Watching:
        def __init__(self, inner: LLM) -> None:
            self._inner = inner

        async def ask(self, filled: Filled[Any], /) -> Any:
            seen.append(filled)
            return await self._inner.ask(filled)

    async with Session(model=script(tmp_path), cache=False) as session:
        making = Making(prompts=session.prompts, wrap=lambda llm: Repeated(Watching(llm), 3), answers=Memory())
        assert (await session.make(ASKED, making)).title == good_map().title
    assert {filled.prompt for filled in seen} == {"plan", "write", "relate"}
    assert {filled.repeat for filled in seen} == {3}


async def test_endpoints_may_be_given_in_the_place_of_settings(fake_server: FakeServer) -> None:
    one = Endpoint(kind="hosted", model="given", base_url=fake_server.url)
    async with Session(asked={"planner": one, "writer": one}, cache=False) as session:
        made = (await session.generate(QUERY)).made
    assert made is not None
    assert (made.model, made.planner) == ("given", "given")
    assert {request.body["model"] for request in fake_server.requests} == {"given"}


@pytest.mark.parametrize("answers", [None, Memory()])
async def test_a_scripts_answers_are_kept_only_where_that_is_asked(tmp_path: Path, answers: Memory | None) -> None:
    async with Session(model=script(tmp_path), cache_dir=tmp_path / "cache") as session:
        await session.make(ASKED, Making(prompts=session.prompts, answers=answers))
    assert (answers is None) == (not answers)
    assert not (tmp_path / "cache").exists()
