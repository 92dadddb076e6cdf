"""From a view to a drawing: words measured, arrangements tried, the best one kept and written down in pixels.

It knows how good a finished drawing is; how arrangements, lines and labels are found is their own files' matter.
"""

from __future__ import annotations

from functools import lru_cache

from mapgen.render.graph import tall, wide
from mapgen.render.graph.drawing import (
    LABEL_LEADING,
    LABEL_SIZE,
    NAME_LEADING,
    NAME_SIZE,
    Drawing,
    Edge,
    Label,
    Node,
    Shape,
)
from mapgen.render.graph.kinds import KIND_STYLE
from mapgen.render.graph.labels import Spot, Wording, painted, placed
from mapgen.render.graph.measure import is_rtl, longest_word, width, wrap
from mapgen.render.graph.net import Link, Net
from mapgen.render.graph.routes import Curve, Rect, cross, family, hits, seen
from mapgen.render.graph.stages import LAYOUT_LIMIT
from mapgen.render.graph.stress import Places
from mapgen.render.view import Tie, View
from mapgen.render.wording import KINDS

_NAME_ROOM = {"wide": (136.0, 168.0), "tall": (104.0, 104.0)}  # as a rule, and for a longer word
_LABEL_ROOM = {"wide": 112.0, "tall": 92.0}
_PADDING = 24.0, 10.0
_LINES_MOST, _LABEL_LINES_MOST = 4, 2
_HIT, _CROSSING, _LEFT_OUT = 40.0, 10.0, 25.0
_FOLDED, _SHORTENED = 1.0, 14.0  # what it costs to break a label into two lines, or to name its kind only
_EMPTY = 40.0  # what it costs to leave the whole width empty
_MARGIN = {"wide": wide.MARGIN, "tall": tall.MARGIN}
_HEAD = 5.0  # half the breadth of a line's head
_CROSSINGS_COUNTED = 60  # lines; beyond that nobody can tell

Named = tuple[str, int, str, bool]  # anchor, number, name, incomplete


def draw(view: View, shape: Shape, *, anchors: tuple[str, ...] | None = None) -> Drawing:
    """The cards of those anchors (None: all) and the relations between them, drawn in that shape.

    Relations to themselves, or to what is no concept, are not drawn. Raises ValueError for more than
    LAYOUT_LIMIT cards.
    """
    cards = tuple(
        (card.anchor, number, card.name, card.incomplete)
        for number, card in enumerate(view.cards, start=1)
        if anchors is None or card.anchor in anchors
    )
    if len(cards) > LAYOUT_LIMIT:
        raise ValueError(f"{len(cards)} concepts are too many for one stage; stages() parts them")
    known = {anchor for anchor, *_ in cards}
    ties = tuple(
        (index, tie)
        for index, tie in enumerate(view.relations)
        if tie.source_anchor != tie.target_anchor and {tie.source_anchor, tie.target_anchor} <= known
    )
    return _drawing(shape, cards, ties=ties)


def forget() -> None:
    """Let go of the drawings that are remembered, so that the next one is made anew."""
    _drawing.cache_clear()


@lru_cache(maxsize=64)
def _drawing(shape: Shape, cards: tuple[Named, ...], *, ties: tuple[tuple[int, Tie], ...]) -> Drawing:
    if not cards:
        return Drawing(shape, tall.WIDTH if shape == "tall" else wide.WIDTH, 80.0, (), ())
    sketch = _Sketch(shape, cards, ties=ties)
    tries = [_Try(sketch, places) for places in sketch.arrangements()]
    return min(tries, key=lambda one: one.cost).drawing


class _Sketch:
    """What is to be drawn, measured, before it has places."""

    def __init__(self, shape: Shape, cards: tuple[Named, ...], *, ties: tuple[tuple[int, Tie], ...]) -> None:
        self.shape, self.cards, self.ties = shape, cards, ties
        place = {anchor: box for box, (anchor, *_) in enumerate(cards)}
        self.names = [_name(name or "…", shape) for _, _, name, _ in cards]
        self.ends = [(place[tie.source_anchor], place[tie.target_anchor]) for _, tie in ties]
        self.words = [_words(tie, shape) for _, tie in ties]
        self.net = self._net()
        self.stage = (wide.WIDTH, wide.height(len(cards))) if shape == "wide" else (tall.WIDTH, tall.height(self.net))

    def arrangements(self) -> list[Places]:
        """Places to try."""
        return wide.arrangements(self.net) if self.shape == "wide" else tall.arrangements(self.net)

    def _net(self) -> Net:
        room: dict[tuple[int, int], tuple[float, float]] = {}
        for (a, b), words in zip(self.ends, self.words, strict=True):
            pair = (min(a, b), max(a, b))
            across, down = room.get(pair, (0.0, -4.0))
            room[pair] = max(across, words[0].width), down + words[0].height + 4
        sizes = [_box_size(lines) for lines in self.names]
        return Net(
            tuple(across / 2 for across, _ in sizes),
            tuple(down / 2 for _, down in sizes),
            tuple(Link(a, b, *size) for (a, b), size in sorted(room.items())),
        )


