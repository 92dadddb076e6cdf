"""The graph: plan, then the writes all at once beside relate, then check and repair in turns.

    plan ─► write ×n ┐
      └───► relate ──┴─► check ⇄ repair ×k

A saved map begins at what it lacks. The only importer of langgraph; nodes know no settings and no model.
"""

from __future__ import annotations

from collections.abc import Awaitable
from functools import cache
from typing import Any, TypeVar

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from mapgen.errors import MapgenError
from mapgen.events import Checked, ConceptWritten, Planned, Related, Repaired
from mapgen.llm.base import LLM
from mapgen.model import Draft, KnowledgeMap, Query
from mapgen.prompting import PromptSet
from mapgen.state import (
    ROUNDS,
    Dependencies,
    Emit,
    Failure,
    Lost,
    Mending,
    State,
    Writing,
    assembled,
    concept_of,
    current_plan,
    found_problems,
    futile,
    missing,
    placed,
    spare,
)
from mapgen.steps.plan import plan
from mapgen.steps.relate import relate
from mapgen.steps.repair import attempted, parts, repair
from mapgen.steps.write import write

T = TypeVar("T")
Update = dict[str, Any]


async def run(start: Query | State, *, llm: LLM, prompts: PromptSet, emit: Emit) -> tuple[KnowledgeMap, int]:
    """The map for a query, or of a state that is to be completed, and how many parts were repaired.

    Raises MapgenError where no map came about, or where nothing could be added to what there was.
    """
    state = State(query=start) if isinstance(start, Query) else start
    dependencies = Dependencies(llm=llm, prompts=prompts, emit=emit)
    result = await build().ainvoke(state, context=dependencies, version="v2")
    return assembled(result.value), result.value.repairs


@cache
def build() -> CompiledStateGraph[State, Dependencies, State, State]:
    """The compiled graph."""
    graph = StateGraph(State, context_schema=Dependencies)
    for node in (plan_node, write_node, relate_node, check_node, repair_node):
        graph.add_node(node.__name__.removesuffix("_node"), node)
    graph.add_conditional_edges(START, beginning, ["plan", "write", "relate", "check"])
    graph.add_conditional_edges("plan", wave, ["write", "relate", "check"])
    graph.add_edge("write", "check")
    graph.add_edge("relate", "check")
    graph.add_conditional_edges("check", repairs, ["repair", END])
    graph.add_edge("repair", "check")
    return graph.compile()


async def plan_node(state: State, *, runtime: Runtime[Dependencies]) -> Update:
    """The outlines, by id."""
    deps = runtime.context
    planned = await plan(state.query, llm=deps.llm, prompts=deps.prompts)
    deps.emit(Planned(plan=planned))
    return {"plan": planned, "outlines": {outline.id: outline for outline in planned.concepts}}


def beginning(state: State) -> list[Send] | str:
    """The plan where there is none yet; else what is missing."""
    return "plan" if state.plan is None else wave(state)


def wave(state: State) -> list[Send] | str:
    """Every write and relate that is missing, all at once; the check where none is."""
    outlines, relations = missing(state)
    writes = [Send("write", Writing(outline, state)) for outline in outlines]
    return [*writes, *([Send("relate", state)] if relations else [])] or "check"


async def write_node(state: Writing, *, runtime: Runtime[Dependencies]) -> Update:
    """One concept's draft, or its failure."""
    deps, whole, outline = runtime.context, current_plan(state.state), state.outline
    asked = write(outline, whole, query=state.state.query, llm=deps.llm, prompts=deps.prompts)
    draft = await attempt(asked)
    if isinstance(draft, Draft):
        rank = whole.concepts.index(outline) + 1
        deps.emit(ConceptWritten(concept=concept_of(outline, draft, rank=rank)))
    return {"drafts": {outline.id: draft}}


async def relate_node(state: State, *, runtime: Runtime[Dependencies]) -> Update:
    """The relations, or their failure."""
    deps = runtime.context
    related = await attempt(relate(state.query, current_plan(state), llm=deps.llm, prompts=deps.prompts))
    if not isinstance(related, Failure):
        deps.emit(Related(relations=related))
    return {"relations": related}


def check_node(state: State, *, runtime: Runtime[Dependencies]) -> Update:
    """The problems of the map as it stands. Raises the first failure where nothing was written or added."""
    if (failure := futile(state)) is not None:
        raise failure
    problems = found_problems(state)
    if state.rounds:
        runtime.context.emit(Repaired(round=state.rounds, parts=state.repairs))
    runtime.context.emit(Checked(problems=problems))
    return {"problems": problems, "rounds": state.rounds + 1}


def repairs(state: State) -> list[Send] | str:
    """The faulty parts, all at once; the end where there is none, or no round left."""
    if state.rounds > ROUNDS or not (faulty := parts(state.problems, spare=spare(state))):
        return END
    map = assembled(state)
    return [Send("repair", Mending(part, map, state)) for part in faulty]


async def repair_node(state: Mending, *, runtime: Runtime[Dependencies]) -> Update:
    """What was mended, and why what was not."""
    deps, round = runtime.context, state.state.rounds
    asked = repair(state.part, state.map, plan=current_plan(state.state), llm=deps.llm, prompts=deps.prompts)
    mended = await attempt(asked)
    if isinstance(mended, Failure):
        return {"repairs": 1, "lost": (Lost(mended.error, state.part, round),)}
    update: Update = {"repairs": 1, "outlines": placed(mended.outlines, state.state), "drafts": mended.drafts}
    if mended.failure is not None:
        update |= {"lost": (Lost(mended.failure, state.part, round),)}
    if state.part.kind == "relations":
        return update | {"relations": mended.relations, "settled": len(state.state.links)}
    return update | {"links": mended.links}


async def attempt(asked: Awaitable[T]) -> T | Failure:
    """What was asked for, or its failure as a value of the state. Raises ConfigError."""
    found = await attempted(asked)
    return Failure(found) if isinstance(found, MapgenError) else found
