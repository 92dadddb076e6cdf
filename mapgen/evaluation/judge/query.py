"""J2, which query: does a relevance say enough of its query to be told from four others? The answer is known.

The words of the query and of the concept's name are blanked, so that pasting them in earns nothing. One relevance of
each foreign map stands among them, so that not all answers are the same; those are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapgen.evaluation.judge.base import (
    NONE,
    JudgedMetric,
    Judgement,
    asked,
    by_first,
    judged,
    rivals,
    scored,
    shuffled,
)
from mapgen.evaluation.judge.blanks import blanked
from mapgen.evaluation.judge.lettered import lettered, narrowed, position
from mapgen.evaluation.metrics.base import Case, Sample
from mapgen.llm.base import LLM
from mapgen.model import Concept, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce

FOREIGN, FEWEST = 4, 2
METRIC = JudgedMetric(
    id="j2_query",
    title="Relevances tell their query",
    formula="share of masked relevances that a judge gives back to their own query among five",
    margin=0.05,
    canaries=("generic relevances",),
)


class QueryInput(Value):
    """What j2_query.j2 is filled with: numbered texts, and queries by letter."""

    nonce: str
    texts: tuple[str, ...]
    queries: tuple[tuple[str, str], ...]


class QueryItem(Answer):
    """The query that one text is given."""

    text: int
    reason: Text
    query: Text


class QueryAnswer(Answer):
    """The queries of all texts, as a judge gives them."""

    answers: tuple[QueryItem, ...]


def _narrow(given: QueryInput, schema: Schema) -> Schema:
    letters = [letter for letter, _ in given.queries]
    return narrowed(schema, "answers", chosen="query", numbered="text", of=len(given.texts), letters=letters)


QUERY = Prompt("j2_query", QueryInput, QueryAnswer, role="judge", max_tokens=3_000, narrow=_narrow)


@dataclass(frozen=True)
class _Text:
    """A masked relevance; ``concept`` is the id of the sample's concept, None for one of a foreign map."""

    words: str
    concept: str | None


async def judge_query(
    sample: Sample, others: Sequence[Sample], *, llm: LLM, prompts: PromptSet, seed: int
) -> Judgement:
    """One call: the share of relevances given to their own query. ``others`` give the queries, with a map or without.

    Missing where they are of fewer than two other clusters.
    """
    assert sample.map is not None
    foreign = rivals(sample, others, seed=seed)[:FOREIGN]
    if len(foreign) < FEWEST:
        why = f"there are {len(foreign)} queries of other clusters, and {FEWEST} are needed to tell this one from"
        return judged(METRIC.id, sample, why=why)
    cases = shuffled([sample.case, *(one.case for one in foreign)], seed, "queries", sample.case.id, sample.repeat)
    texts = _texts(sample, foreign, seed=seed)
    answer, why = await asked(llm, QUERY.fill(_given(texts, cases), prompts))
    if answer is None:
        return judged(METRIC.id, sample, why=why, calls=1)
    marks: dict[str, float | None] = {}
    verdicts, reasons = {}, {}
    for number, item in by_first(answer.answers, lambda one: one.text, of=len(texts)).items():
        concept, chosen = texts[number - 1].concept, position(item.query, of=len(cases))
        if concept is not None and chosen is not None:
            verdicts[concept] = cases[chosen].id if chosen >= 0 else NONE
            marks[concept], reasons[concept] = float(verdicts[concept] == sample.case.id), item.reason
    score, why = scored(marks, of=len(sample.map.concepts))
    return judged(METRIC.id, sample, score=score, why=why, verdicts=verdicts, reasons=reasons, calls=1)


def _texts(sample: Sample, foreign: Sequence[Sample], *, seed: int) -> tuple[_Text, ...]:
    own = [_Text(_masked(sample.case, one), one.id) for one in (sample.map.concepts if sample.map else ())]
    decoys = [
        _Text(_masked(rival.case, shuffled(rival.map.concepts, seed, "decoy", sample.case.id)[0]), None)
        for rival in foreign
        if rival.map and rival.map.concepts
    ]
    return shuffled([*own, *decoys], seed, "texts", sample.case.id, sample.repeat)


def _masked(case: Case, concept: Concept) -> str:
    return blanked(concept.relevance, f"{case.query} {concept.name}", language=case.language)


def _given(texts: Sequence[_Text], cases: Sequence[Case]) -> QueryInput:
    words, queries = tuple(one.words for one in texts), tuple(one.query for one in cases)
    return QueryInput(nonce=nonce(*words, *queries), texts=words, queries=lettered(queries))
