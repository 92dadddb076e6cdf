"""The typed state of one map in the making, its reducers, and the dependencies that come in from outside.

Plain values and pure functions: it knows no graph library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import add
from typing import Annotated, TypeVar

from mapgen.errors import MapgenError, Stopped
from mapgen.events import Event
from mapgen.llm.base import LLM
from mapgen.model import (
    MAX_CONCEPTS,
    Concept,
    Draft,
    KnowledgeMap,
    Outline,
    Plan,
    Problem,
    Query,
    Relation,
    Source,
)
from mapgen.prompting import PromptSet
from mapgen.rules import uncovered
from mapgen.sources.base import NOTHING, Finder, Found
from mapgen.steps.check import check
from mapgen.steps.ground import ROOM, Room
from mapgen.steps.repair import NOT_MENDED, Part
from mapgen.text import counted

T = TypeVar("T")
Emit = Callable[[Event], None]

ROUNDS = 2  # of repair at most


@dataclass(frozen=True)
class Failure:
    """An asking that failed, as a value: its siblings live."""

    error: MapgenError


@dataclass(frozen=True)
class Lost(Failure):
    """The repair of a part that failed in that round, or some of its askings did."""

    part: Part
    round: int


@dataclass(frozen=True)
class Dependencies:
    """What the steps need from outside: the models, the prompts, who watches, and the sources, if any."""

    llm: LLM
    prompts: PromptSet
    emit: Emit
    finder: Finder | None = None
    room: Room = ROOM


def merged(before: Mapping[str, T], after: Mapping[str, T]) -> Mapping[str, T]:
    """Both mappings as one; where they meet, the later one holds, in the earlier one's place."""
    return {**before, **after}


def latest(before: tuple[T, ...] | Failure, after: tuple[T, ...] | Failure) -> tuple[T, ...] | Failure:
    """The later value; of a failure, what was there before, if anything."""
    return before if isinstance(after, Failure) and before and not isinstance(before, Failure) else after


@dataclass(frozen=True)
class State:
    """One map in the making. ``drafts`` are by concept id, ``outlines`` by the id of the one that was planned there.

    ``settled`` is how many ``links`` there were when ``relations`` were mended, which hold them or leave them out.
    ``lost`` are the repairs that failed. ``sources`` are those of a map that is completed, ``origin`` how that began.
    ``found`` is what the sources say of the query, ``grounds`` by concept id what they say of that; ``dropped`` is
    how many quotes were left out.
    """

    query: Query
    found: Found = NOTHING
    plan: Plan | None = None
    outlines: Annotated[Mapping[str, Outline], merged] = field(default_factory=dict)
    drafts: Annotated[Mapping[str, Draft | Failure], merged] = field(default_factory=dict)
    grounds: Annotated[Mapping[str, Found], merged] = field(default_factory=dict)
    dropped: Annotated[int, add] = 0
    relations: Annotated[tuple[Relation, ...] | Failure, latest] = ()
    links: Annotated[tuple[Relation, ...], add] = ()
    settled: int = 0
    problems: tuple[Problem, ...] = ()
    rounds: int = 0
    repairs: Annotated[int, add] = 0
    lost: Annotated[tuple[Lost, ...], add] = ()
    sources: tuple[Source, ...] = ()
    origin: State | None = None


@dataclass(frozen=True)
class Writing:
    """What one write is sent: its concept."""

    outline: Outline
    state: State


@dataclass(frozen=True)
class Mending:
    """What one repair is sent: its part, and the map as it stands."""

    part: Part
    map: KnowledgeMap
    state: State


def missing(state: State) -> tuple[tuple[Outline, ...], bool]:
    """The outlines that nothing was written about, and whether relations are still to be asked for."""
    return tuple(one for one in state.outlines.values() if one.id not in state.drafts), not state.relations


def futile(state: State) -> MapgenError | None:
    """Why nothing was added to the map that ``state`` was begun of, where askings failed and none brought anything."""
    failures = [one for one in (*state.drafts.values(), state.relations, *state.lost) if isinstance(one, Failure)]
    return failures[0].error if failures and state.origin and _gained(state.origin) == _gained(state) else None


def _gained(state: State) -> tuple[object, ...]:
    drafts = {id: draft for id, draft in state.drafts.items() if isinstance(draft, Draft)}
    return state.outlines, drafts, () if isinstance(state.relations, Failure) else state.relations, state.links


def current_plan(state: State) -> Plan:
    """The plan with the concepts that repair put into it."""
    assert state.plan is not None
    return state.plan.model_copy(update={"concepts": tuple(state.outlines.values())})


def placed(mended: Mapping[str, Outline], state: State) -> Mapping[str, Outline]:
    """Outlines by the id of the concept that they replace, as outlines by their place in the state."""
    places = {outline.id: place for place, outline in state.outlines.items()}
    return {places.get(id, id): outline for id, outline in mended.items()}


