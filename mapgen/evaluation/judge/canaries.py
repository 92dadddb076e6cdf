"""Canaries: maps with a known defect, or with none, that tell whether a judge's word is worth anything.

A judge that answers by chance, always agrees, or is led by order or length misses them. Each knows how likely a coin
would have caught it. They know no files, and nothing of what follows from a miss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from mapgen.evaluation.judge import match, prefer, query, right
from mapgen.evaluation.judge.base import Judgement, shuffled
from mapgen.evaluation.judge.blanks import blanked
from mapgen.evaluation.judge.chances import at_least, at_most, binomial
from mapgen.evaluation.metrics.base import Sample
from mapgen.model import Concept, KnowledgeMap, Value
from mapgen.rules.words import count

COIN = 0.5
APART = 0.5  # by which untouched relevances must be told more often than generic ones
TOLD, UNTOLD = 0.75, 0.25
GENERIC = (
    "This is a central idea that plays an important role in the subject as a whole.",
    "Many other things depend on it, and it depends on many of them in its turn.",
    "Those who have understood it will find it much easier to follow all the rest.",
    "It has changed over time, and it will go on to matter a great deal in the years ahead.",
    "Experts hold different views of it, and each of these views has its own merits.",
    "Without it, the picture that one has of the matter would not be complete.",
    "In practice, its effects can be seen in many places and on many different levels.",
    "It is worth a closer look, since small changes here lead to large ones elsewhere.",
)


class Caught(Value):
    """How one canary went. ``caught`` None: the judge failed; ``chance`` is that of a coin to catch it."""

    metric: str
    kind: str
    case: str
    caught: bool | None
    chance: float
    why: str = ""


def pair(map: KnowledgeMap, *, seed: int) -> tuple[Concept, Concept]:
    """The two concepts whose definitions are exchanged."""
    one, other, *_ = shuffled(map.concepts, seed, "pair", map.query)
    return one, other


def swapped(map: KnowledgeMap, *, seed: int, blind: bool) -> KnowledgeMap:
    """The map with the definitions of two concepts exchanged, and no name left in them that gives them away.

    ``blind``: their own names are blanked; else the name of the one stands in the place of the other's.
    """
    one, other = pair(map, seed=seed)
    written = {}
    for wrong, true in ((one, other), (other, one)):
        name = wrong.name.replace("\\", r"\\")
        named = re.sub(re.escape(true.name), name, true.definition, flags=re.IGNORECASE)
        blank = blanked(true.definition, true.name, language=map.language)
        written[wrong.id] = {"definition": blank if blind else named}
    return _with(map, written)


def generic(map: KnowledgeMap, ids: Sequence[str]) -> KnowledgeMap:
    """The map with relevances that fit any query for the concepts of those ids, each longer than what it replaces."""
    return _with(map, {id: {"relevance": _generic(map.concept(id).relevance, at)} for at, id in enumerate(ids)})


def half(map: KnowledgeMap, *, seed: int) -> tuple[str, ...]:
    """The ids of half of the map's concepts, rounded down."""
    ids = shuffled([one.id for one in map.concepts], seed, "half", map.query)
    return ids[: len(ids) // 2]


def telling(map: KnowledgeMap, ideas: Sequence[str]) -> KnowledgeMap:
    """The map with ``ideas`` written into its relevances."""
    dealt = {one.id: ideas[at :: len(map.concepts)] for at, one in enumerate(map.concepts)}
    return _with(map, {id: {"relevance": " ".join((map.concept(id).relevance, *more))} for id, more in dealt.items()})


def on(sample: Sample, map: KnowledgeMap) -> Sample:
    """The sample with another map."""
    return replace(sample, map=map)


def matched(said: Judgement, map: KnowledgeMap, *, seed: int) -> Caught:
    """J1 must give both exchanged definitions back to the concepts that they were taken from."""
    one, other = pair(map, seed=seed)
    names = len(map.concepts) + match.FOREIGN
    caught = said.verdicts.get(one.id) == other.name and said.verdicts.get(other.id) == one.name
    return _caught(said, match.METRIC.canaries[0], chance=1 / (names * (names - 1)), caught=caught)


def judged_wrong(said: Judgement, map: KnowledgeMap, *, seed: int) -> Caught:
    """J3 must call both exchanged definitions wrong, and at most half of the others."""
    taken = {one.id for one in pair(map, seed=seed)}
    rest = len(map.concepts) - len(taken)
    wrong = {id for id, verdict in said.verdicts.items() if verdict == "wrong"}
    chance = COIN ** len(taken) * at_most(rest // 2, of=rest, chance=COIN)
    caught = taken <= wrong and len(wrong - taken) <= rest // 2
    return _caught(said, right.METRIC.canaries[0], chance=chance, caught=caught)


def told_apart(said: Judgement, map: KnowledgeMap, *, seed: int) -> Caught:
    """J2 must give the untouched relevances to their query much more often than the generic ones."""
    flat = half(map, seed=seed)
    sound = [one.id for one in map.concepts if one.id not in flat]
    found = {id for id, case in said.verdicts.items() if case == said.case}
    shares = [len(found & set(ids)) / len(ids) if ids else 0.0 for ids in (sound, flat)]
    caught = shares[0] - shares[1] >= APART
    return _caught(said, query.METRIC.canaries[0], chance=_apart(len(sound), len(flat)), caught=caught)


def covering(said: Judgement, *, foreign: bool, ideas: int) -> Caught:
    """J5 must find at most a quarter of the ideas in another query's map, and three quarters where they stand in it."""
    low, high = int(UNTOLD * ideas), ceil(TOLD * ideas)
    score = said.score or 0.0
    if foreign:
        chance = at_most(low, of=ideas, chance=COIN)
        return _caught(said, "another query's map", chance=chance, caught=score <= UNTOLD)
    return _caught(said, "ideas written in", chance=at_least(high, of=ideas, chance=COIN), caught=score >= TOLD)


def refusing(said: Judgement) -> Caught:
    """J7 must prefer a map to the same with generic relevances, however long those are."""
    return _caught(said, prefer.METRIC.canaries[0], chance=COIN**2, caught=said.score == prefer.LOSS)


def tying(said: Judgement) -> Caught:
    """J7 must call a map and its copy the same. Both orders are one question, so that a coin has one throw in three."""
    return _caught(said, prefer.METRIC.canaries[1], chance=1 / 3, caught=set(said.verdicts.values()) == {"same"})


def _caught(said: Judgement, kind: str, *, chance: float, caught: bool) -> Caught:
    failed = said.score is None
    return Caught(
        metric=said.metric,
        kind=kind,
        case=said.case,
        caught=None if failed else caught,
        chance=chance,
        why=said.why,
    )


def _apart(sound: int, flat: int) -> float:
    """The chance of told_apart where each relevance is given to one of the queries by lot."""
    lot = 1 / (query.FOREIGN + 1)
    return sum(
        binomial(one, of=sound, chance=lot) * binomial(other, of=flat, chance=lot)
        for one in range(sound + 1)
        for other in range(flat + 1)
        if one / max(sound, 1) - other / max(flat, 1) >= APART
    )


def _generic(text: str, at: int) -> str:
    told: list[str] = []
    while not told or (count(" ".join(told)) <= count(text) and len(told) < len(GENERIC)):
        told.append(GENERIC[(2 * at + len(told)) % len(GENERIC)])
    return " ".join(told)


def _with(map: KnowledgeMap, written: dict[str, dict[str, str]]) -> KnowledgeMap:
    concepts = tuple(one.model_copy(update=written.get(one.id, {})) for one in map.concepts)
    return map.model_copy(update={"concepts": concepts})
