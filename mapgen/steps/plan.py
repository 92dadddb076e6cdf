"""Plan: from the query to the map's skeleton, a title and the outlines of its concepts in reading order.

One model call. It writes no texts and knows no graph.
"""

from __future__ import annotations

import re
from typing import Annotated, TypeVar

from pydantic import Field

from mapgen.errors import BadAnswer, InputError
from mapgen.languages import code_of, name_of
from mapgen.llm.base import LLM
from mapgen.model import MAX_CONCEPTS, Outline, Plan, Query, Text, Value
from mapgen.prompting import Answer, Prompt, PromptSet, Schema, nonce
from mapgen.rules.counts import MAX_RELATED, MAX_RELATED_WORDS, MIN_RELATED
from mapgen.rules.language import detect
from mapgen.rules.names import is_query
from mapgen.rules.subjects import subjects
from mapgen.rules.twins import duplicates, twins
from mapgen.rules.words import count
from mapgen.sources.base import NOTHING, Found
from mapgen.steps.citing import fitting, mark, shown
from mapgen.text import unique_slugs

T = TypeVar("T")

_AND = re.compile(r"\s+(?:and|vs\.?|und|et|y|e|и)\s+|\s*[&/]\s*")

FEWEST, MOST = 5, 8


class PlanInput(Value):
    """What plan.j2 is filled with. ``language`` is a name in English, empty where only the model can tell.

    ``nonce`` marks where the query begins and ends.
    ``subjects`` are what the query names plainly, as check will look for them. ``mark`` marks where the passages
    begin and end, which are pairs of title and text.
    """

    nonce: str
    query: str
    language: str
    code: str
    fewest: int
    most: int
    subjects: tuple[str, ...] = ()
    mark: str = ""
    passages: tuple[tuple[str, str], ...] = ()


class OutlineAnswer(Answer):
    """One planned concept, as a model gives it."""

    name: Text
    scope: Text


class PlanAnswer(Answer):
    """A plan, as a model gives it."""

    language: Annotated[str, Field(max_length=35)]
    title: Text
    concepts: Annotated[tuple[OutlineAnswer, ...], Field(min_length=1)]
    related: tuple[Text, ...]


def _narrow(given: PlanInput, schema: Schema) -> Schema:
    fields = schema["properties"]
    fields["concepts"] |= {"minItems": given.fewest, "maxItems": given.most}
    fields["related"] |= {"minItems": MIN_RELATED, "maxItems": MAX_RELATED}
    if given.code:
        fields["language"] = {"type": "string", "enum": [given.code]}
    return schema


PLAN = Prompt("plan", PlanInput, PlanAnswer, role="planner", max_tokens=1_500, narrow=_narrow)


async def plan(query: Query, *, found: Found = NOTHING, llm: LLM, prompts: PromptSet) -> Plan:
    """The plan for ``query``: duplicates merged, the query itself left out, cut to the number asked for.

    ``found`` are the passages that it may take its concepts from. Raises what the model raises; BadAnswer where no
    concept is left.
    """

    async def ask(found: Found) -> PlanAnswer:
        return (await llm.ask(PLAN.fill(plan_input(query, found=found), prompts))).value

    return _plan(query, await fitting(found, ask))


def language_of(query: Query) -> str:
    """The code of the language that the query asks for, or is in; empty where only the model can tell."""
    return query.language or detect(query.text) or ""


def plan_input(query: Query, *, found: Found = NOTHING) -> PlanInput:
    """What is said to the model about the query."""
    code = language_of(query)
    fewest, most = (query.concepts, query.concepts) if query.concepts else (FEWEST, MOST)
    language = name_of(code) if code else ""
    named = tuple(dict.fromkeys(subject.words for subject in subjects(query.text, code or "en")))[:most]
    return PlanInput(
        nonce=nonce(query.text),
        query=query.text,
        language=language,
        code=code,
        fewest=fewest,
        most=most,
        subjects=named,
        mark=mark(query.text, found),
        passages=shown(found),
    )


def _plan(query: Query, answer: PlanAnswer) -> Plan:
    language = language_of(query) or _said(answer.language)
    plain = tuple((_plain(one.name, query.text), one.scope) for one in answer.concepts)
    named = tuple(one for one in plain if one[0] and not is_query(one[0], query.text))
    single = tuple(one for one in named if not _joins(one[0], tuple(name for name, _ in named), language=language))
    kept = _distinct(single, tuple(name for name, _ in single), language=language)[: query.concepts or MAX_CONCEPTS]
    if not kept:
        raise BadAnswer("The plan holds no usable concept.")
    names = tuple(name for name, _ in kept)
    return Plan(
        title=answer.title or query.text,
        language=language,
        concepts=tuple(
            Outline(id=id, name=name, scope=scope) for id, (name, scope) in zip(unique_slugs(names), kept, strict=True)
        ),
        related=_topics(answer.related, names, language=language),
    )


def _plain(name: str, query: str) -> str:
    """The name without a bracket behind the query's own words: it only guesses at what these stand for."""
    words, bracket, _ = name.partition(" (")
    named = re.search(rf"\b{re.escape(words)}\b", query, re.IGNORECASE)
    return words if bracket and words and named else name


def _joins(name: str, names: tuple[str, ...], *, language: str) -> bool:
    """Whether a name only puts two of the others together, such as "Inflation and Oil Prices"."""
    halves = _AND.split(name)
    return len(halves) == 2 and all(
        any(other != name and twins(half, other, language=language) for other in names) for half in halves
    )


def _said(language: str) -> str:
    """The code of the language that the model names, by code or in English; English where it names none."""
    try:
        return code_of(language).split("-")[0]
    except InputError:
        return "en"


def _topics(given: tuple[str, ...], names: tuple[str, ...], *, language: str) -> tuple[str, ...]:
    """The distinct short topics; where they are too few, the concepts themselves are topics to go on with."""
    short = tuple(topic for topic in (*given, *names) if topic and count(topic) <= MAX_RELATED_WORDS)
    kept = _distinct(short, short, language=language)
    return kept[: max(MIN_RELATED, min(MAX_RELATED, sum(topic in given for topic in kept)))]


def _distinct(items: tuple[T, ...], names: tuple[str, ...], *, language: str) -> tuple[T, ...]:
    """The items without those whose name means the same as an earlier one's."""
    later = {second for _, second in duplicates(names, language)}
    return tuple(item for index, item in enumerate(items) if index not in later)
