"""End to end: the command line, the pipeline and the real embedded model make a real map."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mapgen import KnowledgeMap
from mapgen.rules.language import expected
from mapgen.steps.check import check

QUERY = "How do interest rates affect inflation and oil prices?"


@pytest.mark.embedded
def test_a_query_becomes_a_map_and_the_map_is_remembered(embedded_weights: Path, tmp_path: Path) -> None:
    model = ("--model", f"local:{embedded_weights}")
    saved = tmp_path / "map.json"
    first = run(
        "make", QUERY, *model, "--concepts", "4", "-o", str(saved), "-o", str(tmp_path / "map.html"), at=tmp_path
    )
    assert first.returncode in (0, 3), first.stderr
    map = KnowledgeMap.load(saved)
    assert (first.returncode == 0) == (map.status == "complete")
    assert map.problems == check(map, concepts=4) or map.status == "incomplete"
    assert 3 <= len(map.concepts) <= 5
    assert map.relations
    assert 6 <= len(map.related) <= 12
    for concept in map.concepts:
        if concept.status == "complete":
            assert expected(f"{concept.definition} {concept.relevance}", "en")
    assert map.made is not None
    assert map.made.calls >= 6
    assert map.made.output_tokens > 200
    assert "wrote 4 of 4" in first.stderr
    assert "Traceback" not in first.stderr
    assert "<h1" in (tmp_path / "map.html").read_text(encoding="utf-8")
    if map.status == "complete":
        again = run("make", QUERY, *model, "--concepts", "4", "--format", "json", at=tmp_path)
        assert "from the cache, 0 tokens" in again.stderr
        assert KnowledgeMap.parse(again.stdout).concepts == map.concepts


def run(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """The command line, with a cache in ``at``."""
    env = os.environ | {"MAPGEN_CACHE_DIR": str(at / "cache")}
    command = [sys.executable, "-m", "mapgen", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=900, check=False)
