"""`mapgen eval run`, killed at twenty requests that a seed draws, the same command again each time: nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
from pathlib import Path

from mapgen.evaluation import runfile
from mapgen.evaluation.records import Record
from tests.cli.test_eval_process import CALLS, command, environ, only_run
from tests.evaluation.trials import suite
from tests.processes import running as process
from tests.servers.fake import FakeServer, Request
from tests.servers.http import Answer
from tests.servers.threaded import running

POINTS = 20
CASES = 10
IN_FLIGHT = 4  # requests at once, as the command says


class Killing(FakeServer):
    """Kills ``victim`` when it has sent so many requests more, and answers none from then on."""

    def __init__(self) -> None:
        super().__init__()
        self.victim: subprocess.Popen[str] | None = None
        self.more = 0

    def _next(self, request: Request) -> Answer:
        self.more -= 1
        if self.more == 0 and self.victim is not None:
            self.victim.kill()
        return super()._next(request) if self.more else Answer(hang=True)


def kept(folder: Path) -> tuple[Record, ...]:
    """The records of the run; none before it has a file."""
    return tuple(runfile.load(only_run(folder)).records) if list(folder.glob("runs/*.jsonl")) else ()


def test_a_run_that_is_killed_again_and_again_ends_as_one_that_is_not(tmp_path: Path) -> None:
    suite(tmp_path, cases=CASES)
    chance, codes, before = random.Random(1), [], tuple[Record, ...]()
    with running(Killing()) as server:
        arguments = command(server, "run", "suites/small.yaml", cache=True)
        while not codes or codes[-1]:
            server.more = chance.randint(1, 6) if len(codes) < POINTS else -1
            with process(arguments, tmp_path, environ(tmp_path)) as victim:
                server.victim = victim
                _, err = victim.communicate()
                codes.append(victim.returncode)
            assert codes[-1] in (0, -signal.SIGKILL), err
            assert "Traceback" not in err
            after = kept(tmp_path)
            assert after[: len(before)] == before
            before = after
    assert len(codes) == POINTS + 1
    assert [one.usable for one in before] == [True] * CASES
    assert CASES * CALLS <= len(server.requests) <= CASES * CALLS + POINTS * IN_FLIGHT
