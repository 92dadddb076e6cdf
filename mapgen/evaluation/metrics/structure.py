"""Metrics of the map as a graph: relations that are sound, concepts that hang together.

They know no text but the relations' own.
"""

from __future__ import annotations

from mapgen.evaluation.metrics.base import Metric, Sample, each
from mapgen.model import KnowledgeMap
from mapgen.rules.graph import components
from mapgen.rules.relations import unsound


def _edges_valid(sample: Sample, map: KnowledgeMap) -> float:
    if not map.relations:
        return 0.0
    faulty = {one.where for one in unsound(map.relations, (concept.id for concept in map.concepts))}
    return 1.0 - len(faulty) / len(map.relations)


def _connected(sample: Sample, map: KnowledgeMap) -> float:
    groups = components((concept.id for concept in map.concepts), map.relations)
    return len(groups[0]) / len(map.concepts) if groups else 0.0


METRICS = (
    Metric(
        id="edges_valid",
        title="Relations sound",
        formula="share of relations with two ends, no loop, no duplicate, no cycle, and no vague words; none: 0",
        score=each(_edges_valid),
        margin=0.03,
    ),
    Metric(
        id="connected",
        title="Concepts connected",
        formula="concepts in the largest connected group / all concepts",
        score=each(_connected),
        margin=0.03,
    ),
)
