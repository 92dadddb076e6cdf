"""Mutants: pure, seeded, and doing to maps and templates exactly what they say."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from mapgen.errors import InputError
from mapgen.evaluation import runfile
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.mutants import MUTANTS, TEMPLATES, Mutant, Setting, TemplateMutant, find
from mapgen.evaluation.suite import Case, Suite, load
from mapgen.model import RELATION_KINDS, KnowledgeMap
from tests.evaluation.maps import map_of

HERE = Path(__file__).resolve().parents[2]
HARMFUL = [one for one in MUTANTS if not one.harmless]
HARMLESS = [one for one in MUTANTS if one.harmless]
by_id = pytest.mark.parametrize


def label(one: Mutant | TemplateMutant) -> str:
    return one.id


@cache
def suite() -> Suite:
    return load(HERE / "evals" / "suites" / "core.yaml")


@cache
def written() -> dict[str, KnowledgeMap]:
    """The maps that were written by hand, by case."""
    run = runfile.load(HERE / "evals" / "meta" / "maps.jsonl")
    return {one.case: one.map for one in run.records if one.map}


def setting(case: str, mutant: str = "") -> Setting:
    found = next(one for one in suite().cases if one.id == case)
    others = tuple(map for id, map in written().items() if id != case)
    return Setting(found, others, Random(f"{mutant}:{case}"))


def mutated(id: str, case: str = "stagflation") -> tuple[KnowledgeMap, KnowledgeMap]:
    """A hand-written map and what a mutant makes of it."""
    map = written()[case]
    return map, find([id])[0].apply(map, setting(case, id))


def texts(map: KnowledgeMap, field: str) -> list[str]:
    return [getattr(one, field) for one in map.concepts]


def test_the_maps_are_of_every_topic_of_the_suite_and_of_its_size() -> None:
    clusters = {one.id: one.cluster for one in suite().cases}
    assert {clusters[id] for id in written()} == set(clusters.values())
    assert all(map.query == next(c.query for c in suite().cases if c.id == id) for id, map in written().items())
    sizes = {len(map.concepts) for map in written().values()}
    assert sizes <= set(range(suite().concepts.min, suite().concepts.max + 1))


def test_there_are_as_many_as_were_asked_for() -> None:
    assert len(HARMFUL) >= 30
    assert len(HARMLESS) >= 10
    assert sum(not one.harmless for one in TEMPLATES) >= 8
    assert {one.family for one in MUTANTS} == {
        "relevance",
        "definition",
        "name",
        "concepts",
        "relations",
        "text",
        "facts",
        "harmless",
    }
    assert all(count == 1 for count in Counter(one.id for one in (*MUTANTS, *TEMPLATES)).values())


@by_id("mutant", MUTANTS, ids=label)
def test_what_is_claimed_of_a_mutant_is_about_metrics_that_there_are(mutant: Mutant) -> None:
    assert set(mutant.expected) <= set(METRICS)
    assert bool(mutant.expected) + bool(mutant.blind) + mutant.harmless == 1
    assert mutant.does
    assert not mutant.does.endswith(".")


@by_id("mutant", MUTANTS, ids=label)
def test_mutants_are_pure_and_seeded_and_leave_maps_that_can_be_read(mutant: Mutant) -> None:
    changed = 0
    for case, map in written().items():
        before = map.to_json()
        first = mutant.apply(map, setting(case, mutant.id))
        assert first == mutant.apply(map, setting(case, mutant.id))
        assert map.to_json() == before
        assert KnowledgeMap.parse(first.to_json()).query == map.query
        changed += first != map
    assert changed >= (5 if mutant.harmless else 20)


@by_id("mutant", HARMLESS, ids=label)
def test_a_harmless_edit_keeps_the_concepts_and_the_relations(mutant: Mutant) -> None:
    for case, map in written().items():
        edited = mutant.apply(map, setting(case, mutant.id))
        assert sorted(name.casefold() for name in texts(edited, "name")) == sorted(
            name.casefold() for name in texts(map, "name")
        )
        assert len(edited.relations) == len(map.relations)
        names = [{one.id: one.name.casefold() for one in which.concepts} for which in (map, edited)]
        ends = [
            sorted(sorted((name[one.source], name[one.target])) for one in which.relations)
            for name, which in zip(names, (map, edited), strict=True)
        ]
        assert ends[0] == ends[1]


@by_id("field", ["relevance", "definition"])
def test_texts_of_the_next_concept(field: str) -> None:
    map, edited = mutated("relevance-of-the-next" if field == "relevance" else "definitions-rotated")
    told = texts(map, field)
    assert texts(edited, field) == [*told[1:], told[0]]
    other = "definition" if field == "relevance" else "relevance"
    assert texts(edited, other) == texts(map, other)


def test_two_definitions_change_places() -> None:
    map, edited = mutated("definitions-two-swapped")
    assert sorted(texts(edited, "definition")) == sorted(texts(map, "definition"))
    moved = [one != other for one, other in zip(texts(map, "definition"), texts(edited, "definition"), strict=True)]
    assert sum(moved) == 2


@by_id("id", ["relevance-of-another-field", "relevance-of-another-topic"])
def test_maps_change_their_relevances_and_none_is_used_twice(id: str) -> None:
    mutant, maps = find([id])[0], list(written().values())
    taken = []
    for at, map in enumerate(maps):
        around = Setting(suite().cases[0], (*maps[at + 1 :], *maps[:at]), Random(0))
        edited = mutant.apply(map, around)
        assert not set(texts(edited, "relevance")) & set(texts(map, "relevance"))
        taken.append(texts(edited, "relevance")[0])
    assert len(set(taken)) == len(maps)


def test_the_query_is_pasted_into_boilerplate() -> None:
    map, edited = mutated("relevance-query-pasted")
    assert all(map.query in text for text in texts(edited, "relevance"))
    assert texts(edited, "definition") == texts(map, "definition")


def test_what_is_truncated_has_the_beginning_and_no_end() -> None:
    map, edited = mutated("definition-truncated")
    for whole, cut in zip(texts(map, "definition"), texts(edited, "definition"), strict=True):
        assert whole.startswith(cut)
        assert not cut.endswith(".")
        assert 0 < len(cut.split()) < len(whole.split())


def test_a_long_definition_has_more_than_sixty_words_in_one_sentence() -> None:
    _, edited = mutated("definition-rambling")
    assert all(len(text.split()) > 60 and text.count(".") <= 1 for text in texts(edited, "definition"))


def test_dropped_concepts_are_the_referenced_ones_and_their_relations_go_along() -> None:
    for case, map in written().items():
        mutant = find(["concepts-dropped"])[0]
        edited = mutant.apply(map, setting(case))
        ids = {one.id for one in edited.concepts}
        assert len(edited.concepts) == max(3, len(map.concepts) - len(map.concepts) // 2)
        assert all({one.source, one.target} <= ids for one in edited.relations)
        assert [one.rank for one in edited.concepts] == list(range(1, len(ids) + 1))
        known = {name for one in setting(case).case.references for name in (one.name, *one.aliases)}
        gone = [one.name for one in map.concepts if one.id not in ids]
        left = [one.name for one in edited.concepts]
        assert set(gone) <= known or not set(left) & known


def test_a_map_filled_up_has_nine_concepts_that_hang_together() -> None:
    for case, map in written().items():
        edited = find(["concepts-many"])[0].apply(map, setting(case))
        assert len(edited.concepts) == 9
        assert edited.concepts[: len(map.concepts)] == map.concepts
        ends = {one.target for one in edited.relations} | {one.source for one in edited.relations}
        assert {one.id for one in edited.concepts} <= ends


def test_a_paraphrase_has_no_name_of_the_first_concept() -> None:
    map, edited = mutated("concept-paraphrased")
    assert edited.concepts[-1].name != map.concepts[0].name
    assert edited.concepts[-1].definition != map.concepts[0].definition
    assert edited.concepts[:-1] == map.concepts[:-1]


@by_id("id", ["language-one", "language-all", "language-explanations"])
@by_id("language", ["de", "fr", "es"])
def test_another_language_is_never_the_map_s_own(id: str, language: str) -> None:
    own = {"de": "Das ist ein", "fr": "C'est une", "es": "Es un"}[language]
    case = Case.model_validate({"id": "a", "query": "Was?", "language": language})
    map = written()["stagflation"]
    for seed in range(20):
        edited = find([id])[0].apply(map, Setting(case, (), Random(seed)))
        assert edited != map
        assert own not in edited.to_json()


TOLD = (("A", "One.", "R1."), ("B", "Two.", "R2."), ("C", "Three.", "R3."))
EDGES = (("A", "causes", "B", "makes", "A makes B."), ("B", "limits", "C", "slows", "B slows C."))


def small(id: str) -> KnowledgeMap:
    """What a mutant makes of a map of three concepts in a chain."""
    map = map_of("Why?", "T", TOLD, relations=EDGES)
    return find([id])[0].apply(map, Setting(suite().cases[0], (), Random(0)))


def ends(map: KnowledgeMap) -> list[tuple[str, str, str]]:
    return [(one.source, one.kind, one.target) for one in map.relations]


@by_id(
    ("id", "left"),
    [
        ("relations-loops", [("a", "causes", "a"), ("b", "limits", "b")]),
        ("relations-none", []),
        ("relations-half", [("a", "causes", "b")]),
        ("relations-reversed", [("b", "causes", "a"), ("c", "limits", "b")]),
        ("relations-star", [("a", "enables", "b"), ("a", "enables", "c")]),
        ("relations-doubled", [("a", "causes", "b"), ("b", "limits", "c")] * 2),
    ],
)
def test_edits_of_relations(id: str, left: list[tuple[str, str, str]]) -> None:
    assert ends(small(id)) == left


def test_edits_of_what_relations_say() -> None:
    assert {one.label for one in small("relations-vague").relations} == {"is related to"}
    assert {one.label for one in small("relations-unlabelled").relations} == {""}
    assert [one.explanation for one in small("relations-explanations").relations] == ["B slows C.", "A makes B."]
    assert {one.kind for one in small("relations-kinds").relations} <= set(RELATION_KINDS)
    assert sum(one.target == "nowhere" for one in small("relation-dangling").relations) == 1


def test_facts_turned_round() -> None:
    map, edited = mutated("facts-negated")
    assert all(" not " in text for text in texts(edited, "definition"))
    map, edited = mutated("facts-numbers")
    assert "1981" in map.to_json()
    assert "1981" not in " ".join(texts(edited, "relevance"))


def test_an_unknown_mutant_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError) as raised:
        find(["relevance-empty", "nonsense"])
    assert "'nonsense'" in raised.value.message
    assert "relevance-empty" in raised.value.hint


def test_names_of_several_words_are_explained_by_their_last() -> None:
    map, edited = mutated("definition-half-circular")
    by_name = {one.name: one.definition for one in edited.concepts}
    assert by_name["Central Bank"].startswith("A central bank is the bank, or public institution that ")
    assert by_name["Stagflation"] == map.concepts[0].definition


def test_concepts_become_too_broad_but_for_those_that_the_query_names() -> None:
    map, edited = mutated("concepts-too-broad", "opec-cuts")
    changed = {one.name for one, other in zip(map.concepts, edited.concepts, strict=True) if one != other}
    assert changed == {"Price Elasticity of Demand", "Oil Refining", "Crude Oil Price"} - {
        one.name for one in edited.concepts
    }
    assert {one.relevance for one in edited.concepts} == {one.relevance for one in map.concepts}


SPARSE = {
    "one concept": map_of("Why?", "T", [("A", "One.", "R.")]),
    "no texts": map_of("Why?", "", [("A", "", ""), ("B", "", "")]),
    "no names": map_of("Why?", "", [("", "One.", "R."), ("", "Two.", "R.")]),
    "no relations": map_of("Why?", "T", TOLD),
    "one relation": map_of("Why?", "T", TOLD, relations=EDGES[:1]),
}


@by_id("map", SPARSE.values(), ids=SPARSE)
def test_mutants_bear_the_maps_that_weak_models_make(map: KnowledgeMap) -> None:
    for mutant in MUTANTS:
        edited = mutant.apply(map, setting("opec-cuts", mutant.id))
        assert KnowledgeMap.parse(edited.to_json()).query == map.query
        assert edited.concepts
