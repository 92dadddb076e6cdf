"""Stderr that cannot be written, closed or full, is no fault: the result comes, with the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mapgen.evaluation import runfile
from mapgen.model import KnowledgeMap
from tests.evaluation.trials import suite
from tests.lacking import without, writes
from tests.scripts import QUERY, good_map, script
from tests.servers.threaded import serving

FULL = Path("/dev/full")
KINDS = pytest.mark.parametrize("kind", ["full", "closed pipe", "closed"])


@contextmanager
def unwritable(kind: str) -> Iterator[int]:
    """The descriptor of a stream that takes nothing."""
    if kind == "full":
        if not FULL.exists():
            pytest.skip("there is no /dev/full")
        descriptor = os.open(FULL, os.O_WRONLY)
    else:
        reading, descriptor = os.pipe()
        os.close(reading)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def ran(folder: Path, kind: str, *arguments: str, unbuffered: bool = False) -> tuple[int, str]:
    """Exit code and stdout of `mapgen` with such a stderr."""
    program = [sys.executable, *(["-u"] if unbuffered else []), "-m", "mapgen", *arguments]
    shell = ["sh", "-c", '"$@" 2>&-', "sh", *program] if kind == "closed" else program
    environ = {**os.environ, "MAPGEN_CACHE_DIR": str(folder / "cache")}
    with unwritable(kind) as descriptor:
        done = subprocess.run(
            shell,
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=descriptor,
            text=True,
            timeout=60,
            check=False,
        )
    return done.returncode, done.stdout


@KINDS
@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_map_is_made_and_written_all_the_same(tmp_path: Path, kind: str, unbuffered: bool) -> None:
    model = script(tmp_path)
    assert ran(tmp_path, kind, QUERY, "--model", model, "-o", "map.json", unbuffered=unbuffered) == (0, "")
    assert KnowledgeMap.load(tmp_path / "map.json").status == "complete"


@KINDS
def test_a_map_is_printed_all_the_same(tmp_path: Path, kind: str) -> None:
    code, out = ran(tmp_path, kind, QUERY, "--model", script(tmp_path), "--format", "json")
    assert code == 0
    assert KnowledgeMap.parse(out).concepts == good_map().concepts


@KINDS
def test_a_map_is_completed_all_the_same(tmp_path: Path, kind: str) -> None:
    without(good_map(), "inflation").save(tmp_path / "map.json")
    model = script(tmp_path, writes("Inflation"))
    assert ran(tmp_path, kind, "resume", "map.json", "--model", model) == (0, "")
    assert KnowledgeMap.load(tmp_path / "map.json").status == "complete"


@KINDS
def test_an_exit_code_is_what_it_would_be(tmp_path: Path, kind: str) -> None:
    without(good_map(), "inflation").save(tmp_path / "map.json")
    assert ran(tmp_path, kind, "check", "none.json") == (66, "")
    assert ran(tmp_path, kind, "rendr") == (2, "")
    assert ran(tmp_path, kind, QUERY, "--model", script(tmp_path), "-o", "none/map.json") == (73, "")
    limited = "--model", script(tmp_path), "--max-calls", "3", "-o", "part.json"
    assert ran(tmp_path, kind, QUERY, *limited) == (3, "")
    assert KnowledgeMap.load(tmp_path / "part.json").status == "incomplete"


@KINDS
def test_an_evaluation_goes_to_its_end(tmp_path: Path, kind: str) -> None:
    suite(tmp_path)
    with serving() as server:
        hosted = "--model", "fake-model", "--base-url", server.url, "--no-cache"
        code, out = ran(tmp_path, kind, "eval", "run", "suites/small.yaml", "--out", "run.jsonl", *hosted)
    assert code == 0
    assert "run.jsonl" in out
    assert [one.usable for one in runfile.load(tmp_path / "run.jsonl").records] == [True] * 7
