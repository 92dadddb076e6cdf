"""Stress layout by majorisation: places whose distances are near the numbers of links between the boxes.

It knows points, not boxes; the same start gives the same places.
"""

from __future__ import annotations

from math import atan2, cos, gcd, pi, sin

from mapgen.render.graph.net import Net

Places = list[tuple[float, float]]
ROUNDS = 40


def settled(net: Net, start: Places) -> Places:
    """The places to which ``start`` settles, turned so that they reach farthest from left to right."""
    hops, places = net.hops, start
    for _ in range(ROUNDS):
        places = [_pulled(box, places, hops=hops[box]) for box in range(net.size)]
    return _turned(places)


def starts(net: Net, count: int) -> list[Places]:
    """So many starts: circles, in reading order and in orders in which a fixed stride visits the boxes."""
    size = net.size
    strides = [stride for stride in range(1, size + 1) if gcd(stride, size) == 1]
    return [_circle(size, strides[turn % len(strides)], tilt=0.4 * turn) for turn in range(count)]


def _circle(size: int, stride: int, *, tilt: float) -> Places:
    angles = [2 * pi * (place * stride % size) / size + tilt for place in range(size)]
    reach = 0.35 * size**0.5
    return [
        (reach * (1 + 0.07 * i) * cos(angle), reach * (1 + 0.07 * i) * sin(angle)) for i, angle in enumerate(angles)
    ]


def _pulled(box: int, places: Places, *, hops: tuple[int, ...]) -> tuple[float, float]:
    x, y = places[box]
    sum_x = sum_y = weight = 0.0
    for other, (ox, oy) in enumerate(places):
        if other != box:
            hop = hops[other]
            pull = 1 / (hop * hop)
            dx, dy = x - ox, y - oy
            stretch = hop / ((dx * dx + dy * dy) ** 0.5 + 1e-6)
            sum_x += pull * (ox + dx * stretch)
            sum_y += pull * (oy + dy * stretch)
            weight += pull
    return (sum_x / weight, sum_y / weight) if weight else (x, y)


def _turned(places: Places) -> Places:
    middle_x, middle_y = sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)
    moved = [(x - middle_x, y - middle_y) for x, y in places]
    across, down = sum(x * x for x, _ in moved), sum(y * y for _, y in moved)
    angle = 0.5 * atan2(2 * sum(x * y for x, y in moved), across - down)
    c, s = cos(angle), sin(angle)
    return [(x * c + y * s, y * c - x * s) for x, y in moved]
