"""Arrangements for a broad stage: stress layouts, stretched over it, their boxes moved apart, then improved.

It knows boxes and links; lines and words come later.
"""

from __future__ import annotations

from mapgen.render.graph.cost import GAP, Cost
from mapgen.render.graph.net import Net
from mapgen.render.graph.stress import Places, settled, starts

WIDTH = 720.0
MARGIN = 14.0
_STEPS = (90.0, 50.0, 26.0, 13.0)
_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7))
_TRIED = 10
_COLUMNS = 3  # of the widest boxes, side by side
_THICKET = 36  # links from which one arrangement must do


def height(size: int) -> float:
    """How high the stage of so many boxes is, in pixels."""
    return (160.0, 160.0, 220.0, 320.0, 390.0, 450.0, 510.0, 560.0, 600.0)[min(size, 8)] + (
        20.0 * max(0, min(size, 12) - 8) + 45.0 * max(0, size - 12)
    )


def arrangements(net: Net) -> list[Places]:
    """Some good arrangements, none with boxes nearer than GAP, all within the stage; the likeliest first."""
    cost = Cost(net, air=0.62 * (WIDTH * height(net.size) / net.size) ** 0.5, flat=0.6)
    rough = [_spread(net, settled(net, start)) for start in starts(net, _TRIED)]
    if not net.links:
        return [_rows(net)]
    unlike = {round(cost.total(*_axes(places)), 1): places for places in rough}
    fine = [_Refined(net, unlike[key], cost=cost).places for key in sorted(unlike)[: _kept(net)]]
    sound = [_mirrored(net, places) for places in fine if _apart(net, places)]
    return sound or [_grid(net, rough[0])]


def _kept(net: Net) -> int:
    """How many arrangements are worth improving: in a thicket none is much better than another."""
    return (
        4
        if net.size <= 8 and len(net.links) <= 12
        else 3
        if len(net.links) <= 2 * net.size
        else 2
        if len(net.links) <= 36
        else 1
    )


class _Refined:
    """An arrangement improved move by move, within the stage, until no move of the last size helps."""

    def __init__(self, net: Net, places: Places, *, cost: Cost) -> None:
        self._net, self._cost = net, cost
        self._xs, self._ys = _axes(places)
        self._swap()
        for step in _STEPS if len(net.links) <= _THICKET else _STEPS[1::2]:
            self._move(step)
        self._fill()
        self._move(_STEPS[-1])

    @property
    def places(self) -> Places:
        return list(zip(self._xs, self._ys, strict=True))

    def _move(self, step: float) -> None:
        for _ in range(2):
            moved = [self._better_place(box, step) for box in range(self._net.size)]
            if not any(moved):
                return

    def _better_place(self, box: int, step: float) -> bool:
        xs, ys = self._xs, self._ys
        x, y = best = xs[box], ys[box]
        least = before = self._cost.of(box, xs, ys=ys)
        for across, down in _WAYS:
            xs[box], ys[box] = _held(self._net, box, at=(x + across * step, y + down * step))
            now = self._cost.of(box, xs, ys=ys)
            if now < least - 1e-6:
                least, best = now, (xs[box], ys[box])
        xs[box], ys[box] = best
        return least < before

    def _swap(self) -> None:
        boxes = range(self._net.size)
        for a in boxes:
            for b in boxes[a + 1 :]:
                before = self._two(a, b)
                self._exchange(a, b)
                if self._two(a, b) > before - 1e-6:
                    self._exchange(a, b)
        for box in boxes:
            self._xs[box], self._ys[box] = _held(self._net, box, at=(self._xs[box], self._ys[box]))

    def _two(self, a: int, b: int) -> float:
        return self._cost.of(a, self._xs, ys=self._ys) + self._cost.of(b, self._xs, ys=self._ys)

    def _exchange(self, a: int, b: int) -> None:
        for axis in (self._xs, self._ys):
            axis[a], axis[b] = axis[b], axis[a]

    def _fill(self) -> None:
        """Stretch the whole over the stage, where that does no harm."""
        stretched = _spread(self._net, self.places)
        xs, ys = _axes(stretched)
        if self._cost.total(xs, ys) < self._cost.total(self._xs, self._ys) + 15:
            self._xs, self._ys = xs, ys


