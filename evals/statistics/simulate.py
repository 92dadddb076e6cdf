"""Simulates comparisons whose truth is known, and writes RESULTS.md: python evals/statistics/simulate.py.

False alarms, the family-wise rate, the power beside the printed table, and how often a loss is called the same. It is
seeded, runs on one core in under four minutes, and tests with the product's own functions and flips.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time
from itertools import pairwise, product
from math import comb
from pathlib import Path
from string import Template

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evals.statistics.worlds import ARMS, COARSE, STEPPED, UNEQUAL, Draw, Floats, differences, family  # noqa: E402
from mapgen.evaluation.metatable import wilson  # noqa: E402
from mapgen.evaluation.statistics import ALPHA, power, smallest_effect  # noqa: E402
from mapgen.evaluation.statistics.flips import adjusted_p_values, flipped, p_values, sign_matrix  # noqa: E402
from mapgen.evaluation.statistics.student import quantile  # noqa: E402

UNITS = (8, 10, 12, 14, 16, 20, 30, 40)
MANY, SOME, METRICS, FLIPS, BLOCK = 10_000, 4_000, 8, 10_000, 400
MARGIN = 0.05
BAND = (0.02, 0.065)
FEWEST = 6  # units that must differ: 2 / 2**5 is above .05


def alarms(sample: Floats) -> Floats:
    """Where p <= .05 in samples that stand in the columns."""
    signs = sign_matrix(len(sample), flips=FLIPS, seed=0)
    found = []
    for start in range(0, sample.shape[1], BLOCK):
        found.append(p_values(flipped(sample[:, start : start + BLOCK], signs)) <= ALPHA)
    return np.concatenate(found)


def rate(hits: Floats) -> str:
    """The share of ``hits`` with its 95 % Wilson interval, in percent."""
    low, high = wilson(int(hits.sum()), len(hits))
    return f"{hits.mean():.1%} [{low:.1%}, {high:.1%}]"


def said(held: bool | np.bool) -> str:
    """Yes, or a no that is seen."""
    return "yes" if held else "**no**"


def table(head: str, rows: list[str]) -> str:
    """A Markdown table; cells are separated by bars."""
    columns = head.count("|") + 1
    return "\n".join(f"| {row} |" for row in [head, " | ".join(["---"] * columns), *rows]) + "\n"


def continuous() -> str:
    """One metric without ties, both arms drawn from one distribution: how often p <= .05."""
    rows = []
    for name, units in product(ARMS, UNITS):
        hits = alarms(differences(ARMS[name], units=units, times=MANY, seed=units))
        rows.append(f"{name} | {units} | {rate(hits)} | {said(BAND[0] <= hits.mean() <= BAND[1])}")
    return table("both arms are | units | false alarms | in the band", rows)


def coarse() -> str:
    """The same for metrics of few steps, beside the share of samples in which too few units differ for any alarm."""
    rows = []
    for name, draw in STEPPED.items():
        cells, rates = [], []
        for units in UNITS:
            sample = differences(draw, units=units, times=MANY, seed=units)
            rates.append(alarms(sample).mean())
            mute = ((sample != 0).sum(axis=0) < FEWEST).mean()
            shown = f"{rates[-1]:.1%}" if rates[-1] >= BAND[0] else f"**{rates[-1]:.1%}**"
            cells.append(f"{shown} ({mute:.0%})")
        rows.append(" | ".join([name, *cells, said(max(rates) <= BAND[1])]))
    return table(" | ".join(["both arms are", *map(str, UNITS), "none above 6.5 %"]), rows)


def coarsest() -> str:
    """Exact rates where so many units differ, all by the same amount: the coarsest metric that there is."""
    numbers = (5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 30, 40)
    sizes = [max((full for full, _ in tails(k) if full <= ALPHA), default=0.0) for k in numbers]
    return table(
        " | ".join(["units that differ", *map(str, numbers)]),
        [" | ".join(["false alarms", *(f"{size:.1%}" for size in sizes)])],
    )


def mid_p() -> tuple[float, int]:
    """The largest exact rate of a 5 % test by the mid-p, which counts half of the ties, and for how many units."""
    return max((full, k) for k in range(FEWEST, 41) for full, more in tails(k) if (full + more) / 2 <= ALPHA)


def tails(k: int) -> list[tuple[float, float]]:
    """For so many signs, the chance of each two-sided result or a more extreme one, and that of a more extreme one."""
    two = [min(1.0, 2 * sum(comb(k, i) for i in range(j, k + 1)) / 2**k) for j in range(k // 2 + 1, k + 2)]
    return list(pairwise(two))


def unequal_shapes() -> str:
    """Beyond the assumption: arms of equal mean and different shape."""
    rows = []
    for name, (one, other) in UNEQUAL.items():
        for units in (10, 20, 40):
            sample = differences(one, units=units, times=MANY, seed=units, baseline=other)
            rows.append(f"{name} | {units} | {rate(alarms(sample))}")
    return table("arms, of equal mean | units | false alarms", rows)


def family_wise() -> str:
    """Eight primary metrics without any effect: how often at least one adjusted p <= .05."""
    rows = []
    for name, (correlation, coarse) in {
        "independent": (0.0, 0),
        "correlation .5": (0.5, 0),
        "correlation .9": (0.9, 0),
        "correlation .5, half of them coarse": (0.5, 4),
        "independent, all coarse": (0.0, 8),
    }.items():
        for units in (8, 12, 20, 40):
            signs = sign_matrix(units, flips=FLIPS, seed=0)
            worlds = family(units, times=SOME, correlation=correlation, coarse=coarse, seed=units)
            least = []
            for start in range(0, SOME, 50):
                block = worlds[start : start + 50].transpose(1, 0, 2)
                statistics = flipped(block.reshape(units, -1), signs).reshape(len(signs), -1, METRICS)
                least.append(p_values(statistics.max(axis=2)))
            found = np.concatenate(least)
            agreed = [adjusted_p_values(flipped(world, signs)).min() for world in worlds[:50]]
            assert np.allclose(agreed, found[:50]), "the first step is not the product's"
            rows.append(f"{name} | {units} | {rate(found <= ALPHA)}")
    for units in (12, 20):
        rows.append(f"correlation .5; four have an effect, the others counted | {units} | {strong(units)}")
    return table("metrics | units | family-wise false alarms", rows)


def strong(units: int) -> str:
    """The family-wise rate among four metrics without an effect beside four with one."""
    signs = sign_matrix(units, flips=FLIPS, seed=0)
    worlds = family(units, times=SOME, correlation=0.5, coarse=0, seed=units + 1)
    worlds[:, :, 4:] += 1.5
    return rate(
        np.array([adjusted_p_values(flipped(world, signs))[:4].min() <= ALPHA for world in worlds], dtype=np.float64)
    )


def powers() -> str:
    """One metric: the rate of BETTER beside the printed power."""
    rows = []
    draw = np.random.default_rng(5)
    for units in (6, 7, *UNITS):
        for margin in (0.0, 0.05):
            for target in (0.5, 0.8):
                effect = round(smallest_effect(units, 0.1, margin=margin, target=target), 3)
                sample = draw.normal(effect, 0.1, (units, SOME))
                rows.append(power_row("normal", sample, effect, sd=0.1, margin=margin))
    for (name, one, other), units in product(COARSE, (12, 20, 40)):
        truth = differences(one, units=100, times=SOME, seed=9, baseline=other)
        sample = differences(one, units=units, times=SOME, seed=units, baseline=other)
        rows.append(power_row(name, sample, float(truth.mean()), sd=float(truth.std()), margin=0.02))
    return table("differences | units | sd | margin | effect | printed | simulated BETTER | within 5 points", rows)


def power_row(name: str, sample: Floats, effect: float, *, sd: float, margin: float) -> str:
    """One row: what the table prints, and the rate of p <= .05 with a mean of at least the margin."""
    units = len(sample)
    printed = power(effect, sd=sd, units=units, margin=margin)
    better = alarms(sample) & (sample.mean(axis=0) >= margin - 1e-12)
    near = said(abs(better.mean() - printed) <= 0.05)
    return f"{name} | {units} | {sd:.2f} | {margin:g} | {effect:.3f} | {printed:.1%} | {rate(better)} | {near}"


def family_powers() -> str:
    """One of eight primary metrics has an effect: the rate at which it is found beside the printed power."""
    rows = []
    for units, correlation in ((6, 0.0), (7, 0.0), (8, 0.0), (12, 0.0), (20, 0.0), (40, 0.0), (12, 0.5), (20, 0.5)):
        effect = smallest_effect(units, 1.0, metrics=METRICS)
        signs = sign_matrix(units, flips=FLIPS, seed=0)
        worlds = family(units, times=SOME, correlation=correlation, coarse=0, seed=units + 2)
        worlds[:, :, 0] += effect
        found = np.array([adjusted_p_values(flipped(world, signs))[0] <= ALPHA for world in worlds], dtype=np.float64)
        printed = power(effect, sd=1.0, units=units, metrics=METRICS)
        near = said(abs(found.mean() - printed) <= 0.05)
        rows.append(f"{correlation:g} | {units} | {effect:.2f} | {printed:.1%} | {rate(found)} | {near}")
    return table("correlation | units | effect / sd | printed | simulated BETTER | within 5 points", rows)


def called_same() -> str:
    """The truth is a loss of exactly the margin of .05: how often the 90 % interval lies inside the margin."""
    rows = []
    for name, draw in (ARMS | STEPPED).items():
        if name == "heavy tails":
            continue
        for units in (10, 20, 40):
            null = differences(draw, units=units, times=MANY, seed=units + 3)
            loss = lost(null, draw, seed=units)
            half = quantile(0.95, df=units - 1) * loss.std(axis=0, ddof=1) / np.sqrt(units)
            zeros = (loss == 0).all(axis=0)
            same = (np.abs(loss.mean(axis=0)) + half < MARGIN - 1e-12) | zeros
            rows.append(f"{name} | {units} | {rate(same)} | {zeros.mean():.1%}")
    return table("distribution of the baseline | units | called SAME | of these: no pair differs", rows)


def lost(null: Floats, draw: Draw, *, seed: int) -> Floats:
    """Differences whose mean is a loss: shifted if continuous, else values of the arm set to 0."""
    if len(np.unique(null)) > 20:
        return np.asarray(null - MARGIN)
    random = np.random.default_rng(seed)
    arm, base = np.round(draw(random, null.shape), 12), np.round(draw(random, null.shape), 12)
    spoilt = random.random(null.shape) < MARGIN / base.mean()
    return np.asarray(np.where(spoilt, 0.0, arm) - base)


def main() -> None:
    """Simulate all, print, and write RESULTS.md beside this program."""
    began = time.perf_counter()
    parts = {
        "ALARMS": continuous(),
        "STEPPED": coarse(),
        "COARSEST": coarsest(),
        "UNEQUAL": unequal_shapes(),
        "FAMILY": family_wise(),
        "POWER": powers(),
        "AMONG": family_powers(),
        "SAME": called_same(),
        "MIDP": f"{100 * mid_p()[0]:.1f} %",
        "TIED": f"{mid_p()[1]}",
        "MANY": f"{MANY:,}",
        "SOME": f"{SOME:,}",
    }
    folder = Path(__file__).parent
    told = Template((folder / "template.md").read_text("utf-8")).substitute(parts)
    (folder / "RESULTS.md").write_text(told, encoding="utf-8")
    print(f"{told}\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
