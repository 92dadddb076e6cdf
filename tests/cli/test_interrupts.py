"""A signal while a map is made or completed: no new call, what is done is kept, the right code within 5 seconds."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.busy import starved
from tests.lacking import without, writes
from tests.scripts import NAMES, QUERY, SCOPES, good_lines, good_map, script
from tests.servers.fake import FakeServer
from tests.servers.threaded import serving

SIGNALS = pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
KEPT = "mapgen: Interrupted; what was done by then is kept."
RESUME = "  `mapgen resume map.json` asks for what is missing."
SLOW = 60  # seconds that an answer takes which nobody may wait for
SOON = 5.0  # seconds to end in, where there is a processor to do it
Running = subprocess.Popen[str]


def slow(folder: Path, *matches: str) -> str:
    """A script of the good map whose lines for these prompts or concepts take a minute."""
    return script(
        folder,
        [
            line | ({"delay": SLOW} if {line["prompt"], line.get("match", "")} & set(matches) else {})
            for line in good_lines()
        ],
    )


def started(folder: Path, *arguments: str) -> Running:
    """A run of mapgen as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "mapgen", *arguments, "--no-cache"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


def ended(running: Running, number: signal.Signals) -> tuple[int, str, list[str]]:
    """Exit code, stdout and lines of stderr after the signal."""
    sent = time.monotonic() - starved(running.pid)
    running.send_signal(number)
    while running.poll() is None:
        if time.monotonic() - starved(running.pid) - sent > SOON:
            running.kill()
            pytest.fail(f"it did not end within {SOON:g} s of the signal")
        time.sleep(0.01)
    out, err = running.communicate()
    assert "Traceback" not in err
    return running.returncode, out, err.splitlines()


def said(running: Running, *words: str) -> Running:
    """The run, once it has said all of these on stderr."""
    left = set(words)
    assert running.stderr is not None
    while left:
        line = running.stderr.readline()
        assert line
        left -= {word for word in left if word in line}
    return running


def asking(running: Running, server: FakeServer) -> Running:
    """The run, once it has asked the server."""
    while not server.requests:
        assert running.poll() is None
        time.sleep(0.01)
    return running


@SIGNALS
def test_what_is_written_by_then_is_kept_and_can_be_completed(
    tmp_path: Path, process: Any, number: signal.Signals, code: int
) -> None:
    model = slow(tmp_path, *(SCOPES[name] for name in NAMES[2:]))
    running = started(tmp_path, QUERY, "--model", model, "-o", "map.json")
    found = ended(said(running, "wrote 2 of 4", "found 3 relations"), number)
    assert found[:2] == (code, "")
    assert found[2][-3:] == ["Wrote map.json", KEPT, RESUME]
    map = KnowledgeMap.load(tmp_path / "map.json")
    assert [one.status for one in map.concepts] == ["complete", "complete", "incomplete", "incomplete"]
    assert map.relations == good_map().relations
    assert {problem.message for problem in map.problems} == {"The work was stopped before this was asked."}
    assert {path.name for path in tmp_path.iterdir()} == {"map.json", "script.json"}
    done = process("resume", "map.json", "--model", script(tmp_path, writes(*NAMES[2:])), "--no-cache")
    assert done.code == 0
    assert KnowledgeMap.load(tmp_path / "map.json").concepts == good_map().concepts


@SIGNALS
def test_the_plan_alone_is_kept_on_stdout_too(tmp_path: Path, number: signal.Signals, code: int) -> None:
    running = started(tmp_path, QUERY, "--model", slow(tmp_path, "write", "relate"), "--format", "json")
    found = ended(said(running, "planned"), number)
    assert found[0] == code
    assert [one.name for one in KnowledgeMap.parse(found[1]).concepts] == list(NAMES)
    assert KnowledgeMap.parse(found[1]).status == "incomplete"
    assert found[2][-1] == "  `mapgen resume` completes a map that stands in a file of JSON, HTML, SVG or PNG."


@SIGNALS
def test_before_the_plan_nothing_is_written_and_that_is_said(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with serving(latency=60.0) as server:
        running = started(tmp_path, QUERY, "--model", "m", "--base-url", server.url, "-q", "-o", "map.json")
        found = ended(asking(running, server), number)
        assert len(server.requests) == 1
    assert found == (code, "", ["mapgen: Interrupted. There was no plan yet: nothing is written."])
    assert list(tmp_path.iterdir()) == []


def test_no_call_begins_after_the_signal(tmp_path: Path) -> None:
    with serving(latency=0.5) as server:
        hosted = "--model", "m", "--base-url", server.url
        running = started(tmp_path, QUERY, *hosted, "--concurrency", "1", "-o", "map.json")
        assert ended(said(running, "planned"), signal.SIGINT)[0] == 130
        assert len(server.requests) <= 2
    assert KnowledgeMap.load(tmp_path / "map.json").status == "incomplete"


@SIGNALS
def test_a_resume_to_which_nothing_was_added_leaves_the_map(tmp_path: Path, number: signal.Signals, code: int) -> None:
    before = without(good_map(), "inflation", relations=False).save(tmp_path / "map.json").read_bytes()
    with serving(latency=60.0) as server:
        running = started(tmp_path, "resume", "map.json", "--model", "m", "--base-url", server.url)
        found = ended(asking(running, server), number)
    assert found == (code, "", ["mapgen: Interrupted. Nothing was added: the map stays as it is."])
    assert (tmp_path / "map.json").read_bytes() == before


def test_an_ignored_interrupt_stays_ignored(tmp_path: Path) -> None:
    model = slow(tmp_path, "write")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = started(tmp_path, QUERY, "--model", model, "-o", "map.json")
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    said(running, "planned").send_signal(signal.SIGINT)
    assert ended(said(running, "found 3 relations"), signal.SIGTERM)[0] == 143
