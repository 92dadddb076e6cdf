"""The graph: ground, plan, the writes all at once beside relate, then check and repair in turns.

    ground ─► plan ─► write ×n ┐
                └───► relate ──┴─► check ⇄ repair ×k

A write grounds its concept first, a saved map begins at what it lacks. Nodes know no settings and no model.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from mapgen.errors import MapgenError
from mapgen.events import Checked, ConceptWritten, Grounded, Planned, Related, Repaired
from mapgen.llm.base import LLM
from mapgen.model import Draft, KnowledgeMap, Outline, Query
from mapgen.prompting import PromptSet
from mapgen.sources.base import NOTHING, Finder, Found, Wanted
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
    vacant,
)
from mapgen.steps.ground import ROOM, Room, ground
from mapgen.steps.plan import language_of, plan
from mapgen.steps.relate import relate
from mapgen.steps.repair import Mended, attempted, parts, repair
from mapgen.steps.write import write

T = TypeVar("T")
Update = dict[str, Any]


class Outcome(NamedTuple):
    """A map, how many of its parts were repaired, and how many quotes were left out because they stand nowhere."""

    map: KnowledgeMap
    repairs: int
    dropped: int


async def run(
    start: Query | State, *, llm: LLM, prompts: PromptSet, emit: Emit, finder: Finder | None = None, room: Room = ROOM
) -> Outcome:
    """The map for a query, or of a state that is to be completed; ``finder`` are the sources, if any.

    Raises MapgenError where no map came about, or where nothing could be added to what there was.
    """
    state = State(query=start) if isinstance(start, Query) else start
    dependencies = Dependencies(llm=llm, prompts=prompts, emit=emit, finder=finder, room=room)
    result = await build().ainvoke(state, context=dependencies, version="v2")
    return Outcome(assembled(result.value), result.value.repairs, result.value.dropped)


@cache
def build() -> CompiledStateGraph[State, Dependencies, State, State]:
    """The compiled graph."""
    graph = StateGraph(State, context_schema=Dependencies)
    for node in (ground_node, plan_node, write_node, relate_node, check_node, repair_node):
        graph.add_node(node.__name__.removesuffix("_node"), node)
    graph.add_conditional_edges(START, beginning, ["ground", "plan", "write", "relate", "check"])
    graph.add_edge("ground", "plan")
    graph.add_conditional_edges("plan", wave, ["write", "relate", "check"])
    graph.add_edge("write", "check")
    graph.add_edge("relate", "check")
    graph.add_conditional_edges("check", repairs, ["repair", END])
    graph.add_edge("repair", "check")
    return graph.compile()


async def ground_node(state: State, *, runtime: Runtime[Dependencies]) -> Update:
    """What the sources say of the query."""
    language = language_of(state.query) or "en"
    return {"found": await _found(Wanted(query=state.query.text, language=language), runtime.context)}


async def plan_node(state: State, *, runtime: Runtime[Dependencies]) -> Update:
    """The outlines, by id."""
    deps = runtime.context
    planned = await plan(state.query, found=state.found, llm=deps.llm, prompts=deps.prompts)
    deps.emit(Planned(plan=planned))
    return {"plan": planned, "outlines": {outline.id: outline for outline in planned.concepts}}


def beginning(state: State, runtime: Runtime[Dependencies]) -> list[Send] | str:
    """The plan where there is none yet, from what the sources say where there are any; else what is missing."""
    if state.plan is None:
        return "plan" if runtime.context.finder is None else "ground"
    return wave(state)


def wave(state: State) -> list[Send] | str:
    """Every write and relate that is missing, all at once; the check where none is."""
    outlines, relations = missing(state)
    writes = [Send("write", Writing(outline, state)) for outline in outlines]
    return [*writes, *([Send("relate", state)] if relations else [])] or "check"


async def write_node(state: Writing, *, runtime: Runtime[Dependencies]) -> Update:
    """One concept's draft, or its failure."""
    deps, whole, outline = runtime.context, current_plan(state.state), state.outline
    found = await _about(outline, state.state, deps=deps)
    asked = write(outline, whole, query=state.state.query, found=found, llm=deps.llm, prompts=deps.prompts)
    draft = await attempt(asked)
    if isinstance(draft, Draft):
        rank = whole.concepts.index(outline) + 1
        deps.emit(ConceptWritten(concept=concept_of(outline, draft, rank=rank)))
    return {"drafts": {outline.id: draft}, "grounds": {outline.id: found}, "dropped": _dropped(draft)}


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
    if state.rounds > ROUNDS or not (faulty := parts(state.problems, room=vacant(state), spare=spare(state))):
        return END
    map = assembled(state)
    return [Send("repair", Mending(part, map, state)) for part in faulty]


