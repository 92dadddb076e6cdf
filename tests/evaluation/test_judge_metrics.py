"""The judge metrics one by one: what is asked, and what is made of answers good, bad and missing."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.errors import (
    BadAnswer,
    ConfigError,
    ContentRefused,
    InputError,
    KeyRefused,
    LimitReached,
    MapgenError,
    Unavailable,
    UnknownModel,
    WrongProtocol,
)
from mapgen.evaluation.judge import (
    Judgement,
    judge_covered,
    judge_ideas,
    judge_match,
    judge_prefer,
    judge_query,
    judge_right,
)
from mapgen.evaluation.judge.canaries import generic
from mapgen.evaluation.metrics import Sample
from mapgen.llm.base import Reply
from mapgen.llm.scripted import Script, Scripted
from mapgen.prompting import Filled
from tests.evaluation.judges import PROMPTS, Agreeing, First, Inventing, Longer, Perfect, fenced, fits, lines_of, listed
from tests.evaluation.maps import good, map_of, sample, with_concept, with_concepts

GOOD = good()
VACCINES = sample("herd-immunity")
IDS = [one.id for one in VACCINES.map.concepts] if VACCINES.map else []


class Broken(Perfect):
    """Raises the same error at every asking."""

    def __init__(self, error: MapgenError) -> None:
        super().__init__()
        self.error = error

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        """The error."""
        raise self.error


def scripted(prompt: str, answer: dict[str, Any]) -> Scripted:
    """A judge that gives one answer."""
    return Scripted(Script.model_validate({"answers": [{"prompt": prompt, "answer": answer}]}, strict=False))


async def every(llm: Any, one: Sample = VACCINES) -> dict[str, Judgement]:
    """All judgements of one map, J7 against the same map with generic relevances."""
    assert one.map is not None
    ideas = lines_of(one.case.query)[:8]
    worse = generic(one.map, [concept.id for concept in one.map.concepts])
    return {
        "j1": await judge_match(one, GOOD.samples, llm=llm, prompts=PROMPTS, seed=0),
        "j2": await judge_query(one, GOOD.samples, llm=llm, prompts=PROMPTS, seed=0),
        "j3": await judge_right(one, llm=llm, prompts=PROMPTS),
        "j5": await judge_covered(one, ideas, llm=llm, prompts=PROMPTS),
        "j7": await judge_prefer(one, worse, llm=llm, prompts=PROMPTS),
    }


@pytest.mark.parametrize("one", [one for one in GOOD.samples if one.case.id != "rates-2"], ids=lambda one: one.case.id)
async def test_a_perfect_judge_gives_good_maps_full_scores(one: Sample) -> None:
    judge = Perfect()
    found = await every(judge, one)
    assert {metric: judgement.score for metric, judgement in found.items()} == dict.fromkeys(found, 1.0)
    assert {metric: judgement.calls for metric, judgement in found.items()} == {
        "j1": 1, "j2": 1, "j3": 1, "j5": 1, "j7": 2,
    }  # fmt: skip
    assert len(judge.asked) == 6
    assert {asked.role for asked in judge.asked} == {"judge"}


async def test_a_blind_match_hides_the_names_and_mixes_the_order() -> None:
    judge = Perfect()
    await judge_match(VACCINES, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)
    text = fenced(judge.asked[0].messages[1].content)
    definitions = [line for _, line in listed(text, "Definitions:")]
    names = [line for _, line in listed(text, "Names:")]
    assert VACCINES.map is not None
    own = [one.name for one in VACCINES.map.concepts]
    assert len(names) == len(own) + 2
    assert set(own) < set(names)
    assert names[: len(own)] != own
    for concept in VACCINES.map.concepts:
        (shown,) = [one for one in definitions if fits(one, concept.definition)]
        assert concept.name.casefold() not in shown.casefold()
    foreign = set(names) - set(own)
    assert not {word for name in foreign for word in name.split()} & {word for name in own for word in name.split()}


async def test_a_swapped_pair_costs_the_blind_match_both() -> None:
    assert VACCINES.map is not None
    one, other = VACCINES.map.concepts[0], VACCINES.map.concepts[2]
    map = with_concept(VACCINES.map, 0, definition=other.definition)
    swapped = Sample(VACCINES.case, 0, with_concept(map, 2, definition=one.definition))
    found = await judge_match(swapped, GOOD.samples, llm=Perfect(), prompts=PROMPTS, seed=0)
    assert found.score == pytest.approx(3 / 5)
    assert (found.verdicts[one.id], found.verdicts[other.id]) == (other.name, one.name)


async def test_masked_relevances_hide_query_and_name_and_stand_among_others() -> None:
    judge = Perfect()
    found = await judge_query(VACCINES, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)
    text = fenced(judge.asked[0].messages[1].content)
    texts = [line for _, line in listed(text, "Texts:")]
    queries = [line for _, line in listed(text, "Questions:")]
    assert len(queries) == 5
    assert VACCINES.case.query in queries
    assert len(texts) == len(IDS) + 4
    assert VACCINES.map is not None
    own = [line for line in texts if any(fits(line, one.relevance) for one in VACCINES.map.concepts)]
    assert len(own) == len(IDS)
    assert not any(word in line.casefold() for line in own for word in ("vaccin", "immun", "herd"))
    assert set(found.verdicts) == set(IDS)


async def test_too_few_other_queries_are_missing_data_without_a_call() -> None:
    judge = Perfect()
    found = await judge_query(VACCINES, GOOD.samples[:1], llm=judge, prompts=PROMPTS, seed=0)
    assert (found.score, found.calls, judge.asked) == (None, 0, [])
    assert found.why == "there are 1 queries of other clusters, and 2 are needed to tell this one from"


async def test_queries_of_the_same_cluster_are_never_offered() -> None:
    judge = Perfect()
    for seed in range(5):
        await judge_query(sample("rates"), GOOD.samples, llm=judge, prompts=PROMPTS, seed=seed)
    for asked in judge.asked:
        assert sample("rates-2").case.query not in asked.messages[1].content


async def test_the_querys_own_words_are_hidden_in_its_relevances() -> None:
    texts = [(f"Thing {at}", "d", "It shows how vaccines lead a herd to immunity. Geese fly.") for at in range(2)]
    judge = Perfect()
    pasted = Sample(VACCINES.case, 0, map_of(VACCINES.case.query, "t", texts))
    await judge_query(pasted, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)
    shown = [line for _, line in listed(fenced(judge.asked[0].messages[1].content), "Texts:") if "Geese" in line]
    assert shown == ["It shows how ___ a ___ to ___. Geese fly."] * 2


@pytest.mark.parametrize(
    ("verdict", "quote", "score"),
    [
        ("right", "", 1.0),
        ("minor", "lymphocytes RECOGNISE, and attack!", 0.5),
        ("wrong", "a molecular structure", 0.0),
        ("unsure", "", None),
        ("wrong", "", None),
        ("wrong", "a molecular formula", None),
    ],
)
async def test_rightness_counts_what_the_quote_bears_out(verdict: str, quote: str, score: float | None) -> None:
    assert VACCINES.map is not None
    one = Sample(VACCINES.case, 0, VACCINES.map.model_copy(update={"concepts": VACCINES.map.concepts[:1]}))
    answer = {"verdicts": [{"definition": 1, "reason": "r", "quote": quote, "verdict": verdict}]}
    found = await judge_right(one, llm=scripted("j3_right", answer), prompts=PROMPTS)
    assert found.score == score
    assert found.dropped == (score is None and verdict == "wrong")
    assert found.why == ("" if score is not None else "the judge gave 0 of 1 usable verdicts")


async def test_ideas_are_written_before_any_map_is_seen() -> None:
    judge = Perfect()
    ideas, why = await judge_ideas(VACCINES.case, llm=judge, prompts=PROMPTS)
    assert (len(ideas), why) == (8, "")
    assert fenced(judge.asked[0].messages[1].content) == VACCINES.case.query
    few = scripted("j5_ideas", {"ideas": ["a", "a", "b"]})
    assert await judge_ideas(VACCINES.case, llm=few, prompts=PROMPTS) == ((), "the judge wrote 2 ideas")


async def test_coverage_is_the_share_of_ideas_that_the_map_tells() -> None:
    ideas = [*lines_of(VACCINES.case.query)[:3], "The moon is made of green cheese and of nothing else."]
    found = await judge_covered(VACCINES, ideas, llm=Perfect(), prompts=PROMPTS)
    assert found.score == 0.75
    assert list(found.verdicts.values()) == ["told", "told", "told", "left out"]


async def test_invented_quotes_leave_nothing_to_count() -> None:
    found = await every(Inventing())
    assert (found["j3"].score, found["j3"].dropped) == (None, 5)
    assert (found["j5"].score, found["j5"].dropped) == (None, 8)


async def test_a_preference_has_to_hold_in_both_orders() -> None:
    assert VACCINES.map is not None
    worse = generic(VACCINES.map, IDS)
    lost = await judge_prefer(Sample(VACCINES.case, 0, worse), VACCINES.map, llm=Perfect(), prompts=PROMPTS)
    assert (lost.score, lost.arm) == (0.0, "new")
    assert lost.verdicts == {"base first": "base", "new first": "base"}
    first = await judge_prefer(VACCINES, worse, llm=First(), prompts=PROMPTS)
    assert (first.score, first.verdicts) == (0.5, {"base first": "base", "new first": "new"})
    second = await judge_prefer(VACCINES, worse, llm=Agreeing(), prompts=PROMPTS)
    assert second.score == 0.5


async def test_lengths_are_told_so_that_a_love_of_length_is_seen() -> None:
    assert VACCINES.map is not None
    longer = with_concepts(VACCINES.map, lambda one: {"relevance": f"{one.relevance} {one.relevance}"})
    found = await judge_prefer(Sample(VACCINES.case, 0, longer), VACCINES.map, llm=Longer(), prompts=PROMPTS)
    assert found.score == 1.0
    assert found.lengths is not None
    assert found.lengths[0] < found.lengths[1]


FAILURES = [
    BadAnswer("The answer does not fit."),
    ContentRefused("The model declined."),
    Unavailable("The endpoint is busy."),
    LimitReached("The limit of 5 calls is used up."),
    WrongProtocol("The endpoint refuses the request."),
    InputError("The text is longer than the model's context."),
]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
async def test_a_failure_of_the_judge_is_missing_and_never_nought(error: MapgenError) -> None:
    found = await every(Broken(error))
    assert {one.score for one in found.values()} == {None}
    assert {one.why for one in found.values()} == {error.message}
    assert await judge_ideas(VACCINES.case, llm=Broken(error), prompts=PROMPTS) == ((), error.message)


@pytest.mark.parametrize(
    "error", [KeyRefused("No."), UnknownModel("No."), ConfigError("No.")], ids=lambda error: type(error).__name__
)
async def test_what_no_other_answer_would_mend_is_raised(error: MapgenError) -> None:
    with pytest.raises(type(error)):
        await every(Broken(error))


async def test_an_answer_for_fewer_than_half_of_the_items_is_missing() -> None:
    def matched(number: int) -> dict[str, Any]:
        return {"matches": [{"definition": at, "reason": "r", "name": "none"} for at in range(1, number + 1)]}

    scores = []
    for number in (0, 2, 3, 9):
        judge = scripted("j1_match", matched(number))
        scores.append((await judge_match(VACCINES, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)).score)
    assert scores == [None, None, 0.0, 0.0]


async def test_letters_that_were_not_offered_and_second_answers_are_not_counted() -> None:
    offered = ["A", "b.", "(C)", "none", "Z"]
    items = [{"definition": at, "reason": "r", "name": name} for at, name in enumerate(offered, 1)]
    again = [{"definition": 1, "reason": "r", "name": "none"}, {"definition": 77, "reason": "r", "name": "A"}]
    judge = scripted("j1_match", {"matches": [*items, *again]})
    found = await judge_match(VACCINES, GOOD.samples, llm=judge, prompts=PROMPTS, seed=0)
    assert len(found.verdicts) == 4
    assert list(found.verdicts.values()).count("none") == 1
