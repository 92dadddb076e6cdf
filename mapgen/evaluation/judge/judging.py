"""Judges runs: every usable map of a run, or of a base and a new one, by every metric asked for, canaries among them.

Foreign names and queries come from the base's maps for both arms, so that what is the same in both is asked once. It
knows runs, and neither statistics nor where the model is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapgen.evaluation.judge import covered, match, prefer, query, right
from mapgen.evaluation.judge.base import ArmName, Judgement, judged, told
from mapgen.evaluation.judge.controls import COUNT
from mapgen.evaluation.judge.judged import Judged
from mapgen.evaluation.judge.together import together
from mapgen.evaluation.judge.trust import trust
from mapgen.evaluation.judge.trying import ASKINGS, try_judge
from mapgen.evaluation.metrics.base import Sample
from mapgen.evaluation.records import Head, Key, Record, Run
from mapgen.evaluation.suite import Suite
from mapgen.llm.base import LLM
from mapgen.prompting import PromptSet

Ask = Callable[[Sample], Coroutine[Any, Any, Judgement]]
SINGLE = (match.METRIC.id, query.METRIC.id, right.METRIC.id, covered.METRIC.id)


@dataclass(frozen=True)
class Judging:
    """What is judged, and by whom: ids of metrics, and the judge's model."""

    judge: str = ""
    metrics: tuple[str, ...] = (*SINGLE, prefer.METRIC.id)


@dataclass(frozen=True)
class _Desk:
    """What the askings of one batch share. ``others`` are the base's samples by repeat, one for each of its cases."""

    llm: LLM
    prompts: PromptSet
    seed: int
    others: Mapping[int, tuple[Sample, ...]]
    ideas: Mapping[str, tuple[tuple[str, ...], str]]

    def asking(self, metric: str) -> Ask:
        """How a map is asked about for one metric."""
        return {
            match.METRIC.id: self._match,
            query.METRIC.id: self._query,
            right.METRIC.id: self._right,
            covered.METRIC.id: self._covered,
        }[metric]

    async def _match(self, sample: Sample) -> Judgement:
        others = self.others[sample.repeat]
        return await match.judge_match(sample, others, llm=self.llm, prompts=self.prompts, seed=self.seed)

    async def _query(self, sample: Sample) -> Judgement:
        others = self.others[sample.repeat]
        return await query.judge_query(sample, others, llm=self.llm, prompts=self.prompts, seed=self.seed)

    async def _right(self, sample: Sample) -> Judgement:
        return await right.judge_right(sample, llm=self.llm, prompts=self.prompts)

    async def _covered(self, sample: Sample) -> Judgement:
        ideas, why = self.ideas[sample.case.id]
        if not ideas:
            return judged(covered.METRIC.id, sample, why=why)
        return await covered.judge_covered(sample, ideas, llm=self.llm, prompts=self.prompts)


async def judge_run(
    runs: Sequence[Run], suite: Suite, *, llm: LLM, prompts: PromptSet, seed: int = 0, judging: Judging | None = None
) -> Judged:
    """The judge's word on a run, or on a base and a new one, with the trust that its canaries earn it.

    Where it is not trusted with a metric, no map is asked about: its answers could gate nothing. An unusable map scores
    0 and is not asked about; a map that the endpoint owes, or an answer that the judge owes, is
    missing. Raises what is no failure of the judge's, such as KeyRefused.
    """
    plan = judging or Judging()
    arms = [_samples(run, suite) for run in runs[:2]]
    canaries = await try_judge(plan.metrics, llm=llm, prompts=prompts, seed=seed)
    earned = tuple(trust(id, canaries) for id in plan.metrics)
    asked = [one.metric for one in earned if one.trusted]
    single = [id for id in asked if id in SINGLE]
    desk = _Desk(llm, prompts, seed, _others(arms, suite), await _ideas(arms, llm, prompts=prompts, metrics=single))
    base = await _arm(arms[0], desk, metrics=single, known={})
    found = list(base.values())
    if len(arms) == 2:
        known = {key: one for key, one in base.items() if _alike(key[1], arms)}
        found += [_named(one, "new") for one in (await _arm(arms[1], desk, metrics=single, known=known)).values()]
        found += await _preferences(arms, desk) if prefer.METRIC.id in asked else ()
    return Judged(
        judge=plan.judge,
        prompts=prompts.fingerprint(),
        seed=seed,
        metrics=plan.metrics,
        judgements=tuple(found),
        canaries=canaries,
        trust=earned,
        notes=same_model(plan.judge, *(run.head for run in runs)),
    )


