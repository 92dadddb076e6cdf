"""Mutants of relevances: what a careless instruction makes of them.

They know no metric but by its id.
"""

from __future__ import annotations

from collections.abc import Callable

from mapgen.evaluation.mutants.base import (
    Edit,
    Mutant,
    Setting,
    each_concept,
    everywhere,
    halved,
    shifted,
    with_concept,
)
from mapgen.model import KnowledgeMap
from mapgen.rules.sentences import sentences

PASTED = 'Understanding {name} is crucial to answer "{query}". {name} plays a key role in the question "{query}".'
MERGED = (
    "When experts debate this, {name} acts as a lever that shifts the outcome step by step. Practitioners watch it as "
    "an early signal, weigh its costs, and adjust their plans before the damage spreads."
)
FILLER = "It is important to note that this concept plays a significant role in this context. {text}"
GENERIC = (
    "{name} is an important concept for understanding this topic. It plays a crucial role in many areas of it.",
    "This is a fundamental idea that anyone interested in the subject should know. It has many implications.",
    "{name} is highly relevant here. Without it, it would be difficult to fully understand the matter.",
    "It helps to explain the topic in more depth. Knowing {name} gives a better overview of the whole field.",
    "{name} is closely connected with the query. It is one of the key factors that has to be considered.",
)


def _generic(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"relevance": setting.random.choice(GENERIC).format(name=one.name)})


def _one_generic(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    at = setting.random.randrange(len(map.concepts))
    return with_concept(map, at, relevance=setting.random.choice(GENERIC).format(name=map.concepts[at].name))


def _one_pasted(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    at = setting.random.randrange(len(map.concepts))
    return with_concept(map, at, relevance=PASTED.format(name=map.concepts[at].name, query=map.query))


def _of(foreign: Callable[[Setting], KnowledgeMap]) -> Edit:
    """The edit that takes the relevances from another map."""

    def edit(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
        texts = [one.relevance for one in foreign(setting).concepts]
        at = iter(range(len(map.concepts)))
        return each_concept(map, lambda one: {"relevance": texts[next(at) % len(texts)]})

    return edit


def _copied(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"relevance": map.concepts[0].relevance})


def _definition(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"relevance": f"{one.definition} {one.definition}"})


def _first_sentence(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"relevance": " ".join(sentences(one.relevance)[:1])})


def _truncated(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"relevance": halved(one.relevance)})


MUTANTS = (
    Mutant("relevance-empty", "every relevance is empty", everywhere("relevance", ""), ("rel_specific",)),
    Mutant("relevance-generic", "every relevance would fit any concept", _generic, ("rel_specific",)),
    Mutant("relevance-one-generic", "one relevance of the map would fit any concept", _one_generic, ("rel_specific",)),
    Mutant(
        "relevance-query-pasted",
        "boilerplate with the query and the name pasted in",
        everywhere("relevance", PASTED),
        ("rel_specific",),
    ),
    Mutant(
        "relevance-one-query-pasted",
        "one relevance is boilerplate with the query pasted in",
        _one_pasted,
        ("rel_specific",),
    ),
    Mutant(
        "relevance-mail-merge",
        "one frame of sentences for every concept of every map",
        everywhere("relevance", MERGED),
        ("template_overlap",),
    ),
    Mutant(
        "relevance-filler",
        "an empty sentence before each relevance",
        everywhere("relevance", FILLER),
        ("rel_specific",),
    ),
    Mutant("relevance-definition", "the definition, twice, in its place", _definition, ("rel_not_def",)),
    Mutant("relevance-copied", "the first concept's relevance for all", _copied, ("rel_specific",)),
    Mutant(
        "relevance-of-another-field",
        "maps of different fields change their relevances",
        _of(Setting.foreign),
        ("rel_query_margin",),
    ),
    Mutant(
        "relevance-of-another-topic",
        "maps of neighbouring topics change their relevances",
        _of(Setting.near),
        ("rel_query_margin",),
    ),
    Mutant(
        "relevance-of-the-next",
        "each relevance stands at the concept before its own",
        lambda map, setting: shifted(map, "relevance"),
        blind="it is still about the query and still specific; which concept it is about takes a reader",
    ),
    Mutant("relevance-first-sentence", "only the first sentence is left", _first_sentence, ("valid_first",)),
    Mutant("relevance-truncated", "broken off in the middle of a sentence", _truncated, ("clean",)),
)
