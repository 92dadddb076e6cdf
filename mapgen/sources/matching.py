"""Which selectors an element fits, told while a page is walked through once: the time is linear in its elements.

Each simple part of a selector has one bit of a number, and an element's number says which parts it fits together with
what stands around it and before it. It knows no properties.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from mapgen.sources.selectors import Element, Selector, Simple, TooMuch

_SIGNATURES = 20_000  # elements alike that are remembered


@dataclass
class Level:
    """The elements of one parent: what it and those around it fit, and what the elements so far do."""

    above: int = 0
    parent: int = 0
    before: int = 0
    earlier: int = 0
    begun: bool = False


class Matcher:
    """Tells which of the selectors that were added an element fits; ``work`` bounds the comparisons of a page."""

    def __init__(self, *, work: int) -> None:
        self._work = work
        self._size = self._starts = 0
        self._after: defaultdict[str, int] = defaultdict(int)
        self._places: defaultdict[tuple[str, bool], int] = defaultdict(int)
        self._by: defaultdict[str, list[tuple[int, Simple]]] = defaultdict(list)
        self._seen: dict[tuple[object, ...], int] = {}
        self._attributes = set[str]()
        self._classes = set[str]()
        self.ends = 0

    def add(self, selector: Selector) -> int | None:
        """Take a selector; the number of its last bit, none where nothing can fit it."""
        if any(simple.never for _, simple in selector.parts):
            return None
        for at, (before, simple) in enumerate(selector.parts):
            bit = 1 << self._size
            if at:
                self._after[before] |= bit
            else:
                self._starts |= bit
            for place in simple.places:
                self._places[place] |= bit
            self._by[_key(simple)].append((self._size, simple))
            for one in simple.within():
                self._attributes |= {attribute.name for attribute in one.attributes}
                self._classes |= one.classes
            self._size += 1
        self.ends |= 1 << (self._size - 1)
        return self._size - 1

    @property
    def looks_ahead(self) -> bool:
        """Whether it matters if an element is its parent's last one."""
        return ("last", True) in self._places or ("last", False) in self._places

    def step(self, level: Level, element: Element, *, last: bool, root: bool) -> int:
        """Come to the next element of a level; its number."""
        fits = self._alone(element)
        if fits:
            for (name, there), bits in self._places.items():
                is_there = {"first": not level.begun, "last": last, "root": root}[name]
                fits &= ~bits if is_there is not there else -1
            after = self._after
            reached = self._starts | ((level.above << 1) & after[" "]) | ((level.parent << 1) & after[">"])
            reached |= ((level.before << 1) & after["+"]) | ((level.earlier << 1) & after["~"])
            fits &= reached
        level.begun, level.before = True, fits
        level.earlier |= fits
        return fits

    def into(self, level: Level, fits: int) -> Level:
        """The level of the elements in the one that was just stepped to."""
        return Level(above=level.above | fits, parent=fits)

    def _alone(self, element: Element) -> int:
        """The parts that an element fits by itself."""
        own = tuple((name, element.attributes[name]) for name in self._attributes if name in element.attributes)
        classes = element.classes & self._classes
        key = (element.tag, element.id, classes, own, "href" in element.attributes)
        found = self._seen.get(key)
        if found is None:
            found = 0
            for name in ("", f"#{element.id}", element.tag, *(f".{name}" for name in classes)):
                self.spend(len(self._by.get(name, ())))
                for bit, simple in self._by.get(name, ()):
                    found |= simple.fits(element) << bit
            if len(self._seen) < _SIGNATURES:
                self._seen[key] = found
        return found

    def spend(self, work: int) -> None:
        """Count comparisons. Raises TooMuch where there are no more left."""
        self._work -= work
        if self._work < 0:
            raise TooMuch


def _key(simple: Simple) -> str:
    """Under what a part is looked for: whatever fits it has that."""
    if simple.id:
        return f"#{simple.id}"
    return f".{min(simple.classes)}" if simple.classes else simple.tag
