"""The printed power against statsmodels' noncentral t, against simulation, and against common sense."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import TTestPower

from mapgen.evaluation.statistics import ALPHA, Power, compare_paired, power, power_table, smallest_effect
from mapgen.evaluation.statistics.flips import adjusted_p_values, flipped, sign_matrix


@pytest.mark.parametrize("metrics", [1, 3, 8])
@pytest.mark.parametrize("units", [15, 20, 40, 200])
@pytest.mark.parametrize("size", [0.1, 0.3, 0.6, 1.0])
def test_power_is_that_of_the_t_test(units: int, size: float, metrics: int) -> None:
    level = 1 - (1 - ALPHA) ** (1 / metrics)
    expected = TTestPower().power(size, units, level / 2, alternative="larger")
    assert power(size * 0.2, sd=0.2, units=units, metrics=metrics) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("units", "level"), [(7, 3 / 64), (8, 6 / 128), (9, 12 / 256), (14, 409 / 8192)])
def test_with_few_units_the_level_is_one_that_p_values_can_take(units: int, level: float) -> None:
    assert power(0.9, sd=1, units=units) == pytest.approx(
        TTestPower().power(0.9, units, level / 2, alternative="larger"), abs=1e-6
    )


@pytest.mark.parametrize("effect", [0.0, 0.5, 1.2, 1.8, 2.4])
def test_with_six_units_all_must_gain(effect: float) -> None:
    assert power(effect * 0.2, sd=0.2, units=6) == pytest.approx(NormalDist().cdf(effect) ** 6, abs=0.01)


@pytest.mark.parametrize("target", [0.5, 0.8])
@pytest.mark.parametrize("units", [6, 7, 8, 12])
def test_one_of_eight_metrics_is_found_as_often_as_the_table_says(units: int, target: float) -> None:
    signs = sign_matrix(units, flips=0, seed=0)
    worlds = np.random.default_rng(units).normal(size=(2_000, units, 8))
    worlds[:, :, 0] += smallest_effect(units, 1, metrics=8, target=target)
    found = [adjusted_p_values(flipped(world, signs))[0] <= ALPHA for world in worlds]
    assert np.mean(found) == pytest.approx(target, abs=0.05)


def test_with_six_units_one_more_metric_counts_once() -> None:
    signs = sign_matrix(6, flips=0, seed=0)
    worlds = np.random.default_rng(7).normal(size=(6_000, 6, 2))
    worlds[:, :, 0] += 2
    found = [adjusted_p_values(flipped(world, signs))[0] <= ALPHA for world in worlds]
    assert power(2, sd=1, units=6, metrics=2) == pytest.approx(np.mean(found), abs=0.02)


def test_without_an_effect_the_power_is_the_half_of_the_level_that_is_a_gain() -> None:
    assert power(0, sd=0.3, units=40) == pytest.approx(ALPHA / 2, abs=1e-9)


def test_a_margin_that_the_mean_rarely_reaches_takes_power_away() -> None:
    plain, held = (power(0.1, sd=0.1, units=40, margin=margin) for margin in (0.0, 0.1))
    assert plain > 0.999
    assert held == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("metrics", [1, 8])
@pytest.mark.parametrize("margin", [0.0, 0.05])
@pytest.mark.parametrize("units", [6, 8, 13, 40])
def test_the_smallest_effect_has_the_power_that_it_is_for(units: int, margin: float, metrics: int) -> None:
    effect = smallest_effect(units, 0.12, margin=margin, metrics=metrics)
    assert effect > margin
    assert power(effect, sd=0.12, units=units, margin=margin, metrics=metrics) == pytest.approx(0.8, abs=1e-4)
    assert smallest_effect(units, 0.12, margin=margin, metrics=metrics, target=0.5) < effect


def test_below_six_units_nothing_is_ever_detected() -> None:
    assert smallest_effect(5, 0.1) == inf
    assert power(1, sd=0.01, units=5) == 0


def test_without_spread_any_effect_of_the_margin_is_seen() -> None:
    assert smallest_effect(8, 0, margin=0.03) == 0.03
    assert power(0.03, sd=0, units=8, margin=0.03) == 1
    assert power(0.02, sd=0, units=8, margin=0.03) == 0
    assert power(0, sd=0, units=8) == 0


def test_the_table_has_every_cell_in_order() -> None:
    table = power_table([0.1, 0.2], [8, 40], effects=[0.05, 0.1], margin=0.02, metrics=3)
    assert [(cell.sd, cell.units, cell.effect) for cell in table] == [
        (sd, units, effect) for sd in (0.1, 0.2) for units in (8, 40) for effect in (0.05, 0.1)
    ]
    assert table[-1] == Power(0.2, 40, 0.1, power(0.1, sd=0.2, units=40, margin=0.02, metrics=3))


@given(st.floats(0.01, 1), st.integers(6, 60), st.floats(0, 1), st.integers(1, 10))
def test_power_is_a_probability_that_falls_with_spread_and_family(
    sd: float, units: int, effect: float, metrics: int
) -> None:
    found = power(effect, sd=sd, units=units, metrics=metrics)
    assert 0 <= found <= 1 + 1e-9
    assert found >= power(effect, sd=sd * 1.5, units=units, metrics=metrics) - 1e-9
    assert found >= power(effect, sd=sd, units=units, metrics=metrics + 1) - 1e-9
    assert found <= power(effect + 0.05, sd=sd, units=units, metrics=metrics) + 1e-9


def test_more_units_detect_less() -> None:
    effects = [smallest_effect(units, 0.1, margin=0.02, metrics=8) for units in (6, 7, 8, 10, 12, 16, 20, 30, 40, 80)]
    assert all(more > less for more, less in pairwise(effects))


@pytest.mark.parametrize(("units", "margin"), [(6, 0.0), (6, 0.15), (7, 0.0), (8, 0.0), (12, 0.05), (14, 0.0)])
def test_verdicts_are_better_as_often_as_the_table_says(units: int, margin: float) -> None:
    effect = smallest_effect(units, 0.1, margin=margin)
    draw = np.random.default_rng(units).normal(effect, 0.1, (600, units)).tolist()
    found = [
        compare_paired({"m": dict(zip("abcdefghijklmn", row, strict=False))}, {"m": margin}, primary=["m"])[0].verdict
        for row in draw
    ]
    assert np.mean([verdict == "better" for verdict in found]) == pytest.approx(0.8, abs=0.05)
    assert "worse" not in found
