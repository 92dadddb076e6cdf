"""Mutants of definitions: of something else, of themselves, too long, too short.

They know no metric but by its id.
"""

from __future__ import annotations

import re

from mapgen.evaluation.mutants.base import (
    Mutant,
    Setting,
    each_concept,
    everywhere,
    halved,
    shifted,
    with_concept,
)
from mapgen.model import KnowledgeMap

_VERB = re.compile(r"\b(?:is|are|was|were) (?:an? |the )?")
TAIL = (
    ", as is widely agreed by many who have studied it for a long time in several countries and under quite different "
    "conditions, although some of them would rather put it in other words and add that much of what is said about it "
    "depends on the period, the place and the purpose for which it was written down at all"
)


def _two_swapped(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    if len(map.concepts) < 2:
        return map
    first, second = setting.random.sample(range(len(map.concepts)), 2)
    texts = map.concepts[second].definition, map.concepts[first].definition
    return with_concept(with_concept(map, first, definition=texts[0]), second, definition=texts[1])


def _of_another_map(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    texts = [one.definition for one in setting.foreign().concepts]
    at = iter(range(len(map.concepts)))
    return each_concept(map, lambda one: {"definition": texts[next(at) % len(texts)]})


def _truncated(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"definition": halved(one.definition)})


def _short(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"definition": " ".join(one.definition.split()[-3:])})


def _long(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"definition": f"{one.definition.rstrip('.')}{TAIL}."})


def _one_circular(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    at = setting.random.randrange(len(map.concepts))
    name = map.concepts[at].name
    return with_concept(map, at, definition=f"{name} is the concept of {name} as such.")


def _half_circular(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """A central bank is the bank, or institution …"""

    def explained(name: str, text: str) -> str:
        *_, last = ("", *name.split())
        return _VERB.sub(lambda found: f"{found[0]}{last.lower()}, or ", text, count=1) if last != name else text

    return each_concept(map, lambda one: {"definition": explained(one.name, one.definition)})


MUTANTS = (
    Mutant("definitions-two-swapped", "two definitions of the map change places", _two_swapped, ("def_fits_title",)),
    Mutant(
        "definitions-rotated",
        "each definition stands at the concept before its own",
        lambda map, setting: shifted(map, "definition"),
        ("def_fits_title",),
    ),
    Mutant(
        "definitions-of-another-map", "the definitions of a map on another topic", _of_another_map, ("def_fits_title",)
    ),
    Mutant(
        "definition-circular",
        "every name is explained by the name",
        everywhere("definition", "{name} is the concept of {name} as such."),
        ("noncircular",),
    ),
    Mutant("definition-one-circular", "one name of the map is explained by the name", _one_circular, ("noncircular",)),
    Mutant(
        "definition-half-circular",
        "names of several words are explained by their last word",
        _half_circular,
        ("noncircular",),
    ),
    Mutant(
        "definition-empty-talk",
        "every definition only says that its concept matters",
        everywhere("definition", "{name} is a broad and important idea that experts of this field often discuss."),
        blind="definitions alike but for their names: no metric compares them without the names, as one could",
    ),
    Mutant("definition-empty", "every definition is empty", everywhere("definition", ""), ("noncircular",)),
    Mutant(
        "definition-doubled",
        "every definition stands twice",
        everywhere("definition", "{text} {text}"),
        ("one_sentence",),
    ),
    Mutant(
        "definition-two-sentences",
        "every definition has a second sentence",
        everywhere("definition", "{text} It is used in many ways, as we shall see."),
        ("one_sentence",),
    ),
    Mutant("definition-truncated", "broken off in the middle", _truncated, ("clean",)),
    Mutant("definition-three-words", "only the last three words are left", _short, ("one_sentence",)),
    Mutant("definition-rambling", "every definition goes on for sixty words more", _long, ("one_sentence",)),
)
