"""J1, blind match: which name belongs to each definition? The answer is known, so tone and length flatter nobody.

Definitions and names are shuffled, each definition's own name is blanked in it, and two foreign names stand among
them. A definition that fits another name as well, or none, is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapgen.evaluation.judge.base import (
    NONE,
    JudgedMetric,
    Judgement,
    asked,
    by_first,
    judged,
    rivals,
    scored,
    share_words,
    shuffled,
)
from mapgen.evaluation.judge.blanks import blanked
from mapgen.evaluation.judge.lettered import lettered, narrowed, position
from mapgen.evaluation.metrics.base import Sample
from mapgen.llm.base import LLM
from mapgen.model import KnowledgeMap, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce

FOREIGN = 2
METRIC = JudgedMetric(
    id="j1_match",
    title="Definitions fit their names",
    formula="share of definitions that a blind judge gives back to their own name, two foreign names among them",
    margin=0.05,
    canaries=("swapped pair",),
)


class MatchInput(Value):
    """What j1_match.j2 is filled with: numbered definitions, and names by letter."""

    nonce: str
    definitions: tuple[str, ...]
    names: tuple[tuple[str, str], ...]


class MatchItem(Answer):
    """The name that one definition is given."""

    definition: int
    reason: Text
    name: Text


class MatchAnswer(Answer):
    """The matching, as a judge gives it."""

    matches: tuple[MatchItem, ...]


def _narrow(given: MatchInput, schema: Schema) -> Schema:
    letters = [letter for letter, _ in given.names]
    return narrowed(schema, "matches", chosen="name", numbered="definition", of=len(given.definitions), letters=letters)


MATCH = Prompt("j1_match", MatchInput, MatchAnswer, role="judge", max_tokens=2_500, narrow=_narrow)


async def judge_match(
    sample: Sample, others: Sequence[Sample], *, llm: LLM, prompts: PromptSet, seed: int
) -> Judgement:
    """One call: the share of definitions matched with their own names. Foreign names come from ``others``' maps."""
    assert sample.map is not None
    concepts = sample.map.concepts
    order = shuffled(range(len(concepts)), seed, "definitions", sample.case.id, sample.repeat)
    names = _names(sample, sample.map, others=others, seed=seed)
    given = _given(sample, [(concepts[at].name, concepts[at].definition) for at in order], names=names)
    answer, why = await asked(llm, MATCH.fill(given, prompts))
    if answer is None:
        return judged(METRIC.id, sample, why=why, calls=1)
    marks: dict[str, float | None] = {}
    verdicts, reasons = {}, {}
    for number, item in by_first(answer.matches, lambda one: one.definition, of=len(order)).items():
        own, chosen = concepts[order[number - 1]], position(item.name, of=len(names))
        if chosen is not None:
            name = names[chosen] if chosen >= 0 else NONE
            marks[own.id] = float(name.casefold() == own.name.casefold())
            verdicts[own.id], reasons[own.id] = name, item.reason
    score, why = scored(marks, of=len(concepts))
    return judged(METRIC.id, sample, score=score, why=why, verdicts=verdicts, reasons=reasons, calls=1)


def foreign_names(sample: Sample, others: Sequence[Sample], *, seed: int) -> tuple[str, ...]:
    """Names from the maps of other clusters, at most one a map, that share no word with a name of the sample's map."""
    own = [one.name for one in sample.map.concepts] if sample.map else []
    found: list[str] = []
    for rival in rivals(sample, [one for one in others if one.map], seed=seed):
        names = shuffled([one.name for one in rival.map.concepts] if rival.map else [], seed, sample.case.id)
        apart = (one for one in names if not share_words(one, [*own, *found], language=sample.case.language))
        found += list(apart)[:1]
    return tuple(found[:FOREIGN])


def _names(sample: Sample, map: KnowledgeMap, *, others: Sequence[Sample], seed: int) -> tuple[str, ...]:
    every = (*(one.name for one in map.concepts), *foreign_names(sample, others, seed=seed))
    return shuffled(every, seed, "names", sample.case.id, sample.repeat)


def _given(sample: Sample, texts: Sequence[tuple[str, str]], *, names: tuple[str, ...]) -> MatchInput:
    definitions = tuple(blanked(definition, name, language=sample.case.language) for name, definition in texts)
    return MatchInput(nonce=nonce(*definitions, *names), definitions=definitions, names=lettered(names))
