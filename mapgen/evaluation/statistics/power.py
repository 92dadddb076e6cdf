"""How likely a real effect is called BETTER, and the smallest effect that is so four times in five.

For normal differences, by integrating over the sample's spread, and for the fewest units by seeded draws.
evals/statistics/RESULTS.md sets the figures beside simulated ones. It knows numbers of units, spreads and effects, not
where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import erfc, exp, floor, lgamma, log, pi, sqrt

import numpy as np

from mapgen.evaluation.statistics.flips import EXACT, Floats
from mapgen.evaluation.statistics.student import quantile
from mapgen.evaluation.statistics.verdicts import ALPHA, FEWEST_UNITS

TARGET = 0.8
NODES = 80
DRAWS = 20_000


@dataclass(frozen=True)
class Power:
    """One cell of a power table: the chance that ``effect`` is called BETTER (or, if a loss, WORSE)."""

    sd: float
    units: int
    effect: float
    power: float


def power(effect: float, *, sd: float, units: int, margin: float = 0.0, metrics: int = 1) -> float:
    """The chance that a true mean difference of ``effect`` >= 0 is called BETTER.

    ``sd`` is the standard deviation of the units' differences, as an A/A run shows it; ``metrics`` is how many
    primary metrics share the 5 %, taken as independent: where they are correlated, the chance is greater.
    """
    if units < FEWEST_UNITS:
        return 0.0
    if sd == 0:
        return float(effect >= margin and effect > 0)
    if ALPHA * 2 ** (units - 1) < 2:
        return _alone(effect / sd, units=units, margin=margin / sd, metrics=metrics)
    critical = quantile(1 - _level(units, metrics=metrics) / 2, df=units - 1)
    error = sd / sqrt(units)
    spreads, weights = _spreads(units - 1)
    bars = np.maximum(margin, critical * error * spreads)
    return float(sum(w * _above((bar - effect) / error) for bar, w in zip(bars.tolist(), weights, strict=True)))


def smallest_effect(units: int, sd: float, *, margin: float = 0.0, metrics: int = 1, target: float = TARGET) -> float:
    """The smallest true mean difference that is called BETTER with a chance of ``target``.

    Infinite below FEWEST_UNITS units, where nothing is ever called so.
    """
    if units < FEWEST_UNITS:
        return float("inf")
    if sd == 0:
        return margin
    low, high = 0.0, margin + sd
    while power(high, sd=sd, units=units, margin=margin, metrics=metrics) < target:
        low, high = high, 2 * high
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        reached = power(middle, sd=sd, units=units, margin=margin, metrics=metrics) >= target
        low, high = (low, middle) if reached else (middle, high)
    return high


def power_table(
    sds: Sequence[float], ns: Sequence[int], *, effects: Sequence[float], margin: float = 0.0, metrics: int = 1
) -> tuple[Power, ...]:
    """The power for every spread, number of units and effect, in that order."""
    return tuple(
        Power(sd, units, effect, power(effect, sd=sd, units=units, margin=margin, metrics=metrics))
        for sd, units, effect in product(sds, ns, effects)
    )


def _level(units: int, *, metrics: int) -> float:
    """The two-sided level for one of so many metrics (Šidák); with few units, the highest below 5 % that p takes."""
    patterns = 2 ** (units - 1)
    level = floor(ALPHA * patterns) / patterns if units <= EXACT else ALPHA
    return float(1 - (1 - level) ** (1 / metrics))


def _alone(effect: float, *, units: int, margin: float, metrics: int) -> float:
    """The power where no pattern but the one seen may reach it; ``effect`` and ``margin`` in standard deviations.

    That is too far from a t test: all units must gain, and more evenly than any pattern makes another metric.
    """
    least, sums, squares, others = _drawn(units)
    better = (least + effect > 0) & (sums / units + effect >= margin)
    if metrics == 1:
        return float(better.mean())
    sums, squares = sums[better], squares[better]
    evenness = (sums + units * effect) / np.sqrt(squares + 2 * effect * sums + units * effect**2)
    return float(((np.searchsorted(others, evenness) / DRAWS) ** (metrics - 1)).sum() / DRAWS)


@lru_cache(maxsize=4)
def _drawn(units: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Of samples of normal values: the least, the sum, that of squares; and, sorted, how even their sizes are."""
    raw = np.random.PCG64(0).random_raw(2 * DRAWS * units)
    one, other = (((raw >> 11) + 0.5) / 2**53).reshape(2, DRAWS, units)
    values = np.sqrt(-2 * np.log(one)) * np.cos(2 * pi * other)
    squares = np.square(values).sum(axis=1)
    even = np.abs(values).sum(axis=1) / np.sqrt(squares)
    return values.min(axis=1), values.sum(axis=1), squares, np.sort(even)


@lru_cache(maxsize=64)
def _spreads(df: int) -> tuple[np.ndarray, tuple[float, ...]]:
    """Nodes and weights that integrate over the ratio of a sample's standard deviation to the true one."""
    top = 1 + 9 / sqrt(2 * df)
    low = max(0.0, 2 - top)
    points, weights = np.polynomial.legendre.leggauss(NODES)
    nodes = low + (points + 1) * (top - low) / 2
    scale = log(2) + df / 2 * log(df / 2) - lgamma(df / 2)
    densities = [exp(scale + (df - 1) * log(u) - df * u * u / 2) for u in nodes.tolist()]
    return nodes, tuple((weights * densities * (top - low) / 2).tolist())


def _above(z: float) -> float:
    return erfc(z / sqrt(2)) / 2
