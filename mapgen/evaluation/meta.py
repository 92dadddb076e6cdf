"""Evaluates the evaluation: maps are spoilt on purpose, and it is counted which metrics say so.

One arm is the maps as they are; the other has a mutant in a share (dose) of those that it can change, drawn by seed.
The verdicts are those of a comparison. It asks no model; metatable.py tells what was found.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from random import Random

from mapgen.errors import InputError
from mapgen.evaluation import metrics as measures
from mapgen.evaluation.metatable import Cell, Result, Row, Seen
from mapgen.evaluation.metrics import Arm, Sample, Scores
from mapgen.evaluation.mutants import MUTANTS, Mutant, Setting
from mapgen.evaluation.records import Run
from mapgen.evaluation.statistics import FEWEST_UNITS, Verdict, compare_paired, fold
from mapgen.evaluation.suite import Case, Suite, fingerprint
from mapgen.model import KnowledgeMap
from mapgen.steps.check import check

DOSES = (0.1, 0.3, 1.0)
SEEDS = 5
ACROSS = frozenset({"rel_specific", "template_overlap"})
"""The gated metrics that score a map by the other maps; all others are scored once a mutant, whatever the dose."""

Table = dict[str, Scores]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Arms:
    """The maps to be spoilt (``new``) and those that they are held against; the same maps where there is one repeat."""

    suite: Suite
    base: Arm
    new: Arm

    @property
    def clusters(self) -> dict[str, str]:
        """The cluster of each case."""
        return {id: case.cluster for id, case in self.cases.items()}

    @cached_property
    def cases(self) -> dict[str, Case]:
        """The cases that there are maps of, by id."""
        made = {one.case.id for one in self.new.samples}
        return {one.id: one for one in self.suite.cases if one.id in made}


def arms_of(run: Run, suite: Suite) -> Arms:
    """The arms of a stored run: with two repeats the second is spoilt, so that chance between makings counts.

    Raises InputError where the run has maps of too few of the suite's clusters.
    """
    repeats = tuple(sorted({one.repeat for one in run.records}))[:2] or (0,)
    first = _arm(run, suite, repeat=repeats[0])
    last = _arm(run, suite, repeat=repeats[1]) if repeats[1:] else first
    if len({one.case.cluster for one in first.samples if one.map}) < FEWEST_UNITS:
        raise InputError(
            f"The run has maps of fewer than {FEWEST_UNITS} topics of the suite {suite.name}.",
            hint="Nothing can be tested on so few: name another run with --run.",
        )
    return Arms(suite, first, last)


def measure(
    arms: Arms,
    mutants: Iterable[Mutant] = MUTANTS,
    *,
    doses: Sequence[float] = DOSES,
    seeds: int = SEEDS,
    label: str = "",
    progress: Progress = lambda mutant: None,
) -> Result:
    """What the metrics said of each mutant at each dose, drawn ``seeds`` times. Raises InputError for a wrong dose."""
    if wrong := [dose for dose in doses if not 0 < dose <= 1]:
        raise InputError(f"{wrong[0]} is no dose.", hint="A dose is the share of maps to be spoilt, such as 0.3.")
    began = time.process_time()
    bench = _Bench.of(arms)
    rows = []
    for mutant in mutants:
        progress(mutant.id)
        rows.append(bench.row(mutant, doses=tuple(doses), seeds=seeds))
    return Result(
        suite=arms.suite.name,
        suite_fingerprint=fingerprint(arms.suite),
        label=label,
        primary=arms.suite.primary,
        metrics=bench.metrics,
        maps=sum(one.map is not None for one in arms.new.samples),
        clusters=len(set(arms.clusters.values())),
        noisy=arms.base != arms.new,
        doses=tuple(doses),
        rows=tuple(rows),
        seconds=round(time.process_time() - began, 1),
    )


@dataclass(frozen=True)
class _Bench:
    """The arms with what does not change: their scores, and which metrics there are to tell."""

    arms: Arms
    metrics: tuple[str, ...]
    base: Table
    plain: Table

    @classmethod
    def of(cls, arms: Arms) -> _Bench:
        gated = [id for id, metric in measures.METRICS.items() if metric.gated]
        base = dict(measures.score_all(_told(arms.base), gated))
        plain = base if arms.new is arms.base else dict(measures.score_all(_told(arms.new), gated))
        known = tuple(id for id in gated if any(score is not None for score in base[id]))
        return cls(arms, known, base, plain)

    def row(self, mutant: Mutant, *, doses: tuple[float, ...], seeds: int) -> Row:
        """What was said of one mutant. At full dose there is nothing to draw, and so one trial."""
        spoilt = replace(self.arms.new, samples=tuple(self._mutated(mutant)))
        full = dict(measures.score_all(_told(spoilt), self.metrics))
        pairs = zip(spoilt.samples, self.arms.new.samples, strict=True)
        changed = sorted(new.case.id for new, old in pairs if new != old)
        cells = []
        for dose in doses:
            drawn = [_drawn(changed, dose, seed=seed) for seed in range(seeds if dose < 1 else 1)]
            seen = Counter(self._verdicts(self._dosed(spoilt, full, chosen=one)) for one in drawn)
            told = (Seen(worse=worse, better=better, times=times) for (worse, better), times in seen.items())
            cells.append(Cell(dose=dose, seen=tuple(sorted(told, key=lambda one: (-one.times, one.worse)))))
        return Row(
            mutant=mutant.id,
            family=mutant.family,
            does=mutant.does,
            expected=mutant.expected,
            harmless=mutant.harmless,
            blind=mutant.blind,
            changed=len(changed),
            moved=self._moved(full),
            cells=tuple(cells),
        )

    def _mutated(self, mutant: Mutant) -> Iterable[Sample]:
        """Every sample spoilt; what chance there is in an edit depends on the mutant and the case alone."""
        samples = self.arms.new.samples
        for at, one in enumerate(samples):
            around = (*samples[at + 1 :], *samples[:at])
            others = _others(one, around)
            random = Random(f"{mutant.id}:{one.case.id}")
            setting = Setting(self.arms.cases[one.case.id], others, random)
            yield replace(one, map=mutant.apply(one.map, setting)) if one.map and one.map.concepts else one

    def _dosed(self, spoilt: Arm, full: Table, *, chosen: frozenset[str]) -> Table:
        """The scores of the arm in which only the chosen cases are spoilt."""
        plain = self.arms.new.samples
        hit = [one.case.id in chosen for one in plain]
        mixed = tuple(new if yes else old for new, old, yes in zip(spoilt.samples, plain, hit, strict=True))
        if mixed == spoilt.samples:
            return full
        fresh = _said(spoilt) != _said(self.arms.new)
        table: Table = {}
        for id in self.metrics:
            if id in ACROSS and fresh:
                table[id] = measures.METRICS[id].score(replace(spoilt, samples=mixed))
            else:
                pairs = zip(full[id], self.plain[id], hit, strict=True)
                table[id] = tuple(new if yes else old for new, old, yes in pairs)
        return table

    def _verdicts(self, scores: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The metrics that call the scores worse than the base's, and those that call them better."""
        suite = self.arms.suite
        margins = {id: suite.margins.get(id, measures.METRICS[id].margin) for id in self.metrics}
        verdicts = compare_paired(
            {id: self._differences(id, scores[id]) for id in self.metrics},
            margins,
            primary=[id for id in suite.primary if id in self.metrics],
        )
        worse, better = (
            tuple(one.metric for one in verdicts if one.verdict is verdict)
            for verdict in (Verdict.WORSE, Verdict.BETTER)
        )
        return worse, better

    def _differences(self, metric: str, scores: Scores) -> dict[str, float]:
        """New minus base by cluster."""
        new, base = (
            {one.case.id: (score,) for one, score in zip(self.arms.base.samples, row, strict=True)}
            for row in (scores, self.base[metric])
        )
        return fold(new, base, clusters=self.arms.clusters)

    def _moved(self, full: Table) -> float:
        """The largest change of any metric on any map, at full dose."""
        return max(
            (
                abs(new - old)
                for id in self.metrics
                for new, old in zip(full[id], self.plain[id], strict=True)
                if new is not None and old is not None
            ),
            default=0.0,
        )


