"""Rules for relations: both ends exist, no loop, no duplicate, no contradiction, said in words.

They know the concepts by their ids only.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapgen.model import Concept, Problem, Relation
from mapgen.rules.blemishes import blank
from mapgen.rules.graph import closing, unconnected
from mapgen.rules.lexicon import phrases_of
from mapgen.rules.quoting import quote
from mapgen.rules.sentences import sentences
from mapgen.rules.texts import check_phrase, check_prose
from mapgen.rules.words import fold, runs

SYMMETRIC = frozenset({"contrasts-with"})
MAX_LABEL_WORDS = 8
_VAGUE = phrases_of("""
    related to|is related to|are related to|is related|are related|relates to|related|relate to|
    is linked to|linked to|is connected to|
    connected to|is associated with|associated with|has to do with|relation|relationship|interacts with|concerns|
    verwandt mit|hängt zusammen mit|steht in beziehung zu|bezieht sich auf|lié à|est lié à|est liée à|
    relacionado con|está relacionado con|se relaciona con|связан с|связано с|связана с|相关|与相关|有关|関連する|関連
""")


def check_relations(
    relations: tuple[Relation, ...], concepts: tuple[Concept, ...], *, language: str, query: str = ""
) -> tuple[Problem, ...]:
    """What is faulty in a map's relations: the whole first, then each in order, with its texts."""
    named = {concept.id: concept.name for concept in concepts}
    known = " ".join((query, *named.values()))
    faults = unsound(relations, named)
    found = list(unconnected(named, relations))
    for at, relation in enumerate(relations):
        where = f"relations.{at}"
        found += [one for one in faults if one.where == where]
        if not blank(relation.label):
            found += check_phrase(relation.label, where, language=language, query=known)
        found += check_prose(relation.explanation, where, language=language, query=known)
    return tuple(dict.fromkeys(found))


def unsound(relations: tuple[Relation, ...], ids: Iterable[str]) -> tuple[Problem, ...]:
    """What is faulty in single relations, in their order; whether all is connected is told by unconnected()."""
    known = frozenset(ids)
    seen: set[tuple[str, str, str]] = set()
    circles = closing(relations)
    found: list[Problem] = []
    for at, relation in enumerate(relations):
        where = f"relations.{at}"
        ends = _ends(relation, where, known=known)
        found += ends
        if not ends and _key(relation) in seen:
            message = f"{_shown(relation)} stands there already; leave it out."
            found.append(Problem(code="relation-duplicate", where=where, message=message))
        elif not ends and at in circles:
            message = f"{_shown(relation)} contradicts the relations before it: nothing can be {relation.kind} itself."
            found.append(Problem(code="relation-cycle", where=where, message=message))
        seen.add(_key(relation))
        found += _words(relation, where)
    return tuple(found)


def _ends(relation: Relation, where: str, *, known: frozenset[str]) -> tuple[Problem, ...]:
    missing = dict.fromkeys(id for id in (relation.source, relation.target) if id not in known)
    if missing:
        return tuple(
            Problem(
                code="relation-unknown-end", where=where, message=f"{quote(id)} is not the id of a concept of this map."
            )
            for id in missing
        )
    if relation.source == relation.target:
        message = f"{quote(relation.source)} is related to itself; relate two different concepts."
        return (Problem(code="relation-loop", where=where, message=message),)
    return ()


def _words(relation: Relation, where: str) -> tuple[Problem, ...]:
    found = []
    label, explanation = relation.label, relation.explanation
    if blank(label):
        found.append(
            Problem(
                code="relation-label-empty", where=where, message="The label is empty; say in a few words what it does."
            )
        )
    elif _vague(label) or _vague(explanation):
        found.append(
            Problem(
                code="relation-vague", where=where, message=f"{quote(label)} says nothing; say what the source does."
            )
        )
    elif len(label.split()) > MAX_LABEL_WORDS:
        message = f"{quote(label)} is too long for a label; use at most {MAX_LABEL_WORDS} words."
        found.append(Problem(code="relation-label-long", where=where, message=message))
    said = len(sentences(explanation))
    if said > 1:
        message = f"The explanation has {said} sentences; write exactly one."
        found.append(Problem(code="relation-explanation", where=where, message=message))
    return tuple(found)


def _vague(text: str) -> bool:
    return fold(" ".join(text.split())).strip(" .。") in _VAGUE or runs(text) in (("related",), ("related", "to"))


def _key(relation: Relation) -> tuple[str, str, str]:
    ends = (relation.source, relation.target)
    first, second = sorted(ends) if relation.kind in SYMMETRIC else ends
    return first, second, relation.kind


def _shown(relation: Relation) -> str:
    return quote(f"{relation.source} {relation.kind} {relation.target}")
