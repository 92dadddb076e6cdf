"""Relations: their ends, doublings, contradictions and words, and whether they hold the map together."""

from __future__ import annotations

import pytest

from mapgen.model import Relation, RelationKind
from mapgen.rules import components, unsound
from mapgen.rules.graph import unconnected

IDS = ("rates", "inflation", "oil", "demand")


def relation(
    source: str,
    target: str,
    kind: RelationKind = "causes",
    *,
    label: str = "raises",
    explanation: str = "Dearer fuel raises the cost of everything that is shipped.",
) -> Relation:
    return Relation(source=source, target=target, kind=kind, label=label, explanation=explanation)


def found(*relations: Relation) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in unsound(relations, IDS)]


def test_sound_relations_have_no_problem() -> None:
    assert found(relation("rates", "demand", "limits"), relation("oil", "inflation"), relation("oil", "demand")) == []


def test_an_end_that_is_no_concept() -> None:
    assert found(relation("rates", "gold"), relation("gold", "silver")) == [
        ("relation-unknown-end", "relations.0"),
        ("relation-unknown-end", "relations.1"),
        ("relation-unknown-end", "relations.1"),
    ]


def test_a_loop() -> None:
    assert found(relation("oil", "oil")) == [("relation-loop", "relations.0")]


def test_a_duplicate_is_the_same_pair_and_kind() -> None:
    assert found(relation("oil", "inflation"), relation("oil", "inflation")) == [("relation-duplicate", "relations.1")]
    assert found(relation("oil", "inflation"), relation("oil", "inflation", "limits")) == []
    assert found(relation("oil", "inflation"), relation("inflation", "oil")) == []


def test_a_symmetric_kind_is_the_same_both_ways() -> None:
    both = relation("oil", "rates", "contrasts-with"), relation("rates", "oil", "contrasts-with")
    assert found(*both) == [("relation-duplicate", "relations.1")]


@pytest.mark.parametrize("kind", ["is-a", "part-of"])
def test_a_cycle_of_an_ordering_kind_contradicts_itself(kind: RelationKind) -> None:
    circle = relation("oil", "rates", kind), relation("rates", "demand", kind), relation("demand", "oil", kind)
    assert found(*circle) == [("relation-cycle", "relations.2")]
    assert found(*circle[:2], relation("demand", "oil", "causes")) == []


def test_a_cycle_of_causes_is_sound() -> None:
    assert found(relation("oil", "rates"), relation("rates", "demand"), relation("demand", "oil")) == []


@pytest.mark.parametrize(
    "label", ["related to", "is related to", "Relates to.", "is associated with", "связан с", "相关"]
)
def test_a_label_that_says_nothing(label: str) -> None:
    assert found(relation("oil", "rates", label=label)) == [("relation-vague", "relations.0")]


def test_an_explanation_that_says_nothing() -> None:
    assert found(relation("oil", "rates", explanation="Is related to.")) == [("relation-vague", "relations.0")]


@pytest.mark.parametrize("label", ["", "—", "TODO", "label"])
def test_a_label_that_is_not_there(label: str) -> None:
    assert found(relation("oil", "rates", label=label)) == [("relation-label-empty", "relations.0")]


def test_a_label_as_long_as_a_sentence() -> None:
    label = "raises the price that every motorist pays at the pump"
    assert found(relation("oil", "rates", label=label)) == [("relation-label-long", "relations.0")]


def test_an_explanation_is_one_sentence() -> None:
    two = relation("oil", "rates", explanation="Fuel gets dearer. Banks respond.")
    assert found(two) == [("relation-explanation", "relations.0")]


def test_components_come_largest_first_in_the_order_of_the_ids() -> None:
    assert components(IDS, ()) == (("rates",), ("inflation",), ("oil",), ("demand",))
    assert components(IDS, (relation("demand", "inflation"),)) == (("inflation", "demand"), ("rates",), ("oil",))
    assert components(IDS, (relation("rates", "gold"), relation("oil", "rates"), relation("oil", "demand"))) == (
        ("rates", "oil", "demand"),
        ("inflation",),
    )
    assert components((), ()) == ()


def test_what_is_not_connected_is_named() -> None:
    named = {"rates": "Interest Rates", "inflation": "Inflation", "oil": "Oil Prices", "demand": "Demand"}
    (one,) = unconnected(named, (relation("rates", "inflation"), relation("rates", "demand")))
    assert (one.code, one.where) == ("relations-unconnected", "relations")
    assert one.message == 'Not connected to the rest of the map: "Oil Prices"; relate them to another concept.'
    (none,) = unconnected(named, ())
    assert (none.code, none.where) == ("relations-missing", "relations")
    joined = relation("rates", "inflation"), relation("rates", "demand"), relation("oil", "rates")
    assert unconnected(named, joined) == ()
