"""Runs and comparisons with sources: only those that are given, what is told of them, and whose maps are made.

The maps of these tests are finished already, so that no source is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.evaluation import acompare, arms, arun, runfile
from mapgen.evaluation.bench import Bench
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.doors import Warned, ameasure, place
from mapgen.evaluation.planning import Plan
from mapgen.evaluation.records import Run
from mapgen.evaluation.spreads import Spreads
from mapgen.prompting import builtin_folder
from tests.evaluation.trials import asked, comment, edit, head, hosted, prompts, record, suite
from tests.servers.fake import FakeServer

SOURCES = ("encyclopedia",)


def stored(folder: Path, name: str, count: int, *, written: Path | None = None, **options: Any) -> Path:
    """The file of a run of so many of the seven cases by the prompts in ``written``, asked as ``options`` say."""
    bench = Bench.of(suite(folder), options)
    source = arms.of_folder(written or builtin_folder())
    run = Run.of(bench.arm(source, folder / f"copy-{name}").head, [record(f"case-{n}") for n in range(count)])
    runfile.save(run, folder / "runs" / f"{name}.jsonl")
    return folder / "runs" / f"{name}.jsonl"


def warned(events: list[Any]) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


# Which sources an evaluation uses.


@pytest.mark.parametrize("model", ["local", "fake-model"])
def test_without_any_that_are_given_there_are_none_whatever_the_model(tmp_path: Path, model: str) -> None:
    found = Bench.of(suite(tmp_path), {"model": model, "base_url": "http://127.0.0.1:9/v1", "api_key": "k"})
    assert (found.settings.sources, found.notes) == ((), ())


async def test_those_of_the_environment_are_left_out_and_that_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPGEN_SOURCES", "encyclopedia; notes.pdf")
    events: list[Any] = []
    async with FakeServer() as server:
        done = await arun(suite(tmp_path), watch=events.append, limit=1, **hosted(server, tmp_path))
        assert warned(events) == [
            "MAPGEN_SOURCES is left out: an evaluation uses the sources of sources=, and no others."
        ]
        assert asked(server) == {"plan": 1, "write": 5, "relate": 1}
        events.clear()
        await ameasure(suite(tmp_path), watch=events.append, limit=1, **hosted(server, tmp_path))
        assert len(warned(events)) == 1
    assert (done.run.head.sources, done.run.records[0].passages) == ((), {})


def test_those_of_a_config_file_are_left_out_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text('sources = ["notes.pdf"]\n')
    monkeypatch.setenv("MAPGEN_CONFIG", str(config))
    found = Bench.of(suite(tmp_path), {"model": "local"}, flags=True)
    assert found.settings.sources == ()
    assert found.notes == (
        f"sources in {config} is left out: an evaluation uses the sources of --source, and no others.",
    )
    given = Bench.of(suite(tmp_path), {"model": "local", "sources": SOURCES})
    assert (given.settings.sources, given.notes) == (SOURCES, ())
    refused = Bench.of(suite(tmp_path), {"model": "local", "sources": ()})
    assert (refused.settings.sources, refused.notes) == ((), ())


def test_none_in_the_environment_leaves_nothing_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_SOURCES", "none")
    assert Bench.of(suite(tmp_path), {"model": "local"}).notes == ()


async def test_without_a_watcher_python_warns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_SOURCES", "encyclopedia")
    async with FakeServer() as server:
        with pytest.warns(UserWarning, match="MAPGEN_SOURCES is left out"):
            await arun(suite(tmp_path), limit=1, **hosted(server, tmp_path))


def test_a_run_with_sources_is_another_experiment_with_a_file_of_its_own(tmp_path: Path) -> None:
    source = arms.of_folder(builtin_folder())
    found = [
        Bench.of(suite(tmp_path), {"model": "local", "sources": sources}).arm(source, tmp_path / name)
        for name, sources in (("a", ()), ("b", SOURCES), ("c", "notes.pdf"))
    ]
    assert [arm.head.sources for arm in found] == [(), SOURCES, ("notes.pdf",)]
    assert len({arm.path for arm in found}) == len({arm.head.identity() for arm in found}) == 3


def test_a_replay_asks_whom_the_record_with_those_sources_asked(tmp_path: Path) -> None:
    options: dict[str, Any] = {"model": "fake-model", "base_url": "http://127.0.0.1:9/v1", "api_key": "k"}
    stored(tmp_path, "a", 1, sources=SOURCES, **options)
    stored(tmp_path, "b", 1, **options | {"model": "other"})
    for sources, model in ((SOURCES, "fake-model"), ((), "other")):
        found = Bench.of(suite(tmp_path), {"sources": sources}, replay=True)
        assert found.asked["writer"].model == model


# Comparisons.


async def test_the_same_prompts_with_and_without_sources_are_compared(tmp_path: Path) -> None:
    events: list[Any] = []
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        base = stored(tmp_path, "bare", 7, **options)
        stored(tmp_path, "sourced", 7, sources=SOURCES, **options)
        found = await acompare(suite(tmp_path), base=base, sources=SOURCES, watch=events.append, **options)
        assert server.requests == []
    assert (found.base.sources, found.new.sources, found.same, len(found.cases)) == ((), SOURCES, False, 7)
    assert found.notes[0] == (
        "The arms differ in their sources, and not in their prompts. Base: no sources; new: encyclopedia."
    )
    assert (found.exit_code, found.diff, found.of("same")) == (0, "", ("one_sentence", "clean"))
    assert isinstance(events[0], Plan)
    assert [arm.sources for arm in events[0].arms] == [(), SOURCES]
    assert "sources   bare.jsonl: no sources; prompts/: encyclopedia" in events[0].told().splitlines()
    assert Comparison.load(place(found, tmp_path / "runs")) == found


async def test_and_the_other_way_round(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        base = stored(tmp_path, "sourced", 7, sources=SOURCES, **options)
        stored(tmp_path, "bare", 7, **options)
        found = await acompare(suite(tmp_path), base=base, **options)
    assert (found.base.sources, found.new.sources, found.same) == (SOURCES, (), False)


async def test_what_a_stored_base_lacks_is_not_made_with_the_other_arms_sources(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        base = stored(tmp_path, "bare", 3, **options)
        before = base.read_bytes()
        stored(tmp_path, "sourced", 7, sources=SOURCES, **options)
        found = await acompare(suite(tmp_path), base=base, sources=SOURCES, **options)
        assert server.requests == []
    assert (found.exit_code, found.cost.base.missing, found.cost.new.missing) == (3, 4, 0)
    assert base.read_bytes() == before


async def test_two_prompt_sets_with_the_same_sources_are_compared_by_their_prompts(tmp_path: Path) -> None:
    folder, old = prompts(tmp_path), prompts(tmp_path, "old")
    comment(folder, "write")
    events: list[Any] = []
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, sources=SOURCES)
        same = await acompare(suite(tmp_path), base=old, **options)
        edit(folder, "write", "Take care.")
        stored(tmp_path, "a", 7, written=folder, **options)
        stored(tmp_path, "b", 7, written=old, **options)
        found = await acompare(suite(tmp_path), base=old, watch=events.append, **options)
        assert server.requests == []
    assert (same.same, same.base.sources, same.new.sources) == (True, SOURCES, SOURCES)
    assert (found.same, found.notes, found.base.sources) == (False, (), SOURCES)
    assert "sources   encyclopedia" in events[0].told().splitlines()


async def test_a_plan_without_sources_says_nothing_of_them(tmp_path: Path) -> None:
    events: list[Any] = []
    async with FakeServer() as server:
        await arun(suite(tmp_path), watch=events.append, limit=1, **hosted(server, tmp_path))
    assert "sources" not in events[0].told()


async def test_a_spread_that_was_measured_otherwise_is_told_as_such(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        stored(tmp_path, "sourced", 7, sources=SOURCES, **options)
        await ameasure(suite(tmp_path), **options)
        events: list[Any] = []
        await arun(suite(tmp_path), watch=events.append, sources=SOURCES, **options)
        await arun(suite(tmp_path), watch=events.append, **options)
    with_sources, without = (event.told() for event in events if isinstance(event, Plan))
    assert "(by the A/A spread of fake-model with no sources)" in with_sources
    assert "(by the A/A spread)" in without


def test_comparisons_with_sources_have_files_of_their_own(tmp_path: Path) -> None:
    heads = [head(), head(sources=SOURCES), head(sources=("notes.pdf",))]
    about = Bench.of(suite(tmp_path), {"model": "local"}).suite
    told = Comparison(suite=about, suite_fingerprint="x", cases=(), base=heads[0], new=heads[0])
    found = {
        place(told.model_copy(update={"base": base, "new": new}), tmp_path).name for base in heads for new in heads
    }
    assert len(found) == 9
    assert place(told, tmp_path).name == "small-fake-model-ba9876543210-ba9876543210.comparison.json"


def test_spreads_of_before_there_were_sources_have_none() -> None:
    old = {"suite": "s", "suite_fingerprint": "f", "prompts": "p", "model": "m", "units": 7, "sds": {}}
    assert Spreads.model_validate(old | {"created": head().created}).sources == ()
