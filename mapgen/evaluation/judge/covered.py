"""J5, coverage: which of the ideas that an answer needs does the map tell?

The judge writes the ideas from the query alone, before it sees any map: one call a query, the same list for all arms.
Then it says which of them a map tells, and quotes where; a quote that is not in the map drops the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapgen.evaluation.judge.base import JudgedMetric, Judgement, asked, by_first, judged, occurs, scored, told
from mapgen.evaluation.judge.lettered import narrowed
from mapgen.evaluation.metrics.base import Case, Sample
from mapgen.languages import name_of
from mapgen.llm.base import LLM
from mapgen.model import Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce

IDEAS, FEWEST_IDEAS = 8, 4
QUOTED = 3  # words at least that evidence has
METRIC = JudgedMetric(
    id="j5_covered",
    title="Ideas covered",
    formula="share of the ideas, written by the judge before it saw a map, that the map tells",
    margin=0.05,
    canaries=("another query's map", "ideas written in"),
)


class IdeasInput(Value):
    """What j5_ideas.j2 is filled with."""

    nonce: str
    query: str
    language: str
    number: int


class IdeasAnswer(Answer):
    """Ideas, as a judge gives them."""

    ideas: tuple[Text, ...]


class CoveredInput(Value):
    """What j5_covered.j2 is filled with: numbered ideas, and the map line by line."""

    nonce: str
    query: str
    ideas: tuple[str, ...]
    lines: tuple[str, ...]


class CoveredItem(Answer):
    """Whether one idea is told, and in which words."""

    idea: int
    reason: Text
    quote: Text
    told: bool


class CoveredAnswer(Answer):
    """What is told, as a judge gives it."""

    covered: tuple[CoveredItem, ...]


def _exactly(given: IdeasInput, schema: Schema) -> Schema:
    schema["properties"]["ideas"] |= {"minItems": given.number, "maxItems": given.number}
    return schema


def _narrow(given: CoveredInput, schema: Schema) -> Schema:
    return narrowed(schema, "covered", chosen="told", numbered="idea", of=len(given.ideas))


IDEAS_OF = Prompt("j5_ideas", IdeasInput, IdeasAnswer, role="judge", max_tokens=1_500, narrow=_exactly)
COVERED = Prompt("j5_covered", CoveredInput, CoveredAnswer, role="judge", max_tokens=3_000, narrow=_narrow)


async def judge_ideas(case: Case, *, llm: LLM, prompts: PromptSet) -> tuple[tuple[str, ...], str]:
    """One call: the ideas that an answer to the case's query needs; none of them, and why, where the judge failed."""
    given = IdeasInput(nonce=nonce(case.query), query=case.query, language=name_of(case.language), number=IDEAS)
    answer, why = await asked(llm, IDEAS_OF.fill(given, prompts))
    ideas = tuple(dict.fromkeys(idea for idea in (answer.ideas if answer else ()) if idea))[:IDEAS]
    if answer is not None and len(ideas) < FEWEST_IDEAS:
        return (), f"the judge wrote {len(ideas)} ideas"
    return ideas, why


async def judge_covered(sample: Sample, ideas: Sequence[str], *, llm: LLM, prompts: PromptSet) -> Judgement:
    """One call: the share of ``ideas`` that the map tells."""
    assert sample.map is not None
    lines = told(sample.map)
    given = CoveredInput(
        nonce=nonce(sample.case.query, *ideas, *lines), query=sample.case.query, ideas=tuple(ideas), lines=lines
    )
    answer, why = await asked(llm, COVERED.fill(given, prompts))
    if answer is None:
        return judged(METRIC.id, sample, why=why, calls=1)
    items = by_first(answer.covered, lambda one: one.idea, of=len(ideas))
    kept = {at: item for at, item in items.items() if not item.told or occurs(item.quote, lines, least=QUOTED)}
    score, why = scored({ideas[at - 1]: float(item.told) for at, item in kept.items()}, of=len(ideas))
    return judged(
        METRIC.id,
        sample,
        score=score,
        why=why,
        verdicts={ideas[at - 1]: "told" if item.told else "left out" for at, item in kept.items()},
        reasons={ideas[at - 1]: item.reason for at, item in kept.items()},
        dropped=len(items) - len(kept),
        calls=1,
    )
