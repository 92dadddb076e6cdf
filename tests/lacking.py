"""Saved maps that lack something, and what completes them; for the tests of resuming.

It knows the scripts of the good map and the rules.
"""

from __future__ import annotations

import json
from typing import Any

from mapgen.model import KnowledgeMap, Made
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.steps.check import check
from tests.scripts import Line, write_answer

PROMPTS = PromptSet(builtin_folder())


def without(map: KnowledgeMap, *ids: str, relations: bool = True, **texts: str) -> KnowledgeMap:
    """The map without what was written about these concepts, marked as the rules say."""
    bare: dict[str, Any] = texts or {"definition": "", "relevance": ""}
    concepts = tuple(one.model_copy(update=bare) if one.id in ids else one for one in map.concepts)
    lacking = map.model_copy(update={"concepts": concepts, "relations": map.relations if relations else ()})
    problems = check(lacking)
    return lacking.model_copy(update={"status": "incomplete", "problems": problems})


def writes(*names: str) -> list[Line]:
    """The lines of a script that write these concepts."""
    return [{"prompt": "write", "match": f": {name} (", "answer": write_answer(name)} for name in names]


def made(**changes: Any) -> Made:
    """An account of the map in an earlier run."""
    told: Any = {
        "model": "gpt-0",
        "planner": "gpt-0",
        "endpoint": "old.example",
        "prompts": PROMPTS.fingerprint(),
        "mapgen": "0.0.1",
        "created": "2020-01-01T00:00:00Z",
        "seconds": 9.0,
        "calls": 7,
        "input_tokens": 700,
        "output_tokens": 350,
        "cost": 0.1,
        "retries": 1,
        "reasked": 1,
        "repairs": 1,
        "cache_hits": 0,
    }
    return Made.model_validate_json(json.dumps(told | changes))
