"""J3, rightness: is each definition right, right but for a slip, or wrong? Or can the judge not tell?

A verdict against a definition has to quote the words at fault; where those are not in the definition, the verdict is
dropped as if it had not been given.
"""

from __future__ import annotations

from typing import Literal

from mapgen.evaluation.judge.base import JudgedMetric, Judgement, asked, by_first, judged, occurs, scored
from mapgen.evaluation.judge.lettered import narrowed
from mapgen.evaluation.metrics.base import Sample
from mapgen.llm.base import LLM
from mapgen.model import Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce

Rightness = Literal["right", "minor", "wrong", "unsure"]
MARKS: dict[str, float] = {"right": 1.0, "minor": 0.5, "wrong": 0.0}
METRIC = JudgedMetric(
    id="j3_right",
    title="Definitions are right",
    formula="mean over the definitions of right 1, minor slip 0.5, wrong 0; not told is missing",
    margin=0.05,
    canaries=("swapped pair",),
)


class RightInput(Value):
    """What j3_right.j2 is filled with: the query, and names with their definitions."""

    nonce: str
    query: str
    concepts: tuple[tuple[str, str], ...]


class RightItem(Answer):
    """The verdict on one definition."""

    definition: int
    reason: Text
    quote: Text
    verdict: Rightness


class RightAnswer(Answer):
    """The verdicts, as a judge gives them."""

    verdicts: tuple[RightItem, ...]


def _narrow(given: RightInput, schema: Schema) -> Schema:
    return narrowed(schema, "verdicts", chosen="verdict", numbered="definition", of=len(given.concepts))


RIGHT = Prompt("j3_right", RightInput, RightAnswer, role="judge", max_tokens=3_000, narrow=_narrow)


async def judge_right(sample: Sample, *, llm: LLM, prompts: PromptSet) -> Judgement:
    """One call: how right the map's definitions are."""
    assert sample.map is not None
    concepts = sample.map.concepts
    texts = tuple((one.name, one.definition) for one in concepts)
    mark = nonce(sample.case.query, *(text for pair in texts for text in pair))
    given = RightInput(nonce=mark, query=sample.case.query, concepts=texts)
    answer, why = await asked(llm, RIGHT.fill(given, prompts))
    if answer is None:
        return judged(METRIC.id, sample, why=why, calls=1)
    items = by_first(answer.verdicts, lambda one: one.definition, of=len(concepts))
    kept = {at: item for at, item in items.items() if _founded(item, concepts[at - 1].definition)}
    verdicts: dict[str, str] = {concepts[at - 1].id: item.verdict for at, item in kept.items()}
    score, why = scored({id: MARKS.get(verdict) for id, verdict in verdicts.items()}, of=len(concepts))
    return judged(
        METRIC.id,
        sample,
        score=score,
        why=why,
        verdicts=verdicts,
        reasons={concepts[at - 1].id: item.reason for at, item in kept.items()},
        dropped=len(items) - len(kept),
        calls=1,
    )


def _founded(item: RightItem, definition: str) -> bool:
    return item.verdict in ("right", "unsure") or occurs(item.quote, [definition])
