"""The sign-flip permutation test on means, and its step-down max-T over several metrics.

Were the arms exchangeable, each unit's difference could as well have had the other sign; so the test flips signs, all
metrics of a unit together, and asks how often chance reaches what was seen. It knows arrays only.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

EXACT = 14  # units up to which every pattern of signs is enumerated
TOLERANCE = 1e-9  # of a statistic whose variance under flips is 1: nearer than that is a tie

Floats = NDArray[np.float64]


@lru_cache(maxsize=4)
def sign_matrix(units: int, *, flips: int, seed: int) -> Floats:
    """Patterns of signs, one a row, a column for each unit; the first row is what was seen, all +1.

    Up to EXACT units these are all patterns whose last sign is +1, for a pattern and its mirror image have the
    same two-sided statistic. Beyond, ``flips`` patterns follow the first, drawn by ``seed``: the same on every
    machine and in every version of numpy, which promises the raw bits of its generators, not their distributions.
    """
    if units <= EXACT:
        bits = (np.arange(2 ** (units - 1))[:, None] >> np.arange(units)) & 1
    else:
        raw = np.random.PCG64(seed).random_raw(flips * units // 64 + 1).astype("<u8")
        drawn = np.unpackbits(raw.view(np.uint8))[: flips * units].reshape(flips, units)
        bits = np.vstack([np.zeros((1, units), np.uint8), drawn])
    signs: Floats = 1.0 - 2.0 * bits.astype(np.float64)
    signs.setflags(write=False)
    return signs


def flipped(differences: Floats, signs: Floats) -> Floats:
    """The two-sided statistic of each metric (column) under each pattern of ``signs`` (row).

    ``differences`` has a row for each unit and a column for each metric; NaN is missing. The statistic is
    |sum| / root of the sum of squares: the mean scaled by the RMS, with variance 1 under flips whatever the metric's
    scale or number of units. A metric without any difference has 0.
    """
    known = np.nan_to_num(differences, nan=0.0)
    largest = np.abs(known).max(axis=0, initial=0.0)
    known = known / np.where(largest == 0, 1.0, largest)
    norms = np.sqrt(np.square(known).sum(axis=0))
    return np.abs(signs @ (known / np.where(norms == 0, 1.0, norms)))


def p_values(statistics: Floats) -> Floats:
    """The p-value of each column of ``statistics``, whose first row is what was seen.

    The share of rows that reach what was seen, itself included: hits / 2**n where all patterns of signs are there (of
    each mirrored pair one stands for both), (1 + hits) / (1 + flips) where they were drawn (Phipson and Smyth 2010). A
    tie is a hit; so where the arms are exchangeable, p <= .05 comes in at most 5 %, whatever the ties, and in fewer
    where few units differ or all by like amounts: evals/statistics/RESULTS.md. A seen statistic of 0 has p = 1.
    """
    shares: Floats = (statistics >= statistics[0] - TOLERANCE).mean(axis=0)
    return shares


def adjusted_p_values(statistics: Floats) -> Floats:
    """The columns' p-values adjusted for their number, by the step-down max-T of Westfall and Young (1993).

    Each metric is compared with the largest statistic among itself and those that were seen smaller; never below
    its raw p, and in the order of the statistics seen. Where all patterns are there, a p-value of at most .05 among
    the metrics without an effect comes by chance in at most 5 %, whatever their correlation and their ties.
    """
    order = np.argsort(-statistics[0], kind="stable")
    largest = np.maximum.accumulate(statistics[:, order[::-1]], axis=1)[:, ::-1]
    adjusted = np.empty(len(order))
    adjusted[order] = np.maximum.accumulate(p_values(largest))
    return adjusted
