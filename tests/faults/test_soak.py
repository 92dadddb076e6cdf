"""A short soak; the long one is `make soak`. Its bounds are those of the long one, but for the share of whole maps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.fault import CALLS
from tests.faults.soaked import DESCRIPTORS, Told
from tests.faults.soaking import Bound, Seen, Soak, bounds, seen

SHORT = Soak(maps=60, timeout=3.0, hurried=True, warm=10, window=10)
# Which map a refusal of the plan hits is chance: of 1,000 maps two at the most are expected to be lost, of 60 three
# are next to impossible.
COMPLETE = 0.95


def broken(found: list[Bound]) -> list[str]:
    return [bound.what for bound in found if not bound.held]


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="what a process holds is read from /proc")
def test_sixty_maps_under_faults_leave_nothing(tmp_path: Path) -> None:
    done = seen(SHORT, tmp_path)
    assert broken(bounds(SHORT, done, clean=CALLS * SHORT.maps, complete=COMPLETE)) == [], done
    assert done.hits.total() >= SHORT.chance * CALLS * SHORT.maps / 2


GOOD = Told(ends={"complete": 60}, memory=[100_000_000] * 60, calls=430)
SEEN = Seen(told=GOOD, code=0, err="", files=(), requests=430, hits=Counter(), closed=True, secret=False, seconds=1.0)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (replace(SEEN, told=replace(GOOD, ends={"complete": 56, "incomplete": 4})), "complete maps"),
        (replace(SEEN, told=replace(GOOD, ends={"complete": 59})), "maps that ended"),
        (replace(SEEN, told=replace(GOOD, silent=1)), "maps that are not complete and do not say why"),
        (replace(SEEN, err="Task exception was never retrieved\n"), "lines on stderr"),
        (replace(SEEN, code=-11), "lines on stderr"),
        (replace(SEEN, told=replace(GOOD, logged=["asyncio: x"])), "warnings and tracebacks logged"),
        (replace(SEEN, requests=631, told=replace(GOOD, calls=631)), "requests"),
        (replace(SEEN, requests=431), "requests that the session counted"),
        (
            replace(SEEN, told=replace(GOOD, memory=[100_000_000] * 40 + [111_000_000] * 20)),
            "memory after warming up, and in the end",
        ),
        (replace(SEEN, closed=False), "connections open at the endpoint"),
        (replace(SEEN, told=replace(GOOD, descriptors=["socket:[1]"])), "file descriptors left"),
        (replace(SEEN, told=replace(GOOD, tasks=["<Task>"])), "tasks left"),
        (replace(SEEN, told=replace(GOOD, threads=["worker"])), "threads left"),
        (replace(SEEN, files=("temporary/x.part",)), "files left, the cache's database apart"),
        (replace(SEEN, secret=True), "texts with the key or a prompt"),
    ],
)
def test_each_bound_is_seen_where_it_is_broken(bad: Seen, what: str) -> None:
    assert broken(bounds(SHORT, bad, clean=CALLS * SHORT.maps, complete=COMPLETE)) == [what]
    assert broken(bounds(SHORT, SEEN, clean=CALLS * SHORT.maps, complete=COMPLETE)) == []
