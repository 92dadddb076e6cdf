"""Rules for a definition: exactly one sentence of bearable length that does not define its name by its name.

They know neither the query nor the other concepts.
"""

from __future__ import annotations

from mapgen.model import Problem
from mapgen.rules.blemishes import blank
from mapgen.rules.quoting import quote
from mapgen.rules.sentences import sentences
from mapgen.rules.words import akin, content, count, listed, within

MIN_WORDS, MAX_WORDS = 4, 60
OPENING = 6  # content words after the subject among which a circular definition repeats its name


def predicate(name: str, definition: str, *, language: str) -> tuple[str, ...]:
    """The content stems of a definition after its subject: without the first mention of each of the name's."""
    left = list(content(name, language))
    found = []
    for stem in content(definition, language):
        mentioned = next((own for own in left if akin(own, stem)), None)
        if mentioned is None:
            found.append(stem)
        else:
            left.remove(mentioned)
    return tuple(found)


def repeated_share(name: str, definition: str, *, language: str) -> float:
    """The share, 0 to 1, of the name's stems that stand again among the first six after the subject."""
    own = content(name, language)
    opening = predicate(name, definition, language=language)[:OPENING]
    return sum(within(stem, opening) for stem in own) / len(own) if own else 0.0


def circular(name: str, definition: str, *, language: str) -> bool:
    """Whether a definition repeats all of its name and says no more besides, or says nothing besides at all."""
    own = content(name, language)
    if not own:
        return False
    said = predicate(name, definition, language=language)
    new = _new(own, said, language=language)
    pairs = len(own) > 2 and not any(stem.isascii() or len(stem) > 2 for stem in own)
    again = sum(within(stem, own) for stem in said)
    repeats = repeated_share(name, definition, language=language) >= (0.6 if pairs else 1.0)
    return not new or (repeats and len(new) <= (again // 2 if pairs else again))


def _new(own: tuple[str, ...], stems: tuple[str, ...], *, language: str) -> frozenset[str]:
    generic = listed("generic", language)
    letters = {letter for stem in own if len(stem) == 2 and not stem.isascii() for letter in stem}
    return frozenset(
        stem for stem in stems if not within(stem, own) and stem not in generic and letters.isdisjoint(stem[:2])
    )


def check_definition(name: str, definition: str, *, where: str, language: str) -> tuple[Problem, ...]:
    """What is faulty in a definition as such; nothing where it is empty or a placeholder."""
    if blank(definition):
        return ()
    found = []
    said, words = len(sentences(definition)), count(definition)
    if said > 1:
        message = f"The definition has {said} sentences; write exactly one."
        found.append(Problem(code="definition-sentences", where=where, message=message))
    if words > MAX_WORDS:
        message = f"The definition has {words} words; write at most {MAX_WORDS}."
        found.append(Problem(code="definition-long", where=where, message=message))
    if words < MIN_WORDS:
        found.append(
            Problem(
                code="definition-short", where=where, message=f"{quote(definition)} is too short to be a definition."
            )
        )
    elif circular(name, definition, language=language):
        message = f"The definition explains {quote(name)} by its own name; say what it is in other words."
        found.append(Problem(code="definition-circular", where=where, message=message))
    return tuple(found)
