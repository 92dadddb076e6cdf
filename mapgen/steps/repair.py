"""Repair: asks again for what the rules found faulty, and only for that, with the problems quoted.

``parts`` sorts problems into what can be asked; ``repair`` asks for one part. It knows no graph, and runs rules only
to shape what is asked and what came: groups that are apart, texts that are trimmed, names that are there already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar, get_args

from pydantic import Field

from mapgen.errors import BadAnswer, ConfigError, MapgenError
from mapgen.languages import name_of
from mapgen.llm.base import LLM
from mapgen.model import MAX_CONCEPTS, Draft, KnowledgeMap, Outline, Plan, Problem, Relation, RelationKind, Value
from mapgen.prompting import Prompt, PromptSet, Schema, nonce
from mapgen.rules import components
from mapgen.rules.quoting import quote
from mapgen.rules.twins import twins
from mapgen.sources.base import NOTHING, Found
from mapgen.steps.citing import Of, Quote, cited, fitting, mark, shown
from mapgen.steps.citing import narrowed as quoting
from mapgen.steps.mending import (
    ConceptAnswer,
    DefinitionAnswer,
    RelevanceAnswer,
    SourcedDefinition,
    SourcedRelevance,
    SourcedTexts,
    TextsAnswer,
)
from mapgen.steps.relations import KINDS, RelationAnswer, RelationsAnswer, narrowed, relations_of
from mapgen.steps.trimming import trimmed
from mapgen.text import unique_slugs

T = TypeVar("T")
NOT_MENDED = "not-mended"  # the code of a problem that says why a repair failed: no part of the map to ask for
_NO_CONCEPT = frozenset({NOT_MENDED, "concepts-many"})  # problems of the whole map that no further concept mends
Kind = Literal["definition", "relevance", "texts", "concept", "relations"]


@dataclass(frozen=True)
class Part:
    """What is asked again: texts of the concept ``id``, a concept in its place (no ``id``: one more), or relations."""

    kind: Kind
    id: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Mended:
    """What came back; ``outlines`` are by the id of the concept whose place they take, or by their own.

    ``failure`` is why some of it did not.
    """

    outlines: dict[str, Outline] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    links: tuple[Relation, ...] = ()
    failure: MapgenError | None = None


class RepairInput(Value):
    """What repair.j2 is filled with; ``part`` says what is asked, and which of the other fields matter.

    ``nonce`` marks where the data begin and end, ``mark`` where the passages do: pairs of title and text.
    """

    part: Kind
    nonce: str
    query: str
    language: str
    concepts: tuple[str, ...]
    problems: tuple[str, ...]
    name: str = ""
    scope: str = ""
    definition: str = ""
    kinds: dict[RelationKind, str] = Field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()
    mark: str = ""
    passages: tuple[tuple[str, str], ...] = ()


def _narrow(given: RepairInput, schema: Schema) -> Schema:
    """One relation from a group that is apart to the largest one; else relations between any of the concepts."""
    if len(given.groups) == 2:
        largest, apart = given.groups
        return narrowed(schema, apart, targets=largest, number=(1, 1))
    number = (max(1, len(given.groups) - 1), len(given.concepts))
    return narrowed(schema, given.concepts, targets=given.concepts, number=number)


def _narrow_concept(given: RepairInput, schema: Schema) -> Schema:
    if given.concepts:
        schema["properties"]["target"] = {"type": "string", "enum": list(given.concepts)}
    return schema


def _narrow_quotes(given: RepairInput, schema: Schema) -> Schema:
    return quoting(schema, len(given.passages))


DEFINITION = Prompt("repair", RepairInput, DefinitionAnswer, role="writer", max_tokens=250)
RELEVANCE = Prompt("repair", RepairInput, RelevanceAnswer, role="writer", max_tokens=400)
TEXTS = Prompt("repair", RepairInput, TextsAnswer, role="writer", max_tokens=500)
CONCEPT = Prompt("repair", RepairInput, ConceptAnswer, role="writer", max_tokens=700, narrow=_narrow_concept)
RELATIONS = Prompt("repair", RepairInput, RelationsAnswer, role="planner", max_tokens=1_000, narrow=_narrow)
_TEXTS: dict[Kind, Prompt[RepairInput, Any]] = {"definition": DEFINITION, "relevance": RELEVANCE, "texts": TEXTS}
SOURCED: dict[Kind, Prompt[RepairInput, Any]] = {
    "definition": Prompt(
        "repair", RepairInput, SourcedDefinition, role="writer", max_tokens=400, narrow=_narrow_quotes
    ),
    "relevance": Prompt("repair", RepairInput, SourcedRelevance, role="writer", max_tokens=600, narrow=_narrow_quotes),
    "texts": Prompt("repair", RepairInput, SourcedTexts, role="writer", max_tokens=800, narrow=_narrow_quotes),
}


def parts(problems: tuple[Problem, ...], *, room: int = MAX_CONCEPTS, spare: str = "") -> tuple[Part, ...]:
    """What is to be asked again for these problems, each part once; problems on title and related topics are left.

    ``room`` is how many concepts the map may have more; where it has none, ``spare`` is the id of one that gives way
    to one that is missing, or empty: then none is asked for, for a number that was wished is kept.
    """
    found: dict[str, list[Problem]] = {}
    for number, problem in enumerate(problems):
        found.setdefault(_place(problem, number), []).append(problem)
    found.pop("", None)
    missing = [place for place in found if place.startswith("+")]
    gone = {*missing[1:], spare} if spare and missing else set(missing[max(room, 0) :])
    found = {place: quoted for place, quoted in found.items() if place not in gone}
    return tuple(_part(place, tuple(quoted), spare=spare) for place, quoted in found.items())


def _place(problem: Problem, number: int) -> str:
    """A key of what is asked: ``relations``, the id of a concept, or one for each thing that is missing."""
    kind, _, rest = problem.where.partition(".")
    if kind == "map":
        return "" if problem.code.startswith("text-") or problem.code in _NO_CONCEPT else f"+{number}"
    return rest.split(".")[0] if kind == "concepts" else kind if kind == "relations" else ""


def _part(place: str, problems: tuple[Problem, ...], *, spare: str) -> Part:
    if place == "relations":
        return Part("relations", "", problems)
    if place.startswith("+"):
        return Part("concept", spare, problems)
    faulty = {problem.where.rsplit(".", 1)[-1] for problem in problems}
    if faulty == {"definition"}:
        return Part("definition", place, problems)
    if faulty == {"relevance"}:
        return Part("relevance", place, problems)
    return Part("texts" if faulty == {"definition", "relevance"} else "concept", place, problems)


async def repair(
    part: Part, map: KnowledgeMap, *, plan: Plan, found: Found = NOTHING, llm: LLM, prompts: PromptSet
) -> Mended:
    """The part, mended: without asking where leaving out sentences is enough. Raises what the model raises.

    ``found`` are the passages that the texts of its concept may stand on.
    """
    if part.kind in _TEXTS:
        return await _texts(part, map, plan=plan, found=found, llm=llm, prompts=prompts)
    given = repair_input(part, map, plan=plan)
    if part.kind == "relations":
        kept = _kept(part, map)
        links, failure = await _links(given, llm, prompts=prompts, rooted=bool(kept))
        relations = relations_of(RelationsAnswer(relations=links), plan, known=kept)
        return Mended(relations=relations, failure=failure)
    return _concept((await llm.ask(CONCEPT.fill(given, prompts))).value, part, map=map, plan=plan)


async def _links(
    given: RepairInput, llm: LLM, *, prompts: PromptSet, rooted: bool
) -> tuple[tuple[RelationAnswer, ...], MapgenError | None]:
    """The relations that were asked for: ``rooted``, one for each group that is apart, asked all at once; else many.

    Small models leave concepts out of a long list, and cannot of a list of one. The first failure is told beside
    them; it is raised where nothing came, or where no sibling would fare better.
    """
    largest, *others = given.groups
    each = [given.model_copy(update={"groups": (largest, other)}) for other in others] if rooted else []
    asked = (attempted(llm.ask(RELATIONS.fill(one, prompts))) for one in each or [given])
    answers = await asyncio.gather(*asked)
    failed = [answer for answer in answers if isinstance(answer, MapgenError)]
    if failed and len(failed) == len(answers):
        raise failed[0]
    found = (one for answer in answers if not isinstance(answer, MapgenError) for one in answer.value.relations)
    return tuple(found), next(iter(failed), None)


async def attempted(asked: Awaitable[T]) -> T | MapgenError:
    """What was asked for, or its failure as a value. Raises ConfigError: no sibling would fare better."""
    try:
        return await asked
    except ConfigError:
        raise
    except MapgenError as error:
        return error


async def _texts(part: Part, map: KnowledgeMap, *, plan: Plan, found: Found, llm: LLM, prompts: PromptSet) -> Mended:
    """The texts of one concept; a text that is asked anew stands on nothing but its own quotes."""
    concept = map.concept(part.id)
    faulty = frozenset(of for of in get_args(Of) if part.kind in (of, "texts"))
    texts = trimmed(concept, faulty, query=map.query, language=map.language)
    draft = Draft(definition=concept.definition, relevance=concept.relevance, citations=concept.citations)
    draft = draft.model_copy(update=texts)
    left = faulty - texts.keys()
    kind: Kind = part.kind if len(left) > 1 else next(iter(left), "texts")

    async def ask(found: Found) -> Draft:
        given = repair_input(replace(part, kind=kind), map, plan=plan, found=found)
        prompt = (SOURCED if found.passages else _TEXTS)[kind]
        answer = dict((await llm.ask(prompt.fill(given, prompts))).value)
        quotes: dict[Of, tuple[Quote, ...]] = {of: answer.pop(f"{of}_quotes", ()) for of in sorted(left)}
        new = cited(quotes, found)
        kept = (one for one in draft.citations if one.of not in left)
        citations = sorted((*kept, *new.citations), key=lambda one: one.of or "")
        return draft.model_copy(update={**answer, "citations": tuple(citations), "dropped": new.dropped})

    return Mended(drafts={part.id: await fitting(found, ask) if left else draft})


def _concept(answer: ConceptAnswer, part: Part, *, map: KnowledgeMap, plan: Plan) -> Mended:
    """A concept under an id of its own, or the faulty one's where the name is the same; it takes that one's place.

    Raises BadAnswer where another concept of the map is it already: two of one kind are worse than none.
    """
    others = (one.name for one in plan.concepts if one.id != part.id)
    if twin := next((name for name in others if twins(answer.name, name, language=map.language)), None):
        raise BadAnswer(f"The concept that came for it is there already: {quote(twin)}.")
    taken = tuple(outline.id for outline in plan.concepts if outline.id != part.id)
    id = unique_slugs((*taken, answer.name))[-1]
    outline = Outline(id=id, name=answer.name, scope="")
    draft = Draft(definition=answer.definition, relevance=answer.relevance)
    whole = plan.model_copy(update={"concepts": (*(one for one in plan.concepts if one.id != part.id), outline)})
    link = RelationAnswer(source=answer.name, **answer.model_dump(exclude={"name", "definition", "relevance"}))
    found = relations_of(RelationsAnswer(relations=(link,)), whole, known=map.relations)
    links = tuple(one for one in found if one not in map.relations)
    return Mended(outlines={part.id or id: outline}, drafts={id: draft}, links=links)


def repair_input(part: Part, map: KnowledgeMap, *, plan: Plan, found: Found = NOTHING) -> RepairInput:
    """What is said to the model about one part."""
    others = tuple(concept for concept in map.concepts if part.kind != "concept" or concept.id != part.id)
    given = RepairInput(
        part=part.kind,
        nonce=nonce(map.query),
        query=map.query,
        language=name_of(map.language),
        concepts=tuple(concept.name for concept in others),
        problems=tuple(dict.fromkeys(problem.message for problem in part.problems)),
        mark=mark(map.query, found),
        passages=shown(found),
    )
    return given.model_copy(update=_about(part, map, plan=plan))


def _kept(part: Part, map: KnowledgeMap) -> tuple[Relation, ...]:
    """The relations in which no problem was found."""
    faulty = {problem.where for problem in part.problems}
    return tuple(one for at, one in enumerate(map.relations) if f"relations.{at}" not in faulty)


def _about(part: Part, map: KnowledgeMap, *, plan: Plan) -> dict[str, Any]:
    told = {"kinds": dict(KINDS)} if part.kind in ("relations", "concept") else {}
    if part.kind == "relations":
        names = {concept.id: concept.name for concept in map.concepts}
        groups = components(tuple(names), _kept(part, map))
        return told | {"groups": tuple(tuple(names[id] for id in group) for group in groups)}
    if not part.id:
        return told
    concept = map.concept(part.id)
    scope = next((outline.scope for outline in plan.concepts if outline.id == part.id), "")
    return told | {"name": concept.name, "scope": scope, "definition": concept.definition}
