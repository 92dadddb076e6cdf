"""Mutants: maps and templates spoilt on purpose, and harmless edits, to measure the evaluation by.

MUTANTS has those of maps, TEMPLATES those of prompt sets. No model is asked to make one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mapgen.errors import InputError
from mapgen.evaluation.mutants import (
    blemishes,
    concepts,
    definitions,
    facts,
    harmless,
    names,
    relations,
    relevances,
)
from mapgen.evaluation.mutants.base import Mutant, Setting
from mapgen.evaluation.mutants.templates import TEMPLATES, TemplateMutant

__all__ = ["MUTANTS", "TEMPLATES", "Mutant", "Setting", "TemplateMutant", "find"]

_FAMILIES = {
    "relevance": relevances.MUTANTS,
    "definition": definitions.MUTANTS,
    "name": names.MUTANTS,
    "concepts": concepts.MUTANTS,
    "relations": relations.MUTANTS,
    "text": blemishes.MUTANTS,
    "facts": facts.MUTANTS,
}

MUTANTS: tuple[Mutant, ...] = (
    *(replace(one, family=family) for family, mutants in _FAMILIES.items() for one in mutants),
    *(replace(one, family="harmless", harmless=True) for one in harmless.EDITS),
)
"""Every mutant of maps: first the harmful ones by family, then the harmless edits."""


def find(ids: Iterable[str]) -> tuple[Mutant, ...]:
    """The mutants of those ids. Raises InputError for an unknown one."""
    known = {one.id: one for one in MUTANTS}
    wanted = tuple(ids)
    if unknown := [id for id in wanted if id not in known]:
        raise InputError(f"There is no mutant {unknown[0]!r}.", hint=f"Known are: {', '.join(known)}.")
    return tuple(known[id] for id in wanted)
