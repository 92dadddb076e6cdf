"""Every metric on maps so small that its value can be told by counting: a good text and a bad one each.

Meaning is replaced by an embedder with rows of its own, so that cosines are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mapgen.errors import InputError
from mapgen.evaluation.metrics import METRICS, Arm, Sample, score_all
from mapgen.model import Citation, KnowledgeMap, Source
from tests.evaluation.maps import Ask, good, made, map_of, with_concept

GOOD_TEXT = "An antigen is a molecule that lymphocytes recognise and attack."
GOOD_RELEVANCE = "A shot carries a harmless copy of it. The body rehearses, so a real germ ends early."


class Rows:
    """An embedder whose rows are given by words: the sum of the rows of those that a text has."""

    def __init__(self, **rows: Sequence[float]) -> None:
        self.rows = {word: np.array(row, dtype=np.float32) for word, row in rows.items()}

    def __call__(self, texts: Sequence[str]) -> Any:
        zero = np.zeros(len(next(iter(self.rows.values()))), dtype=np.float32)
        found = [sum((row for word, row in self.rows.items() if word in text.casefold()), zero) for text in texts]
        return np.array([row / max(float(np.linalg.norm(row)), 1e-9) for row in found], dtype=np.float32)


def arm(*maps: KnowledgeMap | None, embedder: Any = None, **case: Any) -> Arm:
    """An arm of maps, each of a cluster of its own."""
    samples = tuple(
        Sample(case=Ask(id=f"c{at}", query=one.query if one else "q", cluster=f"c{at}", **case), repeat=0, map=one)
        for at, one in enumerate(maps)
    )
    return Arm(samples=samples, embedder=embedder)


def score(metric: str, *maps: KnowledgeMap | None, **options: Any) -> tuple[float | None, ...]:
    return score_all(arm(*maps, **options), [metric])[metric]


def tiny(*texts: tuple[str, str, str], query: str = "How do vaccines work?", **options: Any) -> KnowledgeMap:
    return map_of(query, "T", texts, **options)


def named(*names: str, query: str = "How do vaccines work?") -> KnowledgeMap:
    return tiny(*((name, GOOD_TEXT, GOOD_RELEVANCE) for name in names), query=query)


def defined(*definitions: str, name: str = "Antigen") -> KnowledgeMap:
    return tiny(*((name, text, GOOD_RELEVANCE) for text in definitions))


def test_valid_first_wants_no_repair_and_no_second_asking() -> None:
    one = named("Antigen")
    spoilt = [one.model_copy(update={"made": made(**fault)}) for fault in ({"repairs": 1}, {"reasked": 1})]
    assert score("valid_first", one, *spoilt) == (1, 0, 0)
    assert score("valid_first", one.model_copy(update={"made": None})) == (None,)
    faulty = one.model_dump() | {"status": "incomplete", "problems": ({"code": "c", "where": "w", "message": "m"},)}
    assert score("valid_first", KnowledgeMap.model_validate(faulty)) == (0,)


def test_count_ok_takes_the_range_of_the_suite() -> None:
    maps = (named("A"), named("A", "B", "C"), named("A", "B", "C", "D"))
    assert score("count_ok", *maps) == (0, 1, 1)
    assert score_all(replace(arm(*maps), minimum=1, maximum=3), ["count_ok"])["count_ok"] == (1, 1, 0)


def test_distinct_counts_the_concepts_that_have_a_twin() -> None:
    rows = Rows(antigen=(1, 0, 0, 0), memory=(0, 1, 0, 0), dose=(0, 0, 1, 0), lymphocytes=(0, 0, 0, 0))
    assert score("distinct", named("Antigen", "Memory Cells", "Dose"), embedder=rows) == (1,)
    assert score("distinct", named("Antigen", "Antigens", "Dose", "Memory Cells"), embedder=rows) == (0.5,)
    close = Rows(antigen=(1, 0), memory=(0.9, 0.43), dose=(0, 1), lymphocytes=(0, 0))
    assert score("distinct", named("Antigen", "Memory Cells", "Dose"), embedder=close) == pytest.approx((1 / 3,))


def test_distinct_leaves_siblings_alone_unless_all_is_alike() -> None:
    close = Rows(unsupervised=(0.0, 0.6), supervised=(1.0, 0.0), ii=(0.0, 0.5), error=(1.0, 0.0))
    siblings = (named("Type I Error", "Type II Error"), named("Supervised Learning", "Unsupervised Learning"))
    assert score("distinct", *siblings, embedder=close) == (1, 1)
    same = Rows(error=(1.0,), learning=(1.0,))
    assert score("distinct", *siblings, embedder=same) == (0, 0)


def test_title_ok_is_the_share_of_names_that_are_names() -> None:
    names = ("Antigen", "How Do Vaccines Work?", "Doses: an overview", "What All People Should Know About Doses")
    assert score("title_ok", named(*names)) == (0.25,)
    assert score("title_ok", named("Antigen", "Memory Cells")) == (1,)


def test_one_sentence_takes_five_to_forty_words() -> None:
    long = "An antigen is " + "a very " * 20 + "small molecule."
    abbreviated = "An antigen is a molecule, e.g. a sugar or a protein of Dr. Koch."
    assert score("one_sentence", defined(GOOD_TEXT, abbreviated)) == (1,)
    assert score("one_sentence", defined(GOOD_TEXT, "It is small. It binds to cells.", "A molecule.", long)) == (0.25,)


def test_noncircular_looks_at_the_first_six_content_words() -> None:
    half = "Herd immunity is immunity of a group that stops a germ from spreading."
    assert score("noncircular", defined(GOOD_TEXT)) == (1,)
    assert score("noncircular", defined(half, name="Herd Immunity")) == (0.5,)
    assert score("noncircular", defined("An antigen is an antigen as such.", "")) == (0,)


ALPHA = tiny(
    ("Bee", GOOD_TEXT, "Alpha bee: wax honey nectar comb hive."),
    ("Ant", GOOD_TEXT, "Alpha ant: wax honey tunnel queen leaf."),
    query="alpha",
)
BETA = tiny(("Fly", GOOD_TEXT, "Beta fly: tunnel rot maggot dung wing."), query="beta")


def test_rel_specific_is_the_share_of_stems_that_no_other_relevance_uses() -> None:
    assert score("rel_specific", ALPHA) == (pytest.approx((3 / 5 + 3 / 5) / 2),)
    assert score("rel_specific", ALPHA, BETA) == (pytest.approx((3 / 5 + 2 / 5) / 2), pytest.approx(4 / 5))


def test_rel_specific_gives_nothing_to_brevity_and_to_what_fits_anywhere() -> None:
    brief = tiny(("Fly", GOOD_TEXT, "Maggot."), query="beta")
    anywhere = tiny(("Fly", GOOD_TEXT, "Beta fly is a crucial factor for understanding it."), query="beta")
    assert score("rel_specific", ALPHA, brief)[1] == pytest.approx(1 / 5)
    assert score("rel_specific", ALPHA, anywhere)[1] == 0


def test_another_phrasing_of_a_topic_and_another_repeat_are_no_rivals() -> None:
    first, second = arm(ALPHA, BETA).samples
    again = replace(second, case=replace(second.case, cluster="c0"))
    for other in (again, replace(second, repeat=1)):
        found = score_all(Arm(samples=(first, other)), ["rel_specific", "template_overlap"])
        assert found["rel_specific"] == (pytest.approx(3 / 5), 1)
        assert found["template_overlap"] == (None, None)


def test_template_overlap_is_one_less_the_largest_dice_overlap() -> None:
    first, second = score("template_overlap", ALPHA, BETA)
    assert first == second == pytest.approx(1 - 2 * 0.5 / (5 + 5))
    assert score("template_overlap", ALPHA, BETA, BETA)[1:] == (0, 0)
    assert score("template_overlap", ALPHA, tiny(("Fly", GOOD_TEXT, "Beta."), query="beta"))[1] == 0


COMPASS: Mapping[str, Sequence[float]] = {"alpha": (1, 0), "beta": (0, 1)}


def test_rel_query_margin_compares_the_masked_relevance_with_the_queries() -> None:
    rows = Rows(**COMPASS, nectar=(1, 0), maggot=(0, 1))
    own = tiny(("Bee", GOOD_TEXT, "Alpha nectar."), query="alpha")
    foreign = tiny(("Fly", GOOD_TEXT, "Beta nectar."), query="beta")
    pasted = tiny(("Fly", GOOD_TEXT, "Beta, beta fly!"), query="beta")
    assert score("rel_query_margin", own, foreign, embedder=rows) == (1, 0)
    assert score("rel_query_margin", own, pasted, embedder=rows) == (1, 0)
    neither = tiny(("Fly", GOOD_TEXT, "Something else."), query="beta")
    assert score("rel_query_margin", own, neither, embedder=rows)[1] == pytest.approx(1 / 3)
    assert score("rel_query_margin", own, embedder=rows) == (None,)
    first, second = arm(own, foreign).samples
    apart = Arm(samples=(first, replace(second, repeat=1)), embedder=rows)
    assert score_all(apart, ["rel_query_margin", "on_topic"])["on_topic"] == (None, None)


def test_rel_not_def_is_the_share_that_says_something_else() -> None:
    rows = Rows(molecule=(1, 0), shot=(0, 1), again=(1, 0.1))
    texts = (("A", "A molecule.", "A shot."), ("B", "A molecule.", "Again."), ("C", "A molecule.", ""))
    assert score("rel_not_def", tiny(*texts), embedder=rows) == (pytest.approx(1 / 3),)


def test_def_fits_title_compares_a_name_with_all_definitions() -> None:
    rows = Rows(bee=(1, 0), honey=(1, 0), ant=(0, 1), hill=(0, 1))
    right = tiny(("Bee", "Makes honey.", ""), ("Ant", "Builds a hill.", ""))
    swapped = tiny(("Bee", "Builds a hill.", ""), ("Ant", "Makes honey.", ""))
    same = tiny(("Bee", "Makes honey.", ""), ("Ant", "Makes honey.", ""))
    single = tiny(("Bee", "Makes honey.", ""))
    assert score("def_fits_title", right, swapped, same, single, embedder=rows) == (1, 0, 0.25, None)


def test_on_topic_is_as_good_as_the_concept_that_fits_least() -> None:
    rows = Rows(**COMPASS, honey=(1, 0), rot=(0, 1))
    pure = tiny(("Bee", "Honey.", ""), ("Wax", "Honey.", ""), query="alpha")
    mixed = tiny(("Bee", "Honey.", ""), ("Wax", "Honey.", ""), ("Fly", "Rot.", ""), query="alpha")
    other = tiny(("Fly", "Rot.", ""), query="beta")
    foreign = tiny(("Fly", "Rot.", ""), ("Dung", "Rot.", ""), query="alpha")
    assert score("on_topic", pure, other, embedder=rows) == (1, 1)
    assert score("on_topic", mixed, other, embedder=rows) == (0, 1)
    assert score("on_topic", foreign, other, embedder=rows) == (0, 1)


def test_edges_valid_and_connected_count_relations_and_groups() -> None:
    texts = tuple((name, GOOD_TEXT, GOOD_RELEVANCE) for name in ("A", "B", "C", "D"))
    edge = ("A", "causes", "B", "raises", "One raises the other.")
    edges = (edge, edge, ("B", "causes", "B", "raises", "It."), ("A", "limits", "C", "is related to", "One does."))
    one = tiny(*texts, relations=edges)
    assert score("edges_valid", one, tiny(*texts)) == (0.25, 0)
    assert score("connected", one, tiny(*texts), tiny()) == (0.75, 0.25, 0)


def cited(*citations: tuple[str, str], sources: Sequence[str] = ("s1",)) -> KnowledgeMap:
    one = with_concept(
        named("Antigen"), 0, citations=tuple(Citation(source=source, quote=quote) for source, quote in citations)
    )
    found = tuple(Source(id=id, title="T", location="file") for id in sources)
    return one.model_copy(update={"sources": found})


def test_cites_resolve_is_the_share_that_names_a_source() -> None:
    assert score("cites_resolve", cited(("s1", "a"), ("s2", "b")), cited(), cited(sources=())) == (0.5, 0, None)


def test_quote_match_looks_the_quotes_up_in_their_passages() -> None:
    one = cited(("s1", "The shot carries a “harmless” copy"), ("s1", "words that nobody wrote"), ("s1", "copy"))
    passages = {"s1": 'As was said, the shot carries a "harmless"  copy of the germ.'}
    samples = tuple(replace(item, passages=passages) for item in arm(one, cited(), None).samples)
    assert score_all(Arm(samples=samples), ["quote_match"])["quote_match"] == (pytest.approx(1 / 3, abs=1e-6), 0, 0)
    assert score("quote_match", one) == (None,)
    padded = cited(("s1", f"{passages['s1']} And much more that the source does not say, page after page."))
    longer = tuple(replace(item, passages=passages) for item in arm(padded).samples)
    assert score_all(Arm(samples=longer), ["quote_match"])["quote_match"] == (0,)


def test_clean_is_the_share_of_texts_without_a_blemish() -> None:
    assert score("clean", tiny(("A", GOOD_TEXT, GOOD_RELEVANCE), ("B", "**B** is a thing.", "TODO"))) == (0.5,)
    assert score("clean", tiny(("A", "It is a thing that", "As an AI language model, I think so."))) == (0,)


def test_language_counts_function_words_and_sentences() -> None:
    german = "Es ist ein Stoff, den die Zellen des Körpers erkennen und dann auch angreifen können."
    assert score("language", named("A"), tiny(("A", german, german)), language="en") == (1, 0)
    assert score("language", tiny(("A", german, german)), language="de") == (1,)
    chinese = "抗原是能够被免疫系统识别并引发抗体产生的分子。"
    assert score("language", tiny(("A", chinese, chinese)), named("A"), language="zh") == (1, 0)
    drifting = "It is a molecule that the cells of the body can see and attack when it is in the blood of a child."
    assert score("language", tiny(("A", drifting, f"{drifting} {drifting} {german}"))) == (0.75,)
    listed = "Antigen molecule lymphocyte receptor protein sugar fragment membrane enzyme."
    assert score("language", tiny(("A", listed, ""))) == (0,)


def test_what_needs_embeddings_is_not_scored_in_other_languages() -> None:
    found = score_all(arm(ALPHA, BETA, language="de"))
    scored = {id for id, row in found.items() if row[0] is not None}
    assert {"rel_query_margin", "rel_not_def", "def_fits_title", "on_topic"}.isdisjoint(scored)
    assert {"distinct", "rel_specific", "template_overlap", "noncircular", "language"} <= scored


def test_an_unusable_map_scores_zero_on_what_gates_and_nothing_on_what_is_told() -> None:
    lost = tuple(replace(one, map=None) if one.case.id == "opec" else one for one in good().samples)
    at = next(at for at, one in enumerate(lost) if one.map is None)
    found = score_all(replace(good(), samples=lost))
    zero = {id for id, row in found.items() if row[at] == 0}
    gated = {id for id, metric in METRICS.items() if metric.gated}
    assert zero == gated - {"cites_resolve", "quote_match"}
    assert all(found[id][at] is None for id in METRICS if id not in gated)
    assert all(row[0] != 0 for id, row in found.items() if id in zero)


def test_metrics_are_asked_for_by_id() -> None:
    assert list(score_all(arm(ALPHA), ["clean", "count_ok", "clean"])) == ["clean", "count_ok"]
    assert list(score_all(arm(ALPHA))) == list(METRICS)
    with pytest.raises(InputError, match="no metric 'beauty'") as caught:
        score_all(arm(ALPHA), ["beauty"])
    assert "rel_specific" in caught.value.hint
    assert score_all(Arm(samples=())) == dict.fromkeys(METRICS, ())


def test_every_metric_declares_itself() -> None:
    for id, metric in METRICS.items():
        assert metric.id == id
        assert metric.title
        assert metric.formula
        assert metric.version == 1
        assert metric.calls == 0
        assert not metric.gated or (0.02 <= metric.margin <= 0.05 and metric.unit == "share")
    assert [id for id, metric in METRICS.items() if metric.reference] == ["concept_recall", "soft_recall"]
