"""The permutation test against scipy's and the sign test and naive enumerations; its size, proved."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import floor

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from mapgen.evaluation.statistics.flips import EXACT, adjusted_p_values, flipped, p_values, sign_matrix

ALPHA = 0.05


def p_of(*metrics: list[float], flips: int = 10_000) -> list[float]:
    matrix = np.array(metrics, dtype=float).T
    statistics = flipped(matrix, sign_matrix(len(matrix), flips=flips, seed=0))
    return p_values(statistics).tolist()


def adjusted_of(*metrics: list[float]) -> list[float]:
    matrix = np.array(metrics, dtype=float).T
    statistics = flipped(matrix, sign_matrix(len(matrix), flips=10_000, seed=0))
    return adjusted_p_values(statistics).tolist()


def scipys(values: list[float]) -> float:
    found = stats.permutation_test(
        (np.array(values),),
        lambda sample, axis: sample.mean(axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    return float(found.pvalue)


STEPS = st.integers(-8, 8).map(lambda step: step / 8)
DYADIC = st.integers(-1024, 1024).map(lambda step: step / 1024)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(STEPS, DYADIC), min_size=6, max_size=10))
def test_the_p_is_scipys(values: list[float]) -> None:
    """In eighths and finer powers of 2, where sums are exact: scipy's own tolerance misses ties near a sum of 0."""
    assert p_of(values) == [pytest.approx(scipys(values), abs=1e-12)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([-0.2, 0.0, 0.2]), min_size=6, max_size=14))
def test_where_all_differences_are_as_large_the_p_is_that_of_the_sign_test(values: list[float]) -> None:
    gains, losses = sum(value > 0 for value in values), sum(value < 0 for value in values)
    expected = stats.binomtest(gains, gains + losses).pvalue if gains + losses else 1.0
    assert p_of(values) == [pytest.approx(expected, abs=1e-12)]


@pytest.mark.parametrize("units", [12, 14])
def test_the_p_is_scipys_with_as_many_units_as_are_enumerated(units: int) -> None:
    values = np.random.default_rng(units).normal(0.3, 1, units).tolist()
    assert p_of(values) == [pytest.approx(scipys(values), abs=1e-12)]


@pytest.mark.parametrize(("units", "shift"), [(15, 0.5), (16, 0.2), (17, 0.05)])
def test_drawn_flips_come_near_to_the_exact_p(units: int, shift: float) -> None:
    values = np.random.default_rng(units).normal(shift, 1, units).tolist()
    exact = scipys(values)
    assert p_of(values)[0] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 10_000))


def test_drawn_flips_give_one_plus_hits_by_one_plus_flips() -> None:
    assert p_of([1.0] * 40, flips=9_999) == [1 / 10_000]
    values = [3, -1, 2, 2, -1, 1, 4, 0, -2, 1, 3, -1, 1, 2, -3, 1, 0, 2]
    drawn = sign_matrix(len(values), flips=1_999, seed=0)[1:].tolist()
    hits = sum(abs(sum(s * v for s, v in zip(row, values, strict=True))) >= sum(values) for row in drawn)
    assert 50 < hits < 500
    assert p_of([float(value) for value in values], flips=1_999) == [(1 + hits) / 2_000]


@pytest.mark.parametrize(
    ("values", "p"),
    [
        ([1.0] * 6, 2 / 64),
        ([-1.0] * 6, 2 / 64),
        ([1.0] * 5 + [0.0] * 3, 2 / 32),
        ([1.0] * 4 + [0.0] * 30, 2 / 16),
        ([0.1, 0.2, 0.3, 0.4, 0.5, -0.6], 28 / 64),
        ([1.0] * 7 + [-1.0], 18 / 256),
        ([1.0, -1.0] * 4, 1.0),
        ([0.0] * 8, 1.0),
    ],
)
def test_p_values_worked_by_hand(values: list[float], p: float) -> None:
    near = 0.0 if len(values) <= EXACT else 0.02
    assert p_of(values) == [pytest.approx(p, abs=near, rel=1e-12)]


def test_sums_that_differ_only_by_rounding_are_ties() -> None:
    values = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.7, 0.1]
    whole = [float(round(10 * value)) for value in values]
    assert p_of(values) == p_of(whole) == p_of([value * 1e-7 for value in values]) == p_of([v * 3e150 for v in values])


def naive_p(others: list[Fraction]) -> Fraction:
    """From the statistics of all patterns, the first being what was seen; all in exact fractions."""
    return Fraction(sum(other >= others[0] for other in others), len(others))


def naive_max_t(metrics: list[list[int]]) -> list[Fraction]:
    """Westfall and Young's step-down procedure, over all 2**n patterns."""
    squares = [
        [
            Fraction(sum(sign * d for sign, d in zip(signs, values, strict=True)) ** 2, sum(d * d for d in values) or 1)
            for signs in product((1, -1), repeat=len(values))
        ]
        for values in metrics
    ]
    order = sorted(range(len(metrics)), key=lambda i: -squares[i][0])
    adjusted, least = [Fraction(0)] * len(metrics), Fraction(0)
    for place, i in enumerate(order):
        largest = [max(column) for column in zip(*(squares[j] for j in order[place:]), strict=True)]
        least = adjusted[i] = max(least, naive_p(largest))
    return adjusted


