"""Two texts word by word: which words of the one are not in the other, for marking what changed.

It knows neither maps nor templates. Languages without spaces are compared letter by letter.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

MOST = 3_000  # words of a text that is compared; a longer one is not
LEAST = 0.3  # of the words in common; with fewer, the text is another one, and marks would only be noise
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+(?:['’]\w+)*|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    changed: bool


class Marked(NamedTuple):
    """A text in pieces; ``rewritten``: it has so little in common with the other that no piece is marked."""

    pieces: tuple[Piece, ...]
    rewritten: bool = False


def plain(text: str) -> Marked:
    """A text with nothing to compare it with."""
    return Marked((Piece(text, changed=False),) if text else ())


def compared(base: str, new: str) -> tuple[Marked, Marked]:
    """Both texts, each with the words marked that the other lacks."""
    if base == new or not base or not new:
        return plain(base), plain(new)
    tokens = _TOKEN.findall(base), _TOKEN.findall(new)
    words = [[token for token in side if not token.isspace()] for side in tokens]
    if max(map(len, words)) > MOST:
        return _rewritten(base, new)
    matcher = SequenceMatcher(a=words[0], b=words[1], autojunk=False)
    if matcher.ratio() < LEAST:
        return _rewritten(base, new)
    kept: tuple[set[int], set[int]] = set(), set()
    for at, to, size in matcher.get_matching_blocks():
        kept[0].update(range(at, at + size))
        kept[1].update(range(to, to + size))
    first, second = (Marked(_pieces(side, same)) for side, same in zip(tokens, kept, strict=True))
    return first, second


def _rewritten(base: str, new: str) -> tuple[Marked, Marked]:
    first, second = (plain(text)._replace(rewritten=True) for text in (base, new))
    return first, second


def _pieces(tokens: list[str], kept: set[int]) -> tuple[Piece, ...]:
    """The tokens joined to pieces; the space between two changed words is changed with them."""
    flags: list[bool] = []
    count = 0
    for token in tokens:
        flags.append(False if token.isspace() else count not in kept)
        count += not token.isspace()
    for at in range(1, len(tokens) - 1):
        if tokens[at].isspace():
            flags[at] = flags[at - 1] and flags[at + 1]
    runs = groupby(zip(tokens, flags, strict=True), key=lambda pair: pair[1])
    return tuple(Piece("".join(token for token, _ in run), changed) for changed, run in runs)
