"""`mapgen eval judge-check` as a process: killed or interrupted in the middle, the same command asks for the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mapgen.evaluation import runfile
from mapgen.evaluation.judge.labels import items, written
from tests.evaluation.judges import Perfect, run_of
from tests.evaluation.judges import serving as judging
from tests.evaluation.maps import good
from tests.processes import running, stopped
from tests.servers.fake import FakeServer
from tests.servers.http import Answer
from tests.servers.threaded import serving

ASKINGS = 12


def command(server: FakeServer, *arguments: str) -> list[str]:
    """A command line that asks for 12 judgements, one after the other."""
    tried = ("--judged", "j3_right", "--judged", "j1_match", "--canaries", "6", "--concurrency", "1")
    judge = ("--judge", "fake-judge", "--base-url", server.url)
    return [sys.executable, "-m", "mapgen", "eval", "judge-check", *judge, *tried, *arguments]


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "MAPGEN_CACHE_DIR": str(folder / "cache")}


def done(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        arguments, cwd=folder, env=environ(folder), capture_output=True, text=True, timeout=120, check=False
    )


def test_a_check_that_was_killed_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    with serving(good=judging(Perfect()), latency=0.1) as server:
        killed = stopped(command(server), tmp_path, environ(tmp_path), number=signal.SIGKILL, after=(": answered", 5))
        assert killed.returncode == -signal.SIGKILL
        before = len(server.requests)
        assert 5 <= before < ASKINGS
        again = done(command(server), tmp_path)
        assert again.returncode == 0, again.stderr
        # What was under way when the process died was never answered, so that it is asked once more.
        assert ASKINGS <= len(server.requests) <= ASKINGS + 1
    assert "answers from the cache" in again.stderr
    assert again.stdout.count("  yes") == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_check_says_how_to_go_on(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with serving(good=judging(Perfect()), latency=0.1) as server:
        ended = stopped(command(server), tmp_path, environ(tmp_path), number=number, after=(": answered", 3))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert "Traceback" not in ended.stderr
    if number == signal.SIGINT:
        assert "mapgen: The same command goes on." in ended.stderr


def test_nothing_goes_on_where_nothing_is_kept(tmp_path: Path) -> None:
    with serving(good=judging(Perfect()), latency=0.1) as server:
        ended = stopped(
            command(server, "--no-cache"), tmp_path, environ(tmp_path), number=signal.SIGINT, after=(": answered", 2)
        )
    assert ended.returncode == 130
    assert "goes on" not in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_judge_that_is_held_to_labels_is_cancelled_by_a_signal(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    runfile.save(run_of(good()), tmp_path / "run.jsonl")
    told = items(good().samples)
    (tmp_path / "labels.csv").write_text(written(told, {one.id: "right" for one in told}), "utf-8")
    with serving(Answer(hang=True), good=judging(Perfect())) as server:
        named = ("run.jsonl", "--labels", "labels.csv", "--judge", "fake-judge", "--base-url", server.url)
        arguments = [sys.executable, "-m", "mapgen", "eval", "label", *named]
        with running(arguments, tmp_path, environ(tmp_path)) as process:
            while not server.requests and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(number)
            out, err = process.communicate()
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
