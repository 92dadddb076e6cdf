"""The rules that say what is faulty in a knowledge map: pure functions of values, each giving problems.

CODES lists what they can find. They ask no model and change nothing; the pipeline, `mapgen check` and the
evaluation all judge by them.
"""

from __future__ import annotations

from mapgen.model import KnowledgeMap, Problem
from mapgen.rules.concepts import check_concepts
from mapgen.rules.counts import check_count, check_ids, check_related, number_asked
from mapgen.rules.coverage import check_coverage, sides, uncovered
from mapgen.rules.graph import components
from mapgen.rules.relations import check_relations, unsound
from mapgen.rules.texts import check_title
from mapgen.rules.twins import duplicates

__all__ = [
    "CODES",
    "check_map",
    "components",
    "duplicates",
    "number_asked",
    "sides",
    "uncovered",
    "unsound",
]

CODES = {
    "comparison-side-missing": "The query compares two things, and one of them is not a concept.",
    "concept-duplicate": "Two names mean the same concept.",
    "concept-id-duplicate": "Two concepts have the same id.",
    "concepts-few": "There are fewer concepts than wanted.",
    "concepts-many": "There are more concepts than wanted.",
    "definition-circular": "The definition explains the name by the name.",
    "definition-long": "The definition has more than 60 words.",
    "definition-sentences": "The definition has more than one sentence.",
    "definition-short": "The definition has fewer than 4 words.",
    "language-wrong": "A text is not in the map's language.",
    "name-heading": "The name is a heading such as 'Overview', not a concept.",
    "name-is-query": "The name is the query itself.",
    "name-long": "The name has more than 5 words.",
    "name-punctuation": "The name has the punctuation of a sentence.",
    "name-question": "The name is a question.",
    "related-count": "There are fewer than 6 or more than 12 related topics.",
    "related-duplicate": "Two related topics mean the same.",
    "related-empty": "A related topic is empty or a placeholder.",
    "related-long": "A related topic has more than 4 words.",
    "relation-cycle": "A relation contradicts others: a cycle of is-a or of part-of.",
    "relation-duplicate": "The same two concepts have a relation of the same kind already.",
    "relation-explanation": "The explanation has more than one sentence.",
    "relation-label-empty": "The label is empty or a placeholder.",
    "relation-label-long": "The label has more than 8 words.",
    "relation-loop": "A concept is related to itself.",
    "relation-unknown-end": "A relation names a concept that the map does not have.",
    "relation-vague": "The label or the explanation says no more than 'related to'.",
    "relations-missing": "There is no relation at all.",
    "relations-unconnected": "Some concepts are not connected to the rest.",
    "relevance-generic": "The relevance would fit any query.",
    "relevance-repeats": "A sentence of the relevance says the same as one before it.",
    "relevance-restates": "The relevance only repeats the definition.",
    "relevance-sentences": "The relevance has fewer than 2 or more than 4 sentences.",
    "script-mixed": "Letters of a script stand in a text whose language is not written in it.",
    "subject-missing": "No concept covers a subject that the query names.",
    "text-empty": "A text is empty.",
    "text-loops": "A text repeats the same words over and over.",
    "text-machine": "The model speaks of itself, or labels the text instead of stating it.",
    "text-markup": "A text has markup.",
    "text-placeholder": "A text is a placeholder.",
    "text-unfinished": "A text is not a finished sentence.",
}
"""Every code that a rule can give, with what it means."""


def check_map(map: KnowledgeMap, *, concepts: int | None = None) -> tuple[Problem, ...]:
    """Everything that is faulty in a map, in the order of its parts; ``concepts`` is the number asked for, if any."""
    names = tuple(concept.name for concept in map.concepts)
    definitions = tuple(concept.definition for concept in map.concepts)
    return (
        *check_count(len(map.concepts), concepts),
        *check_title(map.title),
        *check_coverage(map.query, names, texts=definitions, language=map.language),
        *check_ids(concept.id for concept in map.concepts),
        *check_concepts(map.concepts, query=map.query, language=map.language),
        *check_relations(map.relations, map.concepts, language=map.language, query=map.query),
        *check_related(map.related, map.language),
    )
