"""What the page shows of maps and scores, before it is a page: marked words, concepts side by side, the matrix."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.records import Record, Run
from mapgen.evaluation.reports import facts, forest, matrix, sides, words
from mapgen.model import Concept, KnowledgeMap, Relation
from tests.evaluation.compared import OLD, head, large, result, small
from tests.evaluation.maps import sample, with_concept

SENTENCES = st.lists(st.sampled_from(["a", "rate", "falls,", "rise.", "利率", "don't"]), max_size=12).map(" ".join)


def marked(text: words.Marked) -> str:
    """The text with brackets around what is marked."""
    return "".join(f"[{one.text}]" if one.changed else one.text for one in text.pieces)


# Words.


@pytest.mark.parametrize(
    ("base", "new", "told"),
    [
        ("Rates rise fast now.", "Rates fall fast now.", ("Rates [rise] fast now.", "Rates [fall] fast now.")),
        ("a b c d", "a b c d", ("a b c d", "a b c d")),
        ("The old red house is.", "The new big house is.", ("The [old red] house is.", "The [new big] house is.")),
        ("One two three", "One two", ("One two [three]", "One two")),
        ("Don't stop here", "Do stop here", ("[Don't] stop here", "[Do] stop here")),
        ("利率上升", "利率下降了", ("利率[上升]", "利率[下降了]")),
        ("", "new", ("", "new")),
    ],
)  # fmt: skip
def test_the_words_that_the_other_text_lacks_are_marked(base: str, new: str, told: tuple[str, str]) -> None:
    assert tuple(map(marked, words.compared(base, new))) == told


def test_a_text_that_was_rewritten_has_no_marks_but_says_so() -> None:
    one, two = words.compared("It carries the copy of a germ.", "Antigens play an important role here, always.")
    assert (one.rewritten, two.rewritten) == (True, True)
    assert not any(piece.changed for text in (one, two) for piece in text.pieces)


def test_a_vast_text_is_not_compared() -> None:
    one, _ = words.compared("word " * 4000, "word " * 3999)
    assert one.rewritten


@given(SENTENCES, SENTENCES)
def test_marks_neither_add_nor_lose_a_letter(base: str, new: str) -> None:
    one, two = words.compared(base, new)
    assert ("".join(piece.text for piece in one.pieces), "".join(piece.text for piece in two.pieces)) == (base, new)
    kept = ["".join(piece.text for piece in text.pieces if not piece.changed) for text in (one, two)]
    if not one.rewritten and base and new:
        assert "".join(kept[0].split()) == "".join(kept[1].split())


# Concepts side by side.


def run(map: KnowledgeMap | None, *, case: str = "a", **fields: Any) -> Run:
    return Run.of(head("git:HEAD", OLD, prompts="aaaaaaaaaaaa"), [Record(case=case, map=map, **fields)])


def pair(base: KnowledgeMap | None, new: KnowledgeMap | None) -> sides.Pair:
    (found,) = sides.pairs("a", run(base), new=run(new))
    return found


def named(*names: str) -> KnowledgeMap:
    concepts = tuple(
        Concept(id=f"c{n}", name=name, definition=f"{name} is a thing.", relevance="It matters.", rank=n)
        for n, name in enumerate(names, start=1)
    )
    return KnowledgeMap(query="Why?", title="Reasons", language="en", concepts=concepts)


def beside(base: KnowledgeMap, new: KnowledgeMap) -> list[tuple[str, str]]:
    def name(one: sides.Concept | None) -> str:
        return marked(one.name) if one else "–"

    return [(name(one), name(two)) for one, two in pair(base, new).concepts]


def test_concepts_of_one_name_stand_beside_each_other_in_the_new_order() -> None:
    told = beside(named("Oil", "Rates", "Inflation"), named("Inflation", "Oil", "rates"))
    assert told == [("Inflation", "Inflation"), ("Oil", "Oil"), ("Rates", "rates")]


def test_a_similar_name_is_the_same_concept_and_the_rest_fills_the_columns() -> None:
    told = beside(named("Interest Rates", "Zebra"), named("Interest Rate", "Quorum", "Lag"))
    assert told == [("Interest [Rates]", "Interest [Rate]"), ("Zebra", "Quorum"), ("–", "Lag")]


def test_texts_of_a_concept_are_marked() -> None:
    good = sample("photosynthesis").map
    assert good
    first = good.concepts[0]
    changed = with_concept(good, 0, definition=first.definition.replace("green", "blue"))
    base, new = pair(good, changed).concepts[0]
    assert base is not None
    assert new is not None
    assert "[green]" in marked(base.definition)
    assert "[blue]" in marked(new.definition)
    assert marked(new.relevance) == first.relevance


def test_the_same_map_in_both_arms_is_told_once() -> None:
    good = sample("photosynthesis").map
    assert good
    assert pair(good, good).same
    assert not pair(good, named("Oil")).same
    assert not pair(None, None).same


def test_relations_are_held_against_those_of_the_same_ends() -> None:
    map = named("Oil", "Rates")

    def tied(*relations: tuple[str, str, str]) -> KnowledgeMap:
        return map.model_copy(
            update={
                "relations": tuple(
                    Relation(source=a, target=b, kind="limits", label=label, explanation="So it is today.")
                    for a, label, b in relations
                )
            }
        )

    found = pair(tied(("c1", "slows down", "c2")), tied(("c1", "speeds down", "c2"), ("c2", "eats", "c1")))
    assert [(marked(one.sentence), one.alone) for one in found.base.relations] == [
        ("Oil [slows] down Rates. So it is today.", False)
    ]
    assert [(marked(one.sentence), one.alone) for one in found.new.relations] == [
        ("Oil [speeds] down Rates. So it is today.", False), ("Rates eats Oil. So it is today.", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"error": "No JSON.\x1b[31m"}, "No usable map, which scores 0: No JSON."),
        ({"passing": True}, "The endpoint failed; the map is missing."),
    ],
)
def test_why_there_is_no_map(record: dict[str, Any], told: str) -> None:
    (found,) = sides.pairs("a", run(named("Oil")), new=run(None, **record))
    assert (found.base.failure, found.new.failure, found.new.title) == ("", told, "")


def test_a_case_that_only_one_run_has() -> None:
    (found,) = sides.pairs("a", run(named("Oil")), new=run(named("Oil"), case="b"))
    assert found.new.failure == "This run has no record of the case."
    assert sides.pairs("c", run(None), new=None) == ()


# The matrix and the plot.


def test_cases_come_with_the_greatest_loss_first_and_the_losers_agree() -> None:
    told, _, _ = large()
    found = matrix.cases(told)
    changes = [case.change for case in found if case.change is not None]
    assert changes == sorted(changes)
    assert [case.id for case in found[: len(told.losers)]] == [loser.case for loser in told.losers]
    assert [round(case.change or 0, 3) for case in found[:10]] == [round(loser.change, 3) for loser in told.losers]
    assert found[-1].change is None
    assert len(found) == 40


def test_a_case_has_its_scores_the_gravest_first() -> None:
    *_, last = matrix.cases(small())
    assert (last.id, last.anchor, last.query) == ("q1", "case-q1", "What is 1?")
    assert [(one.metric.id, round(one.change or 0, 2)) for one in last.moved] == [
        ("rel_specific", -3.0), ("valid_first", 5.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "shade"), [(None, "none"), (0.4, "0"), (-0.5, "-1"), (2, "+2"), (-4.9, "-2"), (-30, "-3")]
)
def test_shades(change: float | None, shade: str) -> None:
    assert matrix.shade(change) == shade


def test_the_plot_is_in_margins_and_what_lies_beyond_is_at_its_edge() -> None:
    near = result("rel_specific", "worse", margin=0.03, difference=-0.12, interval95=(-0.17, -0.07))
    scale = forest.scale([near])
    assert scale.reach == 6
    assert scale.x(0) == forest.WIDTH / 2
    assert scale.x(1) - scale.x(0) == pytest.approx(scale.x(0) - scale.x(-1), abs=0.11)
    mark = forest.mark(near, scale)
    assert mark is not None
    assert (mark.at, mark.beyond) == (scale.x(-4), 0)
    assert mark.wide == (scale.x(-0.17 / 0.03), scale.x(-0.07 / 0.03))
    far = forest.mark(near.model_copy(update={"difference": -0.9}), scale)
    assert far is not None
    assert (far.at, far.beyond) == (forest.EDGE, -1)


def test_the_scale_has_bounds_and_round_ticks() -> None:
    assert forest.scale([]).ticks == (-3, -2, -1, 0, 1, 2, 3)
    assert forest.scale([result("clean", "worse", margin=0.01, difference=-0.9)]).ticks == (-12, -8, -4, 0, 4, 8, 12)
    assert forest.scale([result("clean", "same", margin=0.1, interval95=(-0.5, 0.5))]).ticks == (-4, -2, 0, 2, 4)


def test_a_metric_without_a_margin_has_no_place_in_the_plot() -> None:
    tokens = small().metric("tokens")
    assert forest.mark(tokens, forest.Scale(3)) is None


# What it rests on.


def test_commands_are_safe_to_paste() -> None:
    bad = small().base.model_copy(update={"label": "$(rm -rf ~)'; ls"})
    assert facts.commands(small(base=bad)) == [
        "mapgen eval compare core --base '$(rm -rf ~)'\"'\"'; ls' --prompts prompts/",
        "mapgen eval report evals/runs/a.jsonl evals/runs/b.jsonl --html report.html",
    ]


def test_both_arms_are_told_in_figures() -> None:
    told: Comparison = small()
    assert ("fingerprint", "aaaaaaaaaaaa", "bbbbbbbbbbbb") in facts.facts(told)
    assert ("unusable, scored 0", "0", "1") in facts.costs(told)
    assert ("cost", "–", "$0.0123") in facts.costs(told)
