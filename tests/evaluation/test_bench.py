"""What a command works with: cases and repeats in order, names of run files, known maps and answers at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError
from mapgen.evaluation import arms, runfile
from mapgen.evaluation.answers import NotRecorded
from mapgen.evaluation.bench import SEEDS, Arm, Bench
from mapgen.evaluation.records import Run
from mapgen.prompting import builtin_folder
from tests.evaluation.trials import comment, edit, prompts, record, suite

MODEL: dict[str, Any] = {"model": "fake-model", "base_url": "http://127.0.0.1:9/v1", "api_key": "sk-secret"}


def bench(folder: Path, **options: Any) -> Bench:
    return Bench.of(suite(folder), MODEL | options)


def arm(at: Bench, folder: Path, name: str = "copy") -> Arm:
    """The arm of the prompts that came with mapgen."""
    return at.arm(arms.of_folder(builtin_folder()), folder / name)


def test_every_case_comes_once_before_any_is_repeated(tmp_path: Path) -> None:
    one = replace(bench(tmp_path), limit=2, repeats=2)
    assert one.wanted == (("case-0", 0), ("case-1", 0), ("case-0", 1), ("case-1", 1))
    assert one.cases == ("case-0", "case-1")


@pytest.mark.parametrize("wrong", [{"repeats": 0}, {"limit": 0}, {"limit": -1}])
def test_less_than_one_is_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="at least 1"):
        Bench.of(suite(tmp_path), MODEL, **wrong)  # type: ignore[arg-type]


def test_a_run_lasts_as_long_as_it_takes_unless_a_deadline_is_given(tmp_path: Path) -> None:
    assert bench(tmp_path).settings.deadline > 86_400
    assert bench(tmp_path, deadline=60.0).settings.deadline == 60.0


def test_the_head_says_all_but_the_key(tmp_path: Path) -> None:
    head = arm(bench(tmp_path), tmp_path).head
    assert (head.suite, head.model, head.planner, head.endpoint) == ("small", "fake-model", "fake-model", "127.0.0.1:9")
    assert head.suite_fingerprint == bench(tmp_path).fingerprint
    assert set(head.templates) >= {"plan.j2", "write.j2"}
    assert {one.api_key for one in head.asked.values()} == {None}
    assert "sk-secret" not in head.model_dump_json()


def test_a_run_file_is_named_by_what_it_is_of(tmp_path: Path) -> None:
    first = arm(bench(tmp_path), tmp_path).path
    assert first.parent == tmp_path / "runs"
    assert first.name.startswith("small-fake-model-")
    others = [
        arm(bench(tmp_path, model="other/model:8b"), tmp_path, "a").path,
        arm(bench(tmp_path, temperature=0.5), tmp_path, "b").path,
        arm(bench(tmp_path, planner="p"), tmp_path, "c").path,
        arm(replace(bench(tmp_path), replay=True), tmp_path, "d").path,
    ]
    assert len({first, *others}) == 5
    assert others[0].name.startswith("small-other-model-8b-")
    assert others[3].name.endswith(".replay.jsonl")
    assert arm(replace(bench(tmp_path), repeats=3), tmp_path, "e").path == first


def test_an_edit_has_a_file_of_its_own(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    one = bench(tmp_path)
    before = one.arm(arms.of_folder(folder), tmp_path / "before").path
    comment(folder, "write")
    assert one.arm(arms.of_folder(folder), tmp_path / "after").path != before


def test_finished_maps_are_found_in_runs_and_baselines(tmp_path: Path) -> None:
    one = bench(tmp_path)
    head = arm(one, tmp_path).head
    runfile.save(Run.of(head, [record("case-0", calls=1)]), tmp_path / "baselines" / "small.jsonl.gz")
    other = Run.of(head, [record("case-0", calls=2), record("case-1"), record("elsewhere")])
    runfile.save(other, tmp_path / "runs" / "any.jsonl")
    lost = record("case-2", map=None, error="oops", passing=True)
    spoilt = record("case-3", map=None, error="never valid")
    runfile.save(Run.of(head, [lost, spoilt]), arm(one, tmp_path, "b").path)
    found = arm(one, tmp_path, "c")
    assert set(found.known) == {("case-0", 0), ("case-1", 0), ("case-3", 0)}
    assert found.known["case-0", 0].calls == 1
    assert found.missing == (("case-2", 0), ("case-4", 0), ("case-5", 0), ("case-6", 0))
    assert [one.asked for one in found.run().records] == [0, 0, 0]


def test_runs_of_other_experiments_give_answers_but_no_maps(tmp_path: Path) -> None:
    one = bench(tmp_path)
    head = arm(one, tmp_path).head
    edited = head.model_copy(update={"prompts": "0" * 12})
    other_model = arm(bench(tmp_path, model="m"), tmp_path, "m").head
    other_suite = head.model_copy(update={"suite": "big", "suite_fingerprint": "x"})
    for name, (about, key) in {
        "a": (edited, "edited"),
        "b": (other_model, "model"),
        "c": (other_suite, "suite"),
        "d": (head.model_copy(update={"mapgen": "0.0.1"}), "version"),
    }.items():
        runfile.save(Run.of(about, [record("case-0", answers={key: "text"})]), tmp_path / "runs" / f"{name}.jsonl")
    found = arm(one, tmp_path, "x")
    assert (dict(found.known), set(found.seeds)) == ({}, {"edited", "version"})


def test_only_the_latest_runs_give_answers(tmp_path: Path) -> None:
    one = bench(tmp_path)
    head = arm(one, tmp_path).head
    for n in range(SEEDS + 3):
        created = head.created.replace(year=2000 + n)
        about = head.model_copy(update={"prompts": f"{n:012}", "created": created})
        runfile.save(Run.of(about, [record("case-0", answers={f"key-{n}": "t"})]), tmp_path / "runs" / f"{n}.jsonl")
    assert set(arm(one, tmp_path, "x").seeds) == {f"key-{n}" for n in range(3, SEEDS + 3)}


def test_a_stored_run_is_taken_as_it_is(tmp_path: Path) -> None:
    one = bench(tmp_path)
    head = arm(one, tmp_path).head
    path = tmp_path / "old.jsonl.gz"
    runfile.save(Run.of(head, [record("case-1", answers={"k": "t"})]), path)
    found = one.arm(arms.of_run(path), tmp_path / "stored")
    assert (found.stored, found.missing, found.path, found.head.label) == (True, (), path, "old.jsonl.gz")
    assert [one.case for one in found.run().records] == ["case-1"]


def test_a_replay_asks_whom_the_record_asked(tmp_path: Path) -> None:
    head = arm(bench(tmp_path), tmp_path).head
    with pytest.raises(NotRecorded, match="by other is recorded"):
        Bench.of(suite(tmp_path), {"model": "other"}, replay=True)
    runfile.save(Run.of(head, [record("case-0")]), tmp_path / "replays" / "small.jsonl.gz")
    found = Bench.of(suite(tmp_path), {}, replay=True)
    assert found.asked == dict(head.asked)
    assert arm(found, tmp_path, "x").known == {}
    with pytest.raises(NotRecorded):
        Bench.of(suite(tmp_path), {"model": "other"}, replay=True)


def test_an_arm_works_on_a_copy(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    made = bench(tmp_path).arm(arms.of_folder(folder), tmp_path / "copy")
    edit(folder, "write")
    assert made.prompts.fingerprint() == made.head.prompts
    assert "carelessly" not in made.prompts.source("write")
