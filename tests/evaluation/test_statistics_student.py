"""Student's t against scipy's, and the interval against scipy's and statsmodels'."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats
from statsmodels.stats.weightstats import DescrStatsW

from mapgen.evaluation.statistics import interval
from mapgen.evaluation.statistics.student import incomplete_beta, quantile, upper_tail

FREEDOM = st.integers(1, 500)


@given(st.floats(1e-8, 1 - 1e-8).filter(lambda share: abs(share - 0.5) > 1e-4), FREEDOM)
def test_the_quantile_is_scipys(share: float, df: int) -> None:
    assert quantile(share, df=df) == pytest.approx(stats.t.ppf(share, df), rel=1e-9)


@given(st.floats(0, 200), FREEDOM)
def test_the_tail_is_scipys(t: float, df: int) -> None:
    assert upper_tail(t, df=df) == pytest.approx(stats.t.sf(t, df), rel=1e-9, abs=1e-300)


@given(st.floats(0.1, 60), st.floats(0.1, 60), st.floats(0, 1))
def test_the_incomplete_beta_function_is_scipys(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x=x, rest=1 - x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("df", "share", "t"), [(1, 0.975, 12.7062), (5, 0.95, 2.0150), (39, 0.975, 2.0227)])
def test_the_printed_tables_of_t(df: int, share: float, t: float) -> None:
    assert quantile(share, df=df) == pytest.approx(t, abs=5e-5)
    assert quantile(1 - share, df=df) == pytest.approx(-t, abs=5e-5)


def test_the_middle_is_nought() -> None:
    assert quantile(0.5, df=7) == 0


@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=60).filter(lambda values: np.std(values) > 1e-6),
    st.sampled_from([0.90, 0.95]),
)
def test_the_interval_is_that_of_scipy_and_of_statsmodels(values: list[float], level: float) -> None:
    low, high = interval(values, level=level)
    scipys = stats.ttest_1samp(values, 0).confidence_interval(level)
    assert (low, high) == pytest.approx((scipys.low, scipys.high), rel=1e-9, abs=1e-9)
    assert (low, high) == pytest.approx(DescrStatsW(values).tconfint_mean(1 - level), rel=1e-9, abs=1e-9)


def test_the_interval_of_equal_values_is_that_value() -> None:
    assert interval([0.25] * 8, level=0.95) == (0.25, 0.25)


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    draw = np.random.default_rng(3).normal(0.1, 0.2, (2_000, 12)).tolist()
    for level in (0.90, 0.95):
        covered = [low <= 0.1 <= high for low, high in (interval(row, level=level) for row in draw)]
        assert abs(np.mean(covered) - level) < 0.02
