"""Canaries and trust: a judge that is bad in one way is found out by the metrics that this way spoils."""

from __future__ import annotations

import pytest

from mapgen.errors import InputError
from mapgen.evaluation.judge import JUDGED, Caught, trust, try_judge
from mapgen.evaluation.judge.base import shuffled
from mapgen.evaluation.judge.canaries import GENERIC, generic, half, pair, swapped, telling
from mapgen.evaluation.judge.controls import shipped
from mapgen.evaluation.metrics import Sample
from mapgen.model import KnowledgeMap
from mapgen.rules.words import count
from tests.evaluation.judges import PROMPTS, Agreeing, Coin, Failing, First, Inventing, Longer, Perfect
from tests.evaluation.maps import good, map_of, sample

ALL = tuple(JUDGED)
CALLS = {"j1_match": 6, "j2_query": 6, "j3_right": 6, "j5_ideas": 6, "j5_covered": 12, "j7_prefer": 24}


async def trusted(judge: Perfect, *, metrics: tuple[str, ...] = ALL, seed: int = 0) -> dict[str, str]:
    """By metric, why the judge is not trusted with it; empty where it is."""
    caught = await try_judge(metrics, llm=judge, prompts=PROMPTS, seed=seed)
    return {id: trust(id, caught).reason for id in metrics}


@pytest.mark.parametrize("seed", [0, 1, 2])
async def test_a_perfect_judge_is_trusted_with_everything(seed: int) -> None:
    judge = Perfect()
    caught = await try_judge(ALL, llm=judge, prompts=PROMPTS, seed=seed)
    assert {one.caught for one in caught} == {True}
    assert all(trust(id, caught).trusted for id in ALL)
    assert {prompt: len(judge.of(prompt)) for prompt in CALLS} == CALLS


@pytest.mark.parametrize("seed", range(5))
async def test_a_coin_is_trusted_with_nothing(seed: int) -> None:
    assert all((await trusted(Coin(seed), seed=seed)).values())


async def test_a_judge_that_always_agrees_is_trusted_with_nothing() -> None:
    reasons = await trusted(Agreeing())
    assert all(reasons.values())
    assert reasons["j3_right"].startswith("swapped pair: 0 of 6 caught")
    assert reasons["j5_covered"] == "another query's map: 0 of 6 caught"


async def test_a_judge_that_invents_quotes_is_not_trusted_where_it_has_to_quote() -> None:
    reasons = await trusted(Inventing())
    assert {id for id, reason in reasons.items() if reason} == {"j3_right", "j5_covered"}
    assert reasons["j3_right"] == "no answer to 6 of 6 canaries (the judge gave 0 of 5 usable verdicts)"


@pytest.mark.parametrize("judge", [Longer(), First()], ids=["longer", "first"])
async def test_an_eye_for_length_or_place_is_found_out_by_the_preference(judge: Perfect) -> None:
    assert {id for id, reason in (await trusted(judge)).items() if reason} == {"j7_prefer"}


@pytest.mark.parametrize(
    ("judge", "found"), [(Longer(), "untouched copy"), (First(), ""), (Perfect(), "generic relevances untouched copy")]
)
async def test_each_kind_of_canary_is_caught_by_what_it_is_for(judge: Perfect, found: str) -> None:
    caught = await try_judge(("j7_prefer",), llm=judge, prompts=PROMPTS)
    assert {one.kind for one in caught} == {"generic relevances", "untouched copy"}
    assert {one.kind for one in caught if one.caught} == {
        kind for kind in JUDGED["j7_prefer"].canaries if kind in found
    }


async def test_a_judge_that_finds_everything_wrong_is_not_taken_for_strict() -> None:
    class Severe(Perfect):
        def j3_right(self, text: str) -> dict[str, object]:
            items = super().j3_right(text)["verdicts"]
            lines = [line.split(": ", 1)[1] for line in text.splitlines() if line[:1].isdigit()]
            told = zip(items, lines, strict=True)
            return {"verdicts": [item | {"quote": line, "verdict": "wrong"} for item, line in told]}

    assert (await trusted(Severe(), metrics=("j3_right",)))["j3_right"].startswith("swapped pair: 0 of 6")


async def test_a_judge_that_never_gives_a_text_to_a_query_is_not_taken_for_careful() -> None:
    class Shy(Perfect):
        def _asked(self, shown: str, letters: dict[str, str]) -> str:
            return "none"

    assert (await trusted(Shy(), metrics=("j2_query",)))["j2_query"].startswith("generic relevances: 0 of 6")


async def test_a_judge_that_guesses_the_likeliest_query_is_found_out() -> None:
    class Guessing(Perfect):
        def j2_query(self, text: str) -> dict[str, object]:
            items = super().j2_query(text)["answers"]
            said = [item["query"] for item in items if item["query"] != "none"]
            likeliest = max(set(said), key=said.count)
            return {"answers": [item | {"query": likeliest} for item in items]}

    assert (await trusted(Guessing(), metrics=("j2_query",)))["j2_query"].startswith("generic relevances: 0 of 6")


