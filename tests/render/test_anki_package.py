"""The Anki package in processes of their own: the same bytes under every hash seed, and what is imported when."""

from __future__ import annotations

import os
import subprocess
import sys


def test_it_is_the_same_under_every_hash_seed():
    code = (
        "from tests.render.hostile import hostile_map; from mapgen.render import anki;"
        "from mapgen.render.view import Options; import hashlib;"
        "print(hashlib.sha256(anki.render(hostile_map(), Options())).hexdigest())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(results) == 1


def test_what_is_heavy_is_imported_when_it_is_used():
    code = (
        "import sys; from mapgen.render import anki, canvas, jsonld, obsidian, skos;"
        "heavy = {'genanki', 'rdflib', 'yaml', 'langgraph', 'openai'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
