"""How long whole processes take that need no model: help, version, rendering, a map from the cache, the import.

Compared with a bare Python process in the same run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import ROOT, Figure, fastest, mapgen

TIMES = 15
SAVED = ROOT / "tests" / "data" / "source-map.json"


def figures(server: str) -> list[Figure]:
    """The rows; ``server`` is the base URL of a model that fills the cache for the cached map."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"MAPGEN_CACHE_DIR": f"{folder}/cache", "MAPGEN_BASE_URL": server, "MAPGEN_MODEL": "bench"}
        page, note = Path(folder) / "map.html", Path(folder) / "map.md"
        bare = fastest([sys.executable, "-c", ""], times=TIMES)
        commands = [
            ("`mapgen --help`", 0.25, mapgen("--help")),
            ("`mapgen --version`", 0.25, mapgen("--version")),
            ("`mapgen render` to Markdown", 0.35, mapgen("render", str(SAVED), "-o", str(note))),
            ("`mapgen render` to HTML", 0.35, mapgen("render", str(SAVED), "-o", str(page))),
            ("a fully cached map", 0.8, mapgen("make", "How do vaccines work?", "-q")),
        ]
        rows = [
            Figure(what, fastest(command, times=TIMES, env=env), "s", bound, bare, "bare Python")
            for what, bound, command in commands
        ]
        empty = fastest([sys.executable, "-c", "import mapgen"], times=TIMES)
        return [*rows, Figure("`import mapgen`, more than bare Python", max(0.0, empty - bare), "s", 0.15)]