async def repair_node(state: Mending, *, runtime: Runtime[Dependencies]) -> Update:
    """What was mended, and why what was not."""
    deps, round, whole = runtime.context, state.state.rounds, current_plan(state.state)
    outline = next((one for one in whole.concepts if one.id == state.part.id), None)
    found = await _about(outline, state.state, deps=deps) if outline and state.part.kind != "concept" else NOTHING
    asked = repair(state.part, state.map, plan=whole, found=found, llm=deps.llm, prompts=deps.prompts)
    mended = await attempt(asked)
    if isinstance(mended, Failure):
        return {"repairs": 1, "lost": (Lost(mended.error, state.part, round),)}
    grounds = {outline.id: found} if outline and state.part.kind != "concept" else {}
    if state.part.kind == "concept" and deps.finder is not None:
        mended, grounds = await _from_sources(mended, state.state, deps=deps)
    update: Update = {"repairs": 1, "outlines": placed(mended.outlines, state.state), "drafts": mended.drafts}
    update |= {"grounds": grounds, "dropped": sum(map(_dropped, mended.drafts.values()))}
    if mended.failure is not None:
        update |= {"lost": (Lost(mended.failure, state.part, round),)}
    if state.part.kind == "relations":
        return update | {"relations": mended.relations, "settled": len(state.state.links)}
    return update | {"links": mended.links}


async def _from_sources(mended: Mended, state: State, *, deps: Dependencies) -> tuple[Mended, dict[str, Found]]:
    """The concept that came in a repair, written anew where the sources say something of it; and what they say.

    Only its name tells what to look for, so that it came without them.
    """
    (outline,) = mended.outlines.values()
    found = await _about(outline, state, deps=deps)
    if found.passages:
        whole = current_plan(state)
        others = (one for one in whole.concepts if one.id not in mended.outlines)
        whole = whole.model_copy(update={"concepts": (*others, outline)})
        draft = await attempt(write(outline, whole, query=state.query, found=found, llm=deps.llm, prompts=deps.prompts))
        mended = mended if isinstance(draft, Failure) else replace(mended, drafts={outline.id: draft})
    return mended, {outline.id: found}


async def _about(outline: Outline, state: State, *, deps: Dependencies) -> Found:
    """What the sources say of one concept, looked for once."""
    if (known := state.grounds.get(outline.id)) is not None:
        return known
    language = current_plan(state).language
    wanted = Wanted(query=state.query.text, language=language, name=outline.name, scope=outline.scope)
    return await _found(wanted, deps, concept=outline.id)


async def _found(wanted: Wanted, deps: Dependencies, *, concept: str = "") -> Found:
    """The passages for that, as many as there is room for. Where the sources fail there are none, and they say so."""
    if deps.finder is None:
        return NOTHING
    room = deps.room.write if concept else deps.room.plan
    found = await ground(wanted, finder=deps.finder, room=room)
    deps.emit(Grounded(concept=concept, passages=found.passages, sources=found.sources))
    return found


def _dropped(draft: Draft | Failure) -> int:
    return draft.dropped if isinstance(draft, Draft) else 0


async def attempt(asked: Awaitable[T]) -> T | Failure:
    """What was asked for, or its failure as a value of the state. Raises ConfigError."""
    found = await attempted(asked)
    return Failure(found) if isinstance(found, MapgenError) else found
