"""Words as SQLite's FTS5 is asked for them, in languages with and without spaces; none of them is an operator.

It knows no passages and no tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapgen.rules.words import base, runs, stem, stop_words, unspaced

TERMS = 64  # words of a query that are looked for, the first ones
UNSPACED = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_LONGEST = 60  # characters of a word that is looked for


def terms(query: str, language: str) -> dict[str, str]:
    """The words of ``query`` that are looked for, each with what FTS5 is asked for it; no function words, if others."""
    words = [word for word in dict.fromkeys(_words(query)) if len(word) <= _LONGEST]
    stop = stop_words(language)
    chosen = [word for word in words if word not in stop] or words
    return {word: _match(word, language) for word in chosen[:TERMS]}


def _words(query: str) -> Iterator[str]:
    for run in runs(query[:10_000]):
        if unspaced(run):
            yield from _pairs(run)
        else:
            yield run


def _match(word: str, language: str) -> str:
    """The word itself; FTS5 stems English, and for other languages what begins with the stem is a form, too."""
    stemmed = stem(word, language) if base(language) != "en" else word
    longer = stemmed != word and word.startswith(stemmed) and len(stemmed) >= 3
    return f'("{word}" OR "{stemmed}"*)' if longer else f'"{word}"'


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]


def spaced(text: str) -> str:
    """``text`` as FTS5 shall read it: scripts without spaces in pairs of characters."""
    if not UNSPACED.search(text):
        return text
    return " ".join(" ".join(_pairs(run)) if unspaced(run) else run for run in runs(text))