@settings(max_examples=50, deadline=None)
@given(
    st.integers(6, 7).flatmap(
        lambda n: st.lists(st.lists(st.integers(-4, 4), min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
def test_max_t_is_the_naive_one_in_exact_fractions(metrics: list[list[int]]) -> None:
    found = adjusted_of(*[[d / 4 for d in values] for values in metrics])
    assert found == pytest.approx([float(p) for p in naive_max_t(metrics)], abs=1e-12)


def test_a_metric_alone_needs_no_adjustment_and_its_copies_none_either() -> None:
    values = [0.5, 0.3, -0.1, 0.4, 0.2, 0.6, 0.1, -0.2]
    assert adjusted_of(values) == p_of(values)
    assert adjusted_of(values, values, [10 * value for value in values]) == p_of(values) * 3


def test_unlike_metrics_cost_about_what_sidak_says() -> None:
    draw = np.random.default_rng(8)
    metrics = [draw.normal(size=40).tolist() for _ in range(8)]
    metrics[3] = [value + 0.45 for value in metrics[3]]
    raw, adjusted = p_of(*metrics)[3], adjusted_of(*metrics)[3]
    assert raw < ALPHA < adjusted
    assert adjusted == pytest.approx(1 - (1 - raw) ** 8, rel=0.25)


def test_a_missing_unit_weighs_as_little_as_one_that_does_not_differ() -> None:
    full, gaps = [0.5, 0.0, 0.25, 0.0, 0.5, 0.25, -0.25, 0.5], [0.5, np.nan, 0.25, np.nan, 0.5, 0.25, -0.25, 0.5]
    assert p_of(full) == p_of(gaps)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=9))
@example([1] * 8)
def test_no_ties_whatever_give_more_false_alarms_than_the_level(sizes: list[int]) -> None:
    signs = sign_matrix(len(sizes), flips=999, seed=0)
    statistics = flipped(signs.T * np.array(sizes)[:, None], signs)
    assert (p_values(statistics) <= ALPHA).mean() <= ALPHA


@pytest.mark.parametrize("units", [6, 7, 8, 9, 10, 11])
def test_without_ties_the_size_is_the_largest_share_of_patterns_within_the_level(units: int) -> None:
    signs = sign_matrix(units, flips=999, seed=0)
    sizes = 1 + np.sqrt(np.arange(2, 2 + units))
    statistics = flipped(signs.T * sizes[:, None], signs)
    assert (p_values(statistics) <= ALPHA).mean() == floor(ALPHA * len(signs)) / len(signs)


@pytest.mark.parametrize(("differing", "patterns"), [(3, 0), (5, 0), (6, 2), (7, 2), (8, 2), (9, 20), (10, 22)])
def test_with_equal_sizes_the_size_is_that_of_the_sign_test(differing: int, patterns: int) -> None:
    """By the tails of the binomial distribution; below six units that differ no test of signs can alarm."""
    signs = sign_matrix(10, flips=999, seed=0)
    sizes = np.array([1.0] * differing + [0.0] * (10 - differing))
    found = (p_values(flipped(signs.T * sizes[:, None], signs)) <= ALPHA).mean()
    assert found == patterns / 2**differing


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(-3, 3), min_size=8, max_size=8), min_size=2, max_size=8))
@example([[1] * 8, [1] * 8])
def test_no_family_whatever_gives_more_false_alarms_than_the_level(metrics: list[list[int]]) -> None:
    signs = sign_matrix(8, flips=999, seed=0)
    matrix = np.array(metrics, dtype=float).T
    least = [adjusted_p_values(flipped(row[:, None] * matrix, signs)).min() for row in signs]
    assert np.mean(np.array(least) <= ALPHA) <= ALPHA


def test_the_patterns_are_all_there_once_up_to_fourteen_units() -> None:
    signs = sign_matrix(14, flips=10_000, seed=0)
    assert signs.shape == (8_192, 14)
    assert (signs[0] == 1).all()
    assert (signs[:, -1] == 1).all()
    assert len({row.tobytes() for row in signs}) == 8_192
    assert set(np.unique(signs)) == {-1.0, 1.0}


def test_drawn_patterns_follow_the_seed_and_stay_what_they_were() -> None:
    signs = sign_matrix(20, flips=2_000, seed=0)
    assert signs.shape == (2_001, 20)
    assert (signs[0] == 1).all()
    assert "".join("-+"[int(sign > 0)] for sign in signs[1]) == "+-+------+++++-+--++"
    assert (signs == sign_matrix.__wrapped__(20, flips=2_000, seed=0)).all()
    assert (signs[1:] != sign_matrix(20, flips=2_000, seed=1)[1:]).any()
    assert abs(signs[1:].mean()) < 0.02
    assert np.abs(np.corrcoef(signs[1:].T) - np.eye(20)).max() < 0.1
