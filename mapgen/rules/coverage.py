"""Whether the concepts of a map cover the subjects that its query names, both sides of a comparison included.

It errs on the side of covered: a subject is missing only when its words stand nowhere in names and definitions,
a side of a comparison when no name has it. It knows neither relevances nor relations.
"""

from __future__ import annotations

import re
from math import ceil

from mapgen.comparing import several
from mapgen.model import Problem
from mapgen.rules.quoting import quote
from mapgen.rules.subjects import Subject, subjects
from mapgen.rules.twins import ALIKE
from mapgen.rules.words import akin, base, content, fold, runs, unspaced

_PREFIX = 4  # letters that two stems must share to be of one family, such as vaccin and vaccinat


def missing(
    query: str, names: tuple[str, ...], *, texts: tuple[str, ...] = (), language: str = "en"
) -> tuple[Subject, ...]:
    """The subjects of the query that no name has and, unless they are compared, no text either."""
    return tuple(
        subject for subject in subjects(query, language) if not _covered(subject, names, texts=texts, language=language)
    )


def uncovered(
    query: str, names: tuple[str, ...], *, texts: tuple[str, ...] = (), language: str = "en"
) -> tuple[str, ...]:
    """The words of the query that name a subject which neither ``names`` nor ``texts`` (definitions) cover."""
    return tuple(subject.words for subject in missing(query, names, texts=texts, language=language))


def sides(query: str, names: tuple[str, ...], *, language: str = "en") -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which of ``names`` are each side of the comparison of two that the query makes; none where it makes none.

    Of names that are a side in part only those count that are it most; a name that would be both sides is neither.
    """
    compared = [subject for subject in subjects(query, language) if subject.against][:2]
    if len(compared) < 2 or several(query, language):
        return (), ()
    left, right = (_closest(subject, names, language=language) for subject in compared)
    return tuple(sorted(left - right)), tuple(sorted(right - left))


def _closest(subject: Subject, names: tuple[str, ...], *, language: str) -> set[int]:
    wanted = _wanted(subject, language)
    shares = {
        place: sum(_family(stem, frozenset(content(name, language))) for stem in wanted) / len(wanted)
        for place, name in enumerate(names)
        if _covered(subject, (name,), texts=(), language=language)
    }
    most = max(shares.values(), default=0)
    return {place for place, share in shares.items() if share == most or _stands_for(subject.words, names[place])}


def _stands_for(words: str, name: str) -> bool:
    return _abbreviates(words, name) or _abbreviates(name, words) or _alike(words, name)


def check_coverage(
    query: str, names: tuple[str, ...], *, texts: tuple[str, ...] = (), language: str = "en"
) -> tuple[Problem, ...]:
    """What of the query the concepts do not cover."""
    return tuple(_problem(one) for one in missing(query, names, texts=texts, language=language))


def _problem(subject: Subject) -> Problem:
    if subject.against:
        message = f"The query compares {quote(subject.words)}, but no concept is it; add a concept for it."
        return Problem(code="comparison-side-missing", where="map", message=message)
    message = f"The query asks about {quote(subject.words)}, but no concept covers it; add a concept for it."
    return Problem(code="subject-missing", where="map", message=message)


def _covered(subject: Subject, names: tuple[str, ...], *, texts: tuple[str, ...], language: str) -> bool:
    words = subject.words
    if any(_stands_for(words, name) for name in names):
        return True
    if all(map(unspaced, runs(words))):
        return _covered_unspaced(words, names if subject.against else names + texts)
    wanted = _wanted(subject, language)
    if any(_named(wanted, name, language=language) for name in names):
        return True
    return not subject.against and _said(wanted, names + texts, words=words, language=language)


def _wanted(subject: Subject, language: str) -> tuple[str, ...]:
    """The stems of a subject; of a compared one only those that the other side lacks."""
    stems = content(subject.words, language) or runs(subject.words)
    other = content(subject.against, language)
    return tuple(stem for stem in stems if stem not in other) or stems


def _named(wanted: tuple[str, ...], name: str, *, language: str) -> bool:
    """Whether a name has half of the stems; of two in English the first, as "prices" is not yet "oil prices"."""
    said = frozenset(content(name, language))
    if len(wanted) == 2 and base(language) == "en" and not _family(wanted[0], said):
        return False
    return sum(_family(stem, said) for stem in wanted) >= ceil(len(wanted) / 2)


def _said(wanted: tuple[str, ...], texts: tuple[str, ...], *, words: str, language: str) -> bool:
    """Whether the texts together have the stems: all of one or two, half of more or of "fighting inflation"."""
    said = frozenset(stem for text in texts for stem in content(text, language))
    lenient = len(wanted) > 2 or runs(words)[0].endswith("ing")
    needed = ceil(len(wanted) / 2) if lenient else len(wanted)
    return sum(_family(stem, said) for stem in wanted) >= needed or any(_abbreviates(words, text) for text in texts)


def _alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio(fold(one), fold(other)) >= ALIKE


def _family(stem: str, said: frozenset[str]) -> bool:
    """Whether a stem, or one that begins as it does, is said: "vaccin" and "vaccinolog"."""
    return any(
        akin(stem, other)
        or (min(len(stem), len(other)) >= _PREFIX and (other.startswith(stem) or stem.startswith(other)))
        for other in said
    )


def _abbreviates(short: str, long: str) -> bool:
    """Whether a word of ``short`` is written as the initials of words of ``long``: "WWI" of "World War I"."""
    words = [word for word in re.split(r"[\s\-‐–]+", long) if word[:1].isalnum()]
    every = "".join(word[0] for word in words).casefold()
    capital = "".join(word[0] for word in words if word[0].isupper() or word[0].isdigit()).casefold()
    shorts = (word.rstrip("s") for word in re.findall(r"\w+", short))
    return any(
        len(one) > 1 and one.isupper() and (one.casefold() in every or one.casefold() in capital) for one in shorts
    )


def _covered_unspaced(words: str, said: tuple[str, ...]) -> bool:
    folded = fold(words)
    pairs = [folded[at : at + 2] for at in range(max(len(folded) - 1, 1))]
    return any(2 * sum(pair in fold(text) for pair in pairs) >= len(pairs) for text in said)
