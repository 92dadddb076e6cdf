"""Places for the words on lines: on the part that is seen, off every box, off each other, off other lines if possible.

A label that finds no place is tried in shorter words, then left out. It knows rectangles, not what the words say.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapgen.render.graph.routes import Curve, Point, Rect, runs_through

CLEAR = 3.0  # pixels between a label and a box, or the stage's sides
APART = 2.0  # pixels between two labels
_HEAD = 13.0  # pixels at each end of a line that no label covers
_SPOTS = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8)
_ASIDE = ((0.0, 0.0), (0.25, 0.0), (-0.25, 0.0), (0.0, 0.35), (0.0, -0.35), (0.46, 0.0), (-0.46, 0.0))
_MOST = 120  # labels on one stage: more cannot be read, and cost much time
_CROSSED, _OFF, _MOVED = 6.0, 8.0, 5.0


@dataclass(frozen=True, slots=True)
class Wording:
    """What a label may say: the size of its box, and what it costs that it does not say the best."""

    lines: tuple[str, ...]
    width: float
    height: float
    cost: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place found: which of the wordings, and the middle of its box."""

    wording: int
    x: float
    y: float


def placed(
    lines: list[Curve], wordings: list[tuple[Wording, ...]], *, boxes: list[Rect], stage: Point
) -> list[Spot | None]:
    """For each line the place of its label, or None; the lines with the least room choose first."""
    room = _Room(lines, boxes, stage=stage)
    order = sorted(range(len(lines)), key=lambda k: (_spare(lines[k], wordings[k]), k))
    found: list[Spot | None] = [None] * len(lines)
    for k in order[:_MOST]:
        found[k] = room.take(k, wordings[k])
    return found


def painted(lines: list[Curve], labels: list[Rect | None]) -> list[int]:
    """The order in which lines are painted with their labels, so that no line runs over another's words if possible."""
    points = [line.points() for line in lines]
    order: dict[int, None] = {}
    for k, label in enumerate(labels):
        if label is None:
            order[k] = None
    for k, label in enumerate(labels):
        if label is not None:
            under = [o for o, other in enumerate(points) if o != k and runs_through(other, label, clear=1.0)]
            order.update(dict.fromkeys(o for o in under if o not in order))
    return [*order, *(k for k in range(len(lines)) if k not in order)]


class _Room:
    """The stage with its boxes and lines, and the labels placed so far."""

    def __init__(self, lines: list[Curve], boxes: list[Rect], *, stage: Point) -> None:
        self._lines, self._boxes, self._stage = lines, boxes, stage
        self._points = [line.points() for line in lines]
        self._bounds = [_bounds(points) for points in self._points]
        self._labels: list[Rect] = []

    def take(self, k: int, wordings: tuple[Wording, ...]) -> Spot | None:
        """The best place of a label on line ``k``, which is then taken."""
        found = [self._best(k, wording, place=place) for place, wording in enumerate(wordings)]
        _, spot = min((one for one in found if one), key=lambda one: one[0], default=(0.0, None))
        if spot:
            wording = wordings[spot.wording]
            self._labels.append((spot.x, spot.y, wording.width / 2, wording.height / 2))
        return spot

    def _best(self, k: int, wording: Wording, *, place: int) -> tuple[float, Spot] | None:
        line, width, height = self._lines[k], wording.width, wording.height
        best: tuple[float, Spot] | None = None
        for t in _SPOTS:
            x, y = line.at(t)
            for across, down in _ASIDE:
                cost = wording.cost + _OFF * abs(t - 0.5) + _MOVED * (abs(across) + abs(down))
                if best and cost >= best[0]:
                    continue
                box = (round(x + across * width, 1), round(y + down * height, 1), width / 2, height / 2)
                if self._free(k, box):
                    cost += _CROSSED * self._covered(k, box)
                    if not best or cost < best[0]:
                        best = cost, Spot(place, box[0], box[1])
        return best

    def _free(self, k: int, box: Rect) -> bool:
        x, y, w, h = box
        if not (w + CLEAR <= x <= self._stage[0] - w - CLEAR and h + CLEAR <= y <= self._stage[1] - h - CLEAR):
            return False
        for ox, oy, ow, oh in self._boxes:
            if abs(x - ox) < w + ow + CLEAR and abs(y - oy) < h + oh + CLEAR:
                return False
        for ox, oy, ow, oh in self._labels:
            if abs(x - ox) < w + ow + APART and abs(y - oy) < h + oh + APART:
                return False
        return not any(abs(x - ex) < w + 4 and abs(y - ey) < h + 4 for ex, ey in self._ends(k))

    def _ends(self, k: int) -> tuple[Point, Point]:
        line = self._lines[k]
        length = _length(line) or 1.0
        near = min(0.3, _HEAD / length)
        return line.at(near), line.at(1 - near)

    def _covered(self, k: int, box: Rect) -> int:
        """How many other lines the label would cover."""
        x, y, w, h = box
        return sum(
            abs(x - ox) < w + ow and abs(y - oy) < h + oh and runs_through(self._points[other], box, clear=0.0)
            for other, (ox, oy, ow, oh) in enumerate(self._bounds)
            if other != k
        )


def _spare(line: Curve, wordings: tuple[Wording, ...]) -> float:
    """How much longer the line is than its words."""
    (ax, ay), (bx, by) = line.start, line.end
    words = wordings[0]
    return round(max(abs(ax - bx) - words.width, abs(ay - by) - words.height), 1)


def _length(line: Curve) -> float:
    (ax, ay), (bx, by) = line.start, line.end
    return float(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5)


def _bounds(points: list[Point]) -> Rect:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
