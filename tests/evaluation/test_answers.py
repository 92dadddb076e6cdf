"""The answers at hand: seeds before the cache, what became of a map noted, and strict layers that start no model."""

from __future__ import annotations

import pytest

from mapgen.errors import BadAnswer
from mapgen.evaluation.answers import Fault, Layers, Noting, NotRecorded, Recorder
from mapgen.llm.base import Reply
from mapgen.llm.cached import Cached
from mapgen.llm.metered import Meter
from mapgen.llm.repeated import Repeated
from tests.llm.asking import HOSTED, NOTE, Model, filled


class Memory(dict[str, str]):
    """A store in memory, which keeps no failures."""

    failures = False
    put = dict.__setitem__


def recorded(model: Model, layers: Layers) -> tuple[Cached, Recorder, Meter]:
    """A model behind a recorder."""
    recorder, meter = Recorder(layers), Meter()
    return Cached(model, store=recorder, endpoint=HOSTED, meter=meter), recorder, meter


async def test_seeds_come_before_the_store_and_both_before_the_model() -> None:
    assert Layers({"k": "seed"}, Memory(k="store")).get("k") == "seed"
    assert Layers({"k": "seed"}, Memory(l="store")).get("l") == "store"
    assert Layers({"k": "seed"}, Memory(l="store")).get("m") is None
    assert Layers().get("k") is None


async def test_the_answers_of_a_map_are_noted_wherever_they_came_from() -> None:
    model, store = Model(Reply(NOTE, 7, 3)), Memory()
    door, first, _ = recorded(model, Layers(store=store))
    await door.ask(filled())
    assert list(first.answers) == list(store)
    door, second, meter = recorded(model, Layers(seeds=first.answers, strict=True))
    assert await door.ask(filled()) == Reply(NOTE, 7, 3)
    assert second.answers == first.answers
    assert (len(model.asked), meter.cache_hits, meter.reused.input_tokens) == (1, 1, 7)


async def test_a_failure_is_recorded_but_not_left_in_the_users_cache() -> None:
    model, store = Model(BadAnswer("no JSON"), Reply(NOTE)), Memory()
    door, recorder, _ = recorded(model, Layers(store=store))
    with pytest.raises(BadAnswer):
        await door.ask(filled())
    assert (len(recorder.answers), store) == (1, {})
    again, _, _ = recorded(model, Layers(seeds=recorder.answers))
    with pytest.raises(BadAnswer, match="no JSON"):
        await again.ask(filled())
    assert len(model.asked) == 1


async def test_a_miss_in_strict_layers_is_an_error_and_asks_nothing() -> None:
    model, faults = Model(), list[Fault]()
    door, recorder, _ = recorded(model, Layers(strict=True))
    with pytest.raises(NotRecorded) as caught:
        await Noting(door, faults).ask(filled())
    assert caught.value.exit_code == 4
    assert (model.asked, recorder.answers) == ([], {})
    assert [(fault.prompt, type(fault.error)) for fault in faults] == [("note", NotRecorded)]


async def test_repeats_have_keys_of_their_own() -> None:
    model = Model()
    door, recorder, _ = recorded(model, Layers())
    for repeat in (0, 1, 2):
        await Repeated(door, repeat).ask(filled())
    assert len(recorder.answers) == len(model.asked) == 3
    assert [asking.repeat for asking in model.asked] == [0, 1, 2]
