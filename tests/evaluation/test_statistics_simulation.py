"""A short simulation of what evals/statistics/ simulates at length: false alarms, families, and broken flips."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mapgen.evaluation.statistics import compare_paired
from mapgen.evaluation.statistics.flips import Floats, adjusted_p_values, flipped, p_values, sign_matrix

TIMES = 3_000
BAND = (0.02, 0.065)

Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
ARMS: dict[str, Draw] = {
    "normal": lambda draw, shape: draw.normal(0.7, 0.1, shape),
    "skewed": lambda draw, shape: draw.beta(8, 1.5, shape),
    "heavy": lambda draw, shape: draw.standard_t(2, shape),
}
COARSE: dict[str, Draw] = {
    "fifths": lambda draw, shape: draw.binomial(5, 0.85, shape) / 5,
    "fifths, rarely wrong": lambda draw, shape: draw.binomial(5, 0.95, shape) / 5,
    "yes or no": lambda draw, shape: (draw.random(shape) < 0.5) * 1.0,
}


def alarms(draw: Draw, *, units: int) -> Floats:
    random = np.random.default_rng(units)
    sample = np.round(draw(random, (units, TIMES)) - draw(random, (units, TIMES)), 12)
    return p_values(flipped(sample, sign_matrix(units, flips=999 if units > 14 else 0, seed=0))) <= 0.05


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("units", [8, 10, 12, 14, 16, 20, 30, 40])
def test_arms_that_do_not_differ_alarm_at_the_nominal_rate(name: str, units: int) -> None:
    assert BAND[0] <= alarms(ARMS[name], units=units).mean() <= BAND[1]


@pytest.mark.parametrize("name", COARSE)
@pytest.mark.parametrize("units", [8, 12, 16, 40])
def test_coarse_arms_that_do_not_differ_alarm_no_more_often_than_that(name: str, units: int) -> None:
    assert 0 < alarms(COARSE[name], units=units).mean() <= BAND[1]


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_eight_metrics_together_alarm_no_more_than_one(correlation: float) -> None:
    random = np.random.default_rng(1)
    signs = sign_matrix(9, flips=0, seed=0)
    common = random.normal(size=(2_000, 9, 1))
    worlds = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * random.normal(size=(2_000, 9, 8))
    least = [adjusted_p_values(flipped(world, signs)).min() for world in worlds]
    assert 0.035 <= np.mean(np.array(least) <= 0.05) <= 0.065


def test_the_door_alarms_no_more_than_the_test_inside() -> None:
    """Whole verdicts of 300 harmless edits, with eight metrics and a margin of 0."""
    random = np.random.default_rng(2)
    names = [f"m{i}" for i in range(8)]
    alarmed = []
    for world in random.normal(size=(300, 8, 9)).tolist():
        metrics = {name: {f"q{i}": d for i, d in enumerate(row)} for name, row in zip(names, world, strict=True)}
        found = compare_paired(metrics, dict.fromkeys(names, 0.0), primary=names)
        alarmed.append({one.verdict for one in found} & {"better", "worse"})
    assert 0.02 <= np.mean([bool(found) for found in alarmed]) <= 0.08
    assert any("better" in found for found in alarmed)
    assert any("worse" in found for found in alarmed)


def test_flips_that_do_not_flip_metrics_together_would_be_seen() -> None:
    """Copies of one metric need no adjustment only because a unit's sign is the same in all of them."""
    values = np.random.default_rng(4).normal(0.7, 1, (10, 1))
    signs = sign_matrix(10, flips=0, seed=0)
    together = flipped(np.repeat(values, 8, axis=1), signs)
    assert adjusted_p_values(together) == pytest.approx(p_values(flipped(values, signs))[0])
    apart = np.vstack([together[:1], np.random.default_rng(5).permuted(together[1:], axis=0)])
    assert (adjusted_p_values(apart) > 2 * adjusted_p_values(together)).all()