def askings(metrics: Iterable[str], *, maps: int, cases: int, canaries: int = COUNT) -> int:
    """At most how often a judge is asked about ``maps`` maps of ``cases`` cases in each of two arms."""
    wanted = set(metrics)
    tried = canaries * sum(ASKINGS[id] for id in wanted)
    ideas = cases if covered.METRIC.id in wanted else 0
    preferred = prefer.METRIC.calls * maps if prefer.METRIC.id in wanted else 0
    return tried + ideas + 2 * maps * len(wanted & set(SINGLE)) + preferred


def same_model(judge: str, *heads: Head) -> tuple[str, ...]:
    """A warning where the judge is the model that made the maps: models prefer their own words."""
    if judge and any(judge in (head.model, head.planner) for head in heads):
        return (f"The judge, {judge}, made these maps itself, and models are kind to their own words: --judge M.",)
    return ()


_Arm = Mapping[Key, tuple[Sample, Record]]
_Place = tuple[str, Key]


def _samples(run: Run, suite: Suite) -> _Arm:
    cases = {case.id: case for case in suite.cases}
    kept = [one for one in run.records if one.case in cases]
    return {one.key: (Sample(cases[one.case], one.repeat, one.map, one.passages), one) for one in kept}


def _others(arms: Sequence[_Arm], suite: Suite) -> Mapping[int, tuple[Sample, ...]]:
    repeats = sorted({repeat for arm in arms for _, repeat in arm})
    bare = {(case.id, at): Sample(case, at, None) for at in repeats for case in suite.cases}
    base = {key: sample for key, (sample, _) in arms[0].items()}
    return {at: tuple(base.get(key, one) for key, one in bare.items() if key[1] == at) for at in repeats}


async def _ideas(
    arms: Sequence[_Arm], llm: LLM, *, prompts: PromptSet, metrics: Sequence[str]
) -> Mapping[str, tuple[tuple[str, ...], str]]:
    """The ideas for every case that has a map, asked before any map is shown."""
    if covered.METRIC.id not in metrics:
        return {}
    cases = {one.case.id: one.case for arm in arms for one, _ in arm.values() if one.map}
    found = await together(covered.judge_ideas(case, llm=llm, prompts=prompts) for case in cases.values())
    return dict(zip(cases, found, strict=True))


async def _arm(
    arm: _Arm, desk: _Desk, *, metrics: Sequence[str], known: Mapping[_Place, Judgement]
) -> dict[_Place, Judgement]:
    """The judgements of one arm by place; what is known already is not asked again."""
    places = [(id, key) for id in metrics for key in arm]
    open_ = [(id, key) for id, key in places if (id, key) not in known and arm[key][0].map]
    answers = await together(desk.asking(id)(arm[key][0]) for id, key in open_)
    asked = dict(zip(open_, answers, strict=True))
    reused = {place: one.model_copy(update={"calls": 0}) for place, one in known.items()}
    return {place: (asked | reused).get(place) or _unasked(place[0], arm[place[1]]) for place in places}


def _unasked(metric: str, found: tuple[Sample, Record]) -> Judgement:
    sample, record = found
    if record.passing:
        return judged(metric, sample, why="the endpoint gave no map")
    return judged(metric, sample, score=0.0, why="no usable map")


def _named(one: Judgement, arm: ArmName) -> Judgement:
    return one.model_copy(update={"arm": arm})


def _alike(key: Key, arms: Sequence[_Arm]) -> bool:
    """Whether both arms have a map of that key, and the same."""
    maps = [arm[key][0].map if key in arm else None for arm in arms]
    return maps[0] is not None and maps[1] is not None and told(maps[0]) == told(maps[1])


async def _preferences(arms: Sequence[_Arm], desk: _Desk) -> Iterable[Judgement]:
    keys = [key for key in arms[1] if key in arms[0]]
    return await together(_preference(key, arms, desk=desk) for key in keys)


async def _preference(key: Key, arms: Sequence[_Arm], *, desk: _Desk) -> Judgement:
    (base, old), (new, now) = arms[0][key], arms[1][key]
    if old.passing or now.passing:
        return judged(prefer.METRIC.id, new, arm="new", why="the endpoint gave no map")
    if base.map is None or new.map is None or _alike(key, arms):
        score = prefer.TIE + (bool(new.map) - bool(base.map)) / 2
        return judged(prefer.METRIC.id, new, arm="new", score=score)
    return await prefer.judge_prefer(new, base.map, llm=desk.llm, prompts=desk.prompts)
