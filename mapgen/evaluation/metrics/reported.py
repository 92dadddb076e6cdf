"""What is told beside the verdicts and gates nothing: how alike repeats are, what is cited, what the maps cost.

It knows no text but the names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Scores, mean, unit
from mapgen.evaluation.metrics.matching import matched
from mapgen.evaluation.metrics.naming import same_concept
from mapgen.model import KnowledgeMap, Made


def _stability(arm: Arm) -> Scores:
    repeats: dict[str, list[Sample]] = defaultdict(list)
    for one in arm.samples:
        repeats[one.case.id].append(one)
    return tuple(_stable(one, repeats[one.case.id]) for one in arm.samples)


def _stable(sample: Sample, repeats: list[Sample]) -> float | None:
    """The mean overlap of the sample's names with those of each other repeat."""
    others = [one.map for one in repeats if one is not sample and one.map is not None]
    if sample.map is None or not others:
        return None
    return unit(mean(_overlap(sample.map, other, language=sample.case.language) for other in others))


def _overlap(one: KnowledgeMap, other: KnowledgeMap, *, language: str) -> float:
    """Names in both / names in either."""
    choices = [
        [at for at, second in enumerate(other.concepts) if same_concept(first.name, second.name, language=language)]
        for first in one.concepts
    ]
    both = matched(choices)
    either = len(one.concepts) + len(other.concepts) - both
    return both / either if either else 1.0


def _sourced(arm: Arm) -> Scores:
    return tuple(
        None if one.map is None else unit(mean(bool(concept.citations) for concept in one.map.concepts))
        for one in arm.samples
    )


def _of(told: Callable[[Made], float]) -> Callable[[Arm], Scores]:
    def scored(arm: Arm) -> Scores:
        return tuple(None if one.map is None or one.map.made is None else told(one.map.made) for one in arm.samples)

    return scored


def _cost(id: str, title: str, *, formula: str, unit: str, told: Callable[[Made], float]) -> Metric:
    return Metric(id=id, title=title, formula=formula, score=_of(told), margin=0.0, unit=unit, gated=False)


METRICS = (
    Metric(
        id="stability",
        title="Same concepts in every repeat",
        formula="concept names in both repeats / in either, mean over the other repeats",
        score=_stability,
        margin=0.05,
        gated=False,
    ),
    Metric(
        id="sourced",
        title="Concepts with a citation",
        formula="share of concepts that cite at least one passage; 0 without sources",
        score=_sourced,
        margin=0.03,
        gated=False,
    ),
)

COSTS = (
    _cost(
        "tokens",
        "Tokens",
        formula="input and output tokens of a map",
        unit="tokens",
        told=lambda made: float(made.input_tokens + made.output_tokens),
    ),
    _cost("calls", "Calls", formula="requests for a map", unit="calls", told=lambda made: float(made.calls)),
    _cost("latency", "Latency", formula="wall time of a map", unit="s", told=lambda made: made.seconds),
    _cost("repairs", "Repairs", formula="parts mended", unit="repairs", told=lambda made: float(made.repairs)),
    _cost(
        "quotes_dropped",
        "Quotes left out",
        formula="quotes of a map that stand in no passage that was shown, and were left out",
        unit="quotes",
        told=lambda made: float(made.dropped),
    ),
)
