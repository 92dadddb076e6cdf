"""The deterministic metrics: pure functions of an arm's maps, the gated ones in [0, 1] with 1 as good.

METRICS lists them in the order of the table. They build on the rules, ask no model, and know no statistics.
Practical margins: a share of the concepts .03, which is one concept in five maps; a property of the map as a whole
.05, one map in twenty; blemishes that a reader sees at once .02.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mapgen.errors import InputError
from mapgen.evaluation.metrics import (
    citations,
    closeness,
    definitions,
    naming,
    prose,
    recall,
    relevances,
    reported,
    shape,
    structure,
)
from mapgen.evaluation.metrics.base import Arm, Case, Metric, Reference, Sample, Scores

__all__ = ["METRICS", "Arm", "Case", "Metric", "Reference", "Sample", "Scores", "score_all"]

_TABLE = (
    *shape.METRICS,
    *naming.METRICS,
    *definitions.METRICS,
    *relevances.METRICS,
    *closeness.RELEVANCES,
    *closeness.CONCEPTS,
    *recall.METRICS,
    *structure.METRICS,
    *citations.METRICS,
    *prose.METRICS,
    *prose.REPORTED,
    *reported.METRICS,
    *recall.REPORTED,
    *reported.COSTS,
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.id: metric for metric in _TABLE})
"""Every metric by its id: first those that gate, then those that are only reported."""


def score_all(arm: Arm, metrics: Iterable[str] | None = None) -> Mapping[str, Scores]:
    """The scores of every sample by the metrics named, all by default. Raises InputError for an unknown metric."""
    wanted = tuple(METRICS) if metrics is None else tuple(dict.fromkeys(metrics))
    if unknown := [id for id in wanted if id not in METRICS]:
        raise InputError(f"There is no metric {unknown[0]!r}.", hint=f"Known are: {', '.join(METRICS)}.")
    return {id: METRICS[id].score(arm) for id in wanted}
