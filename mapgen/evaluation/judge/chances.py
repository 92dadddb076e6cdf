"""What chance alone would do: binomial tails, and the tail of a sum of unequal coins, both exact.

Plain floats; they know no judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import comb


def binomial(hits: int, *, of: int, chance: float) -> float:
    """The probability of exactly ``hits`` among ``of`` throws."""
    return comb(of, hits) * chance**hits * (1 - chance) ** (of - hits)


def at_most(hits: int, *, of: int, chance: float) -> float:
    """The probability of ``hits`` or fewer."""
    return sum(binomial(one, of=of, chance=chance) for one in range(hits + 1))


def at_least(hits: int, *, of: int, chance: float) -> float:
    """The probability of ``hits`` or more."""
    return sum(binomial(one, of=of, chance=chance) for one in range(hits, of + 1))


def tail(hits: int, chances: Iterable[float]) -> float:
    """The probability of ``hits`` or more where each throw has its own chance; of equal ones it is binomial."""
    spread = [1.0]
    for chance in chances:
        missed = [*(one * (1 - chance) for one in spread), 0.0]
        spread = [stay + move for stay, move in zip(missed, [0.0, *(one * chance for one in spread)], strict=True)]
    return min(sum(spread[hits:]), 1.0)