class _Try:
    """One arrangement of a sketch with its lines and labels, and what it costs."""

    def __init__(self, sketch: _Sketch, places: Places) -> None:
        self._sketch = sketch
        net = sketch.net
        halves = zip(places, net.half_widths, net.half_heights, strict=True)
        self._boxes: list[Rect] = [(round(x, 1), round(y, 1), w, h) for (x, y), w, h in halves]
        self._lines = self._led()
        self._spots = placed(self._lines, sketch.words, boxes=self._boxes, stage=sketch.stage)
        self._by = 0.0, 0.0
        self.cost = self._cost()

    @property
    def drawing(self) -> Drawing:
        left, top, right, bottom = self._reach()
        stage, margin = self._sketch.stage, _MARGIN[self._sketch.shape]
        self._by = round((stage[0] - left - right) / 2, 1), round(margin - top, 1)
        nodes = tuple(self._node(box) for box in range(len(self._boxes)))
        edges = tuple(self._edge(k) for k in painted(self._lines, self._labels()))
        return Drawing(self._sketch.shape, stage[0], round(bottom - top + 2 * margin, 1), nodes, edges)

    def _reach(self) -> tuple[float, float, float, float]:
        """The left, top, right and bottom of all that is drawn."""
        rects = [*self._boxes, *(label for label in self._labels() if label)]
        rects += [(x, y, _HEAD, _HEAD) for line in self._lines for x, y in line.points()]
        return (
            min(x - w for x, _, w, _ in rects),
            min(y - h for _, y, _, h in rects),
            max(x + w for x, _, w, _ in rects),
            max(y + h for _, y, _, h in rects),
        )

    def _labels(self) -> list[Rect | None]:
        return [self._label_box(k, spot) for k, spot in enumerate(self._spots)]

    def _label_box(self, k: int, spot: Spot | None) -> Rect | None:
        if spot is None:
            return None
        words = self._sketch.words[k][spot.wording]
        return spot.x, spot.y, words.width / 2, words.height / 2

    def _led(self) -> list[Curve]:
        """The lines, those of one pair side by side whichever way they point."""
        groups: dict[tuple[int, int], list[int]] = {}
        for k, (a, b) in enumerate(self._sketch.ends):
            groups.setdefault((min(a, b), max(a, b)), []).append(k)
        found: dict[int, Curve] = {}
        for pair, group in groups.items():
            curves = family(pair, len(group), boxes=self._boxes, stage=self._sketch.stage)
            for k, curve in zip(group, curves, strict=True):
                found[k] = self._shown(k, curve)
        return [found[k] for k in range(len(found))]

    def _shown(self, k: int, curve: Curve) -> Curve:
        (a, b), style = self._sketch.ends[k], KIND_STYLE[self._sketch.ties[k][1].kind]
        heads = (style.head.length if style.both else 0.0, style.head.length)
        whole = curve if a < b else curve.reversed()
        return seen(whole, self._boxes[a], target=self._boxes[b], heads=heads)

    def _cost(self) -> float:
        left, _, right, _ = self._reach()
        cost = _EMPTY * (1 - (right - left) / self._sketch.stage[0])
        for k, line in enumerate(self._lines):
            spot = self._spots[k]
            cost += _LEFT_OUT if spot is None else self._sketch.words[k][spot.wording].cost
            others = [box for place, box in enumerate(self._boxes) if place not in self._sketch.ends[k]]
            cost += _HIT * hits(line, others, clear=1.0)
        points = [line.points() for line in self._lines[:_CROSSINGS_COUNTED]]
        return cost + _CROSSING * sum(cross(a, b) for k, a in enumerate(points) for b in points[k + 1 :])

    def _node(self, box: int) -> Node:
        anchor, number, name, incomplete = self._sketch.cards[box]
        x, y, w, h = self._boxes[box]
        x, y = self._moved(x, y)
        return Node(anchor, number, name, self._sketch.names[box], x, y, w * 2, h * 2, incomplete, is_rtl(name))

    def _moved(self, x: float, y: float) -> tuple[float, float]:
        return round(x + self._by[0], 1), round(y + self._by[1], 1)

    def _edge(self, k: int) -> Edge:
        index, tie = self._sketch.ties[k]
        told = f"{tie.source} {tie.label} {tie.target}"
        return Edge(
            kind=tie.kind,
            source=tie.source_anchor,
            target=tie.target_anchor,
            path=self._lines[k].moved(*self._by).path,
            label=self._label(k, self._spots[k]),
            sentence=told,
            explanation=tie.explanation,
            index=index,
        )

    def _label(self, k: int, spot: Spot | None) -> Label | None:
        if spot is None:
            return None
        words = self._sketch.words[k][spot.wording]
        return Label(words.lines, *self._moved(spot.x, spot.y), words.width, words.height, is_rtl("".join(words.lines)))


def _name(name: str, shape: Shape) -> tuple[str, ...]:
    usual, most = _NAME_ROOM[shape]
    room = min(most, max(usual, longest_word(name, NAME_SIZE)))
    return wrap(name, room, size=NAME_SIZE, most=_LINES_MOST)


def _words(tie: Tie, shape: Shape) -> tuple[Wording, ...]:
    """What the line of a relation may say, best first: its label in one line or two, or the name of its kind."""
    room, short = _LABEL_ROOM[shape], KINDS[tie.kind][0]
    told = tie.label or short
    found = [_wording(told, room, cost=0.0)]
    if len(found[0].lines) == 1 and " " in told:
        folded = _wording(told, found[0].width * 0.65, cost=_FOLDED)
        found += [folded] if all(line.endswith(" ") for line in folded.lines[:-1]) else []
    if short != told:
        found.append(_wording(short, room, cost=_SHORTENED))
    return tuple(found)


def _wording(text: str, room: float, *, cost: float) -> Wording:
    lines = wrap(text, room, size=LABEL_SIZE, most=_LABEL_LINES_MOST)
    across = max(width(line.rstrip(" "), LABEL_SIZE) for line in lines)
    return Wording(lines, round(across + 8, 1), LABEL_LEADING * len(lines) + 2.0, cost)


def _box_size(lines: tuple[str, ...]) -> tuple[float, float]:
    across = max(width(line.rstrip(" "), NAME_SIZE) for line in lines)
    return round(max(across, 28) + 2 * _PADDING[0]), NAME_LEADING * len(lines) + 2 * _PADDING[1]
