"""Chance, held to scipy; and the chances that canaries tell of themselves, held to simulation."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from mapgen.evaluation.judge import JUDGED, try_judge
from mapgen.evaluation.judge.agreement import agreement
from mapgen.evaluation.judge.chances import at_least, at_most, binomial, tail
from tests.evaluation.judges import PROMPTS, Coin

# Nearer to the ends, scipy's own density overflows.
shares = st.floats(1e-6, 1 - 1e-6) | st.sampled_from([0.0, 1.0])


@given(st.integers(0, 30), shares)
def test_the_tails_are_binomial(of: int, chance: float) -> None:
    for hits in range(of + 1):
        assert binomial(hits, of=of, chance=chance) == pytest.approx(binom.pmf(hits, of, chance), abs=1e-12)
        assert at_most(hits, of=of, chance=chance) == pytest.approx(binom.cdf(hits, of, chance), abs=1e-9)
        assert at_least(hits, of=of, chance=chance) == pytest.approx(binom.sf(hits - 1, of, chance), abs=1e-9)


@given(st.integers(1, 30), st.integers(0, 30), shares)
def test_the_tail_of_equal_coins_is_the_exact_binomial_test(of: int, hits: int, chance: float) -> None:
    hits = min(hits, of)
    expected = binomtest(hits, of, chance, alternative="greater").pvalue
    assert tail(hits, [chance] * of) == pytest.approx(expected, abs=1e-9)


def test_the_tail_of_unequal_coins_is_that_of_all_their_outcomes() -> None:
    assert tail(0, []) == 1.0
    assert tail(1, []) == 0.0
    assert tail(2, [0.5, 0.25]) == 0.125
    assert tail(1, [0.5, 0.25]) == 0.625
    assert tail(1, [1.0, 0.3]) == 1.0
    assert tail(2, [0.0, 1.0]) == 0.0


async def test_a_coin_catches_no_more_than_the_canaries_say() -> None:
    told: dict[str, list[float]] = {}
    caught: dict[str, list[bool]] = {}
    for seed in range(15):
        for one in await try_judge(tuple(JUDGED), llm=Coin(seed), prompts=PROMPTS, seed=0):
            told.setdefault(f"{one.metric} {one.kind}", []).append(one.chance)
            caught.setdefault(f"{one.metric} {one.kind}", []).append(bool(one.caught))
    for kind, chances in told.items():
        assert tail(sum(caught[kind]), chances) > 0.001, kind
    assert {kind for kind, found in caught.items() if any(found)} >= set(told) - {
        "j1_match swapped pair", "j7_prefer untouched copy",
    }  # fmt: skip


def test_kappa_is_that_of_statsmodels() -> None:
    oracle = pytest.importorskip("statsmodels.stats.inter_rater")
    ratings = ["right", "minor", "wrong"]
    lot = random.Random(1)
    for size in (10, 40, 200):
        pairs = [(one := lot.choice(ratings), one if lot.random() < 0.6 else lot.choice(ratings)) for _ in range(size)]
        found = agreement(pairs, ratings)
        table = [[found.table[one][other] for other in ratings] for one in ratings]
        expected = oracle.cohens_kappa(table)
        assert found.kappa == pytest.approx(expected.kappa)
        assert found.interval == pytest.approx((expected.kappa_low, min(expected.kappa_upp, 1.0)))
        assert found.n == size


def test_kappa_at_its_ends() -> None:
    perfect = agreement([("right", "right"), ("wrong", "wrong")] * 5, ["right", "wrong"])
    assert (perfect.share, perfect.kappa, perfect.interval) == (1.0, 1.0, (1.0, 1.0))
    against = agreement([("right", "wrong"), ("wrong", "right")] * 5, ["right", "wrong"])
    assert against.kappa == -1.0
    same = agreement([("right", "right")] * 5, ["right", "wrong"])
    assert (same.share, same.kappa, same.interval) == (1.0, None, None)
