"""The step that runs all rules on a map: pure, and no model is asked.

It knows no rule itself; what is faulty is said in mapgen/rules/.
"""

from __future__ import annotations

from mapgen.model import KnowledgeMap, Problem
from mapgen.rules import check_map


def check(map: KnowledgeMap, *, concepts: int | None = None) -> tuple[Problem, ...]:
    """What is faulty in ``map``, by place; ``concepts`` is the number of them that was asked for, if any."""
    return check_map(map, concepts=concepts)
