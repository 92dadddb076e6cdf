"""The maps of one case in both arms, side by side: which concept stands beside which, and which words changed.

It knows maps as readers see them (render/view.py), and no format; nothing is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from mapgen.evaluation.records import Key, Record, Run
from mapgen.evaluation.reports.words import Marked, compared, plain
from mapgen.render.html import direction, language_tag
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.text import clean

ALIKE = 0.6  # of two names that may be names of one concept


@dataclass(frozen=True)
class Concept:
    """A concept in one arm."""

    name: Marked
    definition: Marked
    relevance: Marked
    incomplete: bool


@dataclass(frozen=True)
class Told:
    """A relation in one arm: the words of its kind, its sentence; ``alone``: the other arm has none of these ends."""

    tag: str
    sentence: Marked
    alone: bool


@dataclass(frozen=True)
class Half:
    """What one arm made of a case: a title, or why there is no map."""

    title: str
    failure: str
    lang: str
    dir: str
    relations: tuple[Told, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """One repeat of a case in both arms; ``same``: both have the same map, which ``base`` then stands for."""

    repeat: int
    base: Half
    new: Half
    concepts: tuple[tuple[Concept | None, Concept | None], ...]
    same: bool


def pairs(case: str, base: Run | None, *, new: Run | None) -> tuple[Pair, ...]:
    """The maps of a case, one pair for each repeat that either run has."""
    keys = sorted({key for run in (base, new) if run for key in run.by_key if key[0] == case})
    return tuple(pair(key, _record(base, key), new=_record(new, key)) for key in keys)


def pair(key: Key, base: Record | None, *, new: Record | None) -> Pair:
    """Two records of one case and repeat."""
    seen = _seen(base), _seen(new)
    first, second = _told(*seen)
    return Pair(
        repeat=key[1],
        base=_half(base, seen[0], relations=first),
        new=_half(new, seen[1], relations=second),
        concepts=tuple(_concepts(one, two) for one, two in beside(*(one.cards if one else () for one in seen))),
        same=seen[0] is not None and _content(seen[0]) == _content(seen[1]),
    )


def beside(base: Sequence[Card], new: Sequence[Card]) -> list[tuple[Card | None, Card | None]]:
    """The cards of both arms, those of one concept together: by name, else by the most similar name; then the rest."""
    left, right = list(range(len(base))), list(range(len(new)))
    scores = [(_alike(base[at].name, new[to].name), -abs(at - to), at, to) for at in left for to in right]
    found: dict[int, int] = {}
    for score, _, at, to in sorted(scores, reverse=True):
        if score >= ALIKE and at in left and to in right:
            found[to] = at
            left.remove(at)
            right.remove(to)
    ordered = [(base[found[to]], new[to]) for to in sorted(found)]
    return [*ordered, *zip_longest((base[at] for at in left), (new[to] for to in right))]


def _alike(one: str, two: str) -> float:
    first, second = one.casefold(), two.casefold()
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def _record(run: Run | None, key: Key) -> Record | None:
    return run.by_key.get(key) if run else None


def _seen(record: Record | None) -> View | None:
    return view(record.map, Options()) if record and record.map else None


def _content(seen: View | None) -> object:
    return seen and (seen.subtitle, seen.cards, seen.relations, seen.faults)


def _half(record: Record | None, seen: View | None, *, relations: tuple[Told, ...]) -> Half:
    lang = language_tag(record.map.language) if record and record.map else "en"
    return Half(
        title=(seen.subtitle or seen.query) if seen else "",
        failure="" if seen else _failure(record),
        lang=lang,
        dir=direction(lang),
        relations=relations,
        faults=tuple(f"{fault.place}: {fault.message}" for fault in seen.faults) if seen else (),
    )


def _failure(record: Record | None) -> str:
    if record is None:
        return "This run has no record of the case."
    what = "The endpoint failed; the map is missing" if record.passing else "No usable map, which scores 0"
    return f"{what}: {error}" if (error := clean(record.error)) else f"{what}."


def _concepts(base: Card | None, new: Card | None) -> tuple[Concept | None, Concept | None]:
    if base is None or new is None or _alike(base.name, new.name) < ALIKE:
        return _alone(base), _alone(new)
    texts = [compared(*both) for both in zip(_texts(base), _texts(new), strict=True)]
    first, second = (tuple(text[at] for text in texts) for at in (0, 1))
    return _concept(base, first), _concept(new, second)


def _alone(card: Card | None) -> Concept | None:
    return None if card is None else _concept(card, tuple(map(plain, _texts(card))))


def _concept(card: Card, texts: Sequence[Marked]) -> Concept:
    name, definition, relevance = texts
    return Concept(name, definition, relevance, card.incomplete)


def _texts(card: Card) -> tuple[str, str, str]:
    return card.name, card.definition, card.relevance


def _told(base: View | None, new: View | None) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
    """The relations of both arms, those of the same two concepts compared with each other."""
    ties = [one.relations if one else () for one in (base, new)]
    by_ends = [{_ends(tie): tie for tie in side} for side in ties]
    first = tuple(_relation(tie, by_ends[1].get(_ends(tie)), at=0) for tie in ties[0])
    second = tuple(_relation(tie, by_ends[0].get(_ends(tie)), at=1) for tie in ties[1])
    return first, second


def _ends(tie: Tie) -> tuple[str, str]:
    return tie.source.casefold(), tie.target.casefold()


def _relation(tie: Tie, other: Tie | None, *, at: int) -> Told:
    own = _sentence(tie)
    if other is None:
        return Told(tie.tag, plain(own), alone=True)
    texts = (own, _sentence(other))
    return Told(tie.tag, compared(*(texts if at == 0 else texts[::-1]))[at], alone=False)


def _sentence(tie: Tie) -> str:
    explained = f" {tie.explanation}" if tie.explanation else ""
    return f"{tie.source} {tie.label} {tie.target}.{explained}"
