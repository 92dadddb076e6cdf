"""Mutants of the set of concepts: said twice, off topic, missing, too many.

They know no metric but by its id.
"""

from __future__ import annotations

from mapgen.evaluation.mutants.base import Mutant, Setting, with_concept, with_concepts, with_relations, without
from mapgen.model import Concept, KnowledgeMap
from mapgen.rules.words import content, fold

FEWEST = 3
_REWORDED = {" is ": " denotes ", " are ": " denote ", " that ": " which ", " such as ": " for example ", "The ": "A "}


def _duplicate(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    first = map.concepts[0]
    return with_concept(map, -1, name=f"{first.name}s" if setting.random.random() < 0.5 else first.name)


def _paraphrased(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """The last concept becomes the first in other words; its relevance stays its own."""
    first, text = map.concepts[0], map.concepts[0].definition
    for old, new in _REWORDED.items():
        text = text.replace(old, new, 1)
    name = " ".join(reversed(first.name.split())) if " " in first.name else f"Phenomenon of {first.name}"
    return with_concept(map, -1, name=f"Notion of {name}", definition=text)


def _intruder(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return _replaced(map, len(map.concepts) - 1, foreign=setting.foreign())


def _neighbour(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return _replaced(map, len(map.concepts) - 1, foreign=setting.near())


def _mostly_foreign(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return _replaced(map, 1, foreign=setting.foreign())


def _replaced(map: KnowledgeMap, start: int, *, foreign: KnowledgeMap) -> KnowledgeMap:
    """The map with another topic's last concepts in the place of its own from ``start`` on."""
    for at in range(start, len(map.concepts)):
        one = foreign.concepts[(at - len(map.concepts)) % len(foreign.concepts)]
        map = with_concept(map, at, name=one.name, definition=one.definition, relevance=one.relevance)
    return map


def _referenced(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """Half of the concepts go, the first to go being those that the case refers to; three stay at least."""
    known = {fold(name) for one in setting.case.references for name in (one.name, *one.aliases)}
    listed = sorted(map.concepts, key=lambda one: fold(one.name) not in known)
    gone = max(0, min(len(map.concepts) // 2, len(map.concepts) - FEWEST))
    return without(map, (one.id for one in listed[:gone]))


def _misdefined(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """The last concept is of another field, though its relevance is of this map."""
    one = setting.foreign().concepts[-1]
    return with_concept(map, -1, name=one.name, definition=one.definition)


def _vague_names(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """The concepts that the case refers to, but for those that the query names, become broader ones of their field."""
    known = {fold(name) for one in setting.case.references for name in (one.name, *one.aliases)}
    asked = set(content(map.query, setting.case.language))
    broad = iter(map.related)
    for at, one in enumerate(map.concepts):
        spared = not asked.isdisjoint(content(one.name, setting.case.language))
        if fold(one.name) in known and not spared and (name := next(broad, "")):
            text = f"{name} is a wide subject with a history of its own and many branches."
            map = with_concept(map, at, name=name, definition=text)
    return map


def _few(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return without(map, (one.id for one in map.concepts[2:]))


def _many(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """Nine concepts: those that the case refers to and the map lacks, then what is related; each hangs on the first."""
    have = {fold(one.name) for one in map.concepts}
    more = [(one.name, one.gloss) for one in setting.case.references if fold(one.name) not in have]
    more += [(name, f"A subject of its own in the field of {map.title}.") for name in map.related]
    added = [
        Concept(id=f"more-{at}", name=name, definition=gloss, relevance=map.concepts[0].relevance, rank=at)
        for at, (name, gloss) in enumerate(more[: 9 - len(map.concepts)], len(map.concepts) + 1)
    ]
    first = map.concepts[0].id
    edges = (like.model_copy(update={"target": one.id, "source": first}) for one in added for like in map.relations[:1])
    return with_relations(with_concepts(map, (*map.concepts, *added)), (*map.relations, *edges))


MUTANTS = (
    Mutant("concept-duplicate", "the last concept is called as the first, or its plural", _duplicate, ("distinct",)),
    Mutant("concept-paraphrased", "the last concept is the first in other words", _paraphrased, ("distinct",)),
    Mutant("concept-intruder", "the last concept is of another field", _intruder, ("on_topic",)),
    Mutant("concept-misdefined", "the last name and definition are of another field", _misdefined, ("on_topic",)),
    Mutant("concept-neighbour", "the last concept is of another topic of its field", _neighbour, ("on_topic",)),
    Mutant(
        "concepts-mostly-foreign", "all concepts but the first are of another field", _mostly_foreign, ("on_topic",)
    ),
    Mutant(
        "concepts-dropped", "half of the concepts are left out, the referenced first", _referenced, ("concept_recall",)
    ),
    Mutant(
        "concepts-too-broad",
        "referenced concepts that the query does not name become wider subjects",
        _vague_names,
        ("concept_recall",),
    ),
    Mutant("concepts-few", "two concepts are left", _few, ("count_ok",)),
    Mutant("concepts-many", "the map is filled up to nine concepts", _many, ("count_ok",)),
)
