"""What a mutant is: a seeded, pure edit of a map, and what is claimed of it.

Beside it the edits that the families share. It knows no metric (their ids are names to it) and asks no model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from mapgen.evaluation.suite import Case
from mapgen.model import Concept, KnowledgeMap, Relation


@dataclass(frozen=True)
class Setting:
    """What an edit may draw on beside the map: chance, the case, and good maps of other topics.

    ``others`` begin with the map after the edited one and come round to the one before it, so that where every map
    takes from the same place of its others, no two take the same.
    """

    case: Case
    others: tuple[KnowledgeMap, ...]
    random: Random

    def foreign(self) -> KnowledgeMap:
        """A map of another topic, as a rule of another field."""
        return self.others[len(self.others) // 2]

    def near(self) -> KnowledgeMap:
        """A map of another topic, as a rule of the same field."""
        return self.others[0]


Edit = Callable[[KnowledgeMap, Setting], KnowledgeMap]


@dataclass(frozen=True)
class Mutant:
    """An edit of maps and what is claimed of it.

    ``expected`` are the metrics of which one should call it worse. ``harmless``: none may call it anything.
    ``blind`` says why no deterministic metric can see it; such a mutant is measured, and held to no bar.
    """

    id: str
    does: str
    apply: Edit
    expected: tuple[str, ...] = ()
    family: str = ""
    harmless: bool = False
    blind: str = ""


def each_concept(map: KnowledgeMap, change: Callable[[Concept], Mapping[str, object]]) -> KnowledgeMap:
    """The map with ``change`` made on every concept; it gives the fields that are new."""
    return with_concepts(map, (one.model_copy(update=dict(change(one))) for one in map.concepts))


def with_concept(map: KnowledgeMap, at: int, **fields: object) -> KnowledgeMap:
    """The map with fields of one concept replaced."""
    concepts = list(map.concepts)
    concepts[at] = concepts[at].model_copy(update=fields)
    return with_concepts(map, concepts)


def with_concepts(map: KnowledgeMap, concepts: Iterable[Concept]) -> KnowledgeMap:
    """The map with other concepts."""
    return map.model_copy(update={"concepts": tuple(concepts)})


def each_relation(map: KnowledgeMap, change: Callable[[Relation], Mapping[str, object]]) -> KnowledgeMap:
    """The map with ``change`` made on every relation."""
    return with_relations(map, (one.model_copy(update=dict(change(one))) for one in map.relations))


def with_relations(map: KnowledgeMap, relations: Iterable[Relation]) -> KnowledgeMap:
    """The map with other relations."""
    return map.model_copy(update={"relations": tuple(relations)})


def shifted(map: KnowledgeMap, field: str) -> KnowledgeMap:
    """Every concept gets the text of the next one."""
    texts = [getattr(one, field) for one in map.concepts]
    moved = iter([*texts[1:], *texts[:1]])
    return each_concept(map, lambda one: {field: next(moved)})


def without(map: KnowledgeMap, ids: Iterable[str]) -> KnowledgeMap:
    """The map without the concepts of those ids and their relations; the ranks close up."""
    gone = frozenset(ids)
    kept = [one for one in map.concepts if one.id not in gone]
    left = with_concepts(map, (one.model_copy(update={"rank": at}) for at, one in enumerate(kept, 1)))
    return with_relations(left, (one for one in map.relations if not gone & {one.source, one.target}))


def halved(text: str) -> str:
    """The first two thirds of the words of a text, without an end."""
    words = text.split()
    return " ".join(words[: max(1, len(words) * 2 // 3)]).rstrip(" .,;:")


def everywhere(field: str, form: str) -> Edit:
    """The edit that gives every concept's ``field`` a form of its name, the query and the text so far."""

    def edit(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
        return each_concept(
            map, lambda one: {field: form.format(name=one.name, query=map.query, text=getattr(one, field)).strip()}
        )

    return edit
