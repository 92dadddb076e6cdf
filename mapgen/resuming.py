"""A saved map as the state that it is completed from: what it has is kept, what it lacks is still to be asked.

It asks nothing, and knows no graph.
"""

from __future__ import annotations

from dataclasses import replace

from mapgen.model import Concept, Draft, KnowledgeMap, Outline, Plan, Query, Relation
from mapgen.rules import number_asked
from mapgen.state import State, assembled, found_problems
from mapgen.text import unique_slugs


def begun(map: KnowledgeMap, *, concepts: int | None = None) -> State:
    """The state of a saved map that is to be completed: what it has is kept, what it lacks is still to be asked.

    ``concepts`` is the number of them that is wanted, if any; otherwise what the map's own problems say of it.
    """
    wanted = number_asked(map.problems) if concepts is None else concepts
    query = Query(text=map.query, language=map.language, concepts=wanted)
    if not map.concepts:
        return State(query=query, sources=map.sources)
    ids = _ids(map)
    written = dict(zip(ids, map.concepts, strict=True))
    outlines = {
        id: Outline(id=id, name=one.name, scope="" if _has_text(one) else map.title) for id, one in written.items()
    }
    state = State(
        query=query,
        plan=Plan(title=map.title, language=map.language, concepts=tuple(outlines.values()), related=map.related),
        outlines=outlines,
        drafts={id: _draft_of(one) for id, one in written.items() if _has_text(one)},
        relations=_led(map, ids),
        sources=map.sources,
    )
    return replace(state, origin=state)


def _ids(map: KnowledgeMap) -> tuple[str, ...]:
    """The concepts' ids, or others where they are not all different, or could not stand in a problem's place."""
    ids = tuple(concept.id for concept in map.concepts)
    return ids if len({*ids}) == len(ids) and all(id and "." not in id for id in ids) else unique_slugs(ids)


def _led(map: KnowledgeMap, ids: tuple[str, ...]) -> tuple[Relation, ...]:
    new = {concept.id: id for id, concept in reversed(tuple(zip(ids, map.concepts, strict=True)))}
    ends = ((one, new.get(one.source), new.get(one.target)) for one in map.relations)
    return tuple(one.model_copy(update={"source": a, "target": b}) for one, a, b in ends if a and b)


def _draft_of(concept: Concept) -> Draft:
    return Draft(definition=concept.definition, relevance=concept.relevance, citations=concept.citations)


def settled(map: KnowledgeMap, state: State) -> KnowledgeMap | None:
    """``map``, of which ``state`` was begun, where nothing is left to be asked: then it is complete. Else None."""
    if state.plan is None or found_problems(state):
        return None
    return map if map.status == "complete" else assembled(state).model_copy(update={"made": map.made})


def _has_text(concept: Concept) -> bool:
    return bool(concept.definition or concept.relevance)
