"""The forest plot: where each metric's difference and intervals lie, in margins, on one scale for all of them.

In margins the band of what does not matter is the same for every metric, from -1 to 1. It knows geometry in the
plot's own units, and neither words nor a format.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from mapgen.evaluation.comparison import MetricResult

WIDTH, HEIGHT, EDGE = 220.0, 26.0, 8.0
LEAST, MOST = 3, 12  # margins to either side; what lies beyond is shown at the edge, as an arrow


class Span(NamedTuple):
    """From where to where."""

    start: float
    end: float


class Mark(NamedTuple):
    """A metric's row: None is what there is not; ``beyond`` is the side on which the point lies outside, or 0."""

    at: float | None
    wide: Span | None
    narrow: Span | None
    beyond: int


class Scale(NamedTuple):
    """The scale of a plot: so many margins to either side."""

    reach: int

    def x(self, value: float) -> float:
        """The place of a value in margins; what lies outside is at the edge."""
        inside = min(max(value, -self.reach), self.reach)
        return round(WIDTH / 2 + inside / self.reach * (WIDTH / 2 - EDGE), 1)

    @property
    def band(self) -> Span:
        """Where differences do not matter."""
        return Span(self.x(-1), self.x(1))

    @property
    def ticks(self) -> tuple[int, ...]:
        """The values at which the axis has a number."""
        step = 1 if self.reach <= 3 else 2 if self.reach <= 6 else 4
        return tuple(range(-(self.reach // step) * step, self.reach + 1, step))


def scale(metrics: Iterable[MetricResult]) -> Scale:
    """The scale on which those metrics' intervals can be seen."""
    far = [abs(end) / one.margin for one in metrics if one.margin for end in (*(one.interval95 or ()), _point(one))]
    return Scale(min(max(ceil(max(far, default=0)), LEAST), MOST))


def mark(metric: MetricResult, scale: Scale) -> Mark | None:
    """A metric's place on that scale; None where it has no margin to measure by."""
    if not metric.margin:
        return None
    in_margins = None if metric.difference is None else metric.difference / metric.margin
    beyond = 0 if in_margins is None or abs(in_margins) <= scale.reach else 1 if in_margins > 0 else -1
    return Mark(
        at=None if in_margins is None else scale.x(in_margins),
        wide=_span(metric.interval95, metric.margin, scale=scale),
        narrow=_span(metric.interval90, metric.margin, scale=scale),
        beyond=beyond,
    )


def _span(ends: tuple[float, float] | None, margin: float, *, scale: Scale) -> Span | None:
    return ends and Span(*(scale.x(end / margin) for end in ends))


def _point(metric: MetricResult) -> float:
    return metric.difference or 0.0
