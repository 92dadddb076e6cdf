"""The subjects that a query names: runs of content words, the sides of a comparison, acronyms.

Only what is named plainly counts: with one subject alone the whole map is about it, and verbs and words such
as "role" or "effects" name nothing. It knows no map.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mapgen.comparing import CONTRASTED, pairs
from mapgen.rules.lexicon import RELATING
from mapgen.rules.words import base, fold, forms, runs, stop_words

_BREAKS = re.compile(r"[,;:.!?¿¡()\[\]{}\"“”„«»—–/&|…、。，？！；：「」『』（）]+")
_WORD = re.compile(r"[^\W_](?:[\w'’-]|\.(?=\w))*")
_CUTS = {
    "zh": re.compile(
        r"如何|怎么|怎样|为什么|什么|哪些|之间|以及|影响|区别|差异|关系|作用|原理|工作|[和与对的在有是吗呢及或]"
    ),
    "ja": re.compile("[\u3040-\u309f]+"),
}
_JOINERS = frozenset({"of", "de", "des", "du", "von"})
_MAX_SIDE = 4  # words of a comparison's side


class Subject(NamedTuple):
    """A subject as the query writes it; ``against`` is the other side where the query compares two."""

    words: str
    against: str = ""


class _Run(NamedTuple):
    words: tuple[str, ...]
    before: str  # the word in front of it, folded; empty after punctuation and at the start


def subjects(query: str, language: str = "en") -> tuple[Subject, ...]:
    """The subjects that a map of ``query`` must cover, sides of comparisons first; none where it names only one."""
    named = _pieces(query, language) if base(language) in _CUTS else _named(query, language)
    sides = _sides(query, language, named=named)
    rest = (words for words in named if not any(_overlap(words, side) for side in sides))
    found = [*map(Subject, sides, reversed(sides)), *map(Subject, rest)]
    return tuple(found) if len(found) > 1 else ()


def _overlap(one: str, other: str) -> bool:
    return bool(set(runs(one)) & set(runs(other)))


def _sides(query: str, language: str, *, named: tuple[str, ...]) -> tuple[str, ...]:
    if base(language) in _CUTS and len(named) == 2 and CONTRASTED.search(query):
        return named
    for one, other in pairs(query, language):
        left, right = _content_runs(one, language, joined=True), _content_runs(other, language, joined=True)
        if left and right:
            return (" ".join(left[-1].words[-_MAX_SIDE:]), " ".join(right[0].words[:_MAX_SIDE]))
    return ()


def _pieces(query: str, language: str) -> tuple[str, ...]:
    """What stands between the particles of a language that has no spaces."""
    asking = forms("asking", language)
    bare = _BREAKS.sub("\n", query)
    pieces = (piece.strip() for line in bare.split("\n") for piece in _CUTS[base(language)].split(line))
    return tuple(dict.fromkeys(piece for piece in pieces if len(piece) > 1 and piece not in asking))


def _named(query: str, language: str) -> tuple[str, ...]:
    """The runs of content words that plainly name a subject, in order."""
    found: dict[str, None] = {}
    related = False
    for run in _content_runs(query, language):
        related = run.before in RELATING or (related and run.before in ("and", "or"))
        if _plain(run, base(language), related=related):
            found[" ".join(run.words)] = None
    return tuple(found)


def _plain(run: _Run, code: str, *, related: bool) -> bool:
    """Whether a run is sure to be a subject: written as a name or acronym, of two words, or behind a relating word."""
    if code == "de":
        return run.words[-1][0].isupper()
    if any(_acronym(word) for word in run.words):
        return True
    loose = forms("loose", code)
    telling = [word for word in run.words if not loose.issuperset(runs(word))]
    return code == "en" and (len(telling) > 1 or (bool(telling) and (related or len(run.words) > 1)))


def _acronym(word: str) -> bool:
    return sum(letter.isupper() for letter in word) > 1


def _content_runs(text: str, language: str, *, joined: bool = False) -> list[_Run]:
    """The stretches of words that carry content; ``joined`` keeps an "of" between two of them."""
    found: list[_Run] = []
    for piece in _BREAKS.split(text):
        current: list[str] = []
        before = last = ""
        for word in _WORD.findall(piece):
            folded = fold(word)
            if joined and current and (folded in _JOINERS or last in _JOINERS):
                current.append(word)
            elif _empty(word, language):
                found += _run(current, before)
                current, before = [], folded
            else:
                before = before if current else last
                current.append(word)
            last = folded
        found += _run(current, before)
    return found


def _run(words: list[str], before: str) -> list[_Run]:
    while words and fold(words[-1]) in _JOINERS:
        words = words[:-1]
    return [_Run(tuple(words), before)] if words else []


def _empty(word: str, language: str) -> bool:
    """Whether a word names nothing: a function word, a word of asking, in German what has no capital."""
    if base(language) == "de" and word[0].islower():
        return True
    empty = stop_words(language) | forms("asking", language)
    return empty.issuperset(runs(word))
