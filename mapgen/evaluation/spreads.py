"""The spread of every metric when nothing has changed: what an A/A run measures, and plans and power rest on.

Kept beside the baselines as SUITE.aa.json. It knows runs and the statistics, and asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError

from mapgen.errors import InputError
from mapgen.evaluation import runfile
from mapgen.evaluation.comparing import assess
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.records import Run
from mapgen.evaluation.statistics import Power, power_table, smallest_effect
from mapgen.evaluation.suite import Suite
from mapgen.files import make_folder_of, read_text, write_atomic
from mapgen.model import Count, Value

ASSUMED = 0.15  # the spread of a share, where no A/A run has measured it
EFFECTS = (0.02, 0.05, 0.10, 0.15, 0.20)
UNITS = (8, 12, 20, 40, 80)
_LIMIT = 1_000_000  # bytes of a file of spreads


class Spreads(Value):
    """The standard deviations of the units' differences between two repeats of the same prompts, by metric.

    ``alarms`` are the metrics that were called better or worse although nothing had changed.
    """

    version: Literal[1] = 1
    suite: str
    suite_fingerprint: str
    prompts: str
    model: str
    sources: tuple[str, ...] = ()
    units: Count
    sds: Mapping[str, float]
    alarms: tuple[str, ...] = ()
    created: datetime

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        """The spreads that an A/A comparison shows."""
        primary = {one.id for one in comparison.metrics if one.gated}
        return cls(
            suite=comparison.suite.name,
            suite_fingerprint=comparison.suite_fingerprint,
            prompts=comparison.new.prompts,
            model=comparison.new.model,
            sources=comparison.new.sources,
            units=max((one.n for one in comparison.metrics), default=0),
            sds={one.id: round(one.sd, 6) for one in comparison.metrics if one.sd is not None},
            alarms=tuple(one.id for one in comparison.metrics if one.id in primary & _alarming(comparison)),
            created=datetime.now(UTC).replace(microsecond=0),
        )

    def sd(self, metric: str) -> float:
        """The metric's spread; assumed where it was not measured."""
        return self.sds.get(metric, ASSUMED)


def halves(run: Run) -> tuple[Run, Run]:
    """The first repeat of a run, and the second one as if it were another run's first."""
    first, second = ([one for one in run.records if one.repeat == at] for at in (0, 1))
    again = [one.model_copy(update={"repeat": 0}) for one in second]
    heads = [run.head.model_copy(update={"repeats": 1, "label": f"{run.head.label} {name}"}) for name in ("A", "A'")]
    return Run(head=heads[0], records=tuple(first)), Run(head=heads[1], records=tuple(again))


def compared(suite: Suite, run: Run, *, wanted: int) -> Comparison:
    """The A/A comparison of a run of two repeats, ``wanted`` maps each. Raises InputError, ConfigError."""
    first, second = halves(run)
    return assess(suite, first, new=second, wanted=wanted)


def place(suite: Path, name: str) -> Path:
    """Where the spreads of a suite are kept."""
    return runfile.folder(suite, "baselines") / f"{name}.aa.json"


def save(spreads: Spreads, path: Path) -> None:
    """Write the spreads. Raises OutputError."""
    make_folder_of(path)
    write_atomic(path, spreads.model_dump_json(indent=1) + "\n")


def load(path: Path) -> Spreads | None:
    """The spreads that were measured; None where none were. Raises InputError, ReadError."""
    if not path.is_file():
        return None
    try:
        return Spreads.model_validate_json(read_text(path, limit=_LIMIT))
    except ValidationError as error:
        raise InputError(f"{path} holds no spreads.", hint="`mapgen eval aa SUITE` measures them anew.") from error


def detectable(suite: Suite, spreads: Spreads | None, *, units: int) -> dict[str, float]:
    """By primary metric, the smallest effect that so many units show four times in five; infinite for too few."""
    known = spreads or _assumed(suite)
    family = len(suite.primary)
    return {
        id: smallest_effect(units, known.sd(id), margin=margin_of(suite, id), metrics=family) for id in suite.primary
    }


def table(suite: Suite, spreads: Spreads | None, *, metric: str, units: int) -> tuple[Power, ...]:
    """The power of one primary metric for numbers of units, ``units`` among them, and effects."""
    known = spreads or _assumed(suite)
    ns = sorted({*UNITS, units})
    options = {"margin": margin_of(suite, metric), "metrics": len(suite.primary)}
    return power_table([known.sd(metric)], ns, effects=EFFECTS, **options)  # type: ignore[arg-type]


def margin_of(suite: Suite, metric: str) -> float:
    """The least difference of a metric that matters in a suite."""
    return suite.margins.get(metric, METRICS[metric].margin)


def units_of(suite: Suite, limit: int | None = None) -> int:
    """The number of units: clusters of the suite's first ``limit`` cases."""
    return len({case.cluster for case in suite.cases[:limit]})


def _alarming(comparison: Comparison) -> set[str]:
    return {one.id for one in comparison.metrics if one.primary and one.verdict in ("better", "worse")}


def _assumed(suite: Suite) -> Spreads:
    now = datetime.now(UTC)
    return Spreads(suite=suite.name, suite_fingerprint="", prompts="", model="", units=0, sds={}, created=now)
