"""From a run to scores: its maps as samples, every metric's values by case, and their means.

A map that is missing through the endpoint's fault has no score; one that the prompts spoilt scores 0. It knows runs
and metrics, and compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean

from mapgen.errors import InputError
from mapgen.evaluation.comparison import Totals
from mapgen.evaluation.judge import JUDGED
from mapgen.evaluation.metrics import METRICS, Arm, Metric, Sample
from mapgen.evaluation.records import Record, Run, cost
from mapgen.evaluation.suite import Suite

Values = dict[str, dict[str, list[float | None]]]
"""By metric and case, one value for each repeat."""
Metrics = Mapping[str, Metric]
_LATENCY = "latency"


def values(suite: Suite, run: Run, *, metrics: Metrics = METRICS) -> Values:
    """The scores of a run's maps. The cases of other suites are passed over. Raises ConfigError."""
    cases = {case.id: case for case in suite.cases}
    records = [one for one in run.records if one.case in cases and not one.passing]
    samples = tuple(Sample(cases[one.case], one.repeat, one.map, one.passages) for one in records)
    arm = Arm(samples, minimum=suite.concepts.min, maximum=suite.concepts.max)
    found: Values = {}
    for id, metric in metrics.items():
        by_case: dict[str, list[float | None]] = {}
        for record, score in zip(records, metric.score(arm), strict=True):
            by_case.setdefault(record.case, []).append(_measured(id, record, score=score))
        found[id] = by_case
    return found


def applies(metric: Metric, suite: Suite) -> dict[str, bool]:
    """By case, whether a metric can score it."""
    return {case.id: bool(case.references) or not metric.reference for case in suite.cases}


def means(scores: Values) -> dict[str, float | None]:
    """By metric, the mean over its cases of the mean over their repeats; None without any."""
    return {id: mean(mean(one) for one in by_case.values()) for id, by_case in scores.items()}


def mean(scores: Iterable[float | None]) -> float | None:
    """The mean of the scores that are there; None where none is."""
    there = [score for score in scores if score is not None]
    return fmean(there) if there else None


def check_primary(suite: Suite, metrics: Metrics = METRICS) -> None:
    """Raise InputError where a suite's primary metric does not exist, or gates nothing.

    A judge's metrics are asked for by naming a judge, and have margins in a suite, but are never named as primary.
    """
    wrong = [id for id in suite.primary if id not in metrics]
    wrong += [id for id in suite.margins if id not in metrics and id not in JUDGED]
    wrong += [id for id in suite.primary if id in metrics and not metrics[id].gated]
    if wrong:
        known = ", ".join(id for id, metric in metrics.items() if metric.gated)
        raise InputError(f"{wrong[0]} is no metric that a suite can be judged by.", hint=f"There are: {known}.")


def totals(run: Run, wanted: int) -> Totals:
    """What a run has of the maps that were wanted, and what they took."""
    records = run.records
    maps = [one.map for one in records if one.map is not None]
    spent = {name: sum(getattr(one, name) for one in records) for name in _SUMS}
    return Totals(
        maps=wanted,
        complete=sum(map.status == "complete" for map in maps),
        incomplete=sum(map.status == "incomplete" for map in maps),
        unusable=sum(not one.usable and not one.passing for one in records),
        missing=wanted - sum(not one.passing for one in records),
        cost=cost(run.head.asked, input_tokens=spent["input_tokens"], output_tokens=spent["output_tokens"]),
        seconds=mean(one.seconds for one in records),
        **spent,
    )


_SUMS = ("calls", "asked", "reasked", "repairs", "input_tokens", "output_tokens")


def _measured(id: str, record: Record, *, score: float | None) -> float | None:
    """The score, but no latency of a map some of whose answers were at hand."""
    return None if id == _LATENCY and record.seconds is None else score
