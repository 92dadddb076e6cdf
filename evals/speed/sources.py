"""How fast passages are indexed, and how long the encyclopedia takes to open, to look a concept up and to search.

The encyclopedia's index is made in a folder of this run, then opened again; times are of this process's CPU.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from measure import ROOT, Figure

CONCEPTS = ROOT / "evals" / "retrieval" / "concepts.jsonl"
Made = TypeVar("Made")
LOADING, LOOK_UP, PASSAGE = 0.3, 15.0, 1.0  # seconds, milliseconds, milliseconds


def figures() -> list[Figure]:
    """The rows: a passage indexed, the encyclopedia made and opened again, a look-up and a search in it."""
    from mapgen.sources.encyclopedia import Encyclopedia

    asked = [json.loads(line) for line in CONCEPTS.read_text("utf-8").splitlines()]
    english = [one for one in asked if one["language"] == "en" and one["part"] == "tuned"]
    with tempfile.TemporaryDirectory() as folder:

        def opened() -> Encyclopedia:
            return Encyclopedia.open("en", folder=Path(folder), warn=print)

        making, made = _timed(opened)
        passages = made.size()[1]
        made.close()
        opening, encyclopedia = _timed(opened)
        ups = [
            _timed(partial(encyclopedia.look_up, one["name"], scope=one["scope"], query=one["query"]))
            for one in english
        ]
        searches = [_timed(partial(encyclopedia.search, one["query"])) for one in english]
        encyclopedia.close()
    return [
        Figure("indexing one passage of the encyclopedia, names and all", making / passages * 1000, "ms", PASSAGE),
        Figure("opening its index again", opening, "s", LOADING, base=making, base_name="making it"),
        Figure("looking a concept up, median", median(took for took, _ in ups) * 1000, "ms", LOOK_UP),
        Figure("searching it for a query, median", median(took for took, _ in searches) * 1000, "ms", LOOK_UP),
    ]


def _timed(action: Callable[[], Made]) -> tuple[float, Made]:
    began = time.process_time()
    made = action()
    return time.process_time() - began, made


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for row in figures():
        print(row.row())
