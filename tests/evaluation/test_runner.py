"""Running an arm: what is made, kept, asked again and not asked again, whatever the endpoint does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import ConfigError, InputError, KeyRefused, OutputError, Unavailable
from mapgen.evaluation import arun, run, runfile
from mapgen.evaluation.bench import Bench
from mapgen.evaluation.planning import Plan
from mapgen.evaluation.records import Run
from mapgen.evaluation.runner import EMBEDDED_AT_ONCE, GIVE_UP, Finished, Unfinished, at_once
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import KnowledgeMap
from tests.evaluation.trials import BAD, asked, careless, comment, edit, hosted, prompts, suite
from tests.servers import fake
from tests.servers.fake import FakeServer, Request, error
from tests.servers.http import Answer
from tests.servers.maps import script

CALLS = 7
OOPS = [Answer(error("oops"), status=500)] * ATTEMPTS


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between tries."""
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)


def finished(events: list[Any]) -> list[Finished]:
    """The maps among the events."""
    return [one for one in events if isinstance(one, Finished)]


def texts(run: Run) -> list[KnowledgeMap | None]:
    """The maps of a run, without how they were made."""
    return [one.map and one.map.model_copy(update={"made": None}) for one in run.records]


async def test_every_case_has_a_map_and_its_answers(tmp_path: Path) -> None:
    events: list[Any] = []
    async with FakeServer() as server:
        done = await arun(suite(tmp_path), watch=events.append, **hosted(server, tmp_path))
    records = done.run.records
    assert [one.case for one in records] == [f"case-{n}" for n in range(7)]
    assert {(one.calls, one.asked, len(one.answers), one.error) for one in records} == {(CALLS, CALLS, CALLS, "")}
    assert {(one.input_tokens, one.output_tokens) for one in records} == {(700, 350)}
    assert all(one.seconds is not None and one.map is not None and one.map.made is not None for one in records)
    assert runfile.load(done.path) == done.run
    assert done.path.parent == tmp_path / "runs"
    assert isinstance(events[0], Plan)
    assert sorted(one.done for one in finished(events)) == list(range(1, 8))
    assert {one.total for one in finished(events)} == {7}
    assert b"sk-secret" not in done.path.read_bytes()


async def test_the_same_command_asks_nothing_again(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, cache=False)
        first = await arun(suite(tmp_path), limit=3, **options)
        assert len(server.requests) == 3 * CALLS
        second = await arun(suite(tmp_path), **options)
        assert len(server.requests) == 7 * CALLS
        assert second.path == first.path
        assert tuple(second.run.by_key[key] for key in first.run.by_key) == tuple(
            one.model_copy(update={"asked": 0}) for one in first.run.records
        )
        events: list[Any] = []
        third = await arun(suite(tmp_path), watch=events.append, **options)
        assert len(server.requests) == 7 * CALLS
        assert {one.asked for one in third.run.records} == {0}
        assert finished(events) == []


