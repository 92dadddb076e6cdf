"""Run files on disk: synced one by one, resumed after a break, packed alike, and never another's."""

from __future__ import annotations

import gzip
import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from mapgen.errors import DiskError, InputError, OutputError, ReadError
from mapgen.evaluation import runfile
from mapgen.evaluation.records import Run
from tests.evaluation.trials import head, record


async def written(path: Path, *cases: str) -> None:
    """Append the records of some cases to a run file."""
    with runfile.appending(path, head()) as file:
        for case in cases:
            await file.append(record(case))


async def test_a_run_is_appended_to_and_read(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "a.jsonl"
    await written(path, "a")
    await written(path, "b", "c")
    assert runfile.load(path) == Run.of(head(), [record("a"), record("b"), record("c")])
    with runfile.appending(path, head(label="other words")) as file:
        assert [one.case for one in file.run.records] == ["a", "b", "c"]
        assert file.run.head.label == "prompts/"


@pytest.mark.parametrize("cut", [1, 2, 30])
async def test_a_torn_last_line_is_cut_off_and_written_over(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.jsonl"
    await written(path, "a", "b")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with runfile.appending(path, head()) as file:
        assert [one.case for one in file.run.records] == ["a"]
        assert file.run.torn
        await file.append(record("b"))
    assert path.read_bytes() == whole


async def test_a_last_line_of_rubbish_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    await written(path, "a")
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"case": "b", "rep\n')
    with runfile.appending(path, head()) as file:
        assert file.run.torn
        await file.append(record("b"))
    assert [one.case for one in runfile.load(path).records] == ["a", "b"]


async def test_a_head_that_was_broken_off_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"suite": "sm')
    await written(path, "a")
    assert runfile.load(path) == Run.of(head(), [record("a")])


async def test_a_file_of_another_experiment_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    await written(path, "a")
    before = path.read_bytes()
    with (
        pytest.raises(OutputError, match="is a run of something else"),
        runfile.appending(path, head(model="another")),
    ):
        pass
    other = tmp_path / "notes.jsonl"
    other.write_text("my notes\n")
    with pytest.raises(InputError, match="is no run"), runfile.appending(other, head()):
        pass
    assert (path.read_bytes(), other.read_text()) == (before, "my notes\n")


HOLDER = """
import sys
from pathlib import Path
from mapgen.lock import held
with held(Path(sys.argv[1]), waiting=lambda: sys.exit(1)):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_a_file_that_another_process_writes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    await written(path, "a")
    other = await create_subprocess_exec(sys.executable, "-c", HOLDER, str(path), stdin=PIPE, stdout=PIPE)
    assert other.stdout is not None
    assert await other.stdout.readline() == b"held\n"
    with pytest.raises(OutputError, match="Another process is writing"), runfile.appending(path, head()):
        pass
    await other.communicate(b"")
    await written(path, "b")


async def test_a_full_disk_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    with runfile.appending(tmp_path / "a.jsonl", head()) as file:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(DiskError, match="No space left"):
            await file.append(record("a"))


def test_equal_runs_are_packed_alike_and_read_again(tmp_path: Path) -> None:
    one = Run.of(head(), [record("b"), record("a")])
    other = Run.of(head(), [record("a"), record("b")])
    assert runfile.packed(one) == runfile.packed(other)
    runfile.save(one, tmp_path / "new" / "a.jsonl.gz")
    runfile.save(one, tmp_path / "a.jsonl")
    assert runfile.load(tmp_path / "new" / "a.jsonl.gz") == runfile.load(tmp_path / "a.jsonl") == one
    assert len(runfile.packed(one)) < len((tmp_path / "a.jsonl").read_bytes())


@pytest.mark.parametrize("name", ["a.json", "a.gz", "a", ".jsonl.zip"])
def test_a_runs_name_says_what_it_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="no name for a run"):
        runfile.save(Run.of(head(), []), tmp_path / name)
    with pytest.raises(OutputError, match="no name for a run"):
        runfile.check_name(tmp_path / name)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"):
        runfile.load(tmp_path / "none.jsonl")
    packed = gzip.compress(b"x" * 1_000)
    (tmp_path / "short.jsonl.gz").write_bytes(packed[:-9])
    with pytest.raises(ReadError, match="it is not whole"):
        runfile.load(tmp_path / "short.jsonl.gz")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe\n{}\n")
    with pytest.raises(InputError, match="is not UTF-8"):
        runfile.load(tmp_path / "latin.jsonl")


def test_runs_are_found_by_their_heads(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    runfile.save(Run.of(head(), [record()]), folder / "b.jsonl.gz")
    runfile.save(Run.of(head(model="x"), []), folder / "a.jsonl")
    for name, text in {"c.jsonl": "rubbish", "d.jsonl.gz": "no gzip", "e.txt": "", "f.jsonl": ""}.items():
        (folder / name).write_text(text)
    found = [(path.name, one.model) for path, one in runfile.heads(folder, tmp_path / "nowhere")]
    assert found == [("a.jsonl", "x"), ("b.jsonl.gz", "fake-model")]


def test_folders_stand_beside_the_suites(tmp_path: Path) -> None:
    assert runfile.folder(tmp_path / "suites" / "a.yaml", "runs") == tmp_path / "runs"
    assert runfile.folder(tmp_path / "a.yaml", "baselines") == tmp_path / "baselines"
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "a.yaml").write_text("")
    assert runfile.suite_of(tmp_path / "runs" / "x.jsonl", "a") == tmp_path / "suites" / "a.yaml"
    assert runfile.suite_of(tmp_path / "runs" / "x.jsonl", "b") is None
