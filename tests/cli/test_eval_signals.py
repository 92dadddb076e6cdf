"""A signal cancels the work of an evaluation wherever it comes, and its end says which signal it was."""

from __future__ import annotations

import asyncio
import signal
import sys
import time

import pytest

from mapgen.cli.eval.work import done
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


def test_work_that_is_cancelled_without_a_signal_is_an_error_and_no_success() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="no signal came"):
        done(work())


def test_the_result_of_work_that_nothing_ends() -> None:
    async def work() -> int:
        return 7

    assert done(work()) == 7
