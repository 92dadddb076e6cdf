"""Fills every prompt once with examples before any model is asked, so that no fault of a prompt set costs a call.

What depends on a model's answers, such as names and texts, is made up. It knows no model and no map.
"""

from __future__ import annotations

from functools import lru_cache

from mapgen.model import Draft, KnowledgeMap, Outline, Passage, Plan, Problem, Query, Source
from mapgen.prompting import PromptSet
from mapgen.sources.base import Found
from mapgen.state import concept_of
from mapgen.steps.plan import PLAN, plan_input
from mapgen.steps.relate import RELATE, relate_input
from mapgen.steps.repair import CONCEPT, DEFINITION, RELATIONS, RELEVANCE, TEXTS, Part, repair_input
from mapgen.steps.repair import SOURCED as MENDED
from mapgen.steps.write import SOURCED, WRITE, write_input

_OUTLINES = tuple(Outline(id=f"c{n}", name=f"Name {n}", scope="What matters of it here") for n in range(3))
_FOUND = Found(
    passages=(Passage(source="s0", heading="Heading", offset=0, text="It is that."),),
    sources=(Source(id="s0", title="Title", location="file.txt"),),
)
_PROBLEM = (Problem(code="text-empty", where="map", message="A text is empty."),)
_PARTS = (
    (DEFINITION, Part("definition", "c0", _PROBLEM)),
    (RELEVANCE, Part("relevance", "c0", _PROBLEM)),
    (TEXTS, Part("texts", "c0", _PROBLEM)),
    (CONCEPT, Part("concept", "c0", _PROBLEM)),
    (CONCEPT, Part("concept", "", _PROBLEM)),
    (RELATIONS, Part("relations", "", _PROBLEM)),
)


def rehearse(prompts: PromptSet) -> None:
    """Fill every prompt of a map, and of its repairs. Raises ConfigError where one cannot be filled."""
    _rehearsed(prompts, prompts.fingerprint())


@lru_cache(maxsize=16)
def _rehearsed(prompts: PromptSet, fingerprint: str) -> None:
    """A set is filled once in a process, until something in it changes."""
    query, plan = Query(text="Why?", language="en"), _plan()
    for asked in (query, Query(text="Why?")):
        PLAN.fill(plan_input(asked), prompts)
    PLAN.fill(plan_input(query, found=_FOUND), prompts)
    WRITE.fill(write_input(plan.concepts[0], plan, query=query), prompts)
    SOURCED.fill(write_input(plan.concepts[0], plan, query=query, found=_FOUND), prompts)
    RELATE.fill(relate_input(query, plan), prompts)
    map = _map(query, plan)
    for prompt, part in _PARTS:
        prompt.fill(repair_input(part, map, plan=plan), prompts)
    for kind, sourced in MENDED.items():
        sourced.fill(repair_input(Part(kind, "c0", _PROBLEM), map, plan=plan, found=_FOUND), prompts)
    apart = repair_input(Part("relations", "", _PROBLEM), map, plan=plan)
    RELATIONS.fill(apart.model_copy(update={"groups": apart.groups[:2]}), prompts)


def _plan() -> Plan:
    return Plan(title="Why", language="en", concepts=_OUTLINES, related=())


def _map(query: Query, plan: Plan) -> KnowledgeMap:
    draft = Draft(definition="It is that.", relevance="It does that.")
    concepts = tuple(concept_of(outline, draft, rank=rank) for rank, outline in enumerate(plan.concepts, 1))
    return KnowledgeMap(
        query=query.text,
        language=plan.language,
        title=plan.title,
        status="incomplete",
        concepts=concepts,
        relations=(),
        related=(),
        problems=_PROBLEM,
    )
