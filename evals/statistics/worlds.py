"""The worlds that are simulated: how the values of an arm are distributed, and how metrics go together.

Differences are those of two draws from one distribution, as the arms of a harmless edit are, so they are symmetric
however skewed the arms. It knows no test.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]


def _by_query(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Shares of five concepts; queries are of unlike difficulty, the same in both arms."""
    difficulty = np.random.default_rng(shape[0] * 1_000_003 + shape[1]).beta(8, 1.5, shape)
    return draw.binomial(5, difficulty) / 5


ARMS: dict[str, Draw] = {
    "normal": lambda draw, shape: draw.normal(0.7, 0.1, shape),
    "skewed, in [0, 1]: beta(8, 1.5)": lambda draw, shape: draw.beta(8, 1.5, shape),
    "heavy tails": lambda draw, shape: draw.standard_t(2, shape),
}
"""Continuous values: no two differences are alike."""

STEPPED: dict[str, Draw] = {
    "fifths, .85 right": lambda draw, shape: draw.binomial(5, 0.85, shape) / 5,
    "fifths, beta(8, 1.5) right by query": _by_query,
    "fifths, .95 right": lambda draw, shape: draw.binomial(5, 0.95, shape) / 5,
    "yes or no, half right": lambda draw, shape: (draw.random(shape) < 0.5) * 1.0,
    "yes or no, .9 right": lambda draw, shape: (draw.random(shape) < 0.9) * 1.0,
}
"""Values of few steps: many units do not differ, and others by like amounts."""

UNEQUAL: dict[str, tuple[Draw, Draw]] = {
    "beta(8, 2) against beta(16, 4)": (
        lambda draw, shape: draw.beta(8, 2, shape),
        lambda draw, shape: draw.beta(16, 4, shape),
    ),
    "beta(8, 2) against yes or no, .8 right": (
        lambda draw, shape: draw.beta(8, 2, shape),
        lambda draw, shape: (draw.random(shape) < 0.8) * 1.0,
    ),
}


def _fifths(right: float) -> Draw:
    return lambda draw, shape: draw.binomial(5, right, shape) / 5


def _yes(right: float) -> Draw:
    return lambda draw, shape: (draw.random(shape) < right) * 1.0


COARSE: tuple[tuple[str, Draw, Draw], ...] = (
    ("fifths, .95 against .85 right", _fifths(0.95), _fifths(0.85)),
    ("fifths, .98 against .80 right", _fifths(0.98), _fifths(0.8)),
    ("yes or no, .95 against .60 right", _yes(0.95), _yes(0.6)),
)
"""Real gains on coarse metrics: a name, the arm, the baseline."""


def differences(draw: Draw, *, units: int, times: int, seed: int, baseline: Draw | None = None) -> Floats:
    """Samples of paired differences, one a column, free of rounding's last digits."""
    random = np.random.default_rng(seed)
    arm = draw(random, (units, times))
    return np.asarray(np.round(arm - (baseline or draw)(random, (units, times)), 12))


def family(units: int, *, times: int, correlation: float, coarse: int, seed: int) -> Floats:
    """Samples (first axis) of the units' differences (second) in eight metrics (third), correlated and of variance 1.

    The first ``coarse`` of them are cut to steps: to -1, 0, 1 with two zeros in three, and to fifths, in turn.
    """
    random = np.random.default_rng(seed)
    common = random.normal(size=(times, units, 1))
    found = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * random.normal(size=(times, units, 8))
    steps, fifths = found[:, :, 0:coarse:2], found[:, :, 1:coarse:2]
    found[:, :, 0:coarse:2] = np.sign(steps) * (np.abs(steps) > 1)
    found[:, :, 1:coarse:2] = np.round(fifths) / 5
    return np.asarray(found)
