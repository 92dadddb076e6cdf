"""Plan: from the query to the map's skeleton, a title and the outlines of its concepts in reading order.

One model call. It writes no texts and knows no graph.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import Field

from mapgen.errors import BadAnswer, InputError
from mapgen.languages import code_of, name_of
from mapgen.llm.base import LLM
from mapgen.model import MAX_CONCEPTS, Outline, Plan, Query, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema
from mapgen.rules.language import detect
from mapgen.rules.names import is_query
from mapgen.rules.twins import duplicates
from mapgen.rules.words import count
from mapgen.text import unique_slugs

T = TypeVar("T")

FEWEST, MOST = 5, 8
RELATED = (6, 12)
MAX_TOPIC_WORDS = 4


class PlanInput(Value):
    """What plan.j2 is filled with. ``language`` is a name in English, empty where only the model can tell."""

    query: str
    language: str
    code: str
    fewest: int
    most: int


class OutlineAnswer(Answer):
    """One planned concept, as a model gives it."""

    name: Text
    scope: Text


class PlanAnswer(Answer):
    """A plan, as a model gives it."""

    language: Annotated[str, Field(max_length=35)]
    title: Text
    concepts: tuple[OutlineAnswer, ...]
    related: tuple[Text, ...]


def _narrow(given: PlanInput, schema: Schema) -> Schema:
    fields = schema["properties"]
    fields["concepts"] |= {"minItems": given.fewest, "maxItems": given.most}
    fields["related"] |= {"minItems": RELATED[0], "maxItems": RELATED[1]}
    if given.code:
        fields["language"] = {"type": "string", "enum": [given.code]}
    return schema


PLAN = Prompt("plan", PlanInput, PlanAnswer, role="planner", max_tokens=1_500, narrow=_narrow)


async def plan(query: Query, *, llm: LLM, prompts: PromptSet) -> Plan:
    """The plan for ``query``: duplicates merged, the query itself left out, cut to the number asked for.

    Raises what the model raises; BadAnswer where no concept is left.
    """
    answer = (await llm.ask(PLAN.fill(plan_input(query), prompts))).value
    return _plan(query, answer)


def plan_input(query: Query) -> PlanInput:
    """What is said to the model about the query."""
    code = query.language or detect(query.text) or ""
    fewest, most = (query.concepts, query.concepts) if query.concepts else (FEWEST, MOST)
    language = name_of(code) if code else ""
    return PlanInput(query=query.text, language=language, code=code, fewest=fewest, most=most)


def _plan(query: Query, answer: PlanAnswer) -> Plan:
    language = query.language or detect(query.text) or _said(answer.language)
    named = tuple(one for one in answer.concepts if one.name and not is_query(one.name, query.text))
    kept = _distinct(named, tuple(one.name for one in named), language=language)[: query.concepts or MAX_CONCEPTS]
    if not kept:
        raise BadAnswer("The plan holds no usable concept.")
    ids = unique_slugs(tuple(one.name for one in kept))
    return Plan(
        title=answer.title or query.text,
        language=language,
        concepts=tuple(Outline(id=id, name=one.name, scope=one.scope) for id, one in zip(ids, kept, strict=True)),
        related=_topics(answer.related, tuple(one.name for one in kept), language=language),
    )


def _said(language: str) -> str:
    """The code of the language that the model names, by code or in English; English where it names none."""
    try:
        return code_of(language).split("-")[0]
    except InputError:
        return "en"


def _topics(given: tuple[str, ...], names: tuple[str, ...], *, language: str) -> tuple[str, ...]:
    """The distinct short topics; where they are too few, the concepts themselves are topics to go on with."""
    short = tuple(topic for topic in (*given, *names) if topic and count(topic) <= MAX_TOPIC_WORDS)
    kept = _distinct(short, short, language=language)
    return kept[: max(RELATED[0], min(RELATED[1], sum(topic in given for topic in kept)))]


def _distinct(items: tuple[T, ...], names: tuple[str, ...], *, language: str) -> tuple[T, ...]:
    """The items without those whose name means the same as an earlier one's."""
    later = {second for _, second in duplicates(names, language)}
    return tuple(item for index, item in enumerate(items) if index not in later)
