"""What is said of a metric: BETTER, WORSE, SAME, UNCLEAR or UNTESTED, and the numbers that it rests on.

It knows the rule of decision, and not where p-values and intervals come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ALPHA = 0.05
FEWEST_UNITS = 6
ROUNDING = 1e-12  # what the arithmetic of values in [0, 1] may add or take away

Interval = tuple[float, float]


class Verdict(StrEnum):
    """What a comparison shows of one metric."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNCLEAR = "unclear"
    UNTESTED = "untested"


@dataclass(frozen=True, kw_only=True)
class MetricVerdict:
    """One metric's comparison; differences are arm minus baseline, in the metric's own unit, so a gain is positive.

    ``units`` had a pair and ``missing`` had none. ``p`` is the metric's own; ``p_adjusted`` is for the number of
    primary metrics, and None for a secondary one, which never gates. ``detectable`` is the smallest true difference
    that so many units of this spread would call BETTER four times in five; None where there is no test or no
    spread. ``mean`` is None without units; ``sd`` and the intervals are None below two.
    """

    metric: str
    primary: bool
    verdict: Verdict
    reason: str
    units: int
    missing: int
    margin: float
    mean: float | None
    sd: float | None
    interval90: Interval | None
    interval95: Interval | None
    p: float | None
    p_adjusted: float | None
    detectable: float | None


def decide(*, units: int, mean: float, p: float, interval90: Interval, margin: float) -> tuple[Verdict, str]:
    """The verdict and its reason; ``p`` is the adjusted p-value, or a secondary metric's own.

    The first row that fits decides. "Inside" is strictly between -margin and +margin, so no mean of at least the
    margin is ever the SAME. A difference that is real but shown to be too small to matter is the SAME.

    =====  ===========  ========  ==========  ==========  ========
    units  differences  p <= .05  mean        90 %        verdict
    =====  ===========  ========  ==========  ==========  ========
    < 6    any          any       any         any         UNTESTED
    >= 6   all zero     no        0           (0, 0)      SAME
    >= 6   some         yes       >= +margin  any         BETTER
    >= 6   some         yes       <= -margin  any         WORSE
    >= 6   some         yes       in between  inside      SAME
    >= 6   some         yes       in between  not inside  UNCLEAR
    >= 6   some         no        any         inside      SAME
    >= 6   some         no        any         not inside  UNCLEAR
    =====  ===========  ========  ==========  ==========  ========
    """
    if units < FEWEST_UNITS:
        return Verdict.UNTESTED, f"too few units: {units}, and a test needs {FEWEST_UNITS}"
    if interval90 == (0.0, 0.0):
        return Verdict.SAME, "no pair differs"
    real = p <= ALPHA
    if real and mean >= margin - ROUNDING:
        return Verdict.BETTER, "a gain of at least the margin"
    if real and mean <= -margin + ROUNDING:
        return Verdict.WORSE, "a loss of at least the margin"
    if -margin + ROUNDING < interval90[0] and interval90[1] < margin - ROUNDING:
        return Verdict.SAME, "any difference is smaller than the margin"
    if real:
        return Verdict.UNCLEAR, "a difference, but perhaps smaller than the margin"
    return Verdict.UNCLEAR, "too few units, or too much spread, to tell"