def assembled(state: State) -> KnowledgeMap:
    """The map as it stands, its problems told and its faulty concepts marked."""
    plan = current_plan(state)
    faulty = {problem.where.split(".")[1] for problem in state.problems if problem.where.startswith("concepts.")}
    return KnowledgeMap(
        query=state.query.text,
        title=plan.title,
        language=plan.language,
        status="incomplete" if state.problems else "complete",
        concepts=tuple(
            concept_of(outline, state.drafts.get(outline.id), rank=rank, faulty=outline.id in faulty)
            for rank, outline in enumerate(plan.concepts, start=1)
        ),
        relations=_relations(state, frozenset(outline.id for outline in plan.concepts)),
        related=plan.related,
        sources=_sources(state),
        problems=state.problems,
    )


def _sources(state: State) -> tuple[Source, ...]:
    """Those that the map had, and those that are cited now, in the order in which they are."""
    drafts = (state.drafts.get(outline.id) for outline in state.outlines.values())
    cited = [one.source for draft in drafts if isinstance(draft, Draft) for one in draft.citations]
    known = {source.id: source for found in state.grounds.values() for source in found.sources}
    kept = {source.id: source for source in state.sources}
    return tuple((kept | {id: known[id] for id in cited if id in known and id not in kept}).values())


def _relations(state: State, ids: frozenset[str]) -> tuple[Relation, ...]:
    """The relations, those of concepts that repair added too, whose ends are both there still."""
    found = () if isinstance(state.relations, Failure) else state.relations
    links = state.links[state.settled :]
    return tuple(one for one in dict.fromkeys((*found, *links)) if {one.source, one.target} <= ids)


def vacant(state: State) -> int:
    """How many concepts the map may have more; below 0 where it has too many."""
    return (state.query.concepts or MAX_CONCEPTS) - len(current_plan(state).concepts)


def spare(state: State) -> str:
    """The last concept that no subject of the query needs, where the map may not have more; else empty."""
    outlines = current_plan(state).concepts
    if vacant(state) > 0:
        return ""
    language = current_plan(state).language

    def missing(without: str) -> int:
        names = tuple(outline.name for outline in outlines if outline.id != without)
        return len(uncovered(state.query.text, names, language=language))

    return next((one.id for one in reversed(outlines) if missing(one.id) <= missing("")), "")


def concept_of(outline: Outline, draft: Draft | Failure | None, *, rank: int, faulty: bool = False) -> Concept:
    """One concept from its outline and what was written about it; empty texts where nothing was."""
    written = draft if isinstance(draft, Draft) else Draft(definition="", relevance="")
    return Concept(
        id=outline.id,
        name=outline.name,
        definition=written.definition,
        relevance=written.relevance,
        rank=rank,
        status="incomplete" if faulty or not isinstance(draft, Draft) else "complete",
        citations=written.citations,
    )


def found_problems(state: State) -> tuple[Problem, ...]:
    """What the rules say of the map as it stands, and why askings failed, those of the last repairs too.

    Raises the first failure if all did, unless they were stopped: the plan alone is worth keeping then.
    """
    drafts = {outline.id: state.drafts.get(outline.id) for outline in current_plan(state).concepts}
    failed = {id: draft.error for id, draft in drafts.items() if isinstance(draft, Failure)}
    if failed and len(failed) == len(drafts) and not any(isinstance(error, Stopped) for error in failed.values()):
        raise next(iter(failed.values()))
    told = [_not_written(id, text, error=error) for id, error in failed.items() for text in ("definition", "relevance")]
    if isinstance(state.relations, Failure):
        told.append(Problem(code="not-related", where="relations", message=state.relations.error.message))
    places = {problem.where for problem in told}
    ruled = check(assembled(replace(state, problems=())), concepts=state.query.concepts)
    found = (*told, *(problem for problem in ruled if problem.where not in places))
    return (*found, *_not_mended(state, found))


def _not_written(id: str, text: str, *, error: MapgenError) -> Problem:
    return Problem(code="not-written", where=f"concepts.{id}.{text}", message=error.message)


def _not_mended(state: State, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Why parts are as faulty as they were before the last repairs: each reason that is not told already."""
    left, told = {(one.code, one.where) for one in found}, {one.message for one in found}
    lost = [one for one in state.lost if one.round == state.rounds]
    lost = [one for one in lost if any((fault.code, fault.where) in left for fault in one.part.problems)]
    reasons = Counter(one.error.message for one in lost if one.error.message not in told)
    return tuple(
        Problem(code=NOT_MENDED, where="map", message=f"{counted(number, 'part')} could not be mended: {why}")
        for why, number in reasons.items()
    )
