"""One-to-one matching: how many of one side can each have a partner of its own on the other.

It knows no concepts: who may be whose partner is given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def matched(choices: Sequence[Collection[int]]) -> int:
    """The most places of ``choices`` that can each get one of their choices, no choice twice: exact, by paths."""
    partner: dict[int, int] = {}

    def settle(place: int, tried: set[int]) -> bool:
        for choice in choices[place]:
            if choice not in tried:
                tried.add(choice)
                if choice not in partner or settle(partner[choice], tried):
                    partner[choice] = place
                    return True
        return False

    return sum(settle(place, set()) for place in range(len(choices)))
