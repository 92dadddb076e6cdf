"""What of a relevance is its own: its words without the query's and the name's.

Mentioning the query is no merit by itself: who pastes it in is left with nothing. It knows no other map.
"""

from __future__ import annotations

from functools import lru_cache

from mapgen.evaluation.metrics.base import Sample
from mapgen.model import Concept
from mapgen.rules.words import content, listed, runs, stem, stop_words, within

CACHED = 20_000


@lru_cache(maxsize=CACHED)
def masked_stems(text: str, known: str, *, language: str) -> tuple[str, ...]:
    """The different content stems of ``text`` that are no forms of words of ``known``, in order."""
    hidden = content(known, language)
    return tuple(one for one in dict.fromkeys(content(text, language)) if not within(one, hidden))


@lru_cache(maxsize=CACHED)
def masked_text(text: str, known: str, *, language: str) -> str:
    """The content words of ``text`` that are no forms of words of ``known``, nor such as fit any query."""
    hidden, stop, anywhere = content(known, language), stop_words(language), listed("boilerplate", language)
    kept = (run for run in runs(text) if run not in stop)
    return " ".join(run for run in kept if (one := stem(run, language)) not in anywhere and not within(one, hidden))


def own_stems(sample: Sample, concept: Concept) -> tuple[str, ...]:
    """The stems of a concept's relevance without the query's and the name's."""
    return masked_stems(concept.relevance, _known(sample, concept), language=sample.case.language)


def own_text(sample: Sample, concept: Concept) -> str:
    """The words of a concept's relevance that the embeddings compare: without the query's, the name's and filler."""
    return masked_text(concept.relevance, _known(sample, concept), language=sample.case.language)


def _known(sample: Sample, concept: Concept) -> str:
    return f"{sample.case.query} {concept.name}"
