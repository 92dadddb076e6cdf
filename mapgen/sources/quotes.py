"""Quotes: whether one stands in a text, but for slips, and the text's own words for it.

It knows no map, no model and no source.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from mapgen.rules.words import count
from mapgen.sources.terms import UNSPACED
from mapgen.text import clean
from mapgen.vectors import plainly

FOUND = 95  # the least partial ratio (rapidfuzz), of 100
FEWEST_WORDS, MOST_WORDS = 3, 40
_PART = re.compile(r"\S+")


class Words(NamedTuple):
    """Words of a text, and how many of its characters stand before them."""

    text: str
    start: int


def stands_in(quote: str, text: str) -> bool:
    """Whether ``quote`` stands in ``text``, case, kinds of quotes and slips apart; a word or two stand anywhere."""
    return _span(_bare(quote), plainly(text)) is not None


def located(quote: str, text: str) -> Words | None:
    """The words of ``text`` itself that ``quote`` gives, whole words and at most MOST_WORDS; None where it has none."""
    plain, places = _plain(text)
    found = _span(_bare(quote), plain)
    if found is None:
        return None
    start, end = places[found[0]], places[found[1] - 1] + 1
    while start and _joined(text, start):
        start -= 1
    while end < len(text) and _joined(text, end):
        end += 1
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Words(_short(clean(text[start:end])), start)


def _short(text: str) -> str:
    """The first MOST_WORDS words of ``text``; what stands between two spaces is a word at least."""
    left = MOST_WORDS
    for part in _PART.finditer(text):
        words = max(count(part[0]), 1)
        if words > left:
            dense = UNSPACED.search(part[0]) or part.start() == 0
            return text[: part.start() + (_first(part[0], left) if dense else 0)].rstrip()
        left -= words
    return text


def _first(part: str, words: int) -> int:
    """How many characters of ``part`` are so many words; none of them is cut from its marks."""
    low, high = 0, len(part)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(part[:middle]) <= words else (low, middle - 1)
    while 0 < low < len(part) and unicodedata.category(part[low]).startswith("M"):
        low -= 1
    return low


def _bare(quote: str) -> str:
    """The quote as plainly gives it, without the marks that only say that it is one, or that it goes on."""
    return plainly(quote).strip("\"' .…")


def _span(quote: str, text: str) -> tuple[int, int] | None:
    """Where in ``text`` the quote stands best, both being plain."""
    from rapidfuzz import fuzz

    if count(quote) < FEWEST_WORDS or len(quote) > len(text) / (FOUND / 100):
        return None
    if (at := text.find(quote)) >= 0:
        return at, at + len(quote)
    found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=FOUND)
    return (found.dest_start, found.dest_end) if found and found.dest_end > found.dest_start else None


def _plain(text: str) -> tuple[str, list[int]]:
    """``text`` as plainly gives it, character by character, and where in it each of these is from."""
    plain: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        space = " " if plain and plain[-1] != " " else ""
        made = space if character.isspace() else plainly(character)
        plain += made
        places += [at] * len(made)
    return "".join(plain), places


def _joined(text: str, at: int) -> bool:
    """Whether a word goes on across that place, in a script with spaces."""
    return all(character.isalnum() and character < "\u2e80" for character in text[at - 1 : at + 1])
