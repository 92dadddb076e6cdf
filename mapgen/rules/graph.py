"""The map as a graph: which concepts relations connect, and which relations close a circle that cannot be.

It knows the concepts by their ids, and nothing of what the relations say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from mapgen.model import Problem, Relation
from mapgen.rules.quoting import listing

ORDERING = frozenset({"is-a", "part-of"})


def components(ids: Iterable[str], relations: Iterable[Relation]) -> tuple[tuple[str, ...], ...]:
    """The groups of ids that relations connect, largest first, each in the order of ``ids``."""
    order = tuple(dict.fromkeys(ids))
    group = {id: {id} for id in order}
    for relation in relations:
        if relation.source in group and relation.target in group:
            joined = group[relation.source] | group[relation.target]
            group.update(dict.fromkeys(joined, joined))
    parts = dict.fromkeys(tuple(id for id in order if id in group[first]) for first in order)
    return tuple(sorted(parts, key=len, reverse=True))


def unconnected(named: dict[str, str], relations: tuple[Relation, ...]) -> tuple[Problem, ...]:
    """Which concepts (id to name) no chain of relations joins to the largest group."""
    parts = components(named, relations)
    if len(parts) < 2:
        return ()
    if not relations:
        return (
            Problem(
                code="relations-missing", where="relations", message="The map has no relation between its concepts."
            ),
        )
    apart = listing(tuple(named[id] for part in parts[1:] for id in part))
    message = f"Not connected to the rest of the map: {apart}; relate them to another concept."
    return (Problem(code="relations-unconnected", where="relations", message=message),)


def closing(relations: tuple[Relation, ...]) -> frozenset[int]:
    """The places of the relations that close a cycle of one ordering kind."""
    above: dict[tuple[str, str], set[str]] = defaultdict(set)
    found = set()
    for at, relation in enumerate(relations):
        kind, source, target = relation.kind, relation.source, relation.target
        if kind not in ORDERING or source == target:
            continue
        if _reaches(above, kind, start=target, goal=source):
            found.add(at)
        else:
            above[kind, source].add(target)
    return frozenset(found)


def _reaches(above: dict[tuple[str, str], set[str]], kind: str, *, start: str, goal: str) -> bool:
    seen, left = {start}, [start]
    while left:
        for following in above.get((kind, left.pop()), set()) - seen:
            seen.add(following)
            left.append(following)
    return goal in seen
