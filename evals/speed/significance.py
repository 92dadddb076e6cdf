"""How long the statistics of a comparison take: 10,000 flips, 12 metrics, 40 queries.

The first comparison of a process also draws the flips; it is the one with the bound.
"""

from __future__ import annotations

import time

import numpy as np
from measure import Figure

METRICS, QUERIES, FLIPS, TIMES = 12, 40, 10_000, 7


def figures() -> list[Figure]:
    """The rows: seconds for the first comparison, and for one after it."""
    from mapgen.evaluation.statistics import compare_paired

    draw = np.random.default_rng(0).normal(0.02, 0.1, (METRICS, QUERIES))
    differences = {f"m{i}": {f"q{j:02}": float(d) for j, d in enumerate(row)} for i, row in enumerate(draw)}
    margins = dict.fromkeys(differences, 0.02)
    took = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        verdicts = compare_paired(differences, margins, primary=list(differences), flips=FLIPS)
        took.append(time.perf_counter() - began)
    assert len(verdicts) == METRICS
    what = f"verdicts on {METRICS} metrics × {QUERIES} queries, {FLIPS:,} flips"
    return [Figure(f"{what}, the first", took[0], "s", 1.0), Figure(f"{what}, the next", min(took[1:]), "s")]


if __name__ == "__main__":
    for figure in figures():
        print(figure.row())
