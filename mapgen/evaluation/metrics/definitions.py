"""Metrics of a definition as such: one sentence of bearable length that does not explain the name by the name.

They know neither the query nor the other concepts.
"""

from __future__ import annotations

from mapgen.evaluation.metrics.base import Metric, Sample, each, mean
from mapgen.model import KnowledgeMap
from mapgen.rules.blemishes import blank
from mapgen.rules.definitions import circular, repeated_share
from mapgen.rules.sentences import one_sentence
from mapgen.rules.words import count

MIN_WORDS, MAX_WORDS = 5, 40


def _one_sentence(sample: Sample, map: KnowledgeMap) -> float:
    return mean(
        one_sentence(one.definition) and MIN_WORDS <= count(one.definition) <= MAX_WORDS for one in map.concepts
    )


def _noncircular(sample: Sample, map: KnowledgeMap) -> float:
    return mean(_new(one.name, one.definition, language=sample.case.language) for one in map.concepts)


def _new(name: str, definition: str, *, language: str) -> float:
    if blank(definition) or circular(name, definition, language=language):
        return 0.0
    return 1.0 - repeated_share(name, definition, language=language)


METRICS = (
    Metric(
        id="one_sentence",
        title="Definitions of one sentence",
        formula=f"share of definitions that are one sentence of {MIN_WORDS}-{MAX_WORDS} words",
        score=each(_one_sentence),
        margin=0.03,
    ),
    Metric(
        id="noncircular",
        title="Definitions not circular",
        formula="mean of 1 - share of the name's stems again in the definition's first six content words; circular: 0",
        score=each(_noncircular),
        margin=0.03,
    ),
)
