"""The exit codes of a comparison, in one place, and the one that its verdicts deserve.

It knows verdicts, not how a run went: that its caller says.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from mapgen.evaluation.statistics.verdicts import MetricVerdict, Verdict


class Exit(IntEnum):
    """What the process says of a comparison."""

    NOTHING_WORSE = 0
    WORSE = 1
    UNCLEAR = 2
    UNTRUSTED = 3
    FAILED = 4
    NOT_COMPARABLE = 5


def exit_code(
    verdicts: Iterable[MetricVerdict],
    *,
    strict: bool = False,
    trusted: bool = True,
    failed: bool = False,
    comparable: bool = True,
) -> Exit:
    """The exit code, by the gravest of what holds: failed, not comparable, worse, not trusted, unclear.

    Only primary metrics count. A loss that was shown outranks missing trust, for trust only ever takes evidence
    away; ``strict`` makes UNCLEAR and UNTESTED metrics fail. ``trusted`` is False where coverage is too small or the
    judge missed its canaries.
    """
    found = {one.verdict for one in verdicts if one.primary}
    if failed:
        return Exit.FAILED
    if not comparable:
        return Exit.NOT_COMPARABLE
    if Verdict.WORSE in found:
        return Exit.WORSE
    if not trusted:
        return Exit.UNTRUSTED
    if strict and found & {Verdict.UNCLEAR, Verdict.UNTESTED}:
        return Exit.UNCLEAR
    return Exit.NOTHING_WORSE
