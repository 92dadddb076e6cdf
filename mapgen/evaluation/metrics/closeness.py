"""Metrics of meaning: texts compared as vectors. None for cases that are not in English.

Margins of cosines are mapped to [0, 1] by a ramp; where its ends lie was read off good maps and spoilt ones, and
beyond them closer is not better. They know no words but those that the mask hides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Score, Scores, each, english, mean, ramp, unit
from mapgen.evaluation.metrics.masking import own_text
from mapgen.model import Concept, KnowledgeMap
from mapgen.rules.blemishes import blank

if TYPE_CHECKING:
    from mapgen.vectors import Vectors

SAME_TEXT = 0.9  # cosine
QUERY_RAMP, TITLE_RAMP, TOPIC_RAMP = (-0.05, 0.1), (-0.1, 0.3), (-0.1, 0.3)


def described(concept: Concept) -> str:
    """A concept as it is embedded: never by its name alone, which has too little in it."""
    return f"{concept.name}: {concept.definition}"


@dataclass(frozen=True)
class _View:
    """A map among the queries of its arm: the vector of its own, and the mean of those of other topics."""

    arm: Arm
    sample: Sample
    concepts: tuple[Concept, ...]
    own: Vectors
    others: Vectors


def _among(score: Callable[[_View], float]) -> Score:
    """A score of maps by their own query and those of other topics; None where there is none in English."""

    def scored(arm: Arm) -> Scores:
        return tuple(_viewed(arm, one, score=score) for one in arm.samples)

    return scored


def _viewed(arm: Arm, sample: Sample, *, score: Callable[[_View], float]) -> float | None:
    queries = sorted({one.case.query for one in arm.rivals(sample) if english(one.case)})
    if not queries or not english(sample.case):
        return None
    if sample.map is None or not sample.map.concepts:
        return 0.0
    own, others = arm.embed([sample.case.query])[0], arm.embed(queries).mean(axis=0)
    return unit(score(_View(arm, sample, sample.map.concepts, own, others)))


def _about_query(view: _View) -> float:
    texts = [own_text(view.sample, concept) for concept in view.concepts]
    margins = view.arm.embed(texts) @ (view.own - view.others)
    return mean(_ramp(margin, QUERY_RAMP) if text else 0.0 for margin, text in zip(margins, texts, strict=True))


def _on_topic(view: _View) -> float:
    """By the concept that fits least to the query and the other concepts, or by all together and the query."""
    rows = view.arm.embed([f"{described(one)} {own_text(view.sample, one)}" for one in view.concepts])
    all = rows.sum(axis=0)
    margins = [row @ (_unit(view.own + _unit(all - row)) - view.others) for row in rows]
    return _ramp(min(*margins, _unit(all) @ (view.own - view.others)), TOPIC_RAMP)


def _unit(vector: Vectors) -> Vectors:
    import numpy as np

    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 1e-6 else vector * np.float32(0)


def _ramp(value: float, ends: tuple[float, float]) -> float:
    return ramp(value, ends[0], high=ends[1])


def _rel_not_def(arm: Arm) -> Scores:
    def score(sample: Sample, map: KnowledgeMap) -> float:
        first = arm.embed([one.definition for one in map.concepts])
        second = arm.embed([one.relevance for one in map.concepts])
        cosines = (first * second).sum(axis=1)
        return mean(
            cosine < SAME_TEXT and not blank(one.definition) and not blank(one.relevance)
            for one, cosine in zip(map.concepts, cosines, strict=True)
        )

    return each(score, applies=english)(arm)


def _def_fits_title(arm: Arm) -> Scores:
    def score(sample: Sample, map: KnowledgeMap) -> float | None:
        n = len(map.concepts)
        if n == 1:
            return None
        names, definitions = (one.name for one in map.concepts), (one.definition for one in map.concepts)
        table = arm.embed(names) @ arm.embed(definitions).T
        return mean(_ramp(row[at] - (row.sum() - row[at]) / (n - 1), TITLE_RAMP) for at, row in enumerate(table))

    return each(score, applies=english)(arm)


RELEVANCES = (
    Metric(
        id="rel_query_margin",
        title="Relevances about their query",
        formula="cosine(masked relevance, own query) - mean over other topics' queries; -.05 is 0, .1 is 1",
        score=_among(_about_query),
        margin=0.03,
    ),
    Metric(
        id="rel_not_def",
        title="Relevances no definitions",
        formula="share of concepts with cosine(definition, relevance) < .9",
        score=_rel_not_def,
        margin=0.03,
    ),
)

CONCEPTS = (
    Metric(
        id="def_fits_title",
        title="Definitions of their names",
        formula="cosine(name, own definition) - mean over the map's other definitions; -.1 is 0, .3 is 1",
        score=_def_fits_title,
        margin=0.03,
    ),
    Metric(
        id="on_topic",
        title="Nothing off topic",
        formula="least cosine(concept, own query and other concepts) - mean over other queries; -.1 is 0, .3 is 1",
        score=_among(_on_topic),
        margin=0.03,
    ),
)
