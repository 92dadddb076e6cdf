"""Every row of the decision table, its edges, and that no two verdicts can hold at once."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.evaluation.statistics import FEWEST_UNITS, Exit, MetricVerdict, Verdict, decide, exit_code
from mapgen.evaluation.statistics.verdicts import Interval

D = 0.05

ROWS = [
    (5, 0.30, 0.001, (0.2, 0.4), "untested"),
    (0, 0.0, 1.0, (0.0, 0.0), "untested"),
    (6, 0.0, 1.0, (0.0, 0.0), "same"),
    (6, 0.30, 0.05, (0.2, 0.4), "better"),
    (40, 0.05, 0.001, (0.03, 0.07), "better"),
    (40, 0.06, 0.04, (-0.01, 0.13), "better"),
    (40, -0.30, 0.05, (-0.4, -0.2), "worse"),
    (40, -0.05, 0.001, (-0.07, -0.03), "worse"),
    (40, 0.02, 0.001, (0.01, 0.03), "same"),
    (40, -0.02, 0.001, (-0.03, -0.01), "same"),
    (40, 0.04, 0.001, (0.02, 0.06), "unclear"),
    (40, -0.04, 0.001, (-0.06, -0.02), "unclear"),
    (40, 0.01, 0.30, (-0.01, 0.03), "same"),
    (40, 0.01, 0.30, (-0.06, 0.08), "unclear"),
    (40, 0.30, 0.0501, (0.2, 0.4), "unclear"),
    (40, -0.30, 0.0501, (-0.4, -0.2), "unclear"),
    (40, 0.01, 0.30, (-0.05, 0.03), "unclear"),
    (40, 0.01, 0.30, (-0.03, 0.05), "unclear"),
]


@pytest.mark.parametrize(("units", "mean", "p", "interval90", "verdict"), ROWS)
def test_each_row_of_the_table(units: int, mean: float, p: float, interval90: Interval, verdict: str) -> None:
    found, reason = decide(units=units, mean=mean, p=p, interval90=interval90, margin=D)
    assert found == verdict
    assert reason


def test_the_reasons_tell_the_rows_apart() -> None:
    reasons = {decide(units=u, mean=m, p=p, interval90=i, margin=D) for u, m, p, i, _ in ROWS if u >= FEWEST_UNITS}
    assert len(reasons) == 6
    assert decide(units=6, mean=0, p=1, interval90=(0, 0), margin=D) == (Verdict.SAME, "no pair differs")
    assert "too few units" in decide(units=3, mean=0, p=1, interval90=(0, 0), margin=D)[1]


def test_a_mean_of_the_margin_counts_though_rounding_takes_its_last_digit() -> None:
    mean = sum([0.1] * 10) / 10
    assert mean < 0.1
    assert decide(units=10, mean=mean, p=0.01, interval90=(mean, mean), margin=0.1)[0] is Verdict.BETTER
    assert decide(units=10, mean=-mean, p=0.01, interval90=(-mean, -mean), margin=0.1)[0] is Verdict.WORSE
    assert decide(units=10, mean=mean, p=0.20, interval90=(mean, mean), margin=0.1)[0] is Verdict.UNCLEAR


def test_with_a_margin_of_nought_only_no_difference_at_all_is_the_same() -> None:
    assert decide(units=9, mean=0.0, p=1.0, interval90=(0.0, 0.0), margin=0)[0] is Verdict.SAME
    assert decide(units=9, mean=0.001, p=0.5, interval90=(-0.001, 0.003), margin=0)[0] is Verdict.UNCLEAR
    assert decide(units=9, mean=0.001, p=0.05, interval90=(-0.001, 0.003), margin=0)[0] is Verdict.BETTER


@given(st.integers(0, 50), st.floats(-1, 1), st.floats(1e-6, 1), st.floats(1e-6, 1), st.floats(0, 0.5), st.floats(0, 1))
def test_the_mirror_image_has_the_mirrored_verdict(
    units: int, mean: float, p: float, half: float, margin: float, p_other: float
) -> None:
    mirrored = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    low, high = mean - half, mean + half
    one, _ = decide(units=units, mean=mean, p=p, interval90=(low, high), margin=margin)
    if margin > 1e-9 or abs(mean) > 1e-9:
        other, _ = decide(units=units, mean=-mean, p=p, interval90=(-high, -low), margin=margin)
        assert other == mirrored.get(one, one)
    if one is Verdict.SAME:
        again, _ = decide(units=units, mean=mean, p=p_other, interval90=(low, high), margin=margin)
        assert again is Verdict.SAME


def verdict(found: str, *, primary: bool = True) -> MetricVerdict:
    return MetricVerdict(
        metric="m",
        primary=primary,
        verdict=Verdict(found),
        reason="",
        units=40,
        missing=0,
        margin=0.02,
        mean=0.0,
        sd=0.1,
        interval90=(-0.1, 0.1),
        interval95=(-0.1, 0.1),
        p=1.0,
        p_adjusted=1.0 if primary else None,
        detectable=0.1,
    )


@pytest.mark.parametrize(
    ("found", "strict", "code"),
    [
        ([], False, 0),
        (["better", "same", "unclear", "untested"], False, 0),
        (["better", "worse"], False, 1),
        (["worse", "unclear"], True, 1),
        (["better", "unclear"], True, 2),
        (["better", "untested"], True, 2),
        (["better", "same"], True, 0),
    ],
)
def test_the_exit_code_of_verdicts(found: list[str], strict: bool, code: int) -> None:
    assert exit_code(map(verdict, found), strict=strict) == code


def test_a_secondary_metric_never_gates() -> None:
    secondary = [verdict("worse", primary=False), verdict("unclear", primary=False)]
    assert exit_code(secondary, strict=True) is Exit.NOTHING_WORSE


def test_the_gravest_code_wins() -> None:
    for failed, comparable, trusted, worse, strict in product((True, False), repeat=5):
        found = [verdict("worse")] if worse else [verdict("unclear")]
        expected = 4 if failed else 5 if not comparable else 1 if worse else 3 if not trusted else 2 if strict else 0
        code = exit_code(found, strict=strict, trusted=trusted, failed=failed, comparable=comparable)
        assert code == expected


def test_the_codes_are_those_that_the_commands_document() -> None:
    assert {code.name: code.value for code in Exit} == {
        "NOTHING_WORSE": 0,
        "WORSE": 1,
        "UNCLEAR": 2,
        "UNTRUSTED": 3,
        "FAILED": 4,
        "NOT_COMPARABLE": 5,
    }
