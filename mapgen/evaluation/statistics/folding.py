"""From an arm's values to paired differences: repeats fold into their query, queries into their cluster.

The unit of every test is the cluster, so phrasings of one topic and repeats of one query are no evidence twice.
It knows one metric at a time, and no test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, isnan, nan

Values = Mapping[str, Sequence[float | None]]
"""One metric's values in one arm: by query, one for each repeat; None or NaN is missing."""


def fold(arm: Values, baseline: Values, *, clusters: Mapping[str, str] | None = None) -> dict[str, float]:
    """One metric's differences, arm minus baseline, by unit; NaN where none of the unit's queries has a pair.

    The repeats of a query are averaged in each arm, for their order pairs nothing; then the queries' differences
    are averaged in their cluster. A query that ``clusters`` does not name is a unit of its own.
    """
    members: dict[str, list[float]] = {}
    for query in dict.fromkeys([*arm, *baseline]):
        difference = mean(arm.get(query, ())) - mean(baseline.get(query, ()))
        members.setdefault((clusters or {}).get(query, query), []).append(difference)
    return {unit: mean(values) for unit, values in members.items()}


def mean(values: Iterable[float | None]) -> float:
    """The mean of the values that are there; NaN where none is."""
    there = [value for value in values if value is not None and not isnan(value)]
    return fsum(there) / len(there) if there else nan
