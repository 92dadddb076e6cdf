"""Runs judged: what is asked about both arms, what is not, what is missing, and what comparing is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError, KeyRefused, Unavailable
from mapgen.evaluation.judge import JUDGED, ArmName, Judged, Judging, judge_run, same_model
from mapgen.evaluation.judge.canaries import generic
from mapgen.evaluation.judge.controls import COUNT
from mapgen.evaluation.panel import beside
from mapgen.evaluation.records import Record, Run
from mapgen.llm.base import Reply
from mapgen.model import KnowledgeMap
from mapgen.prompting import Filled
from tests.evaluation.judges import PROMPTS, SUITE, Agreeing, Perfect, head, run_of
from tests.evaluation.maps import edited, good, with_concepts

GOOD = good()
BASE = run_of(GOOD)
MAPS = len(BASE.records)
ONE = ("j1_match",)


def emptied(map: KnowledgeMap) -> KnowledgeMap:
    """The map with relevances that fit any query."""
    return generic(map, [one.id for one in map.concepts])


async def judged(*runs: Run, llm: Any = None, **plan: Any) -> Judged:
    """Runs judged by a perfect judge, unless another one is given."""
    judging = Judging(judge="judge", **plan)
    return await judge_run(runs, SUITE, llm=llm or Perfect(), prompts=PROMPTS, seed=0, judging=judging)


def scores(found: Judged, metric: str, arm: ArmName) -> dict[str, float | None]:
    """By case, the score of its one map."""
    return {case: score for case, (score,) in found.values(metric, arm).items()}


async def test_a_run_is_judged_by_every_metric_at_one_call_a_map() -> None:
    judge = Perfect()
    found = await judged(BASE, llm=judge)
    assert found.metrics == tuple(JUDGED)
    assert all(found.trusted(id) for id in JUDGED)
    for id in ("j1_match", "j2_query", "j3_right"):
        assert scores(found, id, "base") == {one.case: 1.0 for one in BASE.records}
    assert sum(one.calls for one in found.judgements) == 4 * MAPS
    assert len(judge.asked) == (3 * COUNT + 3 * COUNT + 4 * COUNT) + MAPS + 4 * MAPS
    assert len(judge.of("j5_ideas")) == MAPS + COUNT
    assert scores(found, "j7_prefer", "base") == {}


async def test_a_harmless_edit_asks_nothing_more_and_ties() -> None:
    alone, both = Perfect(), Perfect()
    await judged(BASE, llm=alone)
    found = await judged(BASE, run_of(GOOD, prompts="1" * 12), llm=both)
    assert len(both.asked) == len(alone.asked)
    for id in JUDGED:
        assert scores(found, id, "new") == scores(found, id, "base") or id == "j7_prefer"
        assert sum(one.calls for one in found.of(id, "new")) == 0
    assert set(scores(found, "j7_prefer", "new").values()) == {0.5}


async def test_a_harmful_edit_loses_where_it_should() -> None:
    new = run_of(edited(GOOD, emptied, ids=["opec", "herd-immunity"]))
    judge = Perfect()
    found = await judged(BASE, new, llm=judge)
    lost = {id: [case for case, score in scores(found, id, "new").items() if score != 1.0] for id in JUDGED}
    assert lost["j1_match"] == lost["j3_right"] == []
    assert lost["j2_query"] == ["herd-immunity", "opec"]
    preferred = scores(found, "j7_prefer", "new")
    assert (preferred["opec"], preferred["rates"]) == (0.0, 0.5)
    assert scores(found, "j7_prefer", "base") == dict.fromkeys(preferred, 0.5)
    assert sum(one.calls for one in found.of("j7_prefer", "new")) == 4
    assert sum(one.calls for one in found.of("j3_right", "new")) == 2


async def test_foreign_names_are_the_bases_for_both_arms() -> None:
    judge = Perfect()
    renamed = edited(GOOD, lambda map: with_concepts(map, lambda one: {"name": f"{one.name} Zq"}))
    await judged(BASE, run_of(renamed), llm=judge, metrics=ONE)
    asked = [one.messages[1].content for one in judge.of("j1_match")][-MAPS:]
    names = [line for text in asked for line in text.split("\n\n")[0].splitlines() if line[1:3] == ". "]
    assert len(names) > 2 * MAPS
    assert sum(not name.endswith("Zq") for name in names) == 2 * MAPS


async def test_an_unusable_map_is_nought_and_one_that_the_endpoint_owes_is_missing() -> None:
    first, second, *rest = BASE.records
    gone = Record(case=first.case, error="no usable answer")
    owed = Record(case=second.case, error="busy", passing=True)
    found = await judged(BASE, Run.of(head(), [gone, owed, *rest]))
    for id in JUDGED:
        told = scores(found, id, "new")
        assert (told[first.case], told[second.case]) == (0.0, None)
        assert [case for case, score in told.items() if score is None] == [second.case]
    assert found.values("j7_prefer", "base")[second.case] == [None]
    back = await judged(Run.of(head(), [gone, owed, *rest]), BASE)
    assert scores(back, "j7_prefer", "new")[first.case] == 1.0
    assert scores(back, "j7_prefer", "base")[second.case] is None


async def test_repeats_are_told_apart_within_their_case() -> None:
    again = [one.model_copy(update={"repeat": 1}) for one in BASE.records]
    again[0] = again[0].model_copy(update={"map": None, "error": "none"})
    found = await judged(Run.of(head(repeats=2), [*BASE.records, *again]), metrics=ONE)
    assert found.values("j1_match", "base")[again[0].case] == [1.0, 0.0]
    assert found.values("j1_match", "base")[again[1].case] == [1.0, 1.0]
    assert len(found.of("j1_match", "base")) == 2 * MAPS


async def test_an_untrusted_judge_is_asked_about_no_map() -> None:
    judge = Agreeing()
    found = await judged(BASE, llm=judge, metrics=("j3_right",))
    assert not found.trusted("j3_right")
    assert (found.judgements, len(judge.asked)) == ((), COUNT)


class Moody(Perfect):
    """Fails at every second map, never at a canary."""

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        """The answer, or Unavailable."""
        reply = await super().ask(filled)
        if len(self.asked) > COUNT and len(self.asked) % 2 == 0:
            raise Unavailable("The endpoint is busy.")
        return reply


async def test_a_judge_that_fails_half_of_the_time_leaves_scores_missing_and_none_at_nought() -> None:
    found = await judged(BASE, llm=Moody(), metrics=ONE)
    told = list(scores(found, "j1_match", "base").values())
    assert (told.count(None), told.count(1.0)) == (MAPS // 2, MAPS - MAPS // 2)
    assert {one.why for one in found.judgements} == {"", "The endpoint is busy."}


async def test_a_refused_key_ends_the_judging() -> None:
    class Locked(Perfect):
        async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
            raise KeyRefused("The key is wrong.")

    with pytest.raises(KeyRefused):
        await judged(BASE, llm=Locked())


async def test_equal_runs_are_judged_equally() -> None:
    assert await judged(BASE) == await judged(BASE)


async def test_records_of_cases_that_the_suite_lost_are_passed_over() -> None:
    strange = Record(case="strange", map=BASE.records[0].map)
    found = await judged(Run.of(head(), [*BASE.records, strange]), metrics=ONE)
    assert "strange" not in scores(found, "j1_match", "base")


def test_a_judge_of_its_own_maps_is_warned_of() -> None:
    assert same_model("judge", BASE.head) == ()
    assert same_model("", BASE.head) == ()
    (told,) = same_model("subject", BASE.head, BASE.head)
    assert told.startswith("The judge, subject, made these maps itself")


async def test_judgements_are_stored_beside_the_comparison_and_read_back(tmp_path: Path) -> None:
    found = await judged(BASE, run_of(edited(GOOD, emptied)), llm=Perfect())
    path = beside(tmp_path / "core-abc.comparison.json")
    assert path.name == "core-abc.judged.json"
    found.save(path)
    assert Judged.parse(path.read_bytes()) == found
    told = json.loads(path.read_text("utf-8"))
    assert {one["metric"] for one in told["trust"]} == set(JUDGED)
    with pytest.raises(InputError, match="holds no judgements"):
        Judged.parse('{"version": 2}')


async def test_the_warning_is_among_the_notes() -> None:
    found = await judged(run_of(GOOD, model="judge"), metrics=ONE)
    assert len(found.notes) == 1
