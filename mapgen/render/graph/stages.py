"""Which concepts stand on which stage: all on one, or the most connected first and the rest around what they join.

It knows a view's cards and relations, and no places.
"""

from __future__ import annotations

from mapgen.render.view import View

LAYOUT_LIMIT = 15
_OWN, _GUESTS = 12, 3

Neighbours = dict[str, dict[str, int]]


def stages(view: View) -> tuple[tuple[str, ...], ...]:
    """The anchors on each stage, in reading order, at most LAYOUT_LIMIT on one; every concept is on one or more.

    Of more concepts than that, the most connected are on the first stage. Each further one has at most twelve of
    the rest, those that belong together, and up to three concepts of other stages that its own are related to.
    """
    order = {card.anchor: place for place, card in enumerate(view.cards)}
    if len(order) <= LAYOUT_LIMIT:
        return (tuple(order),) if order else ()
    near = _neighbours(view)
    first = sorted(order, key=lambda anchor: (-sum(near[anchor].values()), order[anchor]))[:LAYOUT_LIMIT]
    found = [first]
    rest = {anchor: None for anchor in order if anchor not in first}
    while rest:
        own = _together(rest, near)
        for anchor in own:
            del rest[anchor]
        found.append([*own, *_guests(own, near, order=order)])
    return tuple(tuple(sorted(stage, key=order.__getitem__)) for stage in found)


def _neighbours(view: View) -> Neighbours:
    near: Neighbours = {card.anchor: {} for card in view.cards}
    for tie in view.relations:
        a, b = tie.source_anchor, tie.target_anchor
        if a != b and a in near and b in near:
            near[a][b] = near[a].get(b, 0) + 1
            near[b][a] = near[b].get(a, 0) + 1
    return near


def _together(rest: dict[str, None], near: Neighbours) -> list[str]:
    """Some of ``rest``: the first one, then whichever is joined most to those taken, or to what they are joined to."""
    seed = next(iter(rest))
    taken: dict[str, None] = {seed: None}
    pull: dict[str, int] = {}
    while True:
        _attract(seed, rest, near=near, pull=pull)
        drawn = [anchor for anchor in pull if anchor not in taken]
        left = drawn or [anchor for anchor in rest if anchor not in taken][:1]
        if not left or len(taken) == _OWN:
            return list(taken)
        seed = max(left, key=lambda anchor: pull.get(anchor, 0))
        taken[seed] = None


def _attract(anchor: str, rest: dict[str, None], *, near: Neighbours, pull: dict[str, int]) -> None:
    for other, ties in near[anchor].items():
        if other in rest:
            pull[other] = pull.get(other, 0) + 4 * ties
        else:
            for third in near[other]:
                if third in rest:
                    pull[third] = pull.get(third, 0) + 1


def _guests(own: list[str], near: Neighbours, *, order: dict[str, int]) -> list[str]:
    """The concepts of other stages with the most relations to ``own``."""
    ties: dict[str, int] = {}
    for anchor in own:
        for other, count in near[anchor].items():
            if other not in own:
                ties[other] = ties.get(other, 0) + count
    return sorted(ties, key=lambda anchor: (-ties[anchor], order[anchor]))[:_GUESTS]