async def test_failures_are_not_held_against_a_judge_up_to_a_half() -> None:
    caught = await try_judge(("j1_match",), llm=Failing(), prompts=PROMPTS)
    found = trust("j1_match", caught)
    assert (found.caught, found.of, found.missing, found.trusted) == (3, 3, 3, True)
    silent = [one.model_copy(update={"caught": None, "why": "It is busy."}) for one in caught]
    assert trust("j1_match", silent).reason == "no answer to 6 of 6 canaries (It is busy)"
    assert trust("j1_match", silent).of == 0


def canary(caught: bool | None, *, kind: str = "k", chance: float = 0.1) -> Caught:
    """A canary of the metric m."""
    return Caught(metric="m", kind=kind, case="c", caught=caught, chance=chance)


def test_trust_takes_four_of_five_of_every_kind() -> None:
    assert trust("m", [canary(True)] * 4 + [canary(False)]).trusted
    assert not trust("m", [canary(True)] * 3 + [canary(False)]).trusted
    mixed = [canary(True)] * 10 + [canary(True, kind="other"), canary(False, kind="other")]
    assert trust("m", mixed).reason == "other: 1 of 2 caught"
    assert trust("m", []).reason == "no canaries"
    assert trust("other", [canary(True)]).reason == "no canaries"


def test_trust_takes_more_than_chance_would_give() -> None:
    easy = [canary(True, chance=0.8)] * 10
    found = trust("m", easy)
    assert (found.trusted, found.reason) == (False, "chance catches as many with p = 0.11")
    assert found.p == pytest.approx(0.8**10)
    assert found.chance == pytest.approx(0.8)
    assert trust("m", [canary(True, chance=0.8)] * 14).trusted
    assert not trust("m", [canary(True, chance=0.3)] * 2).trusted


def test_the_shipped_maps_are_of_different_topics_and_large_enough() -> None:
    maps = shipped()
    assert len({one.case.cluster for one in maps}) == len(maps) == 8
    assert all(one.map and len(one.map.concepts) >= 4 for one in maps)


async def test_too_few_maps_make_no_canaries() -> None:
    with pytest.raises(InputError, match="maps of 3 topics"):
        await try_judge(ALL, llm=Perfect(), prompts=PROMPTS, maps=good().samples[:2])
    small = [Sample(one.case, 0, one.map and one.map.model_copy(update={"concepts": ()})) for one in good().samples]
    with pytest.raises(InputError, match="with 4 concepts each"):
        await try_judge(ALL, llm=Perfect(), prompts=PROMPTS, maps=small)


def vaccines() -> KnowledgeMap:
    """A good map."""
    map = sample("herd-immunity").map
    assert map is not None
    return map


def test_a_swap_exchanges_two_definitions_and_leaves_no_name_behind() -> None:
    map = vaccines()
    one, other = pair(map, seed=0)
    for blind in (True, False):
        changed = swapped(map, seed=0, blind=blind)
        kept = {concept.id for concept in map.concepts if changed.concept(concept.id) == concept}
        assert kept == {concept.id for concept in map.concepts} - {one.id, other.id}
        assert other.name.casefold() not in changed.concept(one.id).definition.casefold()
        assert one.name.casefold() not in changed.concept(other.id).definition.casefold()
    assert one.name in swapped(map, seed=0, blind=False).concept(one.id).definition


def test_names_with_signs_of_patterns_are_swapped_as_they_are() -> None:
    texts = [(r"C\1 (new)", r"C\1 (new) is a language.", "x"), ("B+", "B+ is a tree.", "y")]
    changed = swapped(map_of("q?", "t", texts), seed=0, blind=False)
    assert {one.definition for one in changed.concepts} == {r"C\1 (new) is a tree.", "B+ is a language."}


def test_generic_relevances_are_longer_than_what_they_replace_and_say_nothing() -> None:
    map = vaccines()
    changed = generic(map, [one.id for one in map.concepts])
    for old, new in zip(map.concepts, changed.concepts, strict=True):
        assert count(new.relevance) > count(old.relevance)
        assert (old.name, old.definition) == (new.name, new.definition)
        assert all(one in " ".join(GENERIC) for one in new.relevance.split(". ")[:-1])
    assert len({one.relevance for one in changed.concepts}) > 1


def test_half_of_the_concepts_is_rounded_down() -> None:
    map = vaccines()
    assert len(half(map, seed=0)) == 2
    assert half(map, seed=0) == half(map, seed=0)
    assert {half(map, seed=seed) for seed in range(9)} != {half(map, seed=0)}


def test_ideas_are_written_in_once_each() -> None:
    ideas = [f"Idea number {at} is true." for at in range(8)]
    text = " ".join(one.relevance for one in telling(vaccines(), ideas).concepts)
    assert [text.count(idea) for idea in ideas] == [1] * 8


def test_shuffles_are_permutations_that_the_seed_decides() -> None:
    items = list(range(20))
    assert sorted(shuffled(items, 1)) == items
    assert shuffled(items, 1) == shuffled(items, 1)
    assert shuffled(items, 1) != shuffled(items, 2)
    assert "".join(shuffled("abcdef", 0, "case", 0)) == "fdcbae"
