"""How bad an arrangement of boxes is, as a number: what crosses, runs through boxes, is too near or too short.

Lines count as straight here, from centre to centre. It is the innermost loop of the layout, and written for speed.
"""

from __future__ import annotations

from math import sqrt

from mapgen.render.graph.net import Net

CROSSING, THROUGH, SHORT, NEAR, LENGTH, ALIKE = 30.0, 70.0, 45.0, 24.0, 0.02, 14.0
LONG, FAR = 280.0, 0.00025  # pixels from which a link is too long, and the cost of each beyond, squared
GAP = 20.0  # pixels that two boxes keep from each other


class Cost:
    """The cost of arrangements of one net. ``xs`` and ``ys`` are the centres of its boxes.

    Boxes would rather not come within ``air`` pixels of each other, less where one is above the other.
    """

    def __init__(self, net: Net, *, air: float, flat: float = 1.0) -> None:
        self._net, self._air, self._flat = net, air, flat
        self._incident = net.incident
        self._ends = [(link.a, link.b) for link in net.links]

    def total(self, xs: list[float], ys: list[float]) -> float:
        """Of the whole arrangement."""
        links, boxes = range(len(self._ends)), range(self._net.size)
        cost = sum(self._link(k, xs, ys=ys) for k in links)
        cost += sum(self._crossings(k, xs, ys=ys, others=links[k + 1 :]) for k in links)
        return cost + sum(self._nearness(box, xs, ys=ys, others=boxes[box + 1 :]) for box in boxes)

    def of(self, box: int, xs: list[float], *, ys: list[float]) -> float:
        """Of all that changes when ``box`` moves."""
        mine = self._incident[box]
        cost = self._nearness(box, xs, ys=ys, others=range(self._net.size))
        for k in mine:
            cost += self._link(k, xs, ys=ys) + self._crossings(k, xs, ys=ys, others=range(len(self._ends)))
        return cost + self._run_over(box, xs, ys=ys)

    def _link(self, k: int, xs: list[float], *, ys: list[float]) -> float:
        """How long the link is, whether its words fit on what is seen of it, and the boxes that it runs through."""
        net = self._net
        a, b = self._ends[k]
        ax, ay, bx, by = xs[a], ys[a], xs[b], ys[b]
        dx, dy = abs(bx - ax), abs(by - ay)
        length = sqrt(dx * dx + dy * dy) + 1e-9
        wide, high = net.half_widths[a] + net.half_widths[b], net.half_heights[a] + net.half_heights[b]
        seen = 1.0 - _share(wide, high, dx=dx, dy=dy)
        link = net.links[k]
        needed = min((link.width + 34) / (dx + 1e-9), (link.height + 30) / (dy + 1e-9))
        cost = LENGTH * length
        if length > LONG:
            cost += FAR * (length - LONG) ** 2
        if needed > seen:
            cost += SHORT * min(1.0, (needed - seen) / needed) ** 2
        ex, ey, mx, my = dx / 2 + 7, dy / 2 + 7, (ax + bx) / 2, (ay + by) / 2
        dx, dy = bx - ax, by - ay
        reach_x, reach_y = abs(dy), abs(dx)
        spare = 7 * length
        for i, (w, h) in enumerate(zip(net.half_widths, net.half_heights, strict=True)):
            px, py = mx - xs[i], my - ys[i]
            if -ex - w < px < ex + w and -ey - h < py < ey + h and i not in (a, b):
                off = dx * py - dy * px
                if -off if off < 0 else off < w * reach_x + h * reach_y + spare:
                    cost += THROUGH
        return cost

    def _crossings(self, k: int, xs: list[float], *, ys: list[float], others: range) -> float:
        a, b = self._ends[k]
        ax, ay, bx, by = xs[a], ys[a], xs[b], ys[b]
        dx, dy = bx - ax, by - ay
        cost = 0.0
        for other in others:
            c, d = self._ends[other]
            if c in (a, b) or d in (a, b):
                if other != k:
                    cost += self._alike((a, b), (c, d), xs=xs, ys=ys)
                continue
            cx, cy, ox, oy = xs[c], ys[c], xs[d], ys[d]
            if (dx * (cy - ay) - dy * (cx - ax)) * (dx * (oy - ay) - dy * (ox - ax)) < 0:
                ex, ey = ox - cx, oy - cy
                if (ex * (ay - cy) - ey * (ax - cx)) * (ex * (by - cy) - ey * (bx - cx)) < 0:
                    cost += CROSSING
        return cost

    def _alike(self, one: tuple[int, int], two: tuple[int, int], *, xs: list[float], ys: list[float]) -> float:
        """For two links that leave one box in almost one direction."""
        a, b = one
        c, d = two
        hub, b, d = (a, b, d if c == a else c) if a in (c, d) else (b, a, d if c == b else c)
        px, py, qx, qy = xs[b] - xs[hub], ys[b] - ys[hub], xs[d] - xs[hub], ys[d] - ys[hub]
        dot = px * qx + py * qy
        if dot <= 0:
            return 0.0
        cosine = dot * dot / ((px * px + py * py) * (qx * qx + qy * qy) + 1e-9)
        return ALIKE * (cosine - 0.9) * 10 if cosine > 0.9 else 0.0

    def _run_over(self, box: int, xs: list[float], *, ys: list[float]) -> float:
        x, y, w, h = xs[box], ys[box], self._net.half_widths[box] + 7, self._net.half_heights[box] + 7
        cost = 0.0
        for a, b in self._ends:
            ax, ay, bx, by = xs[a], ys[a], xs[b], ys[b]
            dx, dy = bx - ax, by - ay
            px, py = (ax + bx) / 2 - x, (ay + by) / 2 - y
            wide, high = abs(dx), abs(dy)
            if abs(px) < wide / 2 + w and abs(py) < high / 2 + h and box not in (a, b):  # noqa: SIM102
                if abs(dx * py - dy * px) < w * high + h * wide:
                    cost += THROUGH
        return cost

    def _nearness(self, box: int, xs: list[float], *, ys: list[float], others: range) -> float:
        net, air, flat = self._net, self._air, self._flat
        x, y, w, h = xs[box], ys[box], net.half_widths[box], net.half_heights[box]
        cost = 0.0
        for other in others:
            if other != box:
                across = abs(xs[other] - x) - w - net.half_widths[other]
                down = abs(ys[other] - y) - h - net.half_heights[other]
                gap = across if across > down else down
                if gap < GAP:
                    cost += 400 + 8 * (GAP - gap)
                across, down = across * flat if across > 0 else 0.0, down if down > 0 else 0.0
                near = 1 - sqrt(across * across + down * down) / air
                if near > 0:
                    cost += NEAR * near * near
        return cost


def _share(width: float, height: float, *, dx: float, dy: float) -> float:
    """How much of a line between two centres lies within the two boxes, whose half sizes are added up."""
    return min(1.0, min(width / (dx + 1e-9), height / (dy + 1e-9)))
