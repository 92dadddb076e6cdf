"""What stands among a map's own names and queries: foreign ones, the same for both arms, in an order by lot."""

from __future__ import annotations

from dataclasses import replace

from mapgen.evaluation.judge import judge_match, judge_query
from mapgen.evaluation.judge.base import rivals
from mapgen.evaluation.judge.match import foreign_names
from mapgen.evaluation.metrics import Sample
from tests.evaluation.judges import PROMPTS, Perfect, fenced, listed
from tests.evaluation.maps import edited, good, map_of, sample, with_concepts

GOOD = good()
VACCINES = sample("herd-immunity")


def test_rivals_are_one_of_each_other_cluster_and_never_of_the_own() -> None:
    four = [sample(id) for id in ("rates", "rates-2", "opec", "herd-immunity")]
    for one in four[:2]:
        assert {rival.case.id for rival in rivals(one, four, seed=0)} == {"opec", "herd-immunity"}
    kept = [rival.case.cluster for rival in rivals(VACCINES, GOOD.samples, seed=0)]
    assert len(kept) == len(set(kept)) == 7
    assert rivals(sample("opec"), GOOD.samples, seed=0)[-1].case.cluster == "rates"


def test_rivals_of_another_language_come_last() -> None:
    german = [Sample(replace(one.case, language="de"), 0, one.map) for one in GOOD.samples[2:5]]
    found = rivals(german[0], [*GOOD.samples, *german], seed=0)
    assert [one.case.language for one in found[:2]] == ["de", "de"]
    assert {one.case.language for one in found[2:]} == {"en"}


def test_foreign_names_share_no_word_with_an_own_one_or_with_each_other() -> None:
    texts = [("Rate Cuts", "d", "r"), ("Memory Limits", "d", "r"), ("Moon", "d", "r")]
    strange = Sample(replace(VACCINES.case, cluster="strange"), 0, map_of("q?", "t", texts))
    again = Sample(replace(VACCINES.case, cluster="again"), 0, map_of("q?", "t", [("New Moons", "d", "r")]))
    rates = replace(sample("rates"), case=replace(sample("rates").case, query="Why?"))
    for seed in range(5):
        assert foreign_names(VACCINES, [strange], seed=seed) in [("Rate Cuts",), ("Moon",)]
        assert foreign_names(rates, [strange], seed=seed) in [("Memory Limits",), ("Moon",)]
        assert foreign_names(VACCINES, [again, again, replace(again, repeat=1)], seed=seed) == ("New Moons",)
        both = foreign_names(VACCINES, [strange, again], seed=seed)
        assert len(both) == 1 or set(both) == {"Rate Cuts", "New Moons"}


async def test_orders_follow_from_seed_case_and_repeat_alone() -> None:
    judge = Perfect()

    async def asked(one: Sample, seed: int) -> tuple[str, ...]:
        await judge_match(one, GOOD.samples, llm=judge, prompts=PROMPTS, seed=seed)
        await judge_query(one, GOOD.samples, llm=judge, prompts=PROMPTS, seed=seed)
        return tuple(filled.messages[1].content for filled in judge.asked[-2:])

    again = Sample(VACCINES.case, 1, VACCINES.map)
    assert await asked(VACCINES, 0) == await asked(VACCINES, 0)
    assert not set(await asked(VACCINES, 0)) & set(await asked(VACCINES, 1))
    assert not set(await asked(VACCINES, 0)) & set(await asked(again, 0))


async def test_both_arms_are_offered_the_same_queries() -> None:
    judge = Perfect()
    changed = edited(GOOD, lambda map: with_concepts(map, lambda one: {"relevance": "Nothing."}))
    asked = []
    for arm in (GOOD, changed):
        one = next(one for one in arm.samples if one.case.id == VACCINES.case.id)
        await judge_query(one, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)
        asked.append(listed(fenced(judge.asked[-1].messages[1].content), "Questions:"))
    assert asked[0] == asked[1]
