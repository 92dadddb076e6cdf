"""Agreement of two raters on the same items: Cohen's kappa, with its interval for large numbers.

Pure functions of pairs of words; they know neither people nor models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt

from mapgen.model import Count, Value

Pair = tuple[str, str]
Z95 = 1.959963984540054


class Agreement(Value):
    """How far two raters agree: ``share`` plainly, ``kappa`` beyond chance with its 95 % interval.

    ``kappa`` is None where both only ever gave one and the same rating. ``table`` counts the pairs of ratings, the
    first rater's first. Items of one map are taken as independent, so that the interval is rather narrow.
    """

    n: Count
    share: float
    kappa: float | None = None
    interval: tuple[float, float] | None = None
    table: Mapping[str, Mapping[str, int]] = {}


def agreement(pairs: Sequence[Pair], ratings: Sequence[str]) -> Agreement:
    """The agreement of at least one pair of ``ratings``; the error of kappa is that of Fleiss, Cohen and Everitt."""
    n = len(pairs)
    counts = Counter(pairs)
    table = {one: {other: counts[one, other] for other in ratings} for one in ratings}
    rows = {one: sum(table[one].values()) / n for one in ratings}
    columns = {other: sum(table[one][other] for one in ratings) / n for other in ratings}
    share = sum(table[one][one] for one in ratings) / n
    chance = sum(rows[one] * columns[one] for one in ratings)
    if chance >= 1:
        return Agreement(n=n, share=share, table=table)
    kappa = (share - chance) / (1 - chance)
    on = sum(table[one][one] / n * ((1 - chance) - (rows[one] + columns[one]) * (1 - share)) ** 2 for one in ratings)
    off = (1 - share) ** 2 * sum(
        table[one][other] / n * (columns[one] + rows[other]) ** 2
        for one in ratings
        for other in ratings
        if one != other
    )
    spread = on + off - (share * chance - 2 * chance + share) ** 2
    error = Z95 * sqrt(max(spread, 0.0) / n) / (1 - chance) ** 2
    return Agreement(n=n, share=share, kappa=kappa, interval=(kappa - error, min(kappa + error, 1.0)), table=table)
