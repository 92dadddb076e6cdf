"""Processes that tests start and talk to: one that does not end in time shows where it stands, and is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 120.0  # seconds until a process counts as one that hangs

Running = subprocess.Popen[str]


@contextmanager
def running(
    arguments: Sequence[str], folder: Path | None = None, environ: dict[str, str] | None = None
) -> Iterator[Running]:
    """A process with pipes for stdout and stderr. One that hangs fails the test, with the stacks of its threads."""
    environ = {**(os.environ if environ is None else environ), "PYTHONFAULTHANDLER": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(arguments, stdout=pipe, stderr=pipe, text=True, cwd=folder, env=environ)
    hung = threading.Event()

    def abort() -> None:
        hung.set()
        process.send_signal(getattr(signal, "SIGABRT", signal.SIGTERM))

    watchdog = threading.Timer(PATIENCE, abort)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        said = process.stderr.read() if hung.is_set() and process.stderr and not process.stderr.closed else ""
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
        if hung.is_set():
            pytest.fail(f"{list(arguments)} did not end within {PATIENCE} s\n{said}")


def stopped(
    arguments: Sequence[str], folder: Path, environ: dict[str, str], *, number: signal.Signals, after: tuple[str, int]
) -> subprocess.CompletedProcess[str]:
    """A command that is sent a signal once words stand in so many lines of its stderr."""
    words, times = after
    with running(arguments, folder, environ) as process:
        assert process.stderr is not None
        seen = []
        for line in process.stderr:
            seen.append(line)
            if sum(words in one for one in seen) == times:
                process.send_signal(number)
                break
        out, err = process.communicate()
        assert process.returncode != -signal.SIGABRT, err
    return subprocess.CompletedProcess(arguments, process.returncode, out, "".join(seen) + err)
