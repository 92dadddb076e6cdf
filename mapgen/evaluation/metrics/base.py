"""What a metric is, and what it scores: an arm of samples, one of them a case's map in one repeat.

It knows no formula and no suite: a case is whatever has the attributes that the metrics read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from mapgen.model import MAX_CONCEPTS, MIN_CONCEPTS, KnowledgeMap
from mapgen.vectors import Embedder, supported, wordllama

if TYPE_CHECKING:
    from mapgen.vectors import Vectors

Scores = tuple[float | None, ...]
"""One score for each sample, in order; None where the metric does not apply to its case."""
DIGITS = 6  # of a score: sums in another order must not differ


class Reference(Protocol):
    """A concept that a good map of the case has."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def aliases(self) -> Sequence[str]:
        """What else it is called."""
        ...

    @property
    def gloss(self) -> str:
        """What it is, in one line."""
        ...


class Case(Protocol):
    """A query of a suite. Cases of one cluster ask about one topic, and are never held against each other."""

    @property
    def id(self) -> str:
        """Unique in the suite."""
        ...

    @property
    def query(self) -> str:
        """What is asked."""
        ...

    @property
    def language(self) -> str:
        """BCP 47 code."""
        ...

    @property
    def cluster(self) -> str:
        """The family of phrasings of one topic."""
        ...

    @property
    def domain(self) -> str:
        """The field of knowledge."""
        ...

    @property
    def tags(self) -> Sequence[str]:
        """What reports group by."""
        ...

    @property
    def references(self) -> Sequence[Reference]:
        """Concepts that a good map has; may be none."""
        ...

    @property
    def must_facts(self) -> Sequence[str]:
        """Sentences that a good map agrees with."""
        ...


@dataclass(frozen=True)
class Sample:
    """The map made for a case in one repeat; None: no usable map came, which scores 0 on what gates.

    ``passages`` are the texts of the sources that the map could quote, by the source's id.
    """

    case: Case
    repeat: int
    map: KnowledgeMap | None
    passages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arm:
    """All samples of one prompt set; ``minimum`` to ``maximum`` concepts are what the suite asks for."""

    samples: tuple[Sample, ...]
    minimum: int = MIN_CONCEPTS
    maximum: int = MAX_CONCEPTS
    embedder: Embedder | None = None

    def rivals(self, sample: Sample) -> tuple[Sample, ...]:
        """The samples of the same repeat whose cases are of other clusters."""
        return tuple(
            one for one in self.samples if one.repeat == sample.repeat and one.case.cluster != sample.case.cluster
        )

    def embed(self, texts: Iterable[str]) -> Vectors:
        """One row of length 1 for each text, by wordllama unless the arm has another embedder."""
        return (self.embedder or wordllama())(tuple(texts))


Score = Callable[[Arm], Scores]


@dataclass(frozen=True)
class Metric:
    """A deterministic measure of maps. Those that gate are in [0, 1], and 1 is good.

    ``margin`` is the practical margin: a smaller difference of two arms' means is of no use to anybody. ``version``
    grows when scores change; ``calls`` are those to a model for a map; ``reference``: cases without reference
    concepts are not scored.
    """

    id: str
    title: str
    formula: str
    score: Score
    margin: float
    version: int = 1
    unit: str = "share"
    reference: bool = False
    calls: int = 0
    gated: bool = True


def mean(values: Iterable[float]) -> float:
    """The mean, 0 of nothing: a map without concepts has nothing good."""
    listed = tuple(values)
    return sum(listed) / len(listed) if listed else 0.0


def unit(value: float) -> float:
    """``value`` within [0, 1], to six digits."""
    return round(min(max(float(value), 0.0), 1.0), DIGITS)


def ramp(value: float, low: float, *, high: float) -> float:
    """0 up to ``low``, 1 from ``high`` on, and a straight line between."""
    return min(max((float(value) - low) / (high - low), 0.0), 1.0)


def each(
    score: Callable[[Sample, KnowledgeMap], float | None], *, applies: Callable[[Case], bool] | None = None
) -> Score:
    """A score of maps one by one; an unusable map scores 0, a case to which the metric does not apply None."""

    def scored(arm: Arm) -> Scores:
        return tuple(_one(score, one) if applies is None or applies(one.case) else None for one in arm.samples)

    return scored


def _one(score: Callable[[Sample, KnowledgeMap], float | None], sample: Sample) -> float | None:
    if sample.map is None:
        return 0.0
    value = score(sample, sample.map)
    return None if value is None else unit(value)


def english(case: Case) -> bool:
    """Whether the embeddings are worth anything for a case."""
    return supported(case.language)
