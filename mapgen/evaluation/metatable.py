"""What was found when maps were spoilt on purpose: values, the rates that they give, and the bars they are held to.

It knows mutants and metrics by their ids only; meta.py measures, metareport.py puts it into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import sqrt
from statistics import NormalDist

from pydantic import Field

from mapgen.model import Count, Value

BARS = {1.0: 0.95, 0.3: 0.8}
"""By dose, the least share of trials in which a defect must be called worse."""
MOST_FALSE = 0.05
RULES = "valid_first"
Interval = tuple[float, float]


class Seen(Value):
    """What some trials had in common: the metrics that called the spoilt maps worse, and those that said better."""

    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()
    times: Count = 1


class Cell(Value):
    """The trials of one mutant at one dose."""

    dose: float
    seen: tuple[Seen, ...]

    @property
    def trials(self) -> int:
        """How many there were."""
        return sum(one.times for one in self.seen)

    def rate(self, holds: Callable[[Seen], bool]) -> float:
        """The share of trials of which something holds."""
        return sum(one.times for one in self.seen if holds(one)) / self.trials


class Row(Value):
    """One mutant: what it claims, how many maps it ``changed``, how far it ``moved`` any metric, and its trials."""

    mutant: str
    family: str
    does: str
    expected: tuple[str, ...] = ()
    harmless: bool = False
    blind: str = ""
    changed: Count
    moved: float
    cells: tuple[Cell, ...]

    def cell(self, dose: float) -> Cell:
        """The trials at that dose. Raises KeyError."""
        return {one.dose: one for one in self.cells}[dose]


class Result(Value):
    """A meta-evaluation. ``metrics`` are those that had scores; ``noisy``: the arms are two makings of the maps."""

    version: int = 1
    suite: str
    suite_fingerprint: str
    label: str = Field(default="", description="Which maps.")
    primary: tuple[str, ...]
    metrics: tuple[str, ...]
    maps: Count
    clusters: Count
    noisy: bool = False
    doses: tuple[float, ...]
    rows: tuple[Row, ...]
    seconds: float = Field(description="Processor time.")

    @property
    def held_to_bars(self) -> tuple[Row, ...]:
        """The harmful mutants that a metric claims to see."""
        return tuple(one for one in self.rows if not one.harmless and not one.blind)

    @property
    def blind_spots(self) -> tuple[Row, ...]:
        """The harmful mutants that none claims to see."""
        return tuple(one for one in self.rows if one.blind)

    @property
    def harmless(self) -> tuple[Row, ...]:
        """The edits that nothing may be said of."""
        return tuple(one for one in self.rows if one.harmless)

    def to_json(self) -> str:
        """The result as JSON."""
        return self.model_dump_json(indent=1) + "\n"

    def caught(self, seen: Seen) -> tuple[str, ...]:
        """The primary metrics that called a trial worse."""
        return tuple(id for id in seen.worse if id in self.primary)

    def detection(self, row: Row, dose: float) -> float:
        """The share of trials that some primary metric called worse."""
        return row.cell(dose).rate(lambda one: bool(self.caught(one)))

    def fired(self, row: Row, dose: float) -> float:
        """The share of trials that an expected metric called worse, primary or not."""
        return row.cell(dose).rate(lambda one: not set(row.expected).isdisjoint(one.worse))

    def overall(self, dose: float) -> float:
        """The mean detection of the mutants that are held to the bars; 1 of none."""
        rates = [self.detection(row, dose) for row in self.held_to_bars]
        return sum(rates) / len(rates) if rates else 1.0

    def false_alarms(self) -> tuple[int, int]:
        """In how many trials of harmless edits a primary metric said anything, worse or better; of how many."""
        cells = [cell for row in self.harmless for cell in row.cells]
        wrong = [
            one.times
            for cell in cells
            for one in cell.seen
            if not set(self.primary).isdisjoint((*one.worse, *one.better))
        ]
        return sum(wrong), sum(cell.trials for cell in cells)

    def missed(self) -> tuple[tuple[str, float, float], ...]:
        """The mutants below a bar of their own: id, dose and rate."""
        return tuple(
            (row.mutant, dose, rate)
            for row in self.held_to_bars
            for dose in self.doses
            if (rate := self.detection(row, dose)) < BARS.get(dose, 0.0)
        )

    def silent(self) -> tuple[str, ...]:
        """The mutants that no expected metric called worse in all maps, whoever else did."""
        rows = self.held_to_bars if 1.0 in self.doses else ()
        return tuple(row.mutant for row in rows if row.expected and self.fired(row, 1.0) < BARS[1.0])

    def held(self) -> bool:
        """Whether all bars hold, over all mutants and for each: detection by dose, who saw it, and false alarms."""
        wrong, trials = self.false_alarms()
        detected = all(self.overall(dose) >= BARS.get(dose, 0.0) for dose in self.doses)
        return detected and not self.missed() and not self.silent() and wrong <= MOST_FALSE * trials

    def catches(self, metric: str, *, besides: Iterable[str] | None = None) -> tuple[str, ...]:
        """The harmful mutants that a metric called worse in half of the trials of some dose at least.

        With ``besides``: and none of the other metrics did but these.
        """
        allowed = None if besides is None else {metric, *besides}
        return tuple(
            row.mutant
            for row in self.rows
            if not row.harmless
            and any(
                cell.rate(lambda one: metric in one.worse and (allowed is None or set(one.worse) <= allowed)) >= 0.5
                for cell in row.cells
            )
        )

    def alone(self, metric: str) -> tuple[str, ...]:
        """What a metric catches and no primary metric but itself; a primary one may have secondary company."""
        return self.catches(metric, besides=self._secondary(metric))

    def alone_beside_rules(self, metric: str) -> tuple[str, ...]:
        """As alone(), were the rules of the pipeline not told by valid_first."""
        return self.catches(metric, besides=(*self._secondary(metric), RULES))

    def _secondary(self, metric: str) -> tuple[str, ...]:
        return tuple(id for id in self.metrics if id not in self.primary) if metric in self.primary else ()


def wilson(hits: int, trials: int, *, level: float = 0.95) -> Interval:
    """The score interval of a share; (0, 1) of no trials."""
    if not trials:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, square = hits / trials, z * z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = z / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
