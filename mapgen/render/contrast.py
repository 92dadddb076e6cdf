"""The two sides of a query that compares: which cards stand on each, and what is said to contrast them.

It knows no format; which names are a side is for the rules to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapgen.comparing import compares

if TYPE_CHECKING:
    from mapgen.render.view import Card, Tie


class Contrast(NamedTuple):
    """Two sides, each with its cards in reading order, and the relations that contrast one with the other."""

    left: tuple[Card, ...]
    right: tuple[Card, ...]
    ties: tuple[Tie, ...]


def contrast(query: str, language: str, *, cards: tuple[Card, ...], ties: tuple[Tie, ...]) -> Contrast | None:
    """What the query compares; None where it does not, or where a side has no concept."""
    if not compares(query):
        return None
    from mapgen.rules import sides

    left, right = sides(query, tuple(card.name for card in cards), language=language or "en")
    if not left or not right:
        return None
    one, other = {cards[place].anchor for place in left}, {cards[place].anchor for place in right}
    between = tuple(
        tie
        for tie in ties
        if tie.kind == "contrasts-with"
        and (
            (tie.source_anchor in one and tie.target_anchor in other)
            or (tie.source_anchor in other and tie.target_anchor in one)
        )
    )
    return Contrast(tuple(cards[place] for place in left), tuple(cards[place] for place in right), between)
