"""What the judge metrics share: what a judgement is, how the judge is asked, and how its words are held to the texts.

A judge's failure is missing data, never a score. It knows no metric's question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel

from mapgen.errors import EndpointError, InputError, KeyRefused, LimitReached, UnknownModel
from mapgen.evaluation.metrics.base import DIGITS, Sample
from mapgen.llm.base import LLM
from mapgen.model import Count, KnowledgeMap, Value
from mapgen.prompting import Filled
from mapgen.rules.words import content, count, runs, unspaced, within

T = TypeVar("T")
Out = TypeVar("Out", bound=BaseModel)
ArmName = Literal["base", "new"]

NONE = "none"


class Judgement(Value):
    """What the judge says of one map. ``score`` is in [0, 1]; None is missing, and ``why`` says why.

    ``verdicts`` and ``reasons`` are by what was judged: a concept's id, or an idea; ``dropped`` verdicts stood on
    words that are not in the text. ``calls`` were made to the judge, those that its cache answered too; ``lengths``
    are the words of both texts where two were held against each other.
    """

    metric: str
    case: str
    repeat: Count = 0
    arm: ArmName = "base"
    score: float | None = None
    why: str = ""
    verdicts: Mapping[str, str] = {}
    reasons: Mapping[str, str] = {}
    dropped: Count = 0
    calls: Count = 0
    lengths: tuple[Count, Count] | None = None


@dataclass(frozen=True)
class JudgedMetric:
    """A measure of maps that a model takes. It gates only where its judge is trusted.

    ``margin`` is the least difference of two arms' means that matters; ``calls`` are those for one map of an arm.
    ``canaries`` are the kinds of known defects by which its judge is tried.
    """

    id: str
    title: str
    formula: str
    margin: float
    canaries: tuple[str, ...]
    calls: int = 1
    version: int = 1
    unit: str = "share"


async def asked(llm: LLM, filled: Filled[Out]) -> tuple[Out | None, str]:
    """The judge's answer; None where it failed, and why. Raises what is no failure of its own, such as KeyRefused."""
    try:
        return (await llm.ask(filled)).value, ""
    except (KeyRefused, UnknownModel):
        raise
    except (EndpointError, InputError, LimitReached) as error:
        return None, error.message


def judged(metric: str, sample: Sample, **told: object) -> Judgement:
    """A judgement of a sample's map."""
    return Judgement.model_validate({"metric": metric, "case": sample.case.id, "repeat": sample.repeat, **told})


def scored(marks: Mapping[str, float | None], *, of: int) -> tuple[float | None, str]:
    """The mean of the marks that are there; None, and why, where fewer than half of the ``of`` wanted are."""
    there = [mark for mark in marks.values() if mark is not None]
    if 2 * len(there) < of or not there:
        return None, f"the judge gave {len(there)} of {of} usable verdicts"
    return round(sum(there) / len(there), DIGITS), ""


def shuffled(items: Sequence[T], *seed: object) -> tuple[T, ...]:
    """The items in an order that only ``seed`` and their places decide, on every machine."""
    return tuple(items[at] for at in sorted(range(len(items)), key=lambda at: _digest(*seed, at)))


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def by_first(items: Iterable[T], key: Callable[[T], int], *, of: int) -> dict[int, T]:
    """The first item for each number from 1 to ``of``; what goes by another number is left out."""
    found: dict[int, T] = {}
    for item in items:
        if 1 <= key(item) <= of:
            found.setdefault(key(item), item)
    return found


def occurs(quote: str, texts: Iterable[str], *, least: int = 1) -> bool:
    """Whether the words of ``quote``, at least ``least``, stand in one of ``texts`` in that order and next to another.

    Case, punctuation and the kind of quotation marks are of no account.
    """
    words = runs(quote)
    if not words or count(quote) < least:
        return False
    if any(unspaced(word) for word in words):
        return any("".join(words) in "".join(runs(text)) for text in texts)
    return any(f" {' '.join(words)} " in f" {' '.join(runs(text))} " for text in texts)


def rivals(sample: Sample, others: Iterable[Sample], *, seed: int) -> tuple[Sample, ...]:
    """One sample of each other cluster, shuffled; those of its language whose query shares no word with it first."""
    language, known = sample.case.language, [sample.case.query]
    foreign = [one for one in others if one.case.cluster != sample.case.cluster]
    mixed = shuffled(foreign, seed, "rivals", sample.case.id, sample.repeat)
    ranked = sorted(
        mixed, key=lambda one: (one.case.language != language, share_words(one.case.query, known, language=language))
    )
    first: dict[str, Sample] = {}
    for one in ranked:
        first.setdefault(one.case.cluster, one)
    return tuple(first.values())


def share_words(text: str, texts: Iterable[str], *, language: str) -> bool:
    """Whether ``text`` shares a content word with one of ``texts``."""
    known = frozenset(stem for one in texts for stem in content(one, language))
    return any(within(stem, known) for stem in content(text, language))


def told(map: KnowledgeMap) -> tuple[str, ...]:
    """The map as the judge reads it: a line for its title, for each concept and for each relation."""
    names = {one.id: one.name for one in map.concepts}
    concepts = (f"{one.name}: {one.definition} {one.relevance}" for one in map.concepts)
    ends = ((names.get(one.source, ""), one, names.get(one.target, "")) for one in map.relations)
    relations = (f"{source} {one.label} {target}. {one.explanation}".strip() for source, one, target in ends)
    return (map.title, *concepts, *relations)
