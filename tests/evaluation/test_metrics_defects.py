"""Good maps are spoilt on purpose: the metric meant for a defect must fall, more with more of it, and others not.

The defects are made here by editing values; no model is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import fmean

import pytest

from mapgen.evaluation.metrics import METRICS, Arm, score_all
from mapgen.model import Concept, KnowledgeMap, Relation
from tests.evaluation.maps import Edit, edited, good, made, sample, with_concept, with_concepts

GENERIC = "{name} is an important concept for understanding this topic. It plays a crucial role in many areas of it."
PASTED = 'Understanding {name} is crucial to answer "{query}". {name} plays a key role in the question "{query}".'
MERGED = (
    "When experts debate {query}, {name} acts as a lever that shifts the outcome step by step. Practitioners watch "
    "{name} as an early signal, weigh its costs, and adjust their plans before the damage spreads."
)
GERMAN = (
    "Das ist ein Verfahren, mit dem man den Zustand einer Sache über die Zeit hinweg genau beschreiben kann.",
    "Es zeigt sich besonders dann, wenn die Nachfrage sinkt und die Preise fallen. Daher achten viele darauf, wie "
    "sich die Lage im nächsten Jahr entwickelt.",
)


def relevance(template: str) -> Edit:
    return lambda map: with_concepts(
        map, lambda one: {"relevance": template.format(name=one.name, query=map.query).strip()}
    )


def definition(template: str) -> Edit:
    return lambda map: with_concepts(
        map, lambda one: {"definition": template.format(name=one.name, text=one.definition)}
    )


def shifted(field: str) -> Edit:
    """Every concept gets the text of the next one."""

    def edit(map: KnowledgeMap) -> KnowledgeMap:
        texts = [getattr(one, field) for one in map.concepts]
        moved = iter([*texts[1:], texts[0]])
        return with_concepts(map, lambda one: {field: next(moved)})

    return edit


def foreign(map: KnowledgeMap) -> Concept:
    """A concept of a good map on another topic."""
    other = sample("contracts" if map.query != sample("contracts").case.query else "photosynthesis").map
    assert other is not None
    return other.concepts[2]


def intruder(map: KnowledgeMap) -> KnowledgeMap:
    one = foreign(map)
    return with_concept(map, -1, name=one.name, definition=one.definition, relevance=one.relevance)


def foreign_relevances(map: KnowledgeMap) -> KnowledgeMap:
    return with_concepts(map, lambda one: {"relevance": foreign(map).relevance})


def duplicate(map: KnowledgeMap) -> KnowledgeMap:
    one = map.concepts[0]
    return with_concept(map, -1, name=f"{one.name}s", definition=one.definition)


def paraphrase(map: KnowledgeMap) -> KnowledgeMap:
    one = map.concepts[0]
    return with_concept(map, -1, name="The First Idea", definition=f"{one.definition[:-1]} here.")


def fewer(map: KnowledgeMap) -> KnowledgeMap:
    kept = {one.id for one in map.concepts[:2]}
    edges = tuple(one for one in map.relations if {one.source, one.target} <= kept)
    return map.model_copy(update={"concepts": map.concepts[:2], "relations": edges})


def truncated(map: KnowledgeMap) -> KnowledgeMap:
    return with_concepts(map, lambda one: {"relevance": one.relevance[: len(one.relevance) * 2 // 3].rstrip(" .")})


def edges(change: Callable[[Relation], dict[str, object]]) -> Edit:
    return lambda map: map.model_copy(
        update={"relations": tuple(one.model_copy(update=change(one)) for one in map.relations)}
    )


def half_the_edges(map: KnowledgeMap) -> KnowledgeMap:
    return map.model_copy(update={"relations": map.relations[: len(map.relations) // 2]})


def german(map: KnowledgeMap) -> KnowledgeMap:
    return with_concepts(map, lambda one: dict(zip(("definition", "relevance"), GERMAN, strict=True)))


def repaired(map: KnowledgeMap) -> KnowledgeMap:
    return map.model_copy(update={"made": made(repairs=1)})


DEFECTS: dict[str, tuple[Edit, str]] = {
    "a repair": (repaired, "valid_first"),
    "too few concepts": (fewer, "count_ok"),
    "a duplicate concept": (duplicate, "distinct"),
    "a concept twice in other words": (paraphrase, "distinct"),
    "names that are questions": (
        lambda map: with_concepts(map, lambda one: {"name": f"What is {one.name}?"}),
        "title_ok",
    ),
    "the query as a name": (lambda map: with_concept(map, 0, name=map.query), "title_ok"),
    "a doubled definition": (definition("{text} {text}"), "one_sentence"),
    "a rambling definition": (definition("{text} It is used in many ways, as we shall see."), "one_sentence"),
    "a circular definition": (definition("{name} is the concept of {name} as such."), "noncircular"),
    "empty definitions": (definition(""), "noncircular"),
    "generic relevances": (relevance(GENERIC), "rel_specific"),
    "relevances with the query pasted in": (relevance(PASTED), "rel_specific"),
    "empty relevances": (relevance(""), "rel_specific"),
    "mail-merge relevances": (relevance(MERGED), "template_overlap"),
    "relevances of another query": (foreign_relevances, "rel_query_margin"),
    "relevances that are the definition": (
        lambda map: with_concepts(map, lambda one: {"relevance": one.definition}),
        "rel_not_def",
    ),
    "all definitions swapped": (shifted("definition"), "def_fits_title"),
    "a concept off topic": (intruder, "on_topic"),
    "unknown ends": (edges(lambda one: {"target": "nowhere"}), "edges_valid"),
    "loops": (edges(lambda one: {"target": one.source}), "edges_valid"),
    "labels that say related to": (edges(lambda one: {"label": "is related to"}), "edges_valid"),
    "no relations": (lambda map: map.model_copy(update={"relations": ()}), "connected"),
    "half the relations": (half_the_edges, "connected"),
    "truncated relevances": (truncated, "clean"),
    "markup": (definition("**{name}**: {text}"), "clean"),
    "the model's own voice": (definition("As an AI language model, I would say: {text}"), "clean"),
    "another language": (german, "language"),
}
GATED = [id for id, metric in METRICS.items() if metric.gated]


@cache
def base() -> dict[str, float]:
    return means(good())


def means(arm: Arm) -> dict[str, float]:
    """The mean of each gated metric over the samples that it scores."""
    scores = {id: [one for one in row if one is not None] for id, row in score_all(arm, GATED).items()}
    return {id: fmean(row) for id, row in scores.items() if row}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_metric_meant_for_a_defect_falls_by_more_than_its_margin(defect: str) -> None:
    edit, metric = DEFECTS[defect]
    spoilt = means(edited(good(), edit))
    assert spoilt[metric] <= base()[metric] - METRICS[metric].margin


@pytest.mark.parametrize("defect", DEFECTS)
def test_more_of_a_defect_is_worse(defect: str) -> None:
    edit, metric = DEFECTS[defect]
    ids = [one.case.id for one in good().samples]
    spoilt = [*ids[::2], *ids[1::2]]
    doses = [means(edited(good(), edit, ids=spoilt[:some]))[metric] for some in (0, 2, 5, len(ids))]
    assert doses == sorted(doses, reverse=True)
    assert doses[0] > doses[-1]


# What a defect does to a metric that is not meant for it, beyond its margin: such as no text at all.
SILENT = {
    "a repair": {"valid_first"},
    "labels that say related to": {"edges_valid"},
    "half the relations": {"connected"},
    "a doubled definition": {"one_sentence", "noncircular"},
    "names that are questions": {"title_ok"},
    "all definitions swapped": {"def_fits_title"},
    "no relations": {"connected", "edges_valid"},
    "loops": {"connected", "edges_valid"},
}


@pytest.mark.parametrize("defect", SILENT)
def test_a_defect_of_one_kind_is_told_as_that_kind(defect: str) -> None:
    spoilt = means(edited(good(), DEFECTS[defect][0]))
    assert {id for id in spoilt if spoilt[id] <= base()[id] - METRICS[id].margin} == SILENT[defect]


def test_two_swapped_definitions_of_one_map_are_seen() -> None:
    def swap(map: KnowledgeMap) -> KnowledgeMap:
        first, second = map.concepts[0].definition, map.concepts[1].definition
        return with_concept(with_concept(map, 0, definition=second), 1, definition=first)

    assert means(edited(good(), swap))["def_fits_title"] < base()["def_fits_title"] - 0.2
    assert means(edited(good(), swap, ids=["opec"]))["def_fits_title"] < base()["def_fits_title"] - 0.02


def test_every_gated_metric_that_scores_the_good_maps_has_a_defect_of_its_own() -> None:
    assert {metric for _, metric in DEFECTS.values()} | {"concept_recall"} == set(base())
