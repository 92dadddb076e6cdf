"""Student's t: distribution, quantile, and the interval of a mean; in plain floats.

The regularised incomplete beta function by Lentz's continued fraction. It knows no metrics and no verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma, log, log1p, pi, sqrt
from statistics import fmean, stdev

TINY = 1e-300
PRECISE = 1e-15


def interval(values: Sequence[float], *, level: float) -> tuple[float, float]:
    """The two-sided t interval of the mean of ``values`` (at least two) at ``level``, such as 0.95."""
    half = quantile((1 + level) / 2, df=len(values) - 1) * stdev(values) / sqrt(len(values))
    middle = fmean(values)
    return middle - half, middle + half


@lru_cache(maxsize=1024)
def quantile(share: float, *, df: int) -> float:
    """The t below which lies ``share`` (strictly between 0 and 1) of Student's distribution.

    Newton's method from 0: the upper tail is convex there, so the steps approach the root from one side.
    """
    tail = min(share, 1 - share)
    t = 0.0
    for _ in range(2_000):
        step = (upper_tail(t, df=df) - tail) / density(t, df=df)
        t += step
        if step <= PRECISE * t:
            break
    return t if share > 0.5 else -t


def density(t: float, *, df: int) -> float:
    """Student's density at ``t``."""
    scale = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    return exp(scale - (df + 1) / 2 * log1p(t * t / df))


def upper_tail(t: float, *, df: int) -> float:
    """The share of Student's distribution above ``t`` >= 0."""
    square = t * t
    return incomplete_beta(df / 2, 0.5, x=df / (df + square), rest=square / (df + square)) / 2


def incomplete_beta(a: float, b: float, *, x: float, rest: float) -> float:
    """The regularised incomplete beta function at ``x``; ``rest`` is 1 - x, given apart to keep its digits."""
    if x <= 0 or rest <= 0:
        return float(x > 0)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, x=rest, rest=x)
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest)
    return exp(front) / (a * _fraction(a, b, x=x))


def _fraction(a: float, b: float, *, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    value = c = 1.0
    d = 0.0
    for i in range(1, 2_000):
        m = i // 2
        if i % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + term * d or TINY)
        c = 1 + term / c or TINY
        value *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return value
