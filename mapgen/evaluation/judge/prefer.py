"""J7, preference: which of two maps of a query serves a reader better?

It is asked in both orders, two calls; a map wins only where both say so, so that an eye for the first or the second
place makes ties. Lengths are told, since judges are fond of length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from mapgen.evaluation.judge.base import JudgedMetric, Judgement, asked, judged, told
from mapgen.evaluation.metrics.base import Sample
from mapgen.llm.base import LLM
from mapgen.model import KnowledgeMap, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, nonce
from mapgen.rules.words import count

WIN, TIE, LOSS = 1.0, 0.5, 0.0
METRIC = JudgedMetric(
    id="j7_prefer",
    title="Preferred to the base",
    formula="1 where the judge prefers the new map in both orders, 0 where it prefers the base's, else 0.5",
    margin=0.1,
    canaries=("generic relevances", "untouched copy"),
    calls=2,
)


class PreferInput(Value):
    """What j7_prefer.j2 is filled with: the query, and two maps line by line."""

    nonce: str
    query: str
    first: tuple[str, ...]
    second: tuple[str, ...]


class PreferAnswer(Answer):
    """The preference, as a judge gives it."""

    reason: Text
    better: Literal["first", "second", "same"]


PREFER = Prompt("j7_prefer", PreferInput, PreferAnswer, role="judge", max_tokens=1_000)


async def judge_prefer(sample: Sample, base: KnowledgeMap, *, llm: LLM, prompts: PromptSet) -> Judgement:
    """Two calls: whether the sample's map is better than ``base``, a map of the same query; ``arm`` is ``new``."""
    assert sample.map is not None
    old, new = told(base), told(sample.map)
    orders = [PREFER.fill(_given(sample, one, other=other), prompts) for one, other in ((old, new), (new, old))]
    (first, why), (second, why_not) = await asyncio.gather(*(asked(llm, order) for order in orders))
    lengths = (sum(map(count, old)), sum(map(count, new)))
    if first is None or second is None:
        return judged(METRIC.id, sample, arm="new", why=why or why_not, calls=2, lengths=lengths)
    verdicts = {
        "base first": {"first": "base", "second": "new"}.get(first.better, "same"),
        "new first": {"first": "new", "second": "base"}.get(second.better, "same"),
    }
    return judged(
        METRIC.id,
        sample,
        arm="new",
        score=_score(set(verdicts.values())),
        verdicts=verdicts,
        reasons={"base first": first.reason, "new first": second.reason},
        calls=2,
        lengths=lengths,
    )


def _score(verdicts: set[str]) -> float:
    return WIN if verdicts == {"new"} else LOSS if verdicts == {"base"} else TIE


def _given(sample: Sample, first: Sequence[str], *, other: Sequence[str]) -> PreferInput:
    mark = nonce(sample.case.query, *first, *other)
    return PreferInput(nonce=mark, query=sample.case.query, first=tuple(first), second=tuple(other))