def _drawn(ids: Sequence[str], dose: float, *, seed: int) -> frozenset[str]:
    """The cases to be spoilt, of those that can be; a larger dose has those of a smaller one."""
    order = Random(f"dose:{seed}").sample(ids, len(ids))
    return frozenset(order[: round(dose * len(order))])


def _arm(run: Run, suite: Suite, *, repeat: int) -> Arm:
    """One repeat of a run, in the suite's order; cases that the run has no record of are left out."""
    found = {one.case: one for one in run.records if one.repeat == repeat and not one.passing}
    pairs = ((case, found[case.id]) for case in suite.cases if case.id in found)
    samples = (Sample(case, 0, one.map, one.passages) for case, one in pairs)
    return Arm(tuple(samples), suite.concepts.min, suite.concepts.max)


def _told(arm: Arm) -> Arm:
    """The arm as the pipeline would have left it: a map in which its rules find a problem is incomplete."""
    return replace(arm, samples=tuple(replace(one, map=_checked(one.map) if one.map else None) for one in arm.samples))


@lru_cache(maxsize=1_000)
def _checked(map: KnowledgeMap) -> KnowledgeMap:
    problems = map.problems or check(map)
    return map.model_copy(update={"status": "incomplete", "problems": problems}) if problems else map


def _said(arm: Arm) -> list[list[tuple[str, str]]]:
    """What the metrics across maps read."""
    return [
        [(one.name, one.relevance) for one in (sample.map.concepts if sample.map else ())] for sample in arm.samples
    ]


def _others(sample: Sample, around: Iterable[Sample]) -> tuple[KnowledgeMap, ...]:
    """The maps of other topics, in the sample's language where there are any."""
    rivals = [one for one in around if one.map and one.map.concepts and one.case.cluster != sample.case.cluster]
    alike = [one for one in rivals if one.case.language == sample.case.language]
    return tuple(one.map for one in alike or rivals if one.map)
