"""Write: from one outline to what the concept is, and what it does in the query.

One model call a concept, all at once. What all of them share stands first in the prompt, what differs last; but for one
line on the lengths behind it, which a small model heeds best at the end. It knows no graph.
"""

from __future__ import annotations

from mapgen.languages import name_of
from mapgen.llm.base import LLM
from mapgen.model import Draft, Outline, Plan, Query, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, nonce


class WriteInput(Value):
    """What write.j2 is filled with; ``concepts`` are the names of all of the map's concepts.

    ``nonce`` marks where the data begin and end.
    """

    nonce: str
    query: str
    language: str
    concepts: tuple[str, ...]
    name: str
    scope: str


class WriteAnswer(Answer):
    """The texts of one concept, as a model gives them."""

    definition: Text
    relevance: Text


WRITE = Prompt("write", WriteInput, WriteAnswer, role="writer", max_tokens=500, shared=True)


async def write(outline: Outline, plan: Plan, *, query: Query, llm: LLM, prompts: PromptSet) -> Draft:
    """The texts of one concept of ``plan``. Raises what the model raises."""
    answer = (await llm.ask(WRITE.fill(write_input(outline, plan, query=query), prompts))).value
    return Draft(definition=answer.definition, relevance=answer.relevance)


def write_input(outline: Outline, plan: Plan, *, query: Query) -> WriteInput:
    """What is said to the model about one concept."""
    return WriteInput(
        nonce=nonce(query.text),
        query=query.text,
        language=name_of(plan.language),
        concepts=tuple(other.name for other in plan.concepts),
        name=outline.name,
        scope=outline.scope,
    )
