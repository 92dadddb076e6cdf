"""Write: from one outline to what the concept is, and what it does in the query.

One model call a concept, all at once. What all of them share stands first in the prompt, what differs last; but for one
line on the lengths behind it, which a small model heeds best at the end. It knows no graph.
"""

from __future__ import annotations

from mapgen.languages import name_of
from mapgen.llm.base import LLM
from mapgen.model import Draft, Outline, Plan, Query, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce
from mapgen.sources.base import NOTHING, Found
from mapgen.steps.citing import Quotes, cited, fitting, mark, narrowed, shown


class WriteInput(Value):
    """What write.j2 is filled with; ``concepts`` are the names of all of the map's concepts.

    ``nonce`` marks where the data begin and end, ``mark`` where the passages do: pairs of title and text.
    """

    nonce: str
    query: str
    language: str
    concepts: tuple[str, ...]
    name: str
    scope: str
    mark: str = ""
    passages: tuple[tuple[str, str], ...] = ()


class WriteAnswer(Answer):
    """The texts of one concept, as a model gives them."""

    definition: Text
    relevance: Text


class SourcedAnswer(Answer):
    """The texts of one concept, each behind the quotes that it stands on."""

    definition_quotes: Quotes
    definition: Text
    relevance_quotes: Quotes
    relevance: Text


def _narrow(given: WriteInput, schema: Schema) -> Schema:
    return narrowed(schema, len(given.passages))


WRITE = Prompt("write", WriteInput, WriteAnswer, role="writer", max_tokens=500, shared=True)
SOURCED = Prompt("write", WriteInput, SourcedAnswer, role="writer", max_tokens=800, shared=True, narrow=_narrow)


async def write(
    outline: Outline, plan: Plan, *, query: Query, found: Found = NOTHING, llm: LLM, prompts: PromptSet
) -> Draft:
    """The texts of one concept of ``plan``, from the passages found on it where there are any.

    Raises what the model raises.
    """

    async def ask(found: Found) -> Draft:
        given = write_input(outline, plan, query=query, found=found)
        if not found.passages:
            plain = (await llm.ask(WRITE.fill(given, prompts))).value
            return Draft(definition=plain.definition, relevance=plain.relevance)
        answer = (await llm.ask(SOURCED.fill(given, prompts))).value
        cites = cited({"definition": answer.definition_quotes, "relevance": answer.relevance_quotes}, found)
        return Draft(definition=answer.definition, relevance=answer.relevance, **cites._asdict())

    return await fitting(found, ask)


def write_input(outline: Outline, plan: Plan, *, query: Query, found: Found = NOTHING) -> WriteInput:
    """What is said to the model about one concept."""
    return WriteInput(
        nonce=nonce(query.text),
        query=query.text,
        language=name_of(plan.language),
        concepts=tuple(other.name for other in plan.concepts),
        name=outline.name,
        scope=outline.scope,
        mark=mark(query.text, found),
        passages=shown(found),
    )
