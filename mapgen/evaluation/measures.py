"""What two runs are held against each other by: the deterministic metrics, and a judge's word, where one was asked.

A judge's metric gates beside the suite's primary ones where its canaries earned it trust; otherwise it is only named,
with the reason. It knows values, and no statistics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapgen.evaluation.judge import JUDGED, ArmName, Judged, JudgedMetric
from mapgen.evaluation.metrics import METRICS, Arm, Metric, Scores
from mapgen.evaluation.records import Run
from mapgen.evaluation.scoring import Metrics, Values, values
from mapgen.evaluation.suite import Suite


@dataclass(frozen=True)
class Measures:
    """The metrics of a comparison, those of ``judged`` among them."""

    metrics: Metrics = field(default_factory=lambda: METRICS)
    judged: Judged | None = None

    @property
    def every(self) -> Metrics:
        """Every metric by its id."""
        return {**self.metrics, **{id: self._told(JUDGED[id]) for id in self._asked}}

    @property
    def gating(self) -> tuple[str, ...]:
        """The ids of the judge's metrics that gate."""
        return tuple(id for id in self._asked if self.judged and self.judged.trusted(id))

    @property
    def untrusted(self) -> Mapping[str, str]:
        """By judge metric that gates nothing, why."""
        told = self.judged.trust if self.judged else ()
        return {one.metric: one.reason for one in told if not one.trusted}

    def values(self, suite: Suite, run: Run, *, arm: ArmName) -> Values:
        """The values of an arm's maps; the judge's are those that it gave. Raises ConfigError."""
        judged = {id: self.judged.values(id, arm) for id in self._asked if self.judged}
        return {**values(suite, run, metrics=self.metrics), **judged}

    @property
    def _asked(self) -> tuple[str, ...]:
        return self.judged.metrics if self.judged else ()

    def _told(self, metric: JudgedMetric) -> Metric:
        """A judge's metric in the form of the others; its scores stand in ``judged`` already."""
        return Metric(
            id=metric.id,
            title=metric.title,
            formula=metric.formula,
            score=_unscored,
            margin=metric.margin,
            version=metric.version,
            unit=metric.unit,
            calls=metric.calls,
            gated=metric.id in self.gating,
        )


def _unscored(arm: Arm) -> Scores:
    return (None,) * len(arm.samples)
