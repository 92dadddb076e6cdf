"""Relate: from the outlines to the typed relations between the concepts.

One model call, beside the writes. Relations that no rule can accept are left out here already; what is missing is
found by check. It knows no graph.
"""

from __future__ import annotations

from mapgen.languages import name_of
from mapgen.llm.base import LLM
from mapgen.model import Plan, Query, Relation, RelationKind, Value
from mapgen.prompting import Prompt, PromptSet, Schema, nonce
from mapgen.steps.relations import KINDS, RelationsAnswer, narrowed, relations_of


class RelateInput(Value):
    """What relate.j2 is filled with: names and scopes of the concepts, and the vocabulary of kinds.

    ``nonce`` marks where the data begin and end.
    """

    nonce: str
    query: str
    language: str
    concepts: tuple[tuple[str, str], ...]
    fewest: int
    most: int
    kinds: dict[RelationKind, str]


def _narrow(given: RelateInput, schema: Schema) -> Schema:
    names = tuple(name for name, _ in given.concepts)
    return narrowed(schema, names, targets=names, number=relations_wanted(len(names)))


def relations_wanted(concepts: int) -> tuple[int, int]:
    """How many relations connect so many concepts well: at least, at most."""
    return max(1, concepts - 1), concepts + 1


RELATE = Prompt("relate", RelateInput, RelationsAnswer, role="planner", max_tokens=1_500, narrow=_narrow)


async def relate(query: Query, plan: Plan, *, llm: LLM, prompts: PromptSet) -> tuple[Relation, ...]:
    """The sound relations that the model found between the plan's concepts. Raises what the model raises."""
    answer = (await llm.ask(RELATE.fill(relate_input(query, plan), prompts))).value
    return relations_of(answer, plan)


def relate_input(query: Query, plan: Plan) -> RelateInput:
    """What is said to the model about the concepts."""
    fewest, most = relations_wanted(len(plan.concepts))
    return RelateInput(
        nonce=nonce(query.text),
        query=query.text,
        language=name_of(plan.language),
        concepts=tuple((outline.name, outline.scope) for outline in plan.concepts),
        fewest=fewest,
        most=most,
        kinds=dict(KINDS),
    )
