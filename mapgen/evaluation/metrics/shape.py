"""Metrics of how a map came about and how large it is: first answers valid, the number of concepts.

They know no text.
"""

from __future__ import annotations

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Scores, each
from mapgen.model import KnowledgeMap


def _valid_first(sample: Sample, map: KnowledgeMap) -> float | None:
    if map.made is None:
        return None
    return float(map.status == "complete" and not map.made.reasked and not map.made.repairs)


def _count_ok(arm: Arm) -> Scores:
    return each(lambda sample, map: float(arm.minimum <= len(map.concepts) <= arm.maximum))(arm)


METRICS = (
    Metric(
        id="valid_first",
        title="First answers valid",
        formula="1 if every first answer was valid and nothing was asked again or repaired",
        score=each(_valid_first),
        margin=0.05,
    ),
    Metric(
        id="count_ok",
        title="Number of concepts",
        formula="1 if the number of concepts is within the suite's range",
        score=_count_ok,
        margin=0.05,
    ),
)
