"""Harmless edits move no metric, hostile maps break none, and the table's remarks hold on real texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapgen.evaluation.metrics import METRICS, Arm, Sample, score_all
from mapgen.model import RELATION_KINDS, Citation, Concept, KnowledgeMap, Relation, Source
from tests.evaluation.maps import Ask, Edit, Ref, edited, good, with_concept, with_concepts
from tests.evaluation.test_metrics_defects import MERGED, PASTED, base, intruder, means, relevance

GATED = [id for id, metric in METRICS.items() if metric.gated]
WORDY = [id for id in METRICS if METRICS[id].unit in ("share", "years of school")]


def turned(map: KnowledgeMap) -> KnowledgeMap:
    return map.model_copy(update={"concepts": map.concepts[::-1], "relations": map.relations[::-1]})


def renumbered(map: KnowledgeMap) -> KnowledgeMap:
    ids = {one.id: f"k{at}" for at, one in enumerate(map.concepts)}
    concepts = tuple(one.model_copy(update={"id": ids[one.id]}) for one in map.concepts)
    ends = [{"source": ids[one.source], "target": ids[one.target]} for one in map.relations]
    edges = tuple(one.model_copy(update=end) for one, end in zip(map.relations, ends, strict=True))
    return map.model_copy(update={"concepts": concepts, "relations": edges})


def texts(change: Callable[[str], str]) -> Edit:
    return lambda map: with_concepts(
        map, lambda one: {"definition": change(one.definition), "relevance": change(one.relevance)}
    )


HARMLESS: dict[str, Edit] = {
    "order": turned,
    "ids": renumbered,
    "names in lower case": lambda map: with_concepts(map, lambda one: {"name": one.name.lower()}),
    "names in capitals": lambda map: with_concepts(map, lambda one: {"name": one.name.upper()}),
    "space": texts(lambda text: f"  {text.replace(' ', '  ')} "),
    "apostrophes": texts(lambda text: text.replace("'", "’")),
    "quotes": texts(lambda text: text.replace("“", '"').replace("”", '"')),
    "another title": lambda map: map.model_copy(update={"title": "Another Title"}),
    "related topics": lambda map: map.model_copy(update={"related": ("One", "Two")}),
}


@pytest.mark.parametrize("edit", HARMLESS)
def test_a_harmless_edit_moves_no_metric(edit: str) -> None:
    assert score_all(edited(good(), HARMLESS[edit]), WORDY) == score_all(good(), WORDY)


def test_kinds_of_quotes_move_no_metric() -> None:
    straight = edited(good(), texts(lambda text: text.replace("the ", 'the "so-called" ', 1)))
    curly = edited(good(), texts(lambda text: text.replace("the ", "the “so-called” ", 1)))
    assert score_all(straight, WORDY) == score_all(curly, WORDY)


def test_the_order_of_samples_moves_no_metric() -> None:
    back = replace(good(), samples=good().samples[::-1])
    assert {id: row[::-1] for id, row in score_all(back, WORDY).items()} == score_all(good(), WORDY)


def test_the_same_arm_in_a_second_repeat_changes_nothing_in_the_first() -> None:
    again = tuple(replace(one, repeat=1) for one in good().samples)
    both = score_all(replace(good(), samples=(*good().samples, *again)), GATED)
    once = score_all(good(), GATED)
    assert both == {id: row * 2 for id, row in once.items()}


def test_good_maps_score_high_and_alike_on_what_is_a_fault_or_none() -> None:
    graded = {"rel_specific", "template_overlap", "rel_query_margin", "on_topic", "def_fits_title", "concept_recall"}
    assert {id: value for id, value in base().items() if id not in graded} == dict.fromkeys(set(base()) - graded, 1)
    assert all(base()[id] > 0.6 for id in graded)


def test_boilerplate_with_the_query_pasted_in_scores_lower_than_good_text() -> None:
    for dose in ([one.case.id for one in good().samples], ["opec"]):
        pasted = means(edited(good(), relevance(PASTED), ids=dose))
        assert pasted["rel_specific"] < base()["rel_specific"]
        assert pasted["rel_query_margin"] < base()["rel_query_margin"]
    everywhere = score_all(edited(good(), relevance(PASTED)), ["rel_specific"])["rel_specific"]
    assert set(everywhere) == {0}


def test_a_mail_merge_is_caught_even_where_every_name_differs() -> None:
    merged = score_all(edited(good(), relevance(MERGED)), ["template_overlap"])["template_overlap"]
    assert max(one or 0 for one in merged) < 0.1


def test_one_intruder_is_caught_wherever_it_is() -> None:
    at = {one.case.id: place for place, one in enumerate(good().samples)}
    before = score_all(good(), ["on_topic"])["on_topic"]
    for id, place in at.items():
        after = score_all(edited(good(), intruder, ids=[id]), ["on_topic"])["on_topic"]
        assert (after[place] or 0) < (before[place] or 0) - 0.05, id


def test_fewer_concepts_or_lost_maps_do_not_look_more_specific() -> None:
    four = edited(good(), lambda map: map.model_copy(update={"concepts": map.concepts[:4]}))
    assert abs(means(four)["rel_specific"] - base()["rel_specific"]) < METRICS["rel_specific"].margin
    ids = {one.case.id for one in good().samples[::4]}
    lost = replace(
        good(), samples=tuple(replace(one, map=None) if one.case.id in ids else one for one in good().samples)
    )
    after, before = (score_all(arm, ["rel_specific"])["rel_specific"] for arm in (lost, good()))
    rows = zip(after, before, strict=True)
    assert fmean((one or 0) - (other or 0) for one, other in rows if one) < METRICS["rel_specific"].margin


@pytest.mark.parametrize("kept", [0.9, 0.5])
def test_shorter_relevances_do_not_look_more_specific(kept: float) -> None:
    def cut(map: KnowledgeMap) -> KnowledgeMap:
        words = {one.id: one.relevance.split() for one in map.concepts}
        return with_concepts(map, lambda one: {"relevance": " ".join(words[one.id][: int(len(words[one.id]) * kept)])})

    assert means(edited(good(), cut))["rel_specific"] - base()["rel_specific"] < METRICS["rel_specific"].margin


def test_texts_of_a_person_beat_those_of_a_small_model_on_average(root: Path) -> None:
    files = (*sorted((root / "examples" / "maps").glob("*.json")), root / "tests" / "data" / "source-map.json")
    maps = [KnowledgeMap.load(file) for file in files]
    samples = tuple(
        Sample(case=Ask(id=f"r{at}", query=one.query, cluster=one.query), repeat=0, map=one)
        for at, one in enumerate(maps)
    )
    found = score_all(replace(good(), samples=(*good().samples, *samples)))
    for metric in ("rel_specific", "noncircular", "template_overlap"):
        row = [one or 0 for one in found[metric]]
        assert fmean(row[: len(good().samples)]) > fmean(row[len(good().samples) : -1])
        assert row[-1] > fmean(row[len(good().samples) : -1])


words = st.sampled_from(
    ["", "Antigen", "antigen", "**", "a", "{", "”", "Is it?", "抗原", "的", "Das ist so.", "…", "A b. C d"]
)
ids = st.sampled_from(["a", "b", "", "c"])
texts_ = st.lists(words, max_size=4).map(" ".join) | st.text(max_size=30)
citations = st.builds(Citation, source=ids, quote=texts_)
concepts = st.builds(
    Concept,
    id=ids,
    name=texts_,
    definition=texts_,
    relevance=texts_,
    rank=st.just(1),
    status=st.just("complete"),
    citations=st.lists(citations, max_size=2).map(tuple),
)
edges = st.builds(
    Relation, source=ids, target=ids, kind=st.sampled_from(RELATION_KINDS), label=texts_, explanation=texts_
)
maps = st.builds(
    KnowledgeMap,
    version=st.just(1),
    query=texts_,
    title=texts_,
    language=st.just("en"),
    status=st.just("complete"),
    concepts=st.lists(concepts, max_size=4).map(tuple),
    relations=st.lists(edges, max_size=4).map(tuple),
    related=st.just(()),
    sources=st.lists(st.builds(Source, id=ids, title=words, location=words), max_size=1).map(tuple),
    problems=st.just(()),
    made=st.none(),
)
cases = st.builds(
    Ask,
    id=ids,
    query=texts_,
    language=st.sampled_from(["en", "de", "zh", "xx"]),
    cluster=ids,
    references=st.lists(st.builds(Ref, words, st.tuples(words), texts_), max_size=3).map(tuple),
)
samples = st.builds(
    Sample,
    case=cases,
    repeat=st.integers(0, 1),
    map=st.none() | maps,
    passages=st.dictionaries(ids, texts_, max_size=2),
)


@given(st.lists(samples, max_size=4))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_maps_break_nothing(found: list[Sample]) -> None:
    scores = score_all(Arm(samples=tuple(found)))
    for id, row in scores.items():
        assert len(row) == len(found)
        if METRICS[id].gated:
            assert all(one is None or 0 <= one <= 1 for one in row), id
    lost = [at for at, one in enumerate(found) if one.map is None]
    assert all(scores[id][at] in (0, None) for id in GATED for at in lost)


def test_a_map_with_one_concept_without_words_is_scored() -> None:
    bare = good().samples[0].map
    assert bare is not None
    empty = with_concept(
        bare.model_copy(update={"concepts": bare.concepts[:1], "relations": ()}),
        0,
        name="",
        definition="",
        relevance="",
    )
    row = score_all(Arm(samples=(replace(good().samples[0], map=empty), *good().samples[2:])), GATED)
    assert row["noncircular"][0] == row["rel_specific"][0] == row["clean"][0] == row["language"][0] == 0
    assert row["rel_query_margin"][0] == row["rel_not_def"][0] == row["title_ok"][0] == 0
