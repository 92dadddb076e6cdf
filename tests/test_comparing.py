"""The words that say that a query compares two things."""

from __future__ import annotations

import pytest

from mapgen.comparing import compares, pairs, several


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
        ("TCP v UDP", ("TCP", "UDP")),
        ("TCP v. UDP for games", ("TCP", "UDP for games")),
        ("TCP gegen UDP", ("TCP", "UDP")),
        ("Solarenergie gegen Windenergie?", ("Solarenergie", "Windenergie")),
        ("TCP or UDP?", ("TCP", "UDP")),
        ("Python oder Rust?", ("Python", "Rust")),
        ("¿TCP o UDP?", ("TCP", "UDP")),
        ("nuclear power or solar power ?", ("nuclear power", "solar power")),
        ("TCP et UDP : quelles différences ?", ("TCP", "UDP")),
        ("TCP and UDP: how do they differ?", ("TCP", "UDP")),
        ("TCP vs UDP vs QUIC", ("TCP", "UDP")),
    ],
)
def test_the_sides_of_a_comparison_are_parted(query, parts):
    assert parts in pairs(query)
    assert compares(query)


@pytest.mark.parametrize(
    "query",
    [
        "How do vaccines work?",
        "Bread or butter",
        "Covs and revs",
        "",
        "Impfung gegen Masern",
        "Was hilft gegen Husten?",
        "Are viruses alive or dead?",
        "Do planes or birds fly faster in a storm than they do in the sun?",
        "Vitamin v",
        "Stress and sleep: what helps?",
    ],
)
def test_other_queries_compare_nothing(query):
    assert pairs(query) == []
    assert not compares(query)


@pytest.mark.parametrize("query", ["太阳能和风能的区别", "民主主義と共和制の違い"])
def test_comparisons_are_seen_in_languages_without_spaces(query):
    assert compares(query)


def test_a_single_v_is_a_preposition_in_some_languages():
    assert pairs("Inflace v Česku", "cs") == []
    assert pairs("Roe v Wade", "en-US") == [("Roe", "Wade")]


@pytest.mark.parametrize(
    "query",
    [
        "TCP vs UDP vs QUIC",
        "TCP versus UDP compared to QUIC",
        "What is the difference between TCP, UDP and QUIC?",
        "Which is better: TCP, UDP or QUIC?",
        "Should I learn Python or Rust or Go?",
    ],
)
def test_a_comparison_may_have_more_than_two_sides(query):
    assert compares(query)
    assert several(query)


@pytest.mark.parametrize(
    "query",
    [
        "TCP vs UDP",
        "Which is better, rent or own",
        "difference between debt and equity, and why it matters",
        "JEPA world models vs autoregressive LLMs and representation collapse in self-supervised learning",
        "TCP or UDP?",
        "How do vaccines work?",
    ],
)
def test_most_have_two(query):
    assert not several(query)
