"""Metrics of citations: they name a source of the map, and their quotes stand in it.

Maps without sources are not scored. They know nothing of how passages were found.
"""

from __future__ import annotations

from collections.abc import Callable

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Score, Scores, mean, unit
from mapgen.model import Citation, KnowledgeMap
from mapgen.sources.quotes import stands_in


def _cites_resolve(sample: Sample, map: KnowledgeMap) -> float | None:
    """Nothing cited by a map that has sources is nothing resolved."""
    cited = _cited(map)
    if not cited and not map.sources and not sample.passages:
        return None
    known = {source.id for source in map.sources}
    return mean(one.source in known for one in cited)


def _quote_match(sample: Sample, map: KnowledgeMap) -> float | None:
    if not sample.passages:
        return None
    return mean(stands_in(one.quote, sample.passages.get(one.source, "")) for one in _cited(map))


def _cited(map: KnowledgeMap) -> tuple[Citation, ...]:
    return tuple(citation for concept in map.concepts for citation in concept.citations)


def _sourced(score: Callable[[Sample, KnowledgeMap], float | None]) -> Score:
    """An unusable map scores 0 only where it was to quote passages."""

    def scored(arm: Arm) -> Scores:
        return tuple(
            (0.0 if one.passages else None) if one.map is None else _settled(score(one, one.map)) for one in arm.samples
        )

    return scored


def _settled(value: float | None) -> float | None:
    return None if value is None else unit(value)


METRICS = (
    Metric(
        id="cites_resolve",
        title="Citations resolve",
        formula="share of citations that name a source of the map; a map that has sources and cites none: 0",
        score=_sourced(_cites_resolve),
        margin=0.03,
    ),
    Metric(
        id="quote_match",
        title="Quotes found",
        formula="share of quotes of 3 words and more that stand in their passage (partial_ratio >= 95)",
        score=_sourced(_quote_match),
        margin=0.03,
    ),
)
