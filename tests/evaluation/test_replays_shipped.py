"""The recorded runs that are shipped: replayed without a model they give the same maps and the same scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.evaluation import arun, runfile
from mapgen.evaluation.arms import of_run
from mapgen.evaluation.records import Run
from mapgen.evaluation.scoring import means, values
from mapgen.evaluation.suite import fingerprint, load

MOST = 3_000_000  # bytes of a baseline


@pytest.fixture
def recorded(root: Path) -> Run:
    """The smoke suite by the embedded model, as it was recorded."""
    return runfile.load(root / "evals" / "replays" / "smoke.jsonl.gz")


def told(run: Run) -> dict[str, Any]:
    """What a run's maps say, without when and by what they were made."""
    return {one.case: one.map.model_dump(exclude={"made"}) for one in run.records if one.map}


async def test_the_smoke_suite_is_replayed_without_a_model_by_the_prompts_that_it_was_recorded_with(
    recorded: Run, root: Path, tmp_path: Path
) -> None:
    source = of_run(root / "evals" / "replays" / "smoke.jsonl.gz")
    folder = source.laid_out(tmp_path / "prompts").folder
    suite = root / "evals" / "suites" / "smoke.yaml"
    out = tmp_path / "smoke.jsonl"
    done = await arun(suite, replay=True, prompts=folder, out=out, cache_dir=tmp_path / "cache")
    assert told(done.run) == told(recorded)
    assert [one.asked for one in done.run.records] == [0, 0, 0, 0]
    assert {one.map.status for one in done.run.records if one.map} == {"complete"}
    assert not (tmp_path / "cache").exists()
    loaded = load(suite)
    gated = ("one_sentence", "edges_valid", "clean", "connected", "count_ok", "language")
    assert {id: means(values(loaded, done.run))[id] for id in gated} == dict.fromkeys(gated, 1.0)


def test_the_record_is_of_the_shipped_suite_and_holds_no_key(recorded: Run, root: Path) -> None:
    suite = load(root / "evals" / "suites" / "smoke.yaml")
    assert recorded.head.suite_fingerprint == fingerprint(suite)
    assert {endpoint.api_key for endpoint in recorded.head.asked.values()} == {None}
    assert recorded.head.endpoint == "embedded"
    assert {one.case for one in recorded.records} == {case.id for case in suite.cases}


def test_the_baseline_is_whole_small_and_of_the_shipped_suite(root: Path, tmp_path: Path) -> None:
    path = root / "evals" / "baselines" / "core.jsonl.gz"
    suite = load(root / "evals" / "suites" / "core.yaml")
    baseline = runfile.load(path)
    assert path.stat().st_size < MOST
    assert baseline.head.suite_fingerprint == fingerprint(suite)
    assert {one.key for one in baseline.records} == {(case.id, 0) for case in suite.cases}
    assert all(one.usable and one.answers and not one.passing for one in baseline.records)
    assert baseline.head.endpoint == "embedded"
    assert {endpoint.api_key for endpoint in baseline.head.asked.values()} == {None}
    assert of_run(path).laid_out(tmp_path).fingerprint() == baseline.head.prompts
