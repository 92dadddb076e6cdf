"""Mutants of relations: broken ends, repetitions, empty words, no connection, the wrong way round.

They know no metric but by its id.
"""

from __future__ import annotations

from mapgen.evaluation.mutants.base import Mutant, Setting, each_relation, with_relations
from mapgen.model import RELATION_KINDS, KnowledgeMap

_DIRECTION = "a relation the wrong way round is as well formed as the right one"


def _dangling(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    edges = list(map.relations)
    for at in setting.random.sample(range(len(edges)), min(1, len(edges))):
        edges[at] = edges[at].model_copy(update={"target": "nowhere"})
    return with_relations(map, edges)


def _doubled(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return with_relations(map, (*map.relations, *map.relations))


def _unlinked(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """One concept loses all its relations."""
    alone = setting.random.choice(map.concepts).id
    return with_relations(map, (one for one in map.relations if alone not in (one.source, one.target)))


def _half(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return with_relations(map, map.relations[: len(map.relations) // 2])


def _reversed(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_relation(map, lambda one: {"source": one.target, "target": one.source})


def _kinds(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_relation(map, lambda one: {"kind": setting.random.choice(RELATION_KINDS)})


def _explanations(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    texts = [one.explanation for one in map.relations]
    moved = iter([*texts[1:], *texts[:1]])
    return each_relation(map, lambda one: {"explanation": next(moved)})


def _star(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """Every relation starts at the first concept, and every other concept is the end of one."""
    first, *others = (one.id for one in map.concepts)
    like = map.relations
    return with_relations(
        map,
        (
            like[at % len(like)].model_copy(update={"source": first, "target": id, "kind": "enables"})
            for at, id in enumerate(others if like else ())
        ),
    )


MUTANTS = (
    Mutant("relation-dangling", "one relation ends at no concept", _dangling, ("edges_valid",)),
    Mutant(
        "relations-loops",
        "every relation ends where it starts",
        lambda map, setting: each_relation(map, lambda one: {"target": one.source}),
        ("edges_valid", "connected"),
    ),
    Mutant("relations-doubled", "every relation stands twice", _doubled, ("edges_valid",)),
    Mutant(
        "relations-vague",
        "every label says is related to",
        lambda map, setting: each_relation(map, lambda one: {"label": "is related to"}),
        ("edges_valid",),
    ),
    Mutant(
        "relations-unlabelled",
        "every label is empty",
        lambda map, setting: each_relation(map, lambda one: {"label": ""}),
        ("edges_valid",),
    ),
    Mutant(
        "relations-none",
        "there is no relation",
        lambda map, setting: with_relations(map, ()),
        ("edges_valid", "connected"),
    ),
    Mutant("relations-half", "half of the relations are left out", _half, ("connected",)),
    Mutant("relations-unlinked", "one concept has no relation", _unlinked, ("connected",)),
    Mutant("relations-reversed", "every relation is the wrong way round", _reversed, blind=_DIRECTION),
    Mutant("relations-kinds", "every relation is of a kind drawn at random", _kinds, blind="the kind is a claim"),
    Mutant(
        "relations-explanations",
        "each explanation stands at another relation",
        _explanations,
        blind="no metric reads what an explanation is of",
    ),
    Mutant("relations-star", "the first concept enables every other", _star, blind="a star is sound and connected"),
)
