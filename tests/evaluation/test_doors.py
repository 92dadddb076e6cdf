"""Comparing prompt sets from beginning to end: what is asked, what is said, and what stays on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import ConfigError, InputError, OutputError
from mapgen.evaluation import acompare, arun, compare, measure, runfile, spreads
from mapgen.evaluation.comparing import NotComparable
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.doors import ameasure, place
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.planning import Plan
from tests.evaluation.trials import PRIMARY, asked, careless, comment, edit, git, hosted, prompts, repository, suite
from tests.servers.fake import FakeServer
from tests.servers.threaded import serving

CALLS = 7
ALL = {"plan": 7, "write": 35, "relate": 7}


def plan_of(events: list[Any]) -> Plan:
    """The plan, which comes before anything else."""
    assert isinstance(events[0], Plan)
    return events[0]


async def test_an_edit_is_compared_with_what_is_committed_and_asks_what_it_changed(tmp_path: Path) -> None:
    folder, events = repository(tmp_path), list[Any]()
    edit(folder, "write", "Take care.")
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, cache=False)
        found = await acompare(suite(tmp_path), watch=events.append, **options)
        assert asked(server) == {"plan": 7, "write": 70, "relate": 7}
        assert found.of("same") == ("valid_first", "one_sentence", "clean")
        assert (found.exit_code, found.base.label, found.new.label) == (0, "git:HEAD", "prompts/")
        assert "+Take care." in found.diff
        server.requests.clear()
        again = await acompare(suite(tmp_path), **options)
    assert server.requests == []
    assert again.metrics == found.metrics
    assert (again.cost.new.asked, found.cost.new.asked, found.cost.base.asked) == (0, 35, 49)
    kept = place(found, tmp_path / "runs")
    assert Comparison.load(kept) == again
    assert {Path(found.base_run).parent, Path(found.new_run).parent} == {tmp_path / "runs"}
    assert sorted(path.suffix for path in (tmp_path / "runs").iterdir()) == [".json", ".jsonl", ".jsonl"]
    assert [(arm.label, arm.to_make, arm.path) for arm in plan_of(events).arms] == [
        ("git:HEAD", 7, found.base_run),
        ("prompts/", 7, found.new_run),
    ]


async def test_a_harmful_edit_is_worse_and_names_its_metric(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write")
    edit(folder, "repair")
    async with FakeServer(good=careless) as server:
        found = await acompare(suite(tmp_path), **hosted(server, tmp_path, prompts=folder))
    assert found.exit_code == 1
    assert found.of("worse") == ("valid_first", "one_sentence", "clean")
    assert found.losers[0].change < -1


async def test_comments_ask_nothing_and_are_the_same(tmp_path: Path) -> None:
    folder, events = repository(tmp_path), list[Any]()
    comment(folder, "write")
    comment(folder, "partials/preamble")
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder)
        found = await acompare(suite(tmp_path), watch=events.append, **options)
        assert (server.requests, events) == ([], [])
        assert (found.same, found.exit_code, found.cases) == (True, 0, ())
        assert {one.verdict for one in found.metrics} == {"same"}
        await arun(suite(tmp_path), **options)
        server.requests.clear()
        again = await acompare(suite(tmp_path), **options)
    assert server.requests == []
    assert (again.same, again.exit_code, len(again.cases)) == (True, 0, 7)
    assert again.notes[0] == "Both prompt sets render the same, so nothing was asked."
    assert again.metric("clean").base_mean == again.metric("clean").new_mean == 1.0


async def test_a_comparison_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    comment(folder, "write")
    (tmp_path / "runs").write_text("a file in the folder's place")
    with pytest.raises(OutputError, match="cannot be created"):
        await acompare(suite(tmp_path), model="fake-model", base_url="http://127.0.0.1:9/v1", prompts=folder)


async def test_prompts_that_were_not_edited_are_the_same(tmp_path: Path) -> None:
    async with FakeServer() as server:
        found = await acompare(suite(tmp_path), **hosted(server, tmp_path, prompts=repository(tmp_path)))
        assert server.requests == []
    assert (found.same, found.diff, found.exit_code) == (True, "", 0)


async def test_a_base_may_be_a_folder_a_revision_or_a_run(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    old = prompts(tmp_path, "old")
    edit(folder, "relate", "Take care.")
    git(tmp_path, "commit", "-qam", "two")
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, cache=False)
        by_folder = await acompare(suite(tmp_path), base=old, **options)
        assert asked(server) == {"plan": 7, "write": 35, "relate": 14}
        server.requests.clear()
        by_revision = await acompare(suite(tmp_path), base="git:HEAD~1", **options)
        by_run = await acompare(suite(tmp_path), base=by_folder.base_run, **options)
        runfile.save(runfile.load(by_folder.base_run), tmp_path / "elsewhere" / "old.jsonl.gz")
        by_packed = await acompare(suite(tmp_path), base=tmp_path / "elsewhere" / "old.jsonl.gz", **options)
    assert server.requests == []
    assert [one.base.label for one in (by_folder, by_revision, by_packed)] == ["old/", "git:HEAD~1", "old.jsonl.gz"]
    assert by_folder.metrics == by_revision.metrics == by_run.metrics == by_packed.metrics


async def test_a_committed_baseline_is_found_by_its_prompts(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, cache=False)
        first = await arun(suite(tmp_path), record=tmp_path / "baselines" / "small.jsonl.gz", **options)
        first.path.unlink()
        edit(folder, "write", "Take care.")
        server.requests.clear()
        found = await acompare(suite(tmp_path), **options)
        assert asked(server) == {"write": 35}
    assert (found.cost.base.complete, found.cost.base.asked) == (7, 0)


async def test_a_run_of_another_model_is_not_compared_and_asks_nothing(tmp_path: Path) -> None:
    async with FakeServer() as server:
        done = await arun(suite(tmp_path), **hosted(server, tmp_path))
        server.requests.clear()
        with pytest.raises(NotComparable, match="model: fake-model and big-model"):
            await acompare(suite(tmp_path), base=done.path, **hosted(server, tmp_path, model="big-model"))
        with pytest.raises(NotComparable, match="version of the suite"):
            await acompare(suite(tmp_path, cases=8), base=done.path, **hosted(server, tmp_path))
        assert server.requests == []


async def test_a_stored_run_that_lacks_maps_is_too_little(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder)
        done = await arun(suite(tmp_path), limit=3, **options)
        edit(folder, "relate", "Take care.")
        found = await acompare(suite(tmp_path), base=done.path, **options)
    assert found.exit_code == 3
    assert "0 unusable and 4 missing" in found.notes[0]


async def test_fewer_cases_are_fewer_units(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder)
        found = await acompare(suite(tmp_path), limit=2, strict=True, **options)
        assert asked(server) == {"plan": 2, "write": 20, "relate": 2}
    assert (found.cases, found.exit_code) == (("case-0", "case-1"), 2)
    assert "No test: 2 units, and a test needs 6." in found.notes


async def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    old, new = prompts(tmp_path / "old"), prompts(tmp_path / "new")
    edit(new, "relate", "Take care.")
    async with FakeServer() as server:
        found = await acompare(suite(tmp_path), base=old, **hosted(server, tmp_path, prompts=new))
    assert (found.base.label, found.new.label) == ("prompts/ (base)", "prompts/")


async def test_hostile_queries_are_only_texts(tmp_path: Path) -> None:
    path = suite(tmp_path)
    query = "How do interest rates affect inflation and oil prices? {{ 7*7 }} {% raw %} \\\\u2028 <b>\\\\x1b[31m"
    path.write_text(path.read_text().replace("oil prices? 0", f"oil prices? 0 {query}"))
    folder = repository(tmp_path)
    edit(folder, "relate", "Take care.")
    async with FakeServer() as server:
        found = await acompare(path, **hosted(server, tmp_path, prompts=folder))
        said = "\n".join(message for request in server.requests for message in request.messages)
    assert "{{ 7*7 }} {% raw %}" in said
    assert found.exit_code == 0
    assert Comparison.parse(found.to_json()) == found


async def test_both_arms_are_replayed_without_a_model(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")
    async with FakeServer() as server:
        live = await acompare(suite(tmp_path), **hosted(server, tmp_path, prompts=folder))
    again = await acompare(suite(tmp_path), replay=True, prompts=folder, cache_dir=tmp_path / "other")
    for old, new in zip(live.metrics, again.metrics, strict=True):
        if new.id != "latency":
            assert old == new
    assert (again.cost.new.asked, again.cost.base.asked) == (0, 0)


def test_the_same_prompts_twice_give_the_spread_and_no_alarm(tmp_path: Path) -> None:
    with serving() as server:
        found = measure(suite(tmp_path), **hosted(server, tmp_path))
        assert asked(server) == {name: 2 * count for name, count in ALL.items()}
    assert (found.units, found.alarms, found.model) == (7, (), "fake-model")
    assert found.sds["clean"] == 0.0
    path = spreads.place(tmp_path / "suites" / "small.yaml", "small")
    assert path == tmp_path / "baselines" / "small.aa.json"
    assert spreads.load(path) == found


async def test_plans_rest_on_the_measured_spread(tmp_path: Path) -> None:
    events: list[Any] = []
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        await arun(suite(tmp_path), watch=events.append, **options)
        assert plan_of(events).assumed
        await ameasure(suite(tmp_path), **options)
        events.clear()
        await arun(suite(tmp_path), watch=events.append, **options)
    assert not plan_of(events).assumed
    assert plan_of(events).detectable == {id: METRICS[id].margin for id in PRIMARY}


def test_the_door_is_synchronous_in_a_notebook_too(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "relate", "Take care.")
    with serving() as server:
        assert compare(suite(tmp_path), **hosted(server, tmp_path, prompts=folder)).exit_code == 0


@pytest.mark.parametrize(
    ("base", "error"), [(None, ConfigError), ("nowhere", InputError), ("git:nowhere", ConfigError)]
)
async def test_a_base_that_cannot_be_had_asks_nothing(tmp_path: Path, base: str | None, error: type[Exception]) -> None:
    async with FakeServer() as server:
        with pytest.raises(error):
            await acompare(suite(tmp_path), base=base, **hosted(server, tmp_path, prompts=prompts(tmp_path)))
        assert server.requests == []
    assert not (tmp_path / "runs").exists()
