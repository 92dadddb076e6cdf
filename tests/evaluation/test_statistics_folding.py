"""Repeats fold into queries, queries into clusters, and nothing that is missing is taken for 0."""

from __future__ import annotations

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.evaluation.statistics import fold


def test_the_difference_is_arm_minus_baseline() -> None:
    assert fold({"q": [0.75]}, {"q": [0.25]}) == {"q": 0.5}


def test_repeats_are_averaged_in_each_arm() -> None:
    folded = fold({"q": [1.0, 0.5, 0.0, 1.0]}, {"q": [0.25, 0.75]})
    assert folded == {"q": 0.125}


def test_a_cluster_weighs_its_queries_alike_however_many_repeats_they_have() -> None:
    folded = fold(
        {"a1": [1.0, 1.0, 1.0, 1.0], "a2": [0.0], "b": [0.5]},
        {"a1": [0.0], "a2": [0.5], "b": [0.5]},
        clusters={"a1": "a", "a2": "a"},
    )
    assert folded == {"a": 0.25, "b": 0.0}


def test_a_missing_repeat_is_left_out_and_not_zero() -> None:
    assert fold({"q": [None, 1.0, nan]}, {"q": [0.5]}) == {"q": 0.5}


def test_a_query_without_a_pair_is_left_out_and_its_cluster_stands_on_the_others() -> None:
    folded = fold(
        {"a1": [None], "a2": [1.0], "only-arm": [1.0], "late": [0.5]},
        {"a1": [0.0], "a2": [0.5], "late": [nan], "only-base": [1.0]},
        clusters={"a1": "a", "a2": "a"},
    )
    assert set(folded) == {"a", "only-arm", "late", "only-base"}
    assert folded["a"] == 0.5
    assert all(isnan(folded[unit]) for unit in ("only-arm", "late", "only-base"))


def test_nothing_folds_to_nothing() -> None:
    assert fold({}, {}) == {}


VALUES = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=4)
)


@given(VALUES, VALUES, st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("XY")))
def test_exchanged_arms_change_the_sign_and_nothing_else(
    arm: dict[str, list[float | None]], baseline: dict[str, list[float | None]], clusters: dict[str, str]
) -> None:
    one, other = fold(arm, baseline, clusters=clusters), fold(baseline, arm, clusters=clusters)
    assert one.keys() == other.keys()
    for unit, difference in one.items():
        assert -other[unit] == pytest.approx(difference, nan_ok=True, abs=1e-15)
        assert isnan(difference) or -1 <= difference <= 1
