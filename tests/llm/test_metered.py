"""The meter: what a map took, what all maps took, and what that cost where a price is known."""

from __future__ import annotations

import pytest

from mapgen.errors import BadAnswer, ContentRefused, KeyRefused
from mapgen.llm.base import Endpoint, Reply
from mapgen.llm.metered import Meter, Metered, price
from tests.llm.asking import HOSTED, NOTE, Model, filled

OPENAI = Endpoint(kind="hosted", model="gpt-4o-mini", base_url="https://api.openai.com/v1")
LOCAL = Endpoint(kind="embedded", model="small")


def _spent(error: BadAnswer | ContentRefused) -> BadAnswer | ContentRefused:
    error.input_tokens, error.output_tokens = 30, 7
    return error


async def test_calls_and_tokens_are_counted() -> None:
    meter = Meter()
    door = Metered(Model(Reply(NOTE, input_tokens=10, output_tokens=5)), meter, endpoint=LOCAL)
    for _ in range(2):
        assert (await door.ask(filled())).value == NOTE
    assert (meter.calls, meter.input_tokens, meter.output_tokens, meter.tokens, meter.cost) == (2, 20, 10, 30, 0.0)


async def test_failed_calls_count_with_their_tokens() -> None:
    meter = Meter()
    door = Metered(
        Model(_spent(BadAnswer("no")), _spent(ContentRefused("no")), KeyRefused("no")), meter, endpoint=LOCAL
    )
    for kind in (BadAnswer, ContentRefused):
        with pytest.raises(kind):
            await door.ask(filled())
    with pytest.raises(KeyRefused):
        await door.ask(filled())
    assert (meter.calls, meter.input_tokens, meter.output_tokens) == (3, 60, 14)


async def test_a_parent_sums_its_children() -> None:
    whole = Meter()
    maps = [Meter(parent=whole) for _ in range(3)]
    for meter in maps:
        await Metered(Model(Reply(NOTE, input_tokens=10, output_tokens=5)), meter, endpoint=OPENAI).ask(filled())
        meter.count("retries")
        meter.count("cache_hits")
    assert [meter.calls for meter in maps] == [1, 1, 1]
    assert (whole.calls, whole.tokens, whole.retries, whole.reasked, whole.cache_hits) == (3, 45, 3, 0, 3)
    assert whole.cost == pytest.approx(sum(meter.cost or 0.0 for meter in maps))
    assert whole.cost is not None
    assert whole.cost > 0


def test_watchers_are_told_of_every_change() -> None:
    seen: list[tuple[int, int]] = []
    meter = Meter()
    meter.watch = lambda: seen.append((meter.calls, meter.tokens))
    meter.count("calls")
    meter.spend(LOCAL, input_tokens=3, output_tokens=4)
    assert seen == [(1, 0), (1, 7)]


def test_a_known_price_is_per_token() -> None:
    one = price(OPENAI, input_tokens=1_000_000, output_tokens=0)
    both = price(OPENAI, input_tokens=1_000_000, output_tokens=1_000_000)
    assert one is not None
    assert both is not None
    assert 0 < one < both
    assert price(OPENAI, input_tokens=2_000_000, output_tokens=0) == pytest.approx(2 * one)


@pytest.mark.parametrize(
    "endpoint",
    [
        HOSTED,
        HOSTED.model_copy(update={"model": "gpt-4o-mini"}),
        OPENAI.model_copy(update={"model": "no-such-model"}),
        OPENAI.model_copy(update={"model": ""}),
        OPENAI.model_copy(update={"base_url": "http://127.0.0.1:1/v1"}),
        OPENAI.model_copy(update={"base_url": "https://[x"}),
    ],
)
def test_an_unknown_price_is_none(endpoint: Endpoint) -> None:
    assert price(endpoint, input_tokens=1, output_tokens=1) is None


@pytest.mark.parametrize("kind", ["embedded", "scripted"])
def test_what_runs_here_costs_nothing(kind: str) -> None:
    assert price(Endpoint.model_validate({"kind": kind, "model": "gpt-4o"}), input_tokens=9, output_tokens=9) == 0.0


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    whole = Meter()
    meter = Meter(parent=whole)
    meter.spend(OPENAI, input_tokens=9, output_tokens=9)
    meter.spend(HOSTED, input_tokens=9, output_tokens=9)
    meter.spend(OPENAI, input_tokens=9, output_tokens=9)
    assert (meter.cost, whole.cost) == (None, None)
    assert meter.tokens == 54
