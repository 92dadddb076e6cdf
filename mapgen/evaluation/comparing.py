"""Compares two runs: scores per metric and case, verdicts, losers, counts, and the exit code that they deserve.

It knows runs and metrics, and neither how maps are made nor what a report looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from math import isnan, nan

from mapgen.errors import MapgenError
from mapgen.evaluation.comparison import Comparison, Cost, Loser, MetricResult, Totals
from mapgen.evaluation.judge import ArmName
from mapgen.evaluation.measures import Measures
from mapgen.evaluation.metrics import METRICS, Metric
from mapgen.evaluation.records import Run, told_sources
from mapgen.evaluation.scoring import Metrics, Values, applies, check_primary, mean, totals
from mapgen.evaluation.statistics import FEWEST_UNITS, Exit, MetricVerdict, compare_paired, exit_code, fold
from mapgen.evaluation.suite import Suite
from mapgen.text import counted

__all__ = ["Comparison", "Cost", "Loser", "MetricResult", "NotComparable", "Totals", "assess", "same"]

COVERAGE = 0.2  # of the maps may be unusable or missing in an arm, or without a judge's answer
ARMS: tuple[ArmName, ...] = ("base", "new")
LOSERS = 10
SAME = "Both prompt sets render the same, so nothing was asked."


class NotComparable(MapgenError):
    """Two runs that cannot be held against each other."""

    exit_code = Exit.NOT_COMPARABLE


def assess(
    suite: Suite, base: Run, *, new: Run, wanted: int, strict: bool = False, measures: Measures | None = None
) -> Comparison:
    """The comparison of two runs of ``wanted`` maps each, by the deterministic metrics unless ``measures`` has more.

    Raises NotComparable where they differ in more than their prompts and sources; InputError where a primary metric is
    unknown.
    """
    by = measures or Measures()
    check_primary(suite, by.metrics)
    check_comparable(base, new)
    arms = _Arms(suite, by.values(suite, base, arm="base"), by.values(suite, new, arm="new"), by)
    verdicts = arms.verdicts()
    results = tuple(arms.result(one) for one in verdicts)
    cost = Cost(base=totals(base, wanted), new=totals(new, wanted))
    uncovered = [*_uncovered(base, cost.base), *_uncovered(new, cost.new), *_unjudged(by)]
    present = {case for case, _ in chain(base.by_key, new.by_key)}
    return Comparison(
        suite=suite,
        suite_fingerprint=new.head.suite_fingerprint,
        cases=tuple(case.id for case in suite.cases if case.id in present),
        base=base.head,
        new=new.head,
        metrics=results,
        losers=_losers(suite, [one for one in results if one.primary]),
        cost=cost,
        judge=by.judged.judge if by.judged else "",
        trust=by.judged.trust if by.judged else (),
        notes=(*uncovered, *_notes(base, new), *(by.judged.notes if by.judged else ()), *_few(results)),
        exit_code=exit_code(verdicts, strict=strict, trusted=not uncovered),
    )


def same(suite: Suite, base: Run, *, new: Run, metrics: Metrics = METRICS) -> Comparison:
    """The comparison of prompt sets that render the same, for which no map is needed: SAME everywhere."""
    check_primary(suite, metrics)
    reason = "both prompt sets render the same"
    results = tuple(
        MetricResult(
            id=metric.id,
            title=metric.title,
            primary=metric.id in suite.primary,
            margin=suite.margins.get(metric.id, metric.margin),
            unit=metric.unit,
            gated=metric.gated,
            n=0,
            verdict="same",
            reason=reason,
        )
        for metric in metrics.values()
    )
    return Comparison(
        suite=suite,
        suite_fingerprint=new.head.suite_fingerprint,
        cases=(),
        base=base.head,
        new=new.head,
        same=True,
        metrics=results,
        notes=(SAME,),
    )


def check_comparable(base: Run, new: Run) -> None:
    """Raise NotComparable where two runs differ in their suite or model."""
    if differences := base.head.differs(new.head):
        raise NotComparable(
            f"The runs cannot be compared; they differ in: {'; '.join(differences)}.",
            hint="Run both prompt sets over the same suite with the same model.",
        )


@dataclass(frozen=True)
class _Arms:
    """The values of both arms, and what they were measured by."""

    suite: Suite
    base: Values
    new: Values
    measures: Measures

    def verdicts(self) -> tuple[MetricVerdict, ...]:
        """The verdict of every metric."""
        metrics = self.measures.every
        clusters = {case.id: case.cluster for case in self.suite.cases}
        margins = {id: self.suite.margins.get(id, metric.margin) for id, metric in metrics.items()}
        differences = {
            id: fold(self._scored(self.new, metric), self._scored(self.base, metric), clusters=clusters)
            for id, metric in metrics.items()
        }
        return compare_paired(differences, margins, primary=(*self.suite.primary, *self.measures.gating))

    def result(self, said: MetricVerdict) -> MetricResult:
        """A verdict with the scores that it rests on; the means are those of the units that had a pair."""
        metric = self.measures.every[said.metric]
        untrusted = self.measures.untrusted.get(metric.id)
        base, new = ({case: mean(by) for case, by in one[metric.id].items()} for one in (self.base, self.new))
        paired = {case for case, score in base.items() if score is not None and new.get(case) is not None}
        base_mean = self._unit_mean({case: base[case] for case in paired})
        return MetricResult(
            id=metric.id,
            title=metric.title,
            primary=said.primary,
            margin=said.margin,
            unit=metric.unit,
            n=said.units,
            missing=said.missing,
            base_mean=base_mean,
            new_mean=self._unit_mean({case: new[case] for case in paired}),
            difference=said.mean,
            sd=said.sd,
            interval90=said.interval90,
            interval95=said.interval95,
            p=said.p,
            adjusted=said.p_adjusted,
            detectable=said.detectable,
            verdict=said.verdict.value,
            reason=said.reason if untrusted is None else f"the judge is not trusted: {untrusted}",
            gated=metric.gated,
            judged=metric.id not in self.measures.metrics,
            base=base,
            new=new,
        )

    def _scored(self, arm: Values, metric: Metric) -> dict[str, list[float | None]]:
        """An arm's values of the cases that the metric scores: those that neither arm could are no missing pairs."""
        wanted = applies(metric, self.suite)
        told = {case for one in (self.base, self.new) for case, by in one[metric.id].items() if mean(by) is not None}
        whole = {case for case in self.base[metric.id] if case in self.new[metric.id]}
        cases = {*self.base[metric.id], *self.new[metric.id]}
        return {
            case: arm[metric.id].get(case, [nan])
            for case in sorted(cases)
            if wanted[case] and (case in told or case not in whole)
        }

    def _unit_mean(self, scores: dict[str, float | None]) -> float | None:
        clusters: dict[str, list[float | None]] = {}
        for case in self.suite.cases:
            if case.id in scores:
                clusters.setdefault(case.cluster, []).append(scores[case.id])
        return mean(mean(one) for one in clusters.values())


