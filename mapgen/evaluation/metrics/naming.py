"""Metrics of the concepts as such: that no two are one, and that their names are names.

They know no relevance.
"""

from __future__ import annotations

from itertools import combinations

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Scores, each, english, mean
from mapgen.evaluation.metrics.closeness import described
from mapgen.model import KnowledgeMap
from mapgen.rules.names import title_ok
from mapgen.rules.twins import ALIKE, twins
from mapgen.rules.words import fold

SAME_CONCEPT, SAME_TEXT = 0.85, 0.97  # cosines of name and definition; siblings come up to .91


def _distinct(arm: Arm) -> Scores:
    return each(lambda sample, map: 1.0 - _twinned(arm, sample, map=map))(arm)


def _twinned(arm: Arm, sample: Sample, *, map: KnowledgeMap) -> float:
    """The share of concepts with a twin; all of none, and without embeddings by the names alone."""
    concepts = map.concepts
    rows = arm.embed(_texts(map)) if english(sample.case) else None
    found: set[int] = set()
    for one, other in combinations(range(len(concepts)), 2):
        cosine = 0.0 if rows is None else float(rows[one] @ rows[other])
        if same_concept(concepts[one].name, concepts[other].name, language=sample.case.language, cosine=cosine):
            found |= {one, other}
    return len(found) / len(concepts) if concepts else 1.0


def _texts(map: KnowledgeMap) -> tuple[str, ...]:
    return tuple(described(concept) for concept in map.concepts)


def same_concept(one: str, other: str, *, language: str, cosine: float = 0.0) -> bool:
    """Whether two names are of one concept; ``cosine`` is that of their texts.

    Names that look alike but that the rules tell apart, by a number or a prefix, are siblings, unless all is alike.
    """
    from rapidfuzz import fuzz

    if cosine >= SAME_TEXT or twins(one, other, language=language):
        return True
    return cosine >= SAME_CONCEPT and fuzz.token_sort_ratio(fold(one), fold(other)) < ALIKE


def _title_ok(sample: Sample, map: KnowledgeMap) -> float:
    case = sample.case
    return mean(title_ok(one.name, case.query, language=case.language) for one in map.concepts)


METRICS = (
    Metric(
        id="distinct",
        title="Concepts distinct",
        formula="1 - share of concepts with a twin: names alike, or cosine of name and definition >= .85",
        score=_distinct,
        margin=0.03,
    ),
    Metric(
        id="title_ok",
        title="Names are names",
        formula="share of names of 1-5 words that are no sentence, question, heading or the query",
        score=each(_title_ok),
        margin=0.03,
    ),
)
