"""The matrix: each case with its scores in both arms, metric by metric, and how much it lost, in margins.

It knows scores and margins, and neither maps nor a format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from mapgen.evaluation.comparison import Comparison, MetricResult
from mapgen.evaluation.reports.wording import in_margins
from mapgen.text import clean, unique_slugs

STEPS = (0.5, 2.0, 5.0)  # margins at which a change is shown in a deeper shade


@dataclass(frozen=True)
class Score:
    """One metric of one case in both arms; ``change`` is in margins."""

    metric: MetricResult
    base: float | None
    new: float | None
    difference: float | None
    change: float | None


@dataclass(frozen=True)
class Case:
    """A case: its means over the primary metrics, its change in margins, and its scores by all gated metrics."""

    id: str
    anchor: str
    query: str
    base: float | None
    new: float | None
    change: float | None
    primary: tuple[Score, ...]
    others: tuple[Score, ...]

    @property
    def moved(self) -> tuple[Score, ...]:
        """The scores that differ, the greatest loss first, primary metrics before others."""
        differ = [score for score in (*self.primary, *self.others) if score.difference]
        return tuple(sorted(differ, key=lambda one: (not one.metric.primary, one.change or 0)))


def cases(comparison: Comparison) -> tuple[Case, ...]:
    """Every case, the greatest loss first; those without a change last."""
    queries = {case.id: case.query for case in comparison.suite.cases}
    anchors = unique_slugs(tuple(f"case-{id}" for id in comparison.cases))
    found = [
        _case(id, anchor, query=queries.get(id, clean(id)), metrics=comparison.metrics)
        for id, anchor in zip(comparison.cases, anchors, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.change is None, one.change or 0.0)))


def shade(change: float | None) -> str:
    """How deep a change is shown: ``-3`` to ``+3``; ``0`` below half a margin, ``none`` where there is none."""
    if change is None:
        return "none"
    depth = sum(abs(change) >= step for step in STEPS)
    return "0" if not depth else f"{'-' if change < 0 else '+'}{depth}"


def _case(id: str, anchor: str, *, query: str, metrics: Iterable[MetricResult]) -> Case:
    scores = [_score(metric, id) for metric in metrics if metric.gated]
    primary = tuple(score for score in scores if score.metric.primary)
    both = [score for score in primary if score.difference is not None]
    return Case(
        id=id,
        anchor=anchor,
        query=query,
        base=_mean(score.base for score in both),
        new=_mean(score.new for score in both),
        change=_mean(score.change for score in both),
        primary=primary,
        others=tuple(score for score in scores if not score.metric.primary),
    )


def _score(metric: MetricResult, id: str) -> Score:
    base, new = metric.base.get(id), metric.new.get(id)
    difference = None if base is None or new is None else new - base
    return Score(metric, base, new, difference, in_margins(difference, metric))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
