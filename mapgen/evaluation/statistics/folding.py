"""From an arm's values to paired differences: repeats fold into their query, queries into their cluster.

The unit of every test is the cluster, so phrasings of one topic and repeats of one query are no evidence twice.
It knows one metric at a time, and no test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isnan, nan

Values = Mapping[str, Sequence[float | None]]
"""One metric's values in one arm: by query, one for each repeat; None or NaN is missing."""


@dataclass(frozen=True)
class Paired:
    """One metric's differences, arm minus baseline, by unit; NaN where none of the unit's queries has a pair.

    ``pairs`` is the number of queries with a value in both arms, ``dropped`` names the others.
    """

    differences: Mapping[str, float]
    pairs: int
    dropped: tuple[str, ...]


def fold(arm: Values, baseline: Values, *, clusters: Mapping[str, str] | None = None) -> Paired:
    """The paired differences of one metric.

    The repeats of a query are averaged in each arm, for their order pairs nothing; then the queries' differences
    are averaged in their cluster. A query that ``clusters`` does not name is a unit of its own.
    """
    queries = list(dict.fromkeys([*arm, *baseline]))
    found = {query: mean(arm.get(query, ())) - mean(baseline.get(query, ())) for query in queries}
    members: dict[str, list[float]] = {}
    for query, difference in found.items():
        members.setdefault((clusters or {}).get(query, query), []).append(difference)
    dropped = tuple(query for query, difference in found.items() if isnan(difference))
    return Paired({unit: mean(values) for unit, values in members.items()}, len(queries) - len(dropped), dropped)


def mean(values: Iterable[float | None]) -> float:
    """The mean of the values that are there; NaN where none is."""
    there = [value for value in values if value is not None and not isnan(value)]
    return fsum(there) / len(there) if there else nan
