"""Mutants of facts: what is said is well said, and wrong.

Without knowledge of the world nothing can see them; the judge's questions are for these.
"""

from __future__ import annotations

import re

from mapgen.evaluation.mutants.base import Mutant, Setting, each_concept
from mapgen.model import KnowledgeMap

_VERB = re.compile(r"\b(is|are|was|were|can|does|do)\b(?! not)")
_NUMBER = re.compile(r"\d+")
_WHY = "true and false sentences have the same words; the judge (J3, J5) is asked for this"


def _negated(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"definition": _VERB.sub(r"\1 not", one.definition, count=1)})


def _numbers(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    def other(found: re.Match[str]) -> str:
        return str(int(found[0]) * setting.random.choice((2, 3, 5, 7)) + 1)

    return each_concept(map, lambda one: {"relevance": _NUMBER.sub(other, one.relevance)})


MUTANTS = (
    Mutant("facts-negated", "every definition says not", _negated, blind=_WHY),
    Mutant("facts-numbers", "every number is another", _numbers, blind=_WHY),
)