def _losers(suite: Suite, primary: list[MetricResult]) -> tuple[Loser, ...]:
    found = []
    for case in suite.cases:
        changes = {one.id: change for one in primary if (change := _change(one, case.id)) is not None}
        weighed = {one.id: changes[one.id] / one.margin for one in primary if one.id in changes and one.margin}
        if weighed and (loss := mean(weighed.values()) or 0.0) < 0:
            worst = sorted((id for id in changes if changes[id]), key=lambda id: weighed.get(id, 0.0))
            metrics = {id: round(changes[id], 6) for id in worst}
            found.append(Loser(case=case.id, query=case.query, change=round(loss, 4), metrics=metrics))
    return tuple(sorted(found, key=lambda one: one.change)[:LOSERS])


def _change(metric: MetricResult, case: str) -> float | None:
    base, new = metric.base.get(case), metric.new.get(case)
    return None if base is None or new is None or isnan(new - base) else new - base


def _uncovered(run: Run, totals: Totals) -> list[str]:
    lost = totals.unusable + totals.missing
    if lost <= COVERAGE * totals.maps:
        return []
    why = next((f", such as: {one.error}" for one in run.records if one.error), "")
    return [
        f"Too little is covered: of {counted(totals.maps, 'map')} of {run.head.label}, {totals.unusable} unusable and "
        f"{totals.missing} missing{why}"
    ]


def _unjudged(by: Measures) -> list[str]:
    """Why the judge's word counts for less than was asked for: it missed its canaries, or gave too few answers."""
    if by.judged is None:
        return []
    told = [f"The judge is not trusted with {id}: {reason}." for id, reason in by.untrusted.items()]
    for id in by.gating:
        scores = [score for arm in ARMS for of in by.judged.values(id, arm).values() for score in of]
        if (lost := sum(score is None for score in scores)) > COVERAGE * len(scores):
            told.append(f"Too little is judged: {id} has no score of {lost} of {counted(len(scores), 'map')}.")
    return told


def _notes(base: Run, new: Run) -> list[str]:
    notes = []
    if base.head.sources != new.head.sources:
        alone = "not" if base.head.prompts == new.head.prompts else "not only"
        old, now = told_sources(base.head.sources), told_sources(new.head.sources)
        notes.append(f"The arms differ in their sources, and {alone} in their prompts. Base: {old}; new: {now}.")
    if base.head.endpoint != new.head.endpoint:
        notes.append(f"The endpoints differ: {base.head.endpoint} and {new.head.endpoint}.")
    if base.head.mapgen != new.head.mapgen:
        notes.append(f"The base was made by mapgen {base.head.mapgen}, the new maps by {new.head.mapgen}.")
    if any(one.torn for one in (base, new)):
        notes.append("The last line of a run's file was broken off, and was left out.")
    return notes


def _few(results: tuple[MetricResult, ...]) -> list[str]:
    most = max((one.n for one in results if one.primary), default=0)
    return [f"No test: {counted(most, 'unit')}, and a test needs {FEWEST_UNITS}."] if most < FEWEST_UNITS else []
