"""`mapgen eval` as a process: killed, interrupted and torn in the middle, the same command goes on; nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mapgen.evaluation import runfile
from tests.evaluation.trials import asked, edit, prompts, repository, suite
from tests.processes import running, stopped
from tests.servers.fake import FakeServer
from tests.servers.http import Answer
from tests.servers.threaded import serving

CASES, CALLS = 7, 7


def command(server: FakeServer, *arguments: str, cache: bool = False) -> list[str]:
    """A command line of `mapgen eval` that asks the server, one map at a time."""
    model = ("--model", "fake-model", "--base-url", server.url, "--concurrency", "4")
    return [sys.executable, "-m", "mapgen", "eval", *arguments, *model, *(() if cache else ("--no-cache",))]


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "OPENAI_API_KEY": "k", "MAPGEN_CACHE_DIR": str(folder / "cache")}


def done(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        arguments, cwd=folder, env=environ(folder), capture_output=True, text=True, timeout=120, check=False
    )


def only_run(folder: Path) -> Path:
    (path,) = (folder / "runs").glob("*.jsonl")
    return path


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    suite(tmp_path)
    with serving(latency=0.05) as server:
        arguments = command(server, "run", "suites/small.yaml")
        killed = stopped(arguments, tmp_path, environ(tmp_path), number=signal.SIGKILL, after=("complete", 3))
        assert killed.returncode == -signal.SIGKILL
        kept = runfile.load(only_run(tmp_path))
        assert 3 <= len(kept.records) < CASES
        before = len(server.requests)
        assert before < CASES * CALLS
        again = done([*arguments, "--resume"], tmp_path)
        assert again.returncode == 0, again.stderr
        assert f"{len(kept.records)} finished, {CASES - len(kept.records)} to make" in again.stderr
        assert len(server.requests) == before + (CASES - len(kept.records)) * CALLS
    whole = runfile.load(only_run(tmp_path))
    assert [one.usable for one in whole.records] == [True] * CASES
    assert tuple(whole.by_key[key] for key in kept.by_key) == kept.records


def test_a_torn_last_line_costs_its_map_and_nothing_else(tmp_path: Path) -> None:
    suite(tmp_path)
    with serving() as server:
        arguments = command(server, "run", "suites/small.yaml")
        assert done(arguments, tmp_path).returncode == 0
        path = only_run(tmp_path)
        path.write_bytes(path.read_bytes()[:-200])
        server.requests.clear()
        assert done(arguments, tmp_path).returncode == 0
        assert len(server.requests) == CALLS
    assert not runfile.load(path).torn
    assert len(runfile.load(path).records) == CASES


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_keeps_what_is_finished(tmp_path: Path, number: signal.Signals, code: int) -> None:
    suite(tmp_path)
    with serving(latency=0.1) as server:
        arguments = command(server, "run", "suites/small.yaml")
        ended = stopped(arguments, tmp_path, environ(tmp_path), number=number, after=("complete", 2))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert "Traceback" not in ended.stderr
    assert len(runfile.load(only_run(tmp_path)).records) >= 2
    assert "of 7 maps of prompts/ are kept in runs/small-fake-model-" in ended.stderr
    assert "mapgen: The same command goes on." in ended.stderr
    if number == signal.SIGINT:
        assert ended.stderr.splitlines()[-1] == "mapgen: Interrupted."


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_prompts_that_are_spoiled_end_after_a_signal_with_what_is_kept(tmp_path: Path) -> None:
    suite(tmp_path)
    prompts(tmp_path)
    with serving(latency=0.1) as server:
        named = ("--prompts", "prompts", "--templates", "--only", "scope-dropped")
        arguments = command(server, "meta", "suites/small.yaml", *named)
        ended = stopped(arguments, tmp_path, environ(tmp_path), number=signal.SIGTERM, after=("complete", 2))
    assert (ended.returncode, ended.stdout) == (143, "")
    assert "mapgen: The same command goes on." in ended.stderr


def test_a_comparison_that_was_killed_in_the_second_arm_goes_on_there(tmp_path: Path) -> None:
    suite(tmp_path)
    edit(repository(tmp_path), "write", "Take care.")
    with serving(latency=0.03) as server:
        arguments = command(server, "compare", "suites/small.yaml", "--prompts", "prompts")
        killed = stopped(arguments, tmp_path, environ(tmp_path), number=signal.SIGKILL, after=("complete", CASES + 2))
        assert killed.returncode == -signal.SIGKILL
        assert asked(server)["plan"] == CASES
        server.requests.clear()
        again = done(arguments, tmp_path)
        assert again.returncode == 0, again.stderr
        assert "git:HEAD  7 maps, all finished" in again.stderr
        assert set(asked(server)) == {"write"}
        assert len(server.requests) <= (CASES - 2) * 5


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    suite(tmp_path)
    with serving(Answer(hang=True)) as server:
        arguments = command(server, "run", "suites/small.yaml", "--out", "one.jsonl")
        with running(arguments, tmp_path, environ(tmp_path)) as one:
            while not server.requests and one.poll() is None:
                time.sleep(0.05)
            other = done(arguments, tmp_path)
    assert other.returncode == 73
    assert "Another process is writing one.jsonl" in other.stderr


def test_git_and_the_cache_are_used_from_any_folder(tmp_path: Path) -> None:
    suite(tmp_path)
    edit(repository(tmp_path), "relate", "Take care.")
    with serving() as server:
        told = ("compare", "../suites/small.yaml", "--prompts", "../prompts", "--base", "git:HEAD")
        (tmp_path / "elsewhere").mkdir()
        first = done(command(server, *told, cache=True), tmp_path / "elsewhere")
        assert first.returncode == 0, first.stderr
        assert asked(server) == {"plan": CASES, "write": 35, "relate": 2 * CASES}
