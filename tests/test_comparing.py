"""The words that say that a query compares two things."""

from __future__ import annotations

import pytest

from mapgen.comparing import compares, pairs


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("TCP vs UDP", ("TCP", "UDP")),
        ("TCP vs. UDP", ("TCP", "UDP")),
        ("Solar versus wind power", ("Solar", "wind power")),
        ("What is the difference between debt and equity", ("debt", "equity")),
        ("Unterschied zwischen Zins und Rendite", ("Zins", "Rendite")),
        ("Which is better, rent or own", ("Which is better, rent", "own")),
        ("différence entre la foi et la raison", ("la foi", "la raison")),
    ],
)
def test_the_sides_of_a_comparison_are_parted(query, parts):
    assert parts in pairs(query)
    assert compares(query)


@pytest.mark.parametrize("query", ["How do vaccines work?", "Bread or butter", "Covs and revs", ""])
def test_other_queries_compare_nothing(query):
    assert pairs(query) == []
    assert not compares(query)


@pytest.mark.parametrize("query", ["太阳能和风能的区别", "民主主義と共和制の違い"])
def test_comparisons_are_seen_in_languages_without_spaces(query):
    assert compares(query)
