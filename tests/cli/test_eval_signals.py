"""A signal cancels the work of an evaluation wherever it comes, and its end says which signal it was."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.processes import running

WORK = """
import asyncio, sys, time
from mapgen.cli.eval.work import done

class Slow:
    def __del__(self):
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            pass

async def work():
    print("ready", flush=True)
    try:
        while True:
            Slow()
            await asyncio.sleep(0)
    finally:
        print("cancelled", flush=True)

try:
    done(work())
except KeyboardInterrupt:
    sys.exit("interrupt")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 1, "interrupt\n"), (signal.SIGTERM, 143, "")], ids=["int", "term"]
)
def test_a_signal_in_the_middle_of_a_finalizer_is_not_lost(number: signal.Signals, code: int, said: str) -> None:
    with running([sys.executable, "-c", WORK]) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.02)
        process.send_signal(number)
        assert process.communicate() == ("cancelled\n", said)
    assert process.returncode == code


def test_the_result_of_work_that_nothing_ends() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from mapgen.cli.eval.work import done\nasync def work(): return 7\nprint(done(work()))",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "7\n"
