"""Asking again: at most two rounds, quoting at most three problems, with more room for what was cut."""

from __future__ import annotations

import pytest

from mapgen.errors import BadAnswer, RateLimited
from mapgen.llm.base import Reply
from mapgen.llm.metered import Meter
from mapgen.llm.reasking import ROUNDS, Reasking
from tests.llm.asking import NOTE, Model, filled

BAD = BadAnswer("no", problems=("score: too large", "text: missing", "a: b", "c: d"), text='{"score": 9}')
CUT = BadAnswer("no", problems=("cut",), text='{"sco', cut=True)


async def test_a_good_answer_is_asked_for_once() -> None:
    model, meter = Model(), Meter()
    assert (await Reasking(model, meter).ask(filled())).value == NOTE
    assert (model.asked, meter.reasked) == ([filled()], 0)


async def test_a_bad_answer_is_quoted_with_three_problems() -> None:
    model, meter = Model(BAD, Reply(NOTE)), Meter()
    assert (await Reasking(model, meter).ask(filled())).value == NOTE
    assert meter.reasked == 1
    again = model.asked[1]
    assert again.messages[:2] == filled().messages
    assert [message.role for message in again.messages[2:]] == ["assistant", "user"]
    assert again.messages[2].content == '{"score": 9}'
    assert again.messages[3].content == (
        "That is not a valid answer:\n- score: too large\n- text: missing\n- a: b\nAnswer again, as one JSON object."
    )
    assert again.max_tokens == 100


async def test_a_second_round_quotes_only_the_second_answer() -> None:
    second = BadAnswer("no", problems=("other",), text="second")
    model = Model(BAD, second, Reply(NOTE))
    await Reasking(model, Meter()).ask(filled())
    assert [message.content for message in model.asked[2].messages[2:3]] == ["second"]
    assert len(model.asked[2].messages) == 4


async def test_after_two_rounds_the_last_bad_answer_is_raised() -> None:
    model, meter = Model(BAD), Meter()
    with pytest.raises(BadAnswer):
        await Reasking(model, meter).ask(filled())
    assert len(model.asked) == 1 + ROUNDS == 3
    assert meter.reasked == 2


async def test_a_cut_answer_gets_more_room_and_no_words() -> None:
    model = Model(CUT, CUT, Reply(NOTE))
    await Reasking(model, Meter()).ask(filled())
    assert [asking.max_tokens for asking in model.asked] == [100, 400, 1_600]
    assert all(asking.messages == filled().messages for asking in model.asked)


async def test_room_once_given_is_kept_when_words_are_added() -> None:
    model = Model(CUT, BAD, Reply(NOTE))
    await Reasking(model, Meter()).ask(filled())
    assert [(asking.max_tokens, len(asking.messages)) for asking in model.asked] == [(100, 2), (400, 2), (400, 4)]


async def test_a_long_or_empty_answer_is_quoted_shortly() -> None:
    model = Model(BadAnswer("no", text="x" * 100_000), BadAnswer("no", text=""), Reply(NOTE))
    await Reasking(model, Meter()).ask(filled())
    assert len(model.asked[1].messages[2].content) == 2_000
    assert model.asked[2].messages[2].content == "(empty)"


async def test_other_errors_are_not_its_business() -> None:
    model, meter = Model(RateLimited("wait")), Meter()
    with pytest.raises(RateLimited):
        await Reasking(model, meter).ask(filled())
    assert (len(model.asked), meter.reasked) == (1, 0)


async def test_what_the_bad_answers_took_is_part_of_the_reply() -> None:
    bad = BadAnswer("no")
    bad.input_tokens, bad.output_tokens = 10, 3
    model = Model(bad, Reply(NOTE, input_tokens=20, output_tokens=5))
    assert await Reasking(model, Meter()).ask(filled()) == Reply(NOTE, 30, 8, reasked=1)
    with pytest.raises(BadAnswer) as caught:
        await Reasking(Model(BadAnswer("no")), Meter()).ask(filled())
    assert caught.value.reasked == ROUNDS
