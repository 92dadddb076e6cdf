"""Edits that change nothing for a reader: no metric may call them anything.

They know no metric.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from mapgen.evaluation.mutants.base import (
    Edit,
    Mutant,
    Setting,
    each_concept,
    each_relation,
    with_concepts,
    with_relations,
)
from mapgen.model import KnowledgeMap

_CURLY = {"'": "’", ' "': " “", '"': "”"}
_SPELT = {"behaviour": "behavior", "colour": "color", "ization": "isation", "labour": "labor", "centre": "center"}
_PLAIN = {" whereas ": " while ", " therefore ": " so ", ", hence ": ", so ", " because ": " since ", " upon ": " on "}


def _texts(change: Callable[[str], str]) -> Edit:
    """The edit of every text that a reader reads, names left out."""

    def edit(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
        edited = each_concept(
            map, lambda one: {"definition": change(one.definition), "relevance": change(one.relevance)}
        )
        return each_relation(edited, lambda one: {"explanation": change(one.explanation)})

    return edit


def _replacing(table: dict[str, str]) -> Callable[[str], str]:
    def replaced(text: str) -> str:
        for old, new in table.items():
            text = text.replace(old, new)
        return text

    return replaced


def _shuffled(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """The concepts in another order, their ranks as before."""
    return with_concepts(map, setting.random.sample(map.concepts, len(map.concepts)))


def _reranked(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """The concepts in another reading order."""
    order = setting.random.sample(map.concepts, len(map.concepts))
    return with_concepts(map, (one.model_copy(update={"rank": at}) for at, one in enumerate(order, 1)))


def _relations_shuffled(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return with_relations(map, setting.random.sample(map.relations, len(map.relations)))


def _contrasts_turned(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    """A contrast says the same of both its ends."""
    return each_relation(
        map, lambda one: {"source": one.target, "target": one.source} if one.kind == "contrasts-with" else {}
    )


def _ids(change: Callable[[int, str], str]) -> Edit:
    """The edit of the ids, with which the relations go."""

    def edit(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
        of = {one.id: change(at, one.id) for at, one in enumerate(map.concepts, 1)}
        edited = each_concept(map, lambda one: {"id": of[one.id]})
        return each_relation(edited, lambda one: {"source": of[one.source], "target": of[one.target]})

    return edit


def _made(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    if map.made is None:
        return map
    other = {
        "model": "another",
        "endpoint": "another.example",
        "created": map.made.created + timedelta(days=1),
        "seconds": map.made.seconds * 3 + 1,
        "output_tokens": map.made.output_tokens * 2 + 100,
        "cache_hits": 7,
    }
    return map.model_copy(update={"made": map.made.model_copy(update=other)})


def _related(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return map.model_copy(update={"related": tuple(setting.random.sample(map.related, len(map.related)))})


def _capitals(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return map.model_copy(update={"title": map.title.upper()})


def _small(word: str) -> str:
    """A capitalised word in lower case; abbreviations as they are."""
    return word.lower() if word.istitle() else word


def _lower(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    return each_concept(map, lambda one: {"name": " ".join(_small(word) for word in one.name.split())})


EDITS = (
    Mutant("order-of-concepts", "the concepts are stored in another order", _shuffled),
    Mutant("reading-order", "the concepts are to be read in another order", _reranked),
    Mutant("order-of-relations", "the relations are stored in another order", _relations_shuffled),
    Mutant("contrasts-turned", "A contrasts with B becomes B contrasts with A", _contrasts_turned),
    Mutant("ids-upper-case", "the ids are in upper case", _ids(lambda at, id: id.upper())),
    Mutant("ids-numbered", "the ids are c1, c2 …", _ids(lambda at, id: f"c{at}")),
    Mutant("quotes-curly", "quotes and apostrophes are curly", _texts(_replacing(_CURLY))),
    Mutant("spaces-doubled", "there are two spaces after a full stop", _texts(lambda text: text.replace(". ", ".  "))),
    Mutant("spaces-around", "texts begin and end with a space", _texts(lambda text: f" {text} ")),
    Mutant("hyphens-unbreakable", "hyphens at which no line is broken", _texts(_replacing({"-": "\u2011"}))),
    Mutant("names-lower-case", "names are written as in running text", _lower),
    Mutant("made-otherwise", "another model, time and number of tokens", _made),
    Mutant("related-reordered", "the related topics are in another order", _related),
    Mutant("title-upper-case", "the heading is in capitals", _capitals),
    Mutant("spelling", "another spelling of some words", _texts(_replacing(_SPELT))),
    Mutant("connectives", "so for therefore, and the like", _texts(_replacing(_PLAIN))),
)
