"""Makes 1,000 maps in one session while 5 % of the requests fail, and as many without faults; writes SOAK.md.

    python evals/faults/soak.py [--maps N] [--seed N]

Prints every figure and fails (exit code 1) where a bound is broken. With other numbers nothing is written.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.mixed import KINDS  # noqa: E402
from tests.faults.soaking import Bound, Seen, Soak, bounds, grown, seen  # noqa: E402

TOLD = """# A soak: {maps:,} maps in one session, {chance:.0%} of the requests hit by a fault

Made by `make soak` on {day}: Python {python}, {cores} cores, {system}. One `Session` in a process of its own made the
maps, {at_once} at once, every fourth by `stream` and the others by `generate`, each of a query of its own, with a
cache. A server on real TCP (`tests/faults/mixed.py`) drew which requests to hit, and with which of {kinds} kinds of
faults, from the seed {seed}. Waits were real ones; a request might take {timeout:g} s. {held} of {all} bounds hold.

The kinds are those of the table of faults that a map gets over when they come once: so is what costs a concept and is
repaired, where it does not hit a plan. Left out is what ends a run at once by design (a key, a quota, a model or an
address that is refused; a host that is not there), what needs a query or a source of its own, and waits of more than a
second. {unhit}

{bounds}

How it was measured: *complete* is a map's own status, by all rules. *Requests* are counted by the server; the bound is
what as many maps took in the same run without faults. *Memory* is the resident set of the session's process
(`/proc/self/statm`), read after each map, with no garbage collected for it: the medians of {window} maps after the
first {warm}, and of the last {window}. *File descriptors* and *tasks* are those that there were not before the session,
once it is closed; *threads* those besides the main one, once its loop is; *connections* are the server's own count.
*Files* are all in a folder that has the process's home, temporary files, working folder and cache. Stderr would show
what asyncio finds never retrieved, and every resource left to the garbage collector (`-W error::ResourceWarning`).

## Beside a run without faults

| | with faults | without |
| --- | --- | --- |
{beside}

## The maps that are not complete

{lost}

## The faults

| fault | requests hit |
| --- | --- |
{hits}
"""


def main(arguments: list[str]) -> int:
    """Both runs; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maps", type=int, default=Soak.maps, help="how many (default 1,000)")
    parser.add_argument("--seed", type=int, default=Soak.seed, help="of the faults (default 1)")
    options = parser.parse_args(arguments)
    part = min(1.0, options.maps / Soak.maps)
    warm, window = int(Soak.warm * part), max(1, int(Soak.window * part))
    soak = Soak(maps=options.maps, seed=options.seed, warm=warm, window=window)
    clean = run(replace(soak, chance=0.0))
    faulty = run(soak)
    sound = clean.told.ends == {"complete": soak.maps}
    found = bounds(soak, faulty, clean=clean.requests)
    found.append(Bound("complete maps without faults", f"{clean.told.ends.get('complete', 0):,}", "all", sound))
    text = told(soak, found, faulty=faulty, clean=clean)
    print(text)
    if soak == Soak():
        Path(__file__).with_name("SOAK.md").write_text(text, encoding="utf-8")
    return 0 if all(bound.held for bound in found) else 1


def run(soak: Soak) -> Seen:
    """One run in a folder that is gone afterwards; what it says on stderr is shown."""
    with tempfile.TemporaryDirectory() as folder:
        done = seen(soak, Path(folder))
    left = (*done.told.logged, *done.told.descriptors, *done.told.tasks, *done.told.threads, *done.files)
    for line in (*done.err.splitlines(), *left):
        print(line, file=sys.stderr, flush=True)
    return done


def told(soak: Soak, found: list[Bound], *, faulty: Seen, clean: Seen) -> str:
    """The page."""
    return TOLD.format(
        **vars(soak),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        kinds=len(KINDS),
        held=sum(bound.held for bound in found),
        all=len(found),
        bounds=_table(found),
        beside="\n".join(_beside(soak, faulty, clean)),
        lost="\n".join(f"- {why}" for why in faulty.told.why) or "There is none.",
        unhit=_unhit(faulty),
        hits="\n".join(f"| {name} | {faulty.hits[name]} |" for name in KINDS),
    )


def _unhit(faulty: Seen) -> str:
    """The kinds of faults that chance did not draw."""
    names = [name for name in KINDS if not faulty.hits[name]]
    return f"Chance hit no request with: {', '.join(names)}." if names else "Each hit a request."


def _table(found: list[Bound]) -> str:
    rows = [
        f"| {bound.what} | {bound.measured} | {bound.promised} | {'yes' if bound.held else '**no**'} |"
        for bound in found
    ]
    return "\n".join(("| what | measured | bound | held |", "| --- | --- | --- | --- |", *rows))


def _beside(soak: Soak, faulty: Seen, clean: Seen) -> list[str]:
    """The two runs in the same figures."""
    runs = faulty, clean
    memory = [grown(one.told.memory, soak) for one in runs]
    rows = {
        "complete maps": [f"{one.told.ends.get('complete', 0):,}" for one in runs],
        "requests": [f"{one.requests:,}" for one in runs],
        "requests hit by a fault": [f"{one.hits.total():,}" for one in runs],
        "memory after warming up": [f"{first:.1f} MB" for first, _ in memory],
        "memory in the end": [f"{last:.1f} MB" for _, last in memory],
        "most memory": [f"{max(one.told.memory) / 1e6:.1f} MB" for one in runs],
        "seconds, on a busy machine or not": [f"{one.seconds:.0f}" for one in runs],
    }
    return [f"| {what} | {' | '.join(cells)} |" for what, cells in rows.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
