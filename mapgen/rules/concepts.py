"""The rules of names, definitions and relevances put together, for one concept and for all of a map.

They know no relations.
"""

from __future__ import annotations

from mapgen.model import Concept, Draft, Problem
from mapgen.rules.definitions import check_definition
from mapgen.rules.names import name_problems
from mapgen.rules.relevances import check_relevance
from mapgen.rules.texts import check_prose


def check_draft(name: str, draft: Concept | Draft, *, where: str, query: str, language: str) -> tuple[Problem, ...]:
    """What is faulty in the two texts of one concept; ``where`` is its place, such as ``concepts.inflation``."""
    first, second = f"{where}.definition", f"{where}.relevance"
    definition, relevance = draft.definition, draft.relevance
    return (
        *check_prose(definition, first, language=language, query=f"{query} {name}"),
        *check_definition(name, definition, where=first, language=language),
        *check_prose(relevance, second, language=language, query=f"{query} {name}"),
        *check_relevance(relevance, second, name=name, definition=definition, query=query, language=language),
    )


def check_concepts(concepts: tuple[Concept, ...], *, query: str, language: str) -> tuple[Problem, ...]:
    """What is faulty in the concepts of a map, in their order."""
    named = tuple((concept.id, concept.name) for concept in concepts)
    names = name_problems(named, query=query, language=language)
    found: list[Problem] = []
    for concept in concepts:
        where = f"concepts.{concept.id}"
        found += [one for one in names if one.where == f"{where}.name"]
        found += check_draft(concept.name, concept, where=where, query=query, language=language)
    return tuple(dict.fromkeys(found))
