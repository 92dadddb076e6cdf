"""Runs every row of the table of faults through the command line, as a process, and writes RESULTS.md.

    python evals/faults/run.py [NAME …]

With names only the rows are run whose name holds one of them, and nothing is written. Waits are real ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evals.faults.sweeps import table as sweeps  # noqa: E402
from tests.faults.answers import ANSWERS  # noqa: E402
from tests.faults.endpoint import ENDPOINT  # noqa: E402
from tests.faults.fault import Row  # noqa: E402
from tests.faults.running import GRACE, KEY, Seen, broken, by_command  # noqa: E402
from tests.servers.test_sweep import FAULTS  # noqa: E402

PATIENCE = 10.0  # seconds, the least deadline: a process takes some to start
HEAD = (
    "| fault | promised | outcome | exit code | requests | seconds | held |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)
TOLD = """# Faults of an endpoint, one row each, and sweeps

Each row is one run of `mapgen` as a process against a server on real TCP (`tests/faults/`), made on {day} by
`python evals/faults/run.py`. R: recovered, a complete map; P: a partial map, which says why; E: an error with a hint,
and its exit code. A map of five concepts takes seven requests. Seconds are of the whole process, and its waits are real
ones; "held" is the whole invariant: outcome, exit code, bounds on requests, at most {grace:g} s beyond the deadline, no
traceback, no connection left open, both outputs whole or none, an error with a hint. Several answers repeat the key
that they were sent: it is on no stream, in no output and not in the cache. {held} of {all} rows hold.

{table}

## Sweeps

At the first, second, third … call of a map, and at each operation on the disk, the fault comes once, or from there on
for ever; calls get each of {kinds} faults. Each run is counted by its end: a complete map, an incomplete one that says
why, or an error with a hint. Of each it was asserted that requests are within bounds and no connection is left open; of
each command moreover that a file is as it was or better, nothing half-written is left, and no made map is lost.

{sweeps}"""


def main(names: list[str]) -> int:
    """Run the rows, print them, and write the table where all were run; the number of rows that do not hold."""
    chosen = [row for row in (*ENDPOINT, *ANSWERS) if not names or any(name in row.name for name in names)]
    rows = [replace(row, deadline=max(PATIENCE, row.deadline)) for row in chosen]
    lines, held = [], 0
    for row in rows:
        with tempfile.TemporaryDirectory() as folder:
            seen = run(row, Path(folder))
            faults = broken(row, seen, Path(folder))
        held += not faults
        lines.append(line(row, seen, held=not faults))
        print(lines[-1], *(f"  {fault}" for fault in faults), sep="\n", flush=True)
    if not names:
        told = TOLD.format(
            day=f"{datetime.now(UTC):%Y-%m-%d}",
            held=held,
            all=len(rows),
            table=HEAD + "\n".join(lines),
            kinds=len(FAULTS),
            grace=GRACE,
            sweeps=sweeps(),
        )
        (ROOT / "evals" / "faults" / "RESULTS.md").write_text(told + "\n", encoding="utf-8")
    return len(rows) - held


def run(row: Row, folder: Path) -> Seen:
    """One row through a process of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAPGEN_", "OPENAI_"))}
    own = {"OPENAI_API_KEY": KEY, "MAPGEN_CACHE_DIR": str(folder), "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}

    options: dict[str, Any] = {"capture_output": True, "env": environ | own, "timeout": 900, "check": False}

    def command(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run([sys.executable, "-m", "mapgen", *arguments], **options)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    return by_command(row, command, folder)


def line(row: Row, seen: Seen, *, held: bool) -> str:
    """One line of the table."""
    promised = row.outcome if isinstance(row.outcome, str) else f"E{row.outcome}"
    outcome = {0: "R", 3: "P"}.get(seen.code, f"E{seen.code}")
    told = (
        row.name,
        promised,
        outcome,
        str(seen.code),
        str(seen.requests),
        f"{seen.seconds:.1f}",
        "yes" if held else "no",
    )
    return f"| {' | '.join(told)} |"


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
