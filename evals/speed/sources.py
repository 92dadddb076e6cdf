"""How fast passages are indexed, and how long the encyclopedia takes to load, to look a concept up and to search.

The index is made in a folder of this run. Loading is measured in fresh processes, to the first look-up's answer and so
with the embeddings: from where every map stands, with mapgen's own modules loaded, and from the first import on. These
are seconds of waiting; the other times are of a process's CPU.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from measure import ROOT, Figure

CONCEPTS = ROOT / "evals" / "retrieval" / "concepts.jsonl"
Made = TypeVar("Made")
LOADING, LOOK_UP, PASSAGE = 0.3, 15.0, 1.0  # seconds, milliseconds, milliseconds
FRESH = 5  # processes


def figures() -> list[Figure]:
    """The rows: a passage indexed, the encyclopedia made and loaded, a look-up and a search in it."""
    from mapgen.sources.encyclopedia import Encyclopedia

    with tempfile.TemporaryDirectory() as folder:
        making, made = _timed(partial(Encyclopedia.open, "en", folder=Path(folder), warn=print))
        passages = made.size()[1]
        made.close()
        fresh = [_fresh(folder) for _ in range(FRESH)]
    loading, whole = (median(one[what] for one in fresh) for what in ("loading", "whole"))
    up, search = (median(took for one in fresh for took in one[what]) * 1000 for what in ("ups", "searches"))
    return [
        Figure("indexing one passage of the encyclopedia, names and all", making / passages * 1000, "ms", PASSAGE),
        Figure("loading the index and the embeddings, to the first look-up's answer", loading, "s", LOADING),
        Figure("the same with all of mapgen, in a fresh process", whole, "s"),
        Figure("looking a concept up after that, median", up, "ms", LOOK_UP),
        Figure("searching it for a query, median", search, "ms", LOOK_UP),
    ]


def _fresh(folder: str) -> dict[str, Any]:
    """What a process that has just begun measures of the index in ``folder``."""
    done = subprocess.run([sys.executable, __file__, folder], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(folder: Path) -> dict[str, Any]:
    """The seconds until the first look-up is answered, and those of each look-up and search after it."""
    first, *others = _asked()
    began = time.perf_counter()
    import_module("mapgen.session")  # what every map loads
    ready = time.perf_counter()
    from mapgen.sources.encyclopedia import Encyclopedia

    encyclopedia = Encyclopedia.open("en", folder=folder, warn=print)

    def look_up(one: dict[str, Any]) -> object:
        return encyclopedia.look_up(one["name"], scope=one["scope"], query=one["query"])

    look_up(first)
    answered = time.perf_counter()
    ups = [_timed(partial(look_up, one))[0] for one in others]
    searches = [_timed(partial(encyclopedia.search, one["query"]))[0] for one in others]
    encyclopedia.close()
    return {"loading": answered - ready, "whole": answered - began, "ups": ups, "searches": searches}


def _asked() -> list[dict[str, Any]]:
    """The English concepts of the tuned part."""
    asked = [json.loads(line) for line in CONCEPTS.read_text("utf-8").splitlines()]
    return [one for one in asked if one["language"] == "en" and one["part"] == "tuned"]


def _timed(action: Callable[[], Made]) -> tuple[float, Made]:
    began = time.process_time()
    made = action()
    return time.process_time() - began, made


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:]:
        print(json.dumps(measured(Path(sys.argv[1]))))
    else:
        for row in figures():
            print(row.row())
