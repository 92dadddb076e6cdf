"""Rules on how many: concepts as the query asked, six to twelve related topics that are short and all different.

They know no query: the number that was asked for is given to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mapgen.model import MAX_CONCEPTS, MIN_CONCEPTS, Problem
from mapgen.rules.blemishes import blank
from mapgen.rules.quoting import quote
from mapgen.rules.twins import duplicates
from mapgen.rules.words import count

MIN_RELATED, MAX_RELATED, MAX_RELATED_WORDS = 6, 12, 4
_SLACK = 3  # words that a long compound or particles may add in scripts and languages that count otherwise


def check_count(found: int, asked: int | None) -> tuple[Problem, ...]:
    """Whether there are as many concepts as asked for; 3 to 12 where no number was."""
    least, most = (asked, asked) if asked else (MIN_CONCEPTS, MAX_CONCEPTS)
    if least <= found <= most:
        return ()
    code = "concepts-few" if found < least else "concepts-many"
    wanted = f"{asked}" if asked else f"{least} to {most}"
    return (Problem(code=code, where="map", message=f"The map has {found} concepts; {wanted} are wanted."),)


def number_asked(problems: Iterable[Problem]) -> int | None:
    """The number of concepts that was asked for, as a problem that check_count found tells it; else None."""
    told = (re.search(r"; (\d+) are wanted", one.message) for one in problems if one.code.startswith("concepts-"))
    number = next((int(found[1]) for found in told if found), None)
    return number if number is not None and MIN_CONCEPTS <= number <= MAX_CONCEPTS else None


def check_related(related: tuple[str, ...], language: str = "en") -> tuple[Problem, ...]:
    """Whether the related topics are 6 to 12, short, and all different."""
    problems = []
    if not MIN_RELATED <= len(related) <= MAX_RELATED:
        message = f"There are {len(related)} related topics; {MIN_RELATED} to {MAX_RELATED} are wanted."
        problems.append(Problem(code="related-count", where="related", message=message))
    if any(blank(topic, name=True) for topic in related):
        problems.append(
            Problem(code="related-empty", where="related", message="A related topic is empty or a placeholder.")
        )
    problems += [
        Problem(
            code="related-long",
            where="related",
            message=f"{quote(topic)} is too long; use at most {MAX_RELATED_WORDS} words.",
        )
        for topic in related
        if _long(topic)
    ]
    problems += [
        Problem(
            code="related-duplicate", where="related", message=f"{quote(related[other])} repeats {quote(related[one])}."
        )
        for one, other in duplicates(related, language)
    ]
    return tuple(problems)


def check_ids(ids: Iterable[str]) -> tuple[Problem, ...]:
    """Whether every concept has an id of its own."""
    seen: set[str] = set()
    found = []
    for id in ids:
        if id in seen:
            message = f"Two concepts have the id {quote(id)}; give each its own."
            found.append(Problem(code="concept-id-duplicate", where=f"concepts.{id}", message=message))
        seen.add(id)
    return tuple(found)


def _long(topic: str) -> bool:
    return len(topic.split()) > MAX_RELATED_WORDS or count(topic) > MAX_RELATED_WORDS + _SLACK
