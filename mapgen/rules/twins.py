"""Names that mean the same concept: other case, plural, spelling, hyphen, order of words, or an acronym.

Siblings that a number, a prefix or an opposite word tells apart are no twins, however alike they look. It
knows names only, no texts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import combinations

from mapgen.rules.words import base, fold, runs, stem, stop_words, unspaced

ALIKE = 88  # percent of rapidfuzz's token_sort_ratio
_BRACKET = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
_SIGNS = re.compile(r"[+#*]+")  # what tells C++ from C
_NUMBER = re.compile(r"\d|^(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2}|[a-z])$")
_ENDINGS = ("ate", "ite", "ide", "ane", "ene", "yne", "ol", "al", "yl", "ose", "ase", "sis", "tic")
_SPELLINGS = (("isation", "ization"), ("ising", "izing"), ("ise", "ize"), ("our", "or"), ("tre", "ter"), ("ae", "e"))


def duplicates(names: tuple[str, ...], language: str = "en") -> tuple[tuple[int, int], ...]:
    """The pairs of places in ``names``, earlier first, whose names mean the same concept."""
    return tuple(
        (one, other)
        for one, other in combinations(range(len(names)), 2)
        if twins(names[one], names[other], language=language)
    )


def twins(one: str, other: str, *, language: str = "en") -> bool:
    """Whether two names mean the same concept."""
    both = bool(_BRACKET.search(one) and _BRACKET.search(other))
    first, second = _key(one, language, bracket=both), _key(other, language, bracket=both)
    if not first or not second:
        return fold(one).strip() == fold(other).strip()
    if first == second or "".join(first) == "".join(second):
        return True
    return _acronym(one, other) or _acronym(other, one) or _variants(first, second, language=language)


@lru_cache(maxsize=512)
def _key(name: str, language: str, *, bracket: bool) -> tuple[str, ...]:
    """The name's words without function words, diacritics, plural and ``bracket``ed words, in alphabetical order."""
    bare = _BRACKET.sub(" ", name)
    bare = name if bracket or not runs(bare) else bare
    words = runs(bare) + tuple(_SIGNS.findall(bare))
    stop = stop_words(language) if base(language) == "en" else frozenset[str]()
    kept = [word for word in words if word not in stop or _NUMBER.search(word)] or list(words)
    return tuple(sorted(_singular(_plain(word), language) for word in kept))


def _plain(word: str) -> str:
    if not word.isascii() and ("\u0061" <= unicodedata.normalize("NFD", word)[0] <= "\u007a"):
        return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return word


def _singular(word: str, language: str) -> str:
    if base(language) != "en" or len(word) < 4 or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def _acronym(short: str, long: str) -> bool:
    """Whether ``short`` is written as the initials of ``long``: "LLMs" of "Large Language Models"."""
    letters = short.strip().rstrip("s")
    words = [word for word in re.split(r"[\s\-‐–]+", _BRACKET.sub(" ", long).strip()) if word]
    if not (2 <= len(letters) <= 8 and letters.isalpha() and letters.isupper() and len(words) > 1):
        return False
    initials = "".join(word[0] for word in words).casefold()
    content = "".join(word[0] for word in words if word.casefold() not in stop_words("en")).casefold()
    return letters.casefold() in (initials, content)


def _variants(first: tuple[str, ...], second: tuple[str, ...], *, language: str) -> bool:
    from rapidfuzz import fuzz

    if len(first) != len(second) or any(map(unspaced, first + second)):
        return False
    if fuzz.token_sort_ratio(" ".join(first), " ".join(second)) < ALIKE and base(language) == "en":
        return False
    left = sorted(set(first) - set(second)), sorted(set(second) - set(first))
    return len(left[0]) == len(left[1]) and all(
        _same_word(a, b, language=language, alone=len(first) == 1) for a, b in zip(*left, strict=True)
    )


def _same_word(one: str, other: str, *, language: str, alone: bool) -> bool:
    """Whether two words differ in spelling or number only; a prefix, a digit or a chemical ending does not.

    A slip of one letter is only believed beside a word that both names share: addition is not addiction.
    """
    from rapidfuzz.distance import Levenshtein

    if _NUMBER.search(one) or _NUMBER.search(other) or one[:2] != other[:2]:
        return False
    if _spelled(one) == _spelled(other):
        return True
    if base(language) != "en":
        longer, shorter = max(len(one), len(other)), min(len(one), len(other))
        return shorter > 4 and stem(one, language) == stem(other, language) and one[: longer - 2] == other[: longer - 2]
    if alone or (one.endswith(_ENDINGS) and other.endswith(_ENDINGS)):
        return False
    return min(len(one), len(other)) >= 7 and Levenshtein.distance(one, other) == 1 and one[-1] == other[-1]


def _spelled(word: str) -> str:
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    return word
