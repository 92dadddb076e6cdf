"""Texts with the words blanked that would give away what they belong to; the rest stays readable.

The same words are hidden as in metrics/masking.py: forms of the words of a name or a query. It knows no map.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapgen.rules.words import content, fold, runs, unspaced, within

BLANK = "___"
_PIECE = re.compile(r"\w[^\s]*\w|\w")
_REPEATED = re.compile(rf"{BLANK}(?:[\s\-]*{BLANK})+")


@lru_cache(maxsize=20_000)
def blanked(text: str, known: str, *, language: str) -> str:
    """``text`` with ``___`` for every form of a word of ``known``; neighbouring blanks are one."""
    hidden = content(known, language)
    return _REPEATED.sub(BLANK, _PIECE.sub(lambda piece: _piece(piece.group(), hidden, language=language), text))


def _piece(piece: str, hidden: tuple[str, ...], *, language: str) -> str:
    if any(unspaced(run) for run in runs(piece)):
        return _characters(piece, hidden)
    return BLANK if any(within(stem, hidden) for stem in content(piece, language)) else piece


def _characters(piece: str, hidden: tuple[str, ...]) -> str:
    """A piece of a script without spaces, its pairs of characters blanked that are among ``hidden``."""
    folded = [fold(one) for one in piece]
    covered: set[int] = set()
    for at in range(len(piece)):
        if folded[at] + "".join(folded[at + 1 : at + 2]) in hidden:
            covered |= {at, at + 1}
        elif folded[at] in hidden:
            covered.add(at)
    return "".join(BLANK if at in covered else one for at, one in enumerate(piece))
