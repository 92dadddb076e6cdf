"""The lines between boxes: straight where that is free, bent around boxes where not, side by side for one pair.

A line is a quadratic Bézier curve. It knows boxes and ends; what the lines mean is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

Point = tuple[float, float]
Rect = tuple[float, float, float, float]  # centre, half width, half height

SPACING = 34.0  # pixels between two lines of one pair
CLEAR = 5.0  # pixels that a line keeps from boxes that are not its own
GAP = 2.0  # pixels between the tip of a line and its box
_SHIFTS = (0, 26, -26, 48, -48, 75, -75, 105, -105, 140, -140, 180, -180)
_STEPS = 12
_BUNDLE = 24  # lines of one pair from which they are not led around boxes


@dataclass(frozen=True, slots=True)
class Curve:
    """A quadratic Bézier curve."""

    start: Point
    control: Point
    end: Point

    def at(self, t: float) -> Point:
        """The point at ``t`` between 0 and 1."""
        u = 1 - t
        a, b, c = u * u, 2 * u * t, t * t
        (ax, ay), (bx, by), (cx, cy) = self.start, self.control, self.end
        return a * ax + b * bx + c * cx, a * ay + b * by + c * cy

    def part(self, low: float, high: float) -> Curve:
        """The part of it from ``low`` to ``high``."""
        u, v = 1 - low, 1 - high
        weights = u * v, low * v + high * u, low * high
        ends = zip(self.start, self.control, self.end, strict=True)
        middle = [weights[0] * a + weights[1] * b + weights[2] * c for a, b, c in ends]
        return Curve(self.at(low), (middle[0], middle[1]), self.at(high))

    def moved(self, across: float, down: float) -> Curve:
        """The same curve elsewhere."""
        (ax, ay), (bx, by), (cx, cy) = self.start, self.control, self.end
        return Curve((ax + across, ay + down), (bx + across, by + down), (cx + across, cy + down))

    def reversed(self) -> Curve:
        """The same curve, from its end to its start."""
        return Curve(self.end, self.control, self.start)

    def points(self) -> list[Point]:
        """Points along it, for measuring; its two ends only where it is straight."""
        if self.straight:
            return [self.start, self.end]
        return [self.at(step / _STEPS) for step in range(_STEPS + 1)]

    @property
    def straight(self) -> bool:
        """Whether it bends by less than half a pixel."""
        (ax, ay), (bx, by), (cx, cy) = self.start, self.control, self.end
        return abs(ax + cx - 2 * bx) + abs(ay + cy - 2 * by) < 1.0

    @property
    def path(self) -> str:
        """It as the ``d`` of an SVG path."""
        control = "L" if self.straight else f"Q{_pair(self.control)} "
        return f"M{_pair(self.start)}{' ' if not self.straight else ''}{control}{_pair(self.end)}"


def family(pair: tuple[int, int], count: int, *, boxes: list[Rect], stage: Point) -> list[Curve]:
    """``count`` lines between two boxes, side by side, from centre to centre, as free of other boxes as can be."""
    others = [box for place, box in enumerate(boxes) if place not in pair]
    spacing = min(SPACING, 150.0 / count)
    while spacing > 0.01:
        found: list[tuple[int, int, list[Curve]]] = []
        for shift in _SHIFTS if count <= _BUNDLE else (0,):
            curves = [_bent(boxes[pair[0]], boxes[pair[1]], bend=shift + bend) for bend in _bends(count, spacing)]
            if all(_inside(curve, stage) for curve in curves):
                through = sum(hits(curve, others, clear=CLEAR) for curve in curves)
                if not through:
                    return curves
                found.append((through, len(found), curves))
        if found:
            return min(found)[2]
        spacing /= 2
    return [_bent(boxes[pair[0]], boxes[pair[1]], bend=0.0)] * count


def seen(curve: Curve, source: Rect, *, target: Rect, heads: tuple[float, float]) -> Curve:
    """The part of a line between its two boxes that leaves room for a head of that length at each end."""
    low, high = _leaves(curve, source), 1 - _leaves(curve.reversed(), target)
    if high <= low:
        low = high = (low + high) / 2
    reach = _length(curve.at(low), curve.at(high))
    most = reach * 0.35
    first, last = min(heads[0], most), min(heads[1], most)
    return curve.part(_along(curve, low, reach=first), 1 - _along(curve.reversed(), 1 - high, reach=last))


def hits(curve: Curve, boxes: list[Rect], *, clear: float) -> int:
    """Through how many of the boxes, or nearer than ``clear`` by them, the line runs."""
    points = curve.points()
    return sum(runs_through(points, box, clear=clear) for box in boxes)


def cross(one: list[Point], two: list[Point]) -> int:
    """How often two lines of points cross."""
    return sum(_meet(a, b, c=c, d=d) for a, b in pairwise(one) for c, d in pairwise(two))


def _bends(count: int, spacing: float) -> list[float]:
    return [(place - (count - 1) / 2) * spacing for place in range(count)]


def _bent(source: Rect, target: Rect, *, bend: float) -> Curve:
    (ax, ay), (bx, by) = source[:2], target[:2]
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    nx, ny = -dy / length, dx / length
    out = max(-12.0, min(12.0, bend / 3))
    over = 2 * bend - out
    return Curve(
        (ax + nx * out, ay + ny * out),
        ((ax + bx) / 2 + nx * over, (ay + by) / 2 + ny * over),
        (bx + nx * out, by + ny * out),
    )


def _inside(curve: Curve, stage: Point) -> bool:
    return all(6 <= x <= stage[0] - 6 and 6 <= y <= stage[1] - 6 for x, y in curve.points())


def runs_through(points: list[Point], box: Rect, *, clear: float) -> bool:
    """Whether the line of points comes nearer than ``clear`` to the box."""
    x, y, w, h = box
    w, h = w + clear, h + clear
    ax, ay = points[0]
    for bx, by in points[1:]:
        dx, dy = bx - ax, by - ay
        px, py = (ax + bx) / 2 - x, (ay + by) / 2 - y
        wide, high = abs(dx), abs(dy)
        if abs(px) < wide / 2 + w and abs(py) < high / 2 + h and abs(dx * py - dy * px) < w * high + h * wide:
            return True
        ax, ay = bx, by
    return False


def _leaves(curve: Curve, box: Rect) -> float:
    """Where the curve, which begins in the box, is GAP out of it for the last time in its first half."""
    x, y, w, h = box
    low, high = 0.0, 1.0
    for _ in range(14):
        t = (low + high) / 2
        px, py = curve.at(t)
        if abs(px - x) < w + GAP and abs(py - y) < h + GAP:
            low = t
        else:
            high = t
    return high


def _along(curve: Curve, start: float, *, reach: float) -> float:
    """The place on the curve that is ``reach`` pixels, as the crow flies, from the place ``start``."""
    x, y = curve.at(start)
    low, high = start, 1.0
    for _ in range(14):
        t = (low + high) / 2
        px, py = curve.at(t)
        if (px - x) ** 2 + (py - y) ** 2 < reach * reach:
            low = t
        else:
            high = t
    return low


def _length(a: Point, b: Point) -> float:
    return sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)


def _meet(a: Point, b: Point, *, c: Point, d: Point) -> bool:
    return _side(a, b, c=c) * _side(a, b, c=d) < 0 and _side(c, d, c=a) * _side(c, d, c=b) < 0


def _side(a: Point, b: Point, *, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
