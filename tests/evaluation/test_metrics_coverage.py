"""Reference concepts found and missed, one-to-one; and what is reported without gating anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.evaluation.metrics import METRICS, Arm, Sample, score_all
from mapgen.evaluation.metrics.matching import matched
from mapgen.evaluation.metrics.prose import grade
from mapgen.evaluation.metrics.recall import CAUTIOUS, threshold
from mapgen.model import KnowledgeMap
from tests.evaluation.maps import Ask, Ref, edited, good, made, map_of, sample, with_concept

DEFINITION, RELEVANCE = "It is a molecule that lymphocytes attack.", "A shot carries a copy of it. It is harmless."


def named(*names: str) -> KnowledgeMap:
    return map_of("How do vaccines work?", "T", tuple((name, DEFINITION, RELEVANCE) for name in names))


def recall(map: KnowledgeMap | None, *references: Ref, language: str = "en") -> float | None:
    case = Ask(id="c", query="q", cluster="c", references=references, language=language)
    return score_all(Arm(samples=(Sample(case=case, repeat=0, map=map),)), ["concept_recall"])["concept_recall"][0]


def test_references_are_found_by_name_alias_acronym_and_spelling() -> None:
    found = named("LLMs", "Colour Theory", "Precision", "basic reproduction numbers")
    references = (
        Ref("Large Language Models", (), "g"),
        Ref("Color Theory", (), "h"),
        Ref("R0", ("Basic reproduction number",), "i"),
        Ref("Recall", (), "Share of relevant documents that were retrieved."),
    )
    assert recall(found, *references) == 0.75
    assert recall(found, *references[:3]) == 1
    assert recall(None, *references) == 0
    assert recall(found) is None


def test_one_concept_cannot_be_two_references() -> None:
    both = (Ref("Offer", ("Mutual assent",), "g"), Ref("Acceptance", ("Mutual assent",), "h"))
    assert recall(named("Mutual Assent"), *both) == 0.5
    assert recall(named("Mutual Assent", "Offer"), *both) == 1


def test_other_languages_are_matched_by_name_alone() -> None:
    assert (
        recall(named("Leitzins", "Inflation"), Ref("Leitzinse", (), "g"), Ref("Löhne", (), "h"), language="de") == 0.5
    )


def test_a_reference_is_found_by_meaning_under_a_name_that_is_not_listed() -> None:
    def renamed(map: KnowledgeMap) -> KnowledgeMap:
        return with_concept(map, 1, name="Immunological Recall Lymphocytes")

    arm = edited(good(), renamed, ids=["herd-immunity"])
    at = next(at for at, one in enumerate(arm.samples) if one.case.id == "herd-immunity")
    assert score_all(arm, ["concept_recall"])["concept_recall"][at] == 1


def test_the_maps_of_other_topics_have_next_to_none_of_the_references() -> None:
    foreign = sample("islam-split").map
    arm = edited(good(), lambda map: foreign or map, ids=["opec", "agents", "contracts", "photosynthesis"])
    scores = dict(
        zip((one.case.id for one in arm.samples), score_all(arm, ["concept_recall"])["concept_recall"], strict=True)
    )
    assert [scores[id] for id in ("opec", "agents", "contracts", "photosynthesis")] == [0, 0, 0, 0]
    assert scores["islam-split"] == 1


def test_each_missing_concept_costs_its_share() -> None:
    id = "photosynthesis"
    of = next(at for at, one in enumerate(good().samples) if one.case.id == id)
    scores = []
    for left in (5, 4, 3, 2, 1):
        arm = edited(good(), lambda map, n=left: map.model_copy(update={"concepts": map.concepts[:n]}), ids=[id])
        scores.append(score_all(arm, ["concept_recall"])["concept_recall"][of])
    assert scores == [1, 1, 0.75, 0.5, 0.25]


def test_the_threshold_is_of_the_references_alone() -> None:
    least = threshold(good())
    assert 0.3 < least < 0.6
    lost = replace(good(), samples=tuple(replace(one, map=None) for one in good().samples))
    assert threshold(lost) == least
    assert threshold(replace(good(), samples=tuple(reversed(good().samples)))) == pytest.approx(least, abs=1e-6)
    assert threshold(Arm(samples=(sample("opec"),))) == CAUTIOUS


def best(choices: Sequence[set[int]]) -> int:
    """The most partners by trying every order of the right side."""
    pool = [*range(5), *([-1] * len(choices))]
    tried = permutations(pool, len(choices))
    return max((sum(one in own for one, own in zip(order, choices, strict=True)) for order in tried), default=0)


@given(st.lists(st.sets(st.integers(0, 4), max_size=3), max_size=3))
@settings(deadline=None)
def test_the_matching_is_the_largest_that_there_is(choices: list[set[int]]) -> None:
    assert matched(choices) == best(choices)


def repeated(*maps: KnowledgeMap | None) -> Arm:
    case = Ask(id="c", query="q", cluster="c")
    return Arm(samples=tuple(Sample(case=case, repeat=at, map=one) for at, one in enumerate(maps)))


def test_stability_is_the_overlap_of_names_between_repeats() -> None:
    one, same, half = named("Antigen", "Dose"), named("doses", "ANTIGEN"), named("Antigen", "Transmission")
    assert score_all(repeated(one, same), ["stability"])["stability"] == (1, 1)
    assert score_all(repeated(one, half), ["stability"])["stability"] == (pytest.approx(1 / 3, abs=1e-6),) * 2
    assert score_all(repeated(one, same, half), ["stability"])["stability"][0] == pytest.approx(2 / 3, abs=1e-6)
    assert score_all(repeated(one, None), ["stability"])["stability"] == (None, None)


def test_costs_are_told_as_they_were() -> None:
    one = named("Antigen").model_copy(update={"made": made(repairs=2, calls=9, dropped=3)})
    told = score_all(
        repeated(one, None, one.model_copy(update={"made": None})),
        ["tokens", "calls", "latency", "repairs", "quotes_dropped"],
    )
    assert told == {
        "tokens": (3900, None, None),
        "calls": (9, None, None),
        "latency": (12.5, None, None),
        "repairs": (2, None, None),
        "quotes_dropped": (3, None, None),
    }


def test_query_coverage_is_the_share_of_the_subjects_that_are_named() -> None:
    case = Ask(id="c", query="Proof of work vs proof of stake", cluster="c")
    maps = (named("Proof of Work", "Proof of Stake"), named("Proof of Work"), named("Antigen"))
    scores = [
        score_all(Arm(samples=(Sample(case=case, repeat=0, map=one),)), ["query_coverage"])["query_coverage"]
        for one in maps
    ]
    assert scores == [(1,), (0.5,), (0,)]


def test_soft_recall_rises_with_likeness_and_needs_references() -> None:
    kept = score_all(good(), ["soft_recall"])["soft_recall"]
    lost = score_all(
        edited(good(), lambda map: map.model_copy(update={"concepts": map.concepts[:1]})), ["soft_recall"]
    )["soft_recall"]
    assert [one is None for one in kept] == [not one.case.references for one in good().samples]
    assert all(0 <= second < first <= 1 for first, second in zip(kept, lost, strict=True) if first and second)


def test_reading_grade_is_that_of_flesch_and_kincaid() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59, abs=0.01)
    hard = "Macroeconomic stabilisation necessitates considerable institutional credibility."
    assert grade(hard) is not None
    assert (grade(hard) or 0) > 20
    assert grade("") is None
    german = replace(sample("opec"), case=replace(sample("opec").case, language="de"))
    assert score_all(Arm(samples=(german,)), ["reading_grade"])["reading_grade"] == (None,)


def test_what_is_only_reported_gates_nothing() -> None:
    told = {"reading_grade", "stability", "soft_recall", "query_coverage", "tokens", "calls", "latency", "repairs"}
    told |= {"sourced", "quotes_dropped"}
    assert {id for id, metric in METRICS.items() if not metric.gated} == told
