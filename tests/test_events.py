"""Events: frozen values, told apart by their kind, that survive a trip through JSON."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from mapgen.events import (
    Checked,
    ConceptWritten,
    Done,
    Event,
    Grounded,
    Planned,
    Preparing,
    Related,
    Repaired,
    Spent,
)
from mapgen.model import Passage, Problem, Source
from tests.scripts import good_map, good_plan

EVENTS: tuple[Event, ...] = (
    Preparing(what="loading", done=1, total=2),
    Grounded(
        concept="inflation",
        passages=(Passage(source="s", offset=0, text="A passage."),),
        sources=(Source(id="s", title="S", location="s.txt"),),
    ),
    Planned(plan=good_plan()),
    ConceptWritten(concept=good_map().concepts[0]),
    Related(relations=good_map().relations),
    Checked(problems=(Problem(code="c", where="map", message="m"),)),
    Repaired(round=1, parts=2),
    Spent(calls=1, input_tokens=2, output_tokens=3),
    Done(map=good_map()),
)


def test_there_is_an_event_of_every_type_and_each_has_its_own_kind() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    assert len({event.kind for event in EVENTS}) == len(EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_events_go_through_json_and_do_not_change(event: Event) -> None:
    door: TypeAdapter[Event] = TypeAdapter(Event)
    assert door.validate_json(event.model_dump_json()) == event
    with pytest.raises(ValidationError):
        event.kind = "other"  # type: ignore[assignment]


def test_counts_are_not_negative() -> None:
    for fields in ({"calls": -1}, {"input_tokens": -1}, {"output_tokens": True}):
        with pytest.raises(ValidationError):
            Spent(**({"calls": 0, "input_tokens": 0, "output_tokens": 0} | fields))
