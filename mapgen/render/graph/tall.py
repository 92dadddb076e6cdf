"""Arrangements for a narrow stage: one box below the other, at the left or the right, so that lines pass between.

It knows boxes and links; lines and words come later.
"""

from __future__ import annotations

from mapgen.render.graph.cost import Cost
from mapgen.render.graph.net import Net
from mapgen.render.graph.stress import Places, settled, starts

WIDTH = 360.0
MARGIN = 8.0
GAP = 34.0  # pixels between a box and the next one below it
_ORDER = 2.0  # what it costs that a box stands one row away from its place in the reading order
_TRIED, _KEPT, _ROUNDS = 4, 2, 4
_THICKET = 30  # links from which one arrangement, improved once, must do: none is much better than another
_LEFT, _RIGHT = 0, 1


def height(net: Net) -> float:
    """How high the stage of those boxes is, in pixels."""
    return round(2 * sum(net.half_heights) + GAP * (net.size - 1) + 2 * MARGIN, 1)


def arrangements(net: Net) -> list[Places]:
    """Some good arrangements, none with boxes nearer than GAP, all within the stage; the likeliest first."""
    cost = Cost(net, air=90.0)
    orders = [list(range(net.size))]
    for start in starts(net, _TRIED - 1):
        depths = [x for x, _ in settled(net, start)]
        order = sorted(range(net.size), key=lambda box: (round(depths[box], 6), box))
        orders.append(order if order.index(0) < net.size / 2 else order[::-1])
    columns = [_Column(net, order, cost=cost) for order in orders]
    ranked = sorted((column.cost(), turn) for turn, column in enumerate(columns))
    kept = _KEPT if len(net.links) < _THICKET else 1
    for _, turn in ranked[:kept]:
        columns[turn].improve()
    best = sorted((columns[turn].cost(), turn) for _, turn in ranked[:_KEPT])
    return [columns[turn].places for _, turn in best]


class _Column:
    """Boxes from top to bottom in ``order``, each at its side; improved by swapping boxes and changing sides."""

    def __init__(self, net: Net, order: list[int], *, cost: Cost) -> None:
        self._net, self._cost = net, cost
        self._order = list(order)
        self._sides = [_LEFT] * net.size
        for row, box in enumerate(order):
            self._sides[box] = row % 2

    @property
    def places(self) -> Places:
        xs, ys = self._axes()
        return list(zip(xs, ys, strict=True))

    def cost(self) -> float:
        xs, ys = self._axes()
        strayed = sum(abs(row - box) for row, box in enumerate(self._order))
        return self._cost.total(xs, ys) + _ORDER * strayed

    def improve(self) -> None:
        """Take every exchange of two boxes and every change of side that helps, until none does."""
        least = self.cost()
        for _ in range(_ROUNDS if len(self._net.links) < _THICKET else 1):
            before = least
            for a in range(self._net.size):
                least = self._tried(a, None, least=least)
                for b in range(a + 1, self._net.size):
                    least = self._tried(a, b, least=least)
            if least > before - 1e-6:
                return

    def _tried(self, a: int, b: int | None, *, least: float) -> float:
        """The cost after the exchange of rows ``a`` and ``b``, or the change of side in row ``a``; undone if worse."""
        self._change(a, b)
        now = self.cost()
        if now < least - 1e-6:
            return now
        self._change(a, b)
        return least

    def _change(self, a: int, b: int | None) -> None:
        order, sides = self._order, self._sides
        if b is None:
            sides[order[a]] = _RIGHT - sides[order[a]]
            return
        order[a], order[b] = order[b], order[a]
        sides[order[a]], sides[order[b]] = sides[order[b]], sides[order[a]]

    def _axes(self) -> tuple[list[float], list[float]]:
        net = self._net
        xs, ys, below = [0.0] * net.size, [0.0] * net.size, MARGIN
        for box in self._order:
            edge = MARGIN + net.half_widths[box]
            xs[box] = edge if self._sides[box] == _LEFT else WIDTH - edge
            ys[box] = below + net.half_heights[box]
            below += 2 * net.half_heights[box] + GAP
        return xs, ys
