"""What a layout works on: boxes by their half sizes, and the links between them, as numbers only.

Several relations between two boxes are one link here. It knows no names and no places.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """That boxes ``a`` < ``b`` are related, and the room in pixels that the words on the line take."""

    a: int
    b: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Net:
    """``half_widths`` and ``half_heights`` of the boxes in reading order, and the links, each pair once."""

    half_widths: tuple[float, ...]
    half_heights: tuple[float, ...]
    links: tuple[Link, ...]

    @property
    def size(self) -> int:
        """How many boxes there are."""
        return len(self.half_widths)

    @property
    def incident(self) -> tuple[tuple[int, ...], ...]:
        """Of each box, the places of its links."""
        return tuple(
            tuple(k for k, link in enumerate(self.links) if box in (link.a, link.b)) for box in range(self.size)
        )

    @property
    def hops(self) -> tuple[tuple[int, ...], ...]:
        """How many links lie between each two boxes; those that nothing joins are a little beyond the farthest."""
        near: list[list[int]] = [[] for _ in range(self.size)]
        for link in self.links:
            near[link.a].append(link.b)
            near[link.b].append(link.a)
        rows = [_hops_from(start, near) for start in range(self.size)]
        beyond = 1 + max((hop for row in rows for hop in row.values()), default=1)
        return tuple(tuple(row.get(box, min(beyond, 3)) for box in range(self.size)) for row in rows)


def _hops_from(start: int, near: list[list[int]]) -> dict[int, int]:
    hops, front = {start: 0}, [start]
    while front:
        following = []
        for box in front:
            for other in near[box]:
                if other not in hops:
                    hops[other] = hops[box] + 1
                    following.append(other)
        front = following
    return hops
