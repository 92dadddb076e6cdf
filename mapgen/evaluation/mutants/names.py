"""Mutants of names: questions, headings, whole sentences in the place of a term.

They know no metric but by its id.
"""

from __future__ import annotations

from mapgen.evaluation.mutants.base import Mutant, Setting, everywhere, with_concept
from mapgen.model import KnowledgeMap


def _query(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return with_concept(map, setting.random.randrange(len(map.concepts)), name=map.query)


def _heading(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return with_concept(map, 0, name=setting.random.choice(("Overview", "Key Concepts", "Introduction", "Conclusion")))


MUTANTS = (
    Mutant("name-question", "every name is a question", everywhere("name", "What is {text}?"), ("title_ok",)),
    Mutant("name-query", "one concept is called as the query", _query, ("title_ok",)),
    Mutant("name-heading", "the first concept is called Overview or the like", _heading, ("title_ok",)),
    Mutant(
        "name-eight-words",
        "every name goes on for eight words",
        everywhere("name", "{text} and Its Role in the Wider Context Today"),
        ("title_ok",),
    ),
    Mutant(
        "name-padded",
        "every name is padded to The Concept of …",
        everywhere("name", "The Concept of {text}"),
        blind="five words are allowed, and The Concept of is no heading to any rule",
    ),
)
