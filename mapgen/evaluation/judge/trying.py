"""Tries a judge: asks it about canaries made of control maps, each in the very form in which it is asked about maps.

It knows every metric's canaries, and no run.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mapgen.errors import InputError
from mapgen.evaluation.judge import canaries, controls, covered, match, prefer, query, right
from mapgen.evaluation.judge.base import judged, rivals, shuffled
from mapgen.evaluation.judge.canaries import Caught, on
from mapgen.evaluation.judge.together import together
from mapgen.evaluation.metrics.base import Sample
from mapgen.llm.base import LLM
from mapgen.model import KnowledgeMap
from mapgen.prompting import PromptSet

FEWEST = 4  # concepts of a map that canaries are made of
ASKINGS: Mapping[str, int] = MappingProxyType(
    {match.METRIC.id: 1, query.METRIC.id: 1, right.METRIC.id: 1, covered.METRIC.id: 3, prefer.METRIC.id: 4}
)
"""By metric, how often a judge is asked about one map that canaries are made of, at most."""


def named(metrics: Sequence[str]) -> tuple[str, ...]:
    """Each of ``metrics`` once, or all where none is named. Raises InputError where there is no such metric."""
    if unknown := [id for id in metrics if id not in ASKINGS]:
        raise InputError(f"There is no judge metric {unknown[0]!r}.", hint=f"There are: {', '.join(ASKINGS)}.")
    return tuple(dict.fromkeys(metrics)) or tuple(ASKINGS)


@dataclass(frozen=True)
class _Trial:
    sample: Sample
    map: KnowledgeMap
    others: tuple[Sample, ...]
    llm: LLM
    prompts: PromptSet
    seed: int


async def try_judge(
    metrics: Sequence[str],
    *,
    llm: LLM,
    prompts: PromptSet,
    seed: int = 0,
    maps: Sequence[Sample] | None = None,
    count: int = controls.COUNT,
) -> tuple[Caught, ...]:
    """How the judge does on canaries for each of ``metrics``: of ``count`` maps, by default those of mapgen.

    Raises InputError where ``maps`` are too few or too small, or where there is no such metric.
    """
    usable, chosen = _controls(maps, count=count, seed=seed)
    trials = [_Trial(one, one.map, usable, llm, prompts, seed) for one in chosen if one.map]
    done = await together(_ASKED[id](trial) for id in named(metrics) for trial in trials)
    return tuple(one for group in done for one in group)


def tries(metrics: Sequence[str], *, maps: Sequence[Sample] | None = None, count: int = controls.COUNT) -> int:
    """At most how often try_judge would ask. Raises as it does."""
    _, chosen = _controls(maps, count=count, seed=0)
    return len(chosen) * sum(ASKINGS[id] for id in named(metrics))


def _controls(maps: Sequence[Sample] | None, *, count: int, seed: int) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """The maps that canaries can be made of, and those of them that are."""
    usable = tuple(one for one in (controls.shipped() if maps is None else maps) if one.map and _fits(one.map))
    if len({one.case.cluster for one in usable}) < controls.FEWEST:
        raise InputError(
            f"Canaries need maps of {controls.FEWEST} topics, with {FEWEST} concepts each.",
            hint="Name other maps, or leave --maps out to take those that came with mapgen.",
        )
    return usable, shuffled(usable, seed, "controls")[:count]


def _fits(map: KnowledgeMap) -> bool:
    return len({one.id for one in map.concepts}) == len(map.concepts) >= FEWEST


async def _match(trial: _Trial) -> tuple[Caught, ...]:
    changed = canaries.swapped(trial.map, seed=trial.seed, blind=True)
    said = await match.judge_match(
        on(trial.sample, changed), trial.others, llm=trial.llm, prompts=trial.prompts, seed=trial.seed
    )
    return (canaries.matched(said, trial.map, seed=trial.seed),)


async def _query(trial: _Trial) -> tuple[Caught, ...]:
    changed = canaries.generic(trial.map, canaries.half(trial.map, seed=trial.seed))
    said = await query.judge_query(
        on(trial.sample, changed), trial.others, llm=trial.llm, prompts=trial.prompts, seed=trial.seed
    )
    return (canaries.told_apart(said, trial.map, seed=trial.seed),)


async def _right(trial: _Trial) -> tuple[Caught, ...]:
    changed = canaries.swapped(trial.map, seed=trial.seed, blind=False)
    said = await right.judge_right(on(trial.sample, changed), llm=trial.llm, prompts=trial.prompts)
    return (canaries.judged_wrong(said, trial.map, seed=trial.seed),)


async def _covered(trial: _Trial) -> tuple[Caught, ...]:
    ideas, why = await covered.judge_ideas(trial.sample.case, llm=trial.llm, prompts=trial.prompts)
    if not ideas:
        failed = judged(covered.METRIC.id, trial.sample, why=why)
        return tuple(canaries.covering(failed, foreign=foreign, ideas=covered.IDEAS) for foreign in (True, False))
    other = rivals(trial.sample, trial.others, seed=trial.seed)[0].map or trial.map
    told = [
        covered.judge_covered(on(trial.sample, map), ideas, llm=trial.llm, prompts=trial.prompts)
        for map in (other, canaries.telling(trial.map, ideas))
    ]
    apart, within = await together(told)
    return (
        canaries.covering(apart, foreign=True, ideas=len(ideas)),
        canaries.covering(within, foreign=False, ideas=len(ideas)),
    )


async def _prefer(trial: _Trial) -> tuple[Caught, ...]:
    changed = canaries.generic(trial.map, [one.id for one in trial.map.concepts])
    told = [
        prefer.judge_prefer(on(trial.sample, map), trial.map, llm=trial.llm, prompts=trial.prompts)
        for map in (changed, trial.map)
    ]
    flat, copy = await together(told)
    return canaries.refusing(flat), canaries.tying(copy)


_ASKED: Mapping[str, Callable[[_Trial], Coroutine[Any, Any, tuple[Caught, ...]]]] = {
    match.METRIC.id: _match,
    query.METRIC.id: _query,
    right.METRIC.id: _right,
    covered.METRIC.id: _covered,
    prefer.METRIC.id: _prefer,
}
