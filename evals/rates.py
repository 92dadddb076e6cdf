"""Rates with exact intervals, and the exact test of two arms in pairs: what the experiments that count tell."""

from __future__ import annotations

from collections.abc import Iterable

from scipy.stats import binomtest

LEVEL = 0.95


def interval(hits: int, of: int) -> tuple[float, float]:
    """The exact interval of a rate (Clopper-Pearson)."""
    found = binomtest(hits, of).proportion_ci(confidence_level=LEVEL, method="exact")
    return float(found.low), float(found.high)


def rate(hits: Iterable[bool | None]) -> str:
    """The share of what was asked, with its interval; a dash for nothing."""
    asked = [hit for hit in hits if hit is not None]
    if not asked:
        return "-"
    low, high = interval(sum(asked), len(asked))
    return f"{sum(asked)}/{len(asked)} = {sum(asked) / len(asked):.0%} [{low:.0%}, {high:.0%}]"


def mcnemar(one: int, other: int) -> str:
    """The exact test of McNemar, of how many pairs differ in one direction and in the other, in words."""
    p = binomtest(one, one + other).pvalue if one + other else 1.0
    return f"exact McNemar test, two-sided: p = {p:.3f}"
