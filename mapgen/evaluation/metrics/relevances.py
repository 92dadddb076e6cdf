"""Metrics of what a relevance says that is its own, told by what other relevances of the arm say.

Both mask the query's and the name's words first. How much others say must not matter, or fewer concepts, shorter
texts and lost maps would look specific: a stem counts by the chance that a fixed number of stems, drawn at random
from the others', are not it. They know words only, not what they mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Self

from mapgen.evaluation.metrics.base import Arm, Metric, Sample, Scores, mean, unit
from mapgen.evaluation.metrics.masking import own_stems
from mapgen.model import Concept
from mapgen.rules.relevances import SPECIFIC
from mapgen.rules.words import content, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIBLINGS, OTHERS = 40, 200  # mentions in the same map's relevances and in other topics' that a stem is held against


@dataclass(frozen=True)
class _Uses:
    """In how many of some relevances each stem stands; ``mentions`` is the sum."""

    stems: Counter[str]
    mentions: int

    @classmethod
    def of(cls, samples: Iterable[Sample]) -> Self:
        """The uses in the maps of samples."""
        return cls.counted(
            Counter(
                stem
                for one in samples
                for concept in (one.map.concepts if one.map else ())
                for stem in frozenset(content(concept.relevance, one.case.language))
            )
        )

    @classmethod
    def counted(cls, stems: Counter[str]) -> Self:
        """The uses that are counted."""
        return cls(stems, stems.total())

    def without(self, other: Self) -> Self:
        """The uses but for those in ``other``, which are among them."""
        return self.counted(self.stems - other.stems)

    def missed(self, stem: str, *, drawn: int) -> float:
        """The chance that so many of the mentions, drawn at random, are all of other stems."""
        return _missed(self.mentions, self.stems[stem], drawn=min(drawn, self.mentions))


@lru_cache(maxsize=20_000)
def _missed(mentions: int, uses: int, *, drawn: int) -> float:
    return comb(mentions - uses, drawn) / comb(mentions, drawn)


def _rel_specific(arm: Arm) -> Scores:
    groups: dict[tuple[int, str | None], list[Sample]] = defaultdict(list)
    for one in arm.samples:
        groups[one.repeat, None].append(one)
        groups[one.repeat, one.case.cluster].append(one)
    uses = {key: _Uses.of(samples) for key, samples in groups.items()}
    return tuple(
        _specific_map(one, uses[one.repeat, None].without(uses[one.repeat, one.case.cluster])) for one in arm.samples
    )


def _specific_map(sample: Sample, others: _Uses) -> float:
    concepts = sample.map.concepts if sample.map else ()
    map = _Uses.of((sample,))
    return unit(mean(_specific(sample, concept, uses=(map, others)) for concept in concepts))


def _specific(sample: Sample, concept: Concept, *, uses: tuple[_Uses, _Uses]) -> float:
    """The share of own stems; fewer than SPECIFIC stems count as that many, so that brevity is no merit."""
    map, others = uses
    language = sample.case.language
    siblings = map.without(_Uses.counted(Counter(set(content(concept.relevance, language)))))
    stems = own_stems(sample, concept)
    own = sum(
        siblings.missed(stem, drawn=SIBLINGS) * others.missed(stem, drawn=OTHERS)
        for stem in stems
        if stem not in listed("boilerplate", language)
    )
    return own / max(len(stems), SPECIFIC)


def _template_overlap(arm: Arm) -> Scores:
    import numpy as np

    said = [_frequencies(one) for one in arm.samples]
    vocabulary = {stem: at for at, stem in enumerate(dict.fromkeys(stem for one in said for stem in one))}
    table = np.zeros((len(said), len(vocabulary)))
    for row, one in zip(table, said, strict=True):
        row[[vocabulary[stem] for stem in one]] = list(one.values())
    return tuple(_apart(arm, at, table=table) for at in range(len(said)))


def _frequencies(sample: Sample) -> dict[str, float]:
    """In which share of the map's relevances each masked stem stands."""
    concepts = sample.map.concepts if sample.map else ()
    found: Counter[str] = Counter()
    for concept in concepts:
        found.update(own_stems(sample, concept))
    return {stem: times / len(concepts) for stem, times in found.items()}


def _apart(arm: Arm, at: int, *, table: NDArray[np.float64]) -> float | None:
    import numpy as np

    sample = arm.samples[at]
    others = [
        place
        for place, one in enumerate(arm.samples)
        if one.repeat == sample.repeat and one.case.cluster != sample.case.cluster
    ]
    if not others:
        return None
    if not table[at].any():
        return 0.0
    shared = np.minimum(table[at], table[others]).sum(axis=1)
    return unit(1.0 - float((2 * shared / (table[at].sum() + table[others].sum(axis=1))).max()))


METRICS = (
    Metric(
        id="rel_specific",
        title="Relevances specific",
        formula="share of a relevance's stems, the query's and the name's removed, that no other relevance uses"
        f" (chance among {SIBLINGS} stems of the map's others and {OTHERS} of other topics')",
        score=_rel_specific,
        margin=0.03,
    ),
    Metric(
        id="template_overlap",
        title="Relevances not from a template",
        formula="1 - largest Dice overlap of those stems, by their frequency in the map, with another topic's map",
        score=_template_overlap,
        margin=0.03,
    ),
)
