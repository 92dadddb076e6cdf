"""The one door: paired differences of a suite's metrics in, a verdict for each metric out.

All metrics share the same flips of signs. It knows no metric's meaning; what a unit is, its caller decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite, isnan, nan
from statistics import stdev

import numpy as np

from mapgen.errors import InputError
from mapgen.evaluation.statistics.flips import Floats, adjusted_p_values, flipped, p_values, sign_matrix
from mapgen.evaluation.statistics.power import smallest_effect
from mapgen.evaluation.statistics.student import interval
from mapgen.evaluation.statistics.verdicts import FEWEST_UNITS, ROUNDING, MetricVerdict, decide

Differences = Mapping[str, Mapping[str, float | None]]
"""By metric and unit: arm minus baseline. None or NaN is a missing pair; a unit not named does not apply."""

FEWEST_FLIPS = 999


def compare_paired(
    differences: Differences,
    margins: Mapping[str, float],
    *,
    primary: Sequence[str],
    seed: int = 0,
    flips: int = 10_000,
) -> tuple[MetricVerdict, ...]:
    """A verdict for each metric of ``differences``, in its order.

    ``margins`` has each metric's smallest difference that matters. The ``primary`` metrics gate, and their p-values
    are adjusted for their number; those with fewer than FEWEST_UNITS units have no test and do not count. The order
    of the units does not matter. Raises InputError for a margin that is missing or negative, an unknown primary
    metric, a difference that is infinite, too few ``flips`` or a negative ``seed``.
    """
    _check(differences, margins, primary=primary, seed=seed, flips=flips)
    known = {metric: _known(values) for metric, values in differences.items()}
    tested = [metric for metric, values in known.items() if len(values) >= FEWEST_UNITS]
    family = [metric for metric in tested if metric in primary]
    raw, adjusted = _tested({metric: known[metric] for metric in tested}, family, seed=seed, flips=flips)
    return tuple(
        _verdict(
            metric,
            values,
            margin=margins[metric],
            primary=metric in primary,
            test=_Test(raw.get(metric), adjusted.get(metric), len(family) if metric in family else 1),
        )
        for metric, values in differences.items()
    )


@dataclass(frozen=True)
class _Test:
    """A metric's p-values, None without a test, and how many metrics the adjusted one is for."""

    p: float | None
    adjusted: float | None
    metrics: int


def _tested(
    known: Mapping[str, Mapping[str, float]], family: Sequence[str], *, seed: int, flips: int
) -> tuple[dict[str, float], dict[str, float]]:
    """The raw p-values of all metrics, and the adjusted ones of the ``family``."""
    if not known:
        return {}, {}
    units = sorted({unit for values in known.values() for unit in values})
    matrix: Floats = np.array([[values.get(unit, nan) for values in known.values()] for unit in units])
    statistics = flipped(matrix, sign_matrix(len(units), flips=flips, seed=seed))
    raw = dict(zip(known, p_values(statistics).tolist(), strict=True))
    columns = [list(known).index(metric) for metric in family]
    return raw, dict(zip(family, adjusted_p_values(statistics[:, columns]).tolist(), strict=True))


def _verdict(
    metric: str, pairs: Mapping[str, float | None], *, margin: float, primary: bool, test: _Test
) -> MetricVerdict:
    values = list(_known(pairs).values())
    units = len(values)
    mean = fsum(values) / units if units else None
    sd = stdev(values) if units > 1 else None
    interval90, interval95 = (interval(values, level=level) if units > 1 else None for level in (0.90, 0.95))
    deciding = test.p if test.adjusted is None else test.adjusted
    verdict, reason = decide(
        units=units,
        mean=mean or 0.0,
        p=1.0 if deciding is None else deciding,
        interval90=interval90 or (0.0, 0.0),
        margin=margin,
    )
    return MetricVerdict(
        metric=metric,
        primary=primary,
        verdict=verdict,
        reason=reason,
        units=units,
        missing=len(pairs) - units,
        margin=margin,
        mean=mean,
        sd=sd,
        interval90=interval90,
        interval95=interval95,
        p=test.p,
        p_adjusted=test.adjusted,
        detectable=smallest_effect(units, sd, margin=margin, metrics=test.metrics) if sd and test.p else None,
    )


def _known(values: Mapping[str, float | None]) -> dict[str, float]:
    """The pairs that are there; what only rounding makes a difference is none."""
    return {
        unit: 0.0 if abs(value) <= ROUNDING else float(value)
        for unit, value in values.items()
        if value is not None and not isnan(value)
    }


def _check(
    differences: Differences, margins: Mapping[str, float], *, primary: Sequence[str], seed: int, flips: int
) -> None:
    if unknown := sorted(set(primary) - set(differences)):
        raise InputError(f"Nothing was measured for {', '.join(unknown)}.", hint="A primary metric must be measured.")
    if wrong := sorted(metric for metric in differences if not 0 <= margins.get(metric, -1) < float("inf")):
        raise InputError(f"No usable margin for {', '.join(wrong)}.", hint="A margin is 0 or a positive number.")
    for metric, values in differences.items():
        if not all(value is None or isnan(value) or isfinite(value) for value in values.values()):
            raise InputError(f"A difference of {metric} is infinite.", hint="Metrics are numbers from 0 to 1.")
    if flips < FEWEST_FLIPS or seed < 0:
        raise InputError(
            f"{flips} flips with seed {seed} cannot be drawn.", hint=f"At least {FEWEST_FLIPS} flips, seed 0."
        )
