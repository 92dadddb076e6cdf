"""Asking again: at most two rounds, quoting at most three problems, with more room for what was cut."""

from __future__ import annotations

import json

import pytest

from mapgen.errors import (
    BadAnswer,
    ConfigError,
    ContentRefused,
    LimitReached,
    MapgenError,
    RateLimited,
    Stopped,
    TooLong,
    Unavailable,
)
from mapgen.llm.base import Reply
from mapgen.llm.metered import Meter
from mapgen.llm.reasking import ROUNDS, Reasking
from mapgen.prompting import Answer, schema_of
from tests.llm.asking import NOTE, Model, Note, filled

BAD = BadAnswer("no", problems=("score: too large", "text: missing", "a: b", "c: d"), text='{"score": 9}')
CUT = BadAnswer("no", problems=("cut",), text='{"sco', cut=True)


class Notes(Answer):
    """Several notes."""

    notes: tuple[Note, ...]


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


async def test_after_the_last_round_what_is_whole_is_taken_and_marked() -> None:
    bad = BadAnswer("no", problems=("a",), text='{"notes": [{"text": "plain", "score": 0.5}, {"text": 1}]}')
    bad.input_tokens, bad.output_tokens = 10, 5
    meter = Meter()
    reply = await Reasking(Model(bad), meter).ask(filled(out=Notes))  # type: ignore[var-annotated]
    assert (reply.value, reply.partial) == (Notes(notes=(NOTE,)), True)
    assert (reply.input_tokens, reply.output_tokens, reply.reasked, meter.reasked) == (30, 15, 2, 2)


@pytest.mark.parametrize(
    "words",
    ["I'm sorry, but I can't help with that.", "I cannot discuss this.", "Es tut mir leid.", "申し訳ありません。"],
)
async def test_a_refusal_in_prose_that_stays_is_a_refusal_with_its_words(words: str) -> None:
    bad = BadAnswer("no", text=words)
    bad.output_tokens = 4
    model = Model(bad)
    with pytest.raises(ContentRefused, match="The model declined: ") as caught:
        await Reasking(model, Meter()).ask(filled())
    assert words in caught.value.message
    assert (caught.value.exit_code, caught.value.output_tokens, caught.value.reasked) == (65, 12, 2)
    assert len(model.asked) == 1 + ROUNDS


@pytest.mark.parametrize("words", ["Bread is good.", '{"text": "I cannot say"}', ""])
async def test_other_prose_is_a_bad_answer(words: str) -> None:
    with pytest.raises(BadAnswer):
        await Reasking(Model(BadAnswer("no", text=words)), Meter()).ask(filled())


NOTES = schema_of(Notes)
NOTES["properties"]["notes"]["minItems"] = 1
WHOLE = {"text": "On bread.", "score": 0.5}
HALF = BadAnswer("no", problems=("cut",), text=json.dumps({"notes": [WHOLE, {"text": "On"}]}), cut=True)


@pytest.mark.parametrize("error", [TooLong("too long"), Unavailable("gone"), LimitReached("over"), Stopped("stopped")])
async def test_what_is_whole_is_kept_where_asking_again_fails(error: MapgenError) -> None:
    empty = BadAnswer("no", problems=("empty",))
    for answers in ((HALF, error), (HALF, empty, error)):
        reply = await Reasking(Model(*answers), Meter()).ask(filled(out=Notes, schema=NOTES))  # type: ignore[var-annotated]
        assert [note.text for note in reply.value.notes] == ["On bread."]
        assert (reply.partial, reply.reasked) == (True, len(answers) - 1)


@pytest.mark.parametrize("error", [ConfigError("no such folder"), Unavailable("gone")])
async def test_an_asking_again_that_fails_is_raised_where_nothing_is_whole_or_nothing_else_would_fare_better(
    error: MapgenError,
) -> None:
    first = HALF if isinstance(error, ConfigError) else BAD
    with pytest.raises(type(error)):
        await Reasking(Model(first, error), Meter()).ask(filled(out=Notes, schema=NOTES))  # type: ignore[var-annotated]