async def test_repeats_are_asked_apart_and_added_to_the_same_file(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        first = await arun(suite(tmp_path, cases=2), **options)
        both = await arun(suite(tmp_path, cases=2), repeats=2, **options)
        assert len(server.requests) == 2 * 2 * CALLS
    assert both.path == first.path
    assert [one.key for one in both.run.records] == [("case-0", 0), ("case-0", 1), ("case-1", 0), ("case-1", 1)]
    zero, one = (both.run.by_key["case-0", repeat].answers for repeat in (0, 1))
    assert set(zero).isdisjoint(one)
    assert runfile.load(both.path).head.repeats == 2


async def test_an_edit_of_write_asks_the_writes_and_nothing_else(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, cache=False)
        await arun(suite(tmp_path), **options)
        server.requests.clear()
        edit(folder, "write", "Take care.")
        second = await arun(suite(tmp_path), **options)
        assert asked(server) == {"write": 7 * 5}
        assert {(one.calls, one.asked, one.seconds) for one in second.run.records} == {(CALLS, 5, None)}
        server.requests.clear()
        comment(folder, "plan")
        third = await arun(suite(tmp_path), **options)
    assert not server.requests
    assert third.path != second.path


async def test_answers_come_from_the_users_cache_too(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        await arun(suite(tmp_path / "a"), **options)
        again = await arun(suite(tmp_path / "b"), **options)
        assert len(server.requests) == 7 * CALLS
    assert {(one.calls, one.asked) for one in again.run.records} == {(CALLS, 0)}


async def test_no_more_maps_than_may_are_in_the_making(tmp_path: Path) -> None:
    assert at_once(Bench.of(suite(tmp_path), {"model": "m", "api_key": "k"})) == 4
    assert at_once(Bench.of(suite(tmp_path), {"model": "m", "api_key": "k", "concurrency": 1})) == 1
    assert at_once(Bench.of(suite(tmp_path), {"model": "local", "concurrency": 64})) == EMBEDDED_AT_ONCE
    async with FakeServer(latency=0.01) as server:
        await arun(suite(tmp_path), **hosted(server, tmp_path, concurrency=3))
        assert server.peak == 3


async def test_what_the_endpoint_failed_at_is_missing_and_asked_again(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.then(*OOPS)
        options: Any = hosted(server, tmp_path, concurrency=1)
        events: list[Any] = []
        first = await arun(suite(tmp_path, cases=3), watch=events.append, **options)
        lost = first.run.by_key["case-0", 0]
        assert (lost.map, lost.passing) == (None, True)
        assert "oops" in lost.error
        assert [one.outcome for one in finished(events)] == ["missing", "complete", "complete"]
        second = await arun(suite(tmp_path, cases=3), **options)
        assert [one.usable for one in second.run.records] == [True, True, True]
        assert runfile.load(second.path).by_key["case-0", 0].usable


async def test_a_map_that_lost_one_text_to_the_endpoint_is_missing_but_keeps_its_answers(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.then(Answer(fake.completion(fake.maps.plan_answer(5))), *OOPS * 6)
        options: Any = hosted(server, tmp_path, concurrency=1, cache=False)
        lost = (await arun(suite(tmp_path, cases=1), **options)).run.records[0]
        assert (lost.map, lost.passing) == (None, True)
        server.requests.clear()
        again = (await arun(suite(tmp_path, cases=1), **options)).run.records[0]
        assert again.usable
        assert asked(server)["plan"] == 0


async def test_an_endpoint_that_never_answers_ends_the_run(tmp_path: Path) -> None:
    async with FakeServer(OOPS * 40) as server:
        with pytest.raises(Unavailable, match="oops"):
            await arun(suite(tmp_path, cases=12), **hosted(server, tmp_path, concurrency=1))
        assert len(server.requests) == ATTEMPTS * GIVE_UP


async def test_a_refused_key_ends_the_run_at_once(tmp_path: Path) -> None:
    async with FakeServer([Answer(error("no such key"), status=401)] * 99) as server:
        with pytest.raises(KeyRefused) as caught:
            await arun(suite(tmp_path), **hosted(server, tmp_path, concurrency=1))
        assert (caught.value.exit_code, len(server.requests)) == (77, 1)
        assert "are kept" not in caught.value.hint


async def test_a_key_refused_in_the_middle_keeps_what_is_finished(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, concurrency=1, cache=False)
        await arun(suite(tmp_path), limit=2, **options)
        server.then(Answer(error("used up", code="insufficient_quota"), status=429))
        with pytest.raises(KeyRefused) as caught:
            await arun(suite(tmp_path), **options)
    assert "2 of 7 maps of prompts/ are kept in" in caught.value.hint
    assert caught.value.hint.endswith("; the same command goes on.")


async def test_answers_that_are_never_valid_make_an_unusable_map_that_is_not_asked_again(tmp_path: Path) -> None:
    def good(request: Request) -> dict[str, Any]:
        bad = "prices 0" not in request.messages[1] and "? 1" in request.messages[1]
        return {"nothing": "of use"} if bad else fake.good_map(5)(request)

    async with FakeServer(good=good) as server:
        options: Any = hosted(server, tmp_path, cache=False)
        first = await arun(suite(tmp_path, cases=2), **options)
        bad = first.run.by_key["case-1", 0]
        assert (bad.map, bad.passing, bad.calls, bad.reasked) == (None, False, 3, 2)
        asked_first = len(server.requests)
        await arun(suite(tmp_path, cases=2), **options)
        assert len(server.requests) == asked_first


async def test_a_limit_ends_the_run_cleanly_and_a_higher_one_goes_on(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, concurrency=1)
        with pytest.raises(Unfinished, match=r"The limit of 16 calls is used up\. 2 of 7 maps") as caught:
            await arun(suite(tmp_path), max_calls=16, **options)
        assert caught.value.exit_code == 4
        assert "The same command goes on" in caught.value.hint
        done = await arun(suite(tmp_path), max_calls=100, **options)
        assert len(server.requests) == 7 * CALLS
        assert all(one.usable for one in done.run.records)


async def test_a_broken_template_is_named_by_its_folder_and_asks_nothing(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    (folder / "write.j2").write_text("{% block system %}{{ nothing }}{% endblock %}{% block user %}{% endblock %}")
    async with FakeServer() as server:
        with pytest.raises(ConfigError, match="'write' cannot be filled") as caught:
            await arun(suite(tmp_path), **hosted(server, tmp_path, prompts=folder))
        assert server.requests == []
    assert caught.value.hint == "Mend write.j2 in prompts/."


async def test_a_run_is_packed_and_replayed_without_a_model(tmp_path: Path) -> None:
    packed = tmp_path / "replays" / "small.jsonl.gz"
    async with FakeServer() as server:
        live = await arun(suite(tmp_path), record=packed, **hosted(server, tmp_path))
    live.path.unlink()
    again = await arun(suite(tmp_path), replay=True)
    assert texts(again.run) == texts(live.run)
    assert {(one.asked, one.calls) for one in again.run.records} == {(0, CALLS)}
    assert again.run.head.model == "fake-model"
    third = await arun(suite(tmp_path), replay=True)
    assert [one.answers for one in third.run.records] == [one.answers for one in live.run.records]


async def test_a_replay_that_lacks_an_answer_names_the_case_and_the_prompt(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    async with FakeServer() as server:
        await arun(suite(tmp_path), **hosted(server, tmp_path, prompts=folder))
        asked_live = len(server.requests)
        edit(folder, "relate")
        with pytest.raises(Exception, match=r"the prompt 'relate' of the case 'case-\d' is not recorded") as caught:
            await arun(suite(tmp_path), replay=True, prompts=folder)
        assert len(server.requests) == asked_live
    assert getattr(caught.value, "exit_code", None) == 4


async def test_a_replay_of_what_was_never_recorded_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No run of the suite small is recorded") as caught:
        await arun(suite(tmp_path), replay=True)
    assert "--record" in getattr(caught.value, "hint", "")


async def test_a_failure_is_replayed_as_it_happened(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    edit(folder, "write")
    edit(folder, "repair")
    async with FakeServer(good=careless) as server:
        live = await arun(suite(tmp_path, cases=2), **hosted(server, tmp_path, prompts=folder))
    assert {one.map and one.map.status for one in live.run.records} == {"incomplete"}
    assert BAD["definition"].split(".")[-2].strip() in str(live.run.records[0].map)
    again = await arun(suite(tmp_path, cases=2), replay=True, prompts=folder)
    assert texts(again.run) == texts(live.run)


def test_the_door_is_synchronous_and_a_script_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text(json.dumps(script(5)))
    done = run(suite(tmp_path), model=f"scripted:{tmp_path / 'script.json'}", cache_dir=tmp_path / "cache")
    assert isinstance(done, Run)
    assert all(one.map and one.map.status == "complete" for one in done.records)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"repeats": 0}, InputError),
        ({"limit": 0}, InputError),
        ({"out": "run.json"}, OutputError),
        ({"record": "run.gz"}, OutputError),
        ({"prompts": "/nowhere"}, ConfigError),
        ({"modle": "x"}, ConfigError),
    ],
)
async def test_what_cannot_be_run_is_refused_before_anything_is_asked(
    tmp_path: Path, options: dict[str, Any], error: type[Exception]
) -> None:
    async with FakeServer() as server:
        with pytest.raises(error):
            await arun(suite(tmp_path), **(hosted(server, tmp_path) | options))
        assert server.requests == []


async def test_a_suite_with_an_unknown_metric_is_refused(tmp_path: Path) -> None:
    async with FakeServer() as server:
        with pytest.raises(InputError, match="nonsense is no metric") as caught:
            await arun(suite(tmp_path, primary=("clean", "nonsense")), **hosted(server, tmp_path))
        assert server.requests == []
    assert "valid_first" in caught.value.hint
