"""Metrics of coverage: how many of a case's reference concepts a map has, and which subjects of the query.

What counts as found by meaning is set by the references themselves: closer than the closest twentieth of the pairs
of different references of one case, and of different topics. They know no relevance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from mapgen.evaluation.metrics.base import Arm, Case, Metric, Reference, Sample, Scores, each, english, mean
from mapgen.evaluation.metrics.closeness import described
from mapgen.evaluation.metrics.matching import matched
from mapgen.model import KnowledgeMap
from mapgen.rules.coverage import missing
from mapgen.rules.subjects import subjects
from mapgen.rules.twins import twins
from mapgen.rules.words import fold

if TYPE_CHECKING:
    from mapgen.vectors import Vectors

ALIAS, PERCENTILE = 90, 95
FEWEST = 20  # pairs that a percentile is taken of
CAUTIOUS = 0.5  # the cosine where there are fewer: on the good maps of the tests hardly a sibling comes as close


def glossed(reference: Reference) -> str:
    """A reference as it is embedded."""
    return f"{reference.name}: {reference.gloss}"


def threshold(arm: Arm) -> float:
    """The cosine above which a concept counts as a reference; of the suite's references alone, whatever the maps."""
    import numpy as np

    cases = {one.case.id: one.case for one in arm.samples if one.case.references and english(one.case)}
    known = [(case, reference) for _, case in sorted(cases.items()) for reference in case.references]
    table = arm.embed(glossed(reference) for _, reference in known)
    cosines = table @ table.T
    kinds: tuple[list[float], list[float]] = [], []
    for one, other in combinations(range(len(known)), 2):
        first, second = known[one][0], known[other][0]
        if first.id == second.id or first.cluster != second.cluster:
            kinds[first.id == second.id].append(float(cosines[one, other]))
    told = [float(np.percentile(pairs, PERCENTILE)) for pairs in kinds if len(pairs) >= FEWEST]
    return max(told) if told else CAUTIOUS


def _concept_recall(arm: Arm) -> Scores:
    least = threshold(arm)

    def score(sample: Sample, map: KnowledgeMap) -> float:
        references = sample.case.references
        return matched(_choices(sample.case, map, cosines=_cosines(arm, sample, map=map), least=least)) / len(
            references
        )

    return each(score, applies=_has_references)(arm)


def _choices(case: Case, map: KnowledgeMap, *, cosines: Vectors | None, least: float) -> list[list[int]]:
    """For each reference, the places of the concepts that may be it."""
    return [
        [
            at
            for at, concept in enumerate(map.concepts)
            if _named(concept.name, reference, language=case.language)
            or (cosines is not None and float(cosines[row, at]) > least)
        ]
        for row, reference in enumerate(case.references)
    ]


def _named(name: str, reference: Reference, *, language: str) -> bool:
    from rapidfuzz import fuzz

    return any(
        twins(name, other, language=language) or fuzz.ratio(_bare(name), _bare(other)) >= ALIAS
        for other in (reference.name, *reference.aliases)
    )


def _bare(name: str) -> str:
    return " ".join(fold(name).split())


def _cosines(arm: Arm, sample: Sample, *, map: KnowledgeMap) -> Vectors | None:
    if not english(sample.case):
        return None
    concepts = arm.embed(described(one) for one in map.concepts)
    return arm.embed(glossed(one) for one in sample.case.references) @ concepts.T


def _soft_recall(arm: Arm) -> Scores:
    def score(sample: Sample, map: KnowledgeMap) -> float:
        cosines = _cosines(arm, sample, map=map)
        return mean(max(0.0, float(row.max())) for row in cosines) if cosines is not None and map.concepts else 0.0

    return _usable(arm, each(score, applies=lambda case: _has_references(case) and english(case))(arm))


def _has_references(case: Case) -> bool:
    return bool(case.references)


def _query_coverage(sample: Sample, map: KnowledgeMap) -> float | None:
    language = sample.case.language
    asked: Sequence[object] = subjects(sample.case.query, language)
    if not asked:
        return None
    names, texts = tuple(one.name for one in map.concepts), tuple(one.definition for one in map.concepts)
    return 1.0 - len(missing(sample.case.query, names, texts=texts, language=language)) / len(asked)


def _usable(arm: Arm, scores: Iterable[float | None]) -> Scores:
    """The scores without those of unusable maps: what does not gate is told of maps that there are."""
    return tuple(None if one.map is None else score for one, score in zip(arm.samples, scores, strict=True))


METRICS = (
    Metric(
        id="concept_recall",
        title="Reference concepts found",
        formula="share of references matched one-to-one, by alias (ratio >= 90) or cosine above that of 95 % of pairs"
        " of different references",
        score=_concept_recall,
        margin=0.05,
        reference=True,
    ),
)

REPORTED = (
    Metric(
        id="soft_recall",
        title="Reference concepts approached",
        formula="mean over references of the largest cosine with a concept",
        score=_soft_recall,
        margin=0.03,
        reference=True,
        gated=False,
    ),
    Metric(
        id="query_coverage",
        title="Subjects of the query covered",
        formula="share of the subjects that the query names which names or definitions have",
        score=lambda arm: _usable(arm, each(_query_coverage)(arm)),
        margin=0.03,
        gated=False,
    ),
)
