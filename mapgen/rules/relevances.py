"""Rules for a relevance: two to four sentences that say something of this concept in this query.

What is specific in it is what remains without the query's words, the name's, and the words that fit any query:
text that only pastes the query in has nothing left. They know no other concept.
"""

from __future__ import annotations

from mapgen.model import Problem
from mapgen.rules.blemishes import blank
from mapgen.rules.quoting import quote
from mapgen.rules.sentences import sentences
from mapgen.rules.words import content, fold, listed, within, without

MIN_SENTENCES, MAX_SENTENCES = 2, 4
SPECIFIC = 5  # stems that must remain for a relevance to belong to its query
_NEW_SHARE, _NEW = 0.25, 3  # of the specific stems, what must not stand in the definition already
_COMPARED = 12  # sentences beyond these are only compared for being equal
_ALIKE = 93  # percent


def residue(relevance: str, *, name: str, query: str, language: str) -> tuple[str, ...]:
    """The different stems of a relevance that neither query nor name nor any other relevance would give."""
    known = content(f"{query} {name}", language)
    boilerplate = listed("boilerplate", language)
    stems = dict.fromkeys(content(without(relevance, "boilerplate", language=language), language))
    return tuple(stem for stem in stems if stem not in boilerplate and not within(stem, known))


def generic(relevance: str, *, name: str, query: str, language: str) -> bool:
    """Whether a relevance would fit any query as well."""
    return len(residue(relevance, name=name, query=query, language=language)) < SPECIFIC


def restates(relevance: str, definition: str, *, name: str, query: str, language: str) -> bool:
    """Whether a relevance has hardly anything specific that the definition does not already say."""
    stems = residue(relevance, name=name, query=query, language=language)
    said = frozenset(content(definition, language))
    new = sum(stem not in said for stem in stems)
    return bool(stems) and new < max(_NEW, _NEW_SHARE * len(stems))


def repeated_sentence(text: str) -> str:
    """The first sentence of a text that says again, word for word or nearly, what one before it said."""
    from rapidfuzz import fuzz

    said = sentences(text)
    folded = [fold(one).strip() for one in said]
    for at, one in enumerate(folded):
        before = folded[:at]
        if one in set(before) if at >= _COMPARED else any(fuzz.ratio(one, other) >= _ALIKE for other in before):
            return said[at]
    return ""


def check_relevance(
    relevance: str, where: str, *, name: str, definition: str, query: str, language: str
) -> tuple[Problem, ...]:
    """What is faulty in a relevance as such; nothing where it is empty or a placeholder."""
    if blank(relevance):
        return ()
    found = []
    said = len(sentences(relevance))
    if not MIN_SENTENCES <= said <= MAX_SENTENCES:
        what = "1 sentence" if said == 1 else f"{said} sentences"
        message = f"The relevance has {what}; write {MIN_SENTENCES} to {MAX_SENTENCES}."
        found.append(Problem(code="relevance-sentences", where=where, message=message))
    if again := repeated_sentence(relevance):
        message = f"The relevance says the same twice: {quote(again)}."
        found.append(Problem(code="relevance-repeats", where=where, message=message))
    if generic(relevance, name=name, query=query, language=language):
        message = (
            f"The relevance would fit any query; say by what mechanism or with what consequence {quote(name)} "
            f"matters to {quote(query)}."
        )
        found.append(Problem(code="relevance-generic", where=where, message=message))
    elif restates(relevance, definition, name=name, query=query, language=language):
        message = f"The relevance only repeats the definition; say what {quote(name)} does in {quote(query)}."
        found.append(Problem(code="relevance-restates", where=where, message=message))
    return tuple(found)
