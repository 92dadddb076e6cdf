"""Trust: what a judge's canaries say of it, metric by metric.

It is trusted where it caught four of five canaries of every kind, and chance would hardly have caught as many. It
knows canaries only by whether they were caught.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapgen.evaluation.judge.canaries import Caught
from mapgen.evaluation.judge.chances import tail
from mapgen.model import Count, Value

ENOUGH = 0.8  # of the canaries of a kind
ALPHA = 0.05


class Trust(Value):
    """What a judge's canaries say of one metric.

    ``caught`` of ``of`` canaries; ``missing`` more had no answer. A coin would have caught the share ``chance``, and
    as many as the judge or more with the probability ``p`` (exact). ``reason`` says why it is not trusted.
    """

    metric: str
    caught: Count
    of: Count
    missing: Count = 0
    chance: float = 0.0
    p: float = 1.0
    trusted: bool = False
    reason: str = ""


def trust(metric: str, canaries: Iterable[Caught]) -> Trust:
    """Whether a metric's judge is trusted: of each kind 80 % caught, and all together beyond chance (p <= .05)."""
    of = [one for one in canaries if one.metric == metric]
    there = [one for one in of if one.caught is not None]
    hits = sum(bool(one.caught) for one in there)
    p = tail(hits, [one.chance for one in there])
    reason = _reason(of, there, p=p)
    return Trust(
        metric=metric,
        caught=hits,
        of=len(there),
        missing=len(of) - len(there),
        chance=sum(one.chance for one in there) / len(there) if there else 0.0,
        p=p,
        trusted=not reason,
        reason=reason,
    )


def _reason(of: Sequence[Caught], there: Sequence[Caught], *, p: float) -> str:
    if not of:
        return "no canaries"
    if 2 * len(there) < len(of):
        why = next(one.why for one in of if one.caught is None)
        return f"no answer to {len(of) - len(there)} of {len(of)} canaries ({why.rstrip('.')})"
    short = [told for kind in dict.fromkeys(one.kind for one in of) if (told := _short(kind, there))]
    chance = [f"chance catches as many with p = {p:.2g}"] if p > ALPHA else []
    return "; ".join([*short, *chance])


def _short(kind: str, there: Sequence[Caught]) -> str:
    caught = [bool(one.caught) for one in there if one.kind == kind]
    enough = bool(caught) and sum(caught) >= ENOUGH * len(caught)
    return "" if enough else f"{kind}: {sum(caught)} of {len(caught)} caught"
