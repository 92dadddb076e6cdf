"""The one door: whole comparisons, their numbers by oracles, and what must not change them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from math import inf, nan
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from mapgen.errors import InputError
from mapgen.evaluation.statistics import MetricVerdict, compare_paired, smallest_effect

Row = list[float | None]


def named(values: Row) -> dict[str, float | None]:
    return {f"q{i:03}": value for i, value in enumerate(values)}


def compare(*rows: Row, margin: float = 0.05, primary: int = 99, seed: int = 0) -> tuple[MetricVerdict, ...]:
    metrics = {f"m{i}": named(row) for i, row in enumerate(rows)}
    return compare_paired(metrics, dict.fromkeys(metrics, margin), primary=list(metrics)[:primary], seed=seed)


def normal(mean: float, *, units: int = 40, sd: float = 0.1, seed: int = 0) -> Row:
    return np.random.default_rng(seed).normal(mean, sd, units).tolist()


def test_a_gain_is_better_a_loss_is_worse() -> None:
    gain, loss, nothing, faint = compare(
        normal(0.15), normal(-0.15, seed=1), normal(0, sd=0.02, seed=2), normal(0.03, sd=0.2)
    )
    assert [one.verdict for one in (gain, loss, nothing, faint)] == ["better", "worse", "same", "unclear"]
    assert gain.mean is not None
    assert loss.mean is not None
    assert gain.mean > 0.05
    assert loss.mean < -0.05


def test_the_numbers_are_those_of_the_oracles() -> None:
    values = normal(0.04, units=12)
    one, other = compare(values, normal(0, units=12, seed=5))
    described = DescrStatsW(values)
    assert one.mean == pytest.approx(described.mean)
    assert one.sd == pytest.approx(np.std(values, ddof=1))
    assert one.interval90 == pytest.approx(described.tconfint_mean(0.10))
    assert one.interval95 == pytest.approx(described.tconfint_mean(0.05))
    exact = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
    assert one.p == pytest.approx(exact, abs=1e-12)
    assert one.detectable == smallest_effect(12, one.sd or 0, margin=0.05, metrics=2)
    assert one.p_adjusted is not None
    assert other.p_adjusted is not None
    assert one.p <= one.p_adjusted
    assert (one.units, one.missing, one.margin, one.primary) == (12, 0, 0.05, True)


@pytest.mark.parametrize("seed", range(12))
def test_same_is_what_two_one_sided_tests_say(seed: int) -> None:
    values = normal(0.02, units=20, sd=0.06, seed=seed)
    p, _, _ = DescrStatsW(values).ttost_mean(-0.05, 0.05)
    (one,) = compare(values)
    if one.verdict not in ("better", "worse"):
        assert (one.verdict == "same") == (p < 0.05)


def test_a_secondary_metric_has_its_own_p_only_and_costs_the_others_nothing() -> None:
    rows = [normal(0.05, seed=seed) for seed in range(6)]
    alone, among = compare(rows[0])[0], compare(*rows, primary=1)
    assert among[0] == alone
    assert [one.p_adjusted for one in among[1:]] == [None] * 5
    assert [one.primary for one in among] == [True] + [False] * 5
    assert all(one.p is not None for one in among)
    assert compare(rows[0], primary=0)[0].p == alone.p


def test_few_units_are_not_tested_and_do_not_cost_the_others() -> None:
    row = normal(0.06, units=12)
    few, many = compare([0.5, 0.4, 0.6, 0.5, 0.5, None, nan], row)
    assert (few.verdict, few.units, few.missing) == ("untested", 5, 2)
    assert "too few units" in few.reason
    assert few.p is few.p_adjusted is few.detectable is None
    assert few.primary
    assert few.mean == pytest.approx(0.5)
    assert few.interval95 is not None
    assert many.p == many.p_adjusted == compare(row)[0].p


@pytest.mark.parametrize("row", [[], [None], [nan, None]])
def test_a_metric_without_values_has_no_numbers(row: Row) -> None:
    (one,) = compare(row)
    assert (one.verdict, one.units, one.missing) == ("untested", 0, len(row))
    assert one.mean is one.sd is one.interval90 is one.p is None


def test_one_value_has_a_mean_and_no_spread() -> None:
    (one,) = compare([0.25])
    assert (one.mean, one.sd, one.interval95, one.verdict) == (0.25, None, None, "untested")


def test_no_difference_is_the_same_and_what_rounding_leaves_is_none() -> None:
    noise = (0.1 + 0.2 + 0.3) / 3 - (0.3 + 0.2 + 0.1) / 3
    for row in ([0.0] * 8, [noise] * 40, [1e-16] * 8):
        (one,) = compare(row, margin=0)
        assert (one.verdict, one.p, one.p_adjusted, one.mean, one.sd) == ("same", 1.0, 1.0, 0.0, 0.0)
        assert one.detectable is None
        assert one.reason == "no pair differs"


def test_all_alike_and_beyond_the_margin_is_better_from_six_units_on() -> None:
    assert compare([0.2] * 6)[0].verdict == "better"
    assert compare([-0.2] * 6)[0].verdict == "worse"
    assert compare([0.2] * 5)[0].verdict == "untested"


def test_a_real_difference_within_the_margin_is_the_same() -> None:
    (one,) = compare(normal(0.02, sd=0.01))
    assert one.p is not None
    assert one.p < 0.001
    assert one.verdict == "same"


def test_one_gain_among_many_metrics_must_be_larger() -> None:
    faint = normal(0.05, sd=0.1, seed=3)
    others = [normal(0, seed=seed) for seed in range(10, 21)]
    assert compare(faint, margin=0.02)[0].verdict == "better"
    assert compare(faint, *others, margin=0.02)[0].verdict == "unclear"


def test_metrics_of_unlike_units_share_the_flips() -> None:
    full = normal(0.05, units=30)
    part: Row = [value if i % 3 else None for i, value in enumerate(full)]
    one, two = compare(full, part)
    assert (two.units, two.missing) == (20, 10)
    assert one.p_adjusted is not None
    assert two.p_adjusted is not None
    assert 0 < one.p_adjusted <= 1
    assert 0 < two.p_adjusted <= 1
    reference = {"m": dict(list(named(full).items())[:8]), "n": named(full)}
    found = compare_paired(reference, {"m": 0.05, "n": 0.05}, primary=["m", "n"])
    assert (found[0].units, found[0].missing) == (8, 0)


def test_the_seed_decides_drawn_flips_alone() -> None:
    values = normal(0.03)
    assert compare(values, seed=1) == compare(values, seed=1)
    assert compare(values, seed=1)[0].p != compare(values, seed=2)[0].p
    assert compare(values[:14], seed=1) == compare(values[:14], seed=2)


def test_verdicts_are_values() -> None:
    with pytest.raises(FrozenInstanceError):
        compare([0.1] * 8)[0].p = 0.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("margins", "primary", "options", "said"),
    [
        ({}, [], {}, "No usable margin for m"),
        ({"m": -0.1}, [], {}, "No usable margin for m"),
        ({"m": nan}, [], {}, "No usable margin for m"),
        ({"m": inf}, [], {}, "No usable margin for m"),
        ({"m": 0.1}, ["x"], {}, "Nothing was measured for x"),
        ({"m": 0.1}, [], {"flips": 10}, "10 flips"),
        ({"m": 0.1}, [], {"seed": -1}, "seed -1"),
    ],
)
def test_what_cannot_be_compared_is_told(
    margins: dict[str, float], primary: list[str], options: dict[str, int], said: str
) -> None:
    with pytest.raises(InputError, match=said) as raised:
        compare_paired({"m": named([0.1] * 8)}, margins, primary=primary, **options)
    assert raised.value.hint


def test_an_infinite_difference_is_refused() -> None:
    with pytest.raises(InputError, match="A difference of m0 is infinite"):
        compare([0.1] * 8 + [inf])


def test_nothing_compared_is_no_verdict() -> None:
    assert compare_paired({}, {}, primary=[]) == ()


STEPS = st.integers(-8, 8).map(lambda step: step / 8)
TABLES = st.integers(4, 9).flatmap(
    lambda n: st.lists(st.lists(st.one_of(st.none(), STEPS), min_size=n, max_size=n), min_size=1, max_size=5)
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.integers(0, 5))
def test_p_values_are_shares_and_adjusting_only_raises_them(rows: list[Row], primary: int) -> None:
    found = compare(*rows, primary=primary)
    tested = [one for one in found if one.p is not None and one.p_adjusted is not None]
    for one in found:
        assert (one.p is None) == (one.verdict == "untested") == (one.units < 6)
        assert one.p is None or 0 < one.p <= 1
    for one in tested:
        assert one.p_adjusted is not None
        assert one.p is not None
        assert one.p <= one.p_adjusted <= 1
    if len(tested) == 1:
        assert tested[0].p == tested[0].p_adjusted


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_exchanged_arms_mirror_everything(rows: list[Row]) -> None:
    mirror = {"better": "worse", "worse": "better"}
    exchanged = compare(*[[None if value is None else -value for value in row] for row in rows])
    for one, other in zip(compare(*rows), exchanged, strict=True):
        assert (one.p, one.p_adjusted, one.sd, one.detectable) == (
            other.p,
            other.p_adjusted,
            other.sd,
            other.detectable,
        )
        assert other.verdict == mirror.get(one.verdict, one.verdict)
        assert one.mean is None or one.mean == -(other.mean or 0)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from([0.25, 4.0, 1024.0]))
def test_scale_changes_no_verdict(rows: list[Row], scale: float) -> None:
    scaled = compare(*[[None if v is None else v * scale for v in row] for row in rows], margin=0.05 * scale)
    for one, other in zip(compare(*rows), scaled, strict=True):
        assert (one.p, one.p_adjusted, one.verdict) == (other.p, other.p_adjusted, other.verdict)


@settings(max_examples=30, deadline=None)
@given(TABLES, st.integers(0, 99), st.integers(0, 30))
def test_the_order_of_units_and_of_metrics_changes_nothing(rows: list[Row], shuffle: int, more: int) -> None:
    rows = [row + normal(0.1, units=more, seed=i) for i, row in enumerate(rows)]
    metrics = {f"m{i}": named(row) for i, row in enumerate(rows)}
    order = Random(shuffle)
    shuffled = {
        m: dict(order.sample(list(metrics[m].items()), len(rows[0]))) for m in order.sample(list(metrics), len(metrics))
    }
    margins = dict.fromkeys(metrics, 0.05)
    one = {found.metric: found for found in compare_paired(metrics, margins, primary=list(metrics))}
    other = {found.metric: found for found in compare_paired(shuffled, margins, primary=list(shuffled))}
    assert list(other) == list(shuffled)
    for metric in metrics:
        for name in ("verdict", "units", "missing", "mean", "p", "p_adjusted"):
            assert getattr(one[metric], name) == pytest.approx(getattr(other[metric], name), abs=1e-12)