def _axes(places: Places) -> tuple[list[float], list[float]]:
    return [x for x, _ in places], [y for _, y in places]


def _held(net: Net, box: int, *, at: tuple[float, float]) -> tuple[float, float]:
    """The place nearest to ``at`` where the box is within the stage."""
    across, down = net.half_widths[box] + MARGIN, net.half_heights[box] + MARGIN
    return min(max(at[0], across), WIDTH - across), min(max(at[1], down), height(net.size) - down)


def _spread(net: Net, places: Places) -> Places:
    """``places`` stretched to the stage's four sides, and the boxes moved apart."""
    high = height(net.size)
    xs = _stretched([x for x, _ in places], net.half_widths, room=WIDTH)
    ys = _stretched([y for _, y in places], net.half_heights, room=high)
    return _parted(net, list(zip(xs, ys, strict=True)))


def _stretched(values: list[float], halves: tuple[float, ...], *, room: float) -> list[float]:
    """``values`` scaled and moved so that the boxes reach from one side of the room to the other."""
    low, span = min(values), max(values) - min(values)
    if span < 1e-6:
        return [room / 2] * len(values)
    shares = [(value - low) / span for value in values]
    return [MARGIN + half + share * (room - 2 * MARGIN - 2 * half) for share, half in zip(shares, halves, strict=True)]


def _parted(net: Net, places: Places) -> Places:
    """Boxes that are nearer than GAP pushed apart, along the axis on which that is shorter."""
    for _ in range(60):
        still = True
        for a in range(net.size):
            for b in range(a + 1, net.size):
                still = not _part(net, places, pair=(a, b)) and still
        if still:
            break
    return places


def _part(net: Net, places: Places, *, pair: tuple[int, int]) -> bool:
    a, b = pair
    (ax, ay), (bx, by) = places[a], places[b]
    over_x = net.half_widths[a] + net.half_widths[b] + GAP + 2 - abs(bx - ax)
    over_y = net.half_heights[a] + net.half_heights[b] + GAP + 2 - abs(by - ay)
    if over_x <= 0.5 or over_y <= 0.5:
        return False
    across, down = (over_x / 2, 0.0) if over_x < over_y else (0.0, over_y / 2)
    right, under = (1 if bx >= ax else -1), (1 if by >= ay else -1)
    places[a] = _held(net, a, at=(ax - right * across, ay - under * down))
    places[b] = _held(net, b, at=(bx + right * across, by + under * down))
    return True


def _apart(net: Net, places: Places) -> bool:
    return all(
        abs(places[b][0] - places[a][0]) - net.half_widths[a] - net.half_widths[b] >= GAP - 4
        or abs(places[b][1] - places[a][1]) - net.half_heights[a] - net.half_heights[b] >= GAP - 4
        for a in range(net.size)
        for b in range(a + 1, net.size)
    )


def _mirrored(net: Net, places: Places) -> Places:
    """The mirror image in which the reading order runs most from left to right and from top to bottom."""
    high, middle = height(net.size), (net.size - 1) / 2
    lean_x = sum((place - middle) * x for place, (x, _) in enumerate(places))
    lean_y = sum((place - middle) * y for place, (_, y) in enumerate(places))
    return [(WIDTH - x if lean_x < 0 else x, high - y if lean_y < 0 else y) for x, y in places]


def _rows(net: Net) -> Places:
    """Boxes that nothing joins, in rows from left to right."""
    columns, down = _COLUMNS, 2 * max(net.half_heights) + 2 * GAP
    return [
        _held(net, box, at=(WIDTH * (box % columns + 0.5) / min(columns, net.size), down * (box // columns + 0.5)))
        for box in range(net.size)
    ]


def _grid(net: Net, places: Places) -> Places:
    """The boxes in columns, each as near as may be to where it would be: what always fits."""
    rows = -(-net.size // _COLUMNS)
    columns = -(-net.size // rows)
    found: Places = [(0.0, 0.0)] * net.size
    across = sorted(range(net.size), key=lambda box: places[box])
    for column in range(columns):
        stack = sorted(across[column * rows : (column + 1) * rows], key=lambda box: places[box][1])
        for row, box in enumerate(stack):
            at = (WIDTH * (column + 0.5) / columns, height(net.size) * (row + 0.5) / len(stack))
            found[box] = _held(net, box, at=at)
    return found
