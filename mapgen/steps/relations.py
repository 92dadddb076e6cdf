"""Relations as a model gives them, by name, and as a map keeps them, by id; shared by relate and repair.

It asks nothing.
"""

from __future__ import annotations

import re

from mapgen.model import RELATION_KINDS, Plan, Relation, RelationKind, Text
from mapgen.prompting import Answer, Schema
from mapgen.rules import components, unsound
from mapgen.rules.sentences import first
from mapgen.rules.texts import check_prose

KINDS: dict[RelationKind, str] = {
    "is-a": "A is a kind of B",
    "part-of": "A is a component or phase of B",
    "depends-on": "A needs B in order to work or to hold",
    "enables": "A makes B possible or easier",
    "causes": "A brings about B, or drives it",
    "limits": "A restricts, weakens or prevents B",
    "contrasts-with": "A and B are alternatives, and differ in something that matters here",
    "example-of": "A is an instance of B",
    "measures": "A tells how much of B there is",
}

_HYPHENED = re.compile(r"\w+(?:-(?:a|an|as|at|by|for|from|in|into|of|on|to|with))+")
_NOUNS = {"part of": "is part of", "example of": "is an example of"}


class RelationAnswer(Answer):
    """One relation, its ends by name; in the order of the sentence that it makes, and its kind drawn from that."""

    source: Text
    label: Text
    target: Text
    explanation: Text
    kind: RelationKind


class RelationsAnswer(Answer):
    """Relations as a model gives them."""

    relations: tuple[RelationAnswer, ...]


def narrowed(schema: Schema, sources: tuple[str, ...], *, targets: tuple[str, ...], number: tuple[int, int]) -> Schema:
    """The schema with the relations' ends and kinds enumerated, and ``number`` of them: at least, at most."""
    relations = schema["properties"]["relations"]
    ends = {"source": sources, "target": targets, "kind": RELATION_KINDS}
    fields = {name: {"type": "string", "enum": list(choices)} for name, choices in ends.items()}
    relations["items"]["properties"] |= fields
    relations |= {"minItems": number[0], "maxItems": number[1]}
    return schema


def relations_of(answer: RelationsAnswer, plan: Plan, *, known: tuple[Relation, ...] = ()) -> tuple[Relation, ...]:
    """``known`` and the answer's relations, ids for names.

    A kind given as label is put in words, and of an explanation the first sentence is taken. What no rule accepts is
    left out; and what is only badly said, where the others connect as much without it.
    """
    ids = {outline.name.casefold(): outline.id for outline in plan.concepts}
    found = tuple(
        Relation(
            source=ids.get(one.source.casefold(), ""),
            target=ids.get(one.target.casefold(), ""),
            kind=one.kind,
            label=_plain(one.label),
            explanation=first(one.explanation),
        )
        for one in answer.relations
    )
    sound = _sound((*known, *found), tuple(ids.values()))
    well = tuple(one for one in sound if not check_prose(one.explanation, "", language=plan.language))
    return well if _groups(well, plan) == _groups(sound, plan) else sound


def _plain(label: str) -> str:
    """The label as words: small models give the name of a kind, such as "depends-on", or what looks like one."""
    words = label.replace("-", " ") if _HYPHENED.fullmatch(label) else label
    return _NOUNS.get(words, words)


def _sound(relations: tuple[Relation, ...], ids: tuple[str, ...]) -> tuple[Relation, ...]:
    faulty = {problem.where for problem in unsound(relations, ids)}
    return tuple(one for at, one in enumerate(relations) if f"relations.{at}" not in faulty)


def _groups(relations: tuple[Relation, ...], plan: Plan) -> int:
    return len(components([outline.id for outline in plan.concepts], relations))
