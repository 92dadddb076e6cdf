"""Metrics of texts whatever they say: free of blemishes, in the language that was asked for, how hard to read.

They know no concept.
"""

from __future__ import annotations

import re

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Scores, each, mean
from mapgen.model import KnowledgeMap
from mapgen.rules.language import expected
from mapgen.rules.sentences import sentences
from mapgen.rules.texts import clean_text
from mapgen.rules.words import base, runs, stop_words, unspaced

USUAL = 0.25  # share of function words that running text of any language with a list of them reaches
_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile("(?:[^laeiouy]es|[^laeiouyd]ed|[^aeioul]e)$")


def _texts(map: KnowledgeMap) -> tuple[str, ...]:
    concepts = (text for one in map.concepts for text in (one.definition, one.relevance))
    return (*concepts, *(one.explanation for one in map.relations))


def _clean(sample: Sample, map: KnowledgeMap) -> float:
    return mean(clean_text(text) for text in _texts(map))


def _language(sample: Sample, map: KnowledgeMap) -> float:
    """By concept, and all explanations as one text: a single short sentence may do without function words."""
    explained = " ".join(one.explanation for one in map.relations)
    texts = (*(f"{one.definition} {one.relevance}" for one in map.concepts), *((explained,) if explained else ()))
    return mean(in_language(text, sample.case.language) for text in texts)


def in_language(text: str, language: str) -> float:
    """0 to 1: the function words of ``language`` in ``text``, 1 where as many as usual, times its sentences in it.

    Languages that put no spaces between words, or of which no function words are known, go by the sentences alone.
    """
    said = sentences(text)
    if not said:
        return 0.0
    inside = mean(expected(one, language) for one in said)
    stop = stop_words(language)
    words = [run for run in runs(text) if not unspaced(run)]
    if not stop or len(words) < 2 * len(said):
        return inside
    return inside * min(1.0, sum(word in stop for word in words) / len(words) / USUAL)


def _reading_grade(arm: Arm) -> Scores:
    return tuple(
        None if one.map is None or base(one.case.language) != "en" else grade(" ".join(_texts(one.map)))
        for one in arm.samples
    )


def grade(text: str) -> float | None:
    """The Flesch-Kincaid grade of an English text, in years of school; None for an empty one."""
    said, words = len(sentences(text)), runs(text)
    if not said or not words:
        return None
    syllables = sum(map(_syllables, words))
    return round(0.39 * len(words) / said + 11.8 * syllables / len(words) - 15.59, 2)


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word))))


METRICS = (
    Metric(
        id="clean",
        title="Texts clean",
        formula="share of texts without markup, placeholder, the model's own voice, loops, unfinished sentences",
        score=each(_clean),
        margin=0.02,
    ),
    Metric(
        id="language",
        title="Texts in the language",
        formula="share of function words of the asked language, .25 and more is 1, times share of sentences in it",
        score=each(_language),
        margin=0.02,
    ),
)

REPORTED = (
    Metric(
        id="reading_grade",
        title="Reading grade",
        formula="Flesch-Kincaid grade of all texts, English only",
        score=_reading_grade,
        margin=1.0,
        unit="years of school",
        gated=False,
    ),
)
