"""Reading an answer: whatever stands around the JSON is passed over, and only BadAnswer ever comes out."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import BadAnswer
from mapgen.llm.answers import TEXT_LIMIT, read_answer
from tests.llm.asking import GOOD, NOTE, Note

TEXT = json.dumps(GOOD)
prose = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=60)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner), max_leaves=8
)


def _outcome(text: str) -> Note | BadAnswer:
    try:
        return read_answer(text, Note)
    except BadAnswer as bad:
        return bad


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff{TEXT}",
        f"```json\n{TEXT}\n```",
        f"Sure! Here it is:\n\n{TEXT}\n\nIs there anything else?",
        f"<think>Bread, then {{braces}} and [lists].</think>{TEXT}",
        f"<THINKING>\nno\n</THINKING>\n{TEXT}",
        f'thinking without a beginning, {{"a": 1}}</think>\n{TEXT}',
        f"<think>a beginning without an end, then {TEXT}",
        f"<think>one</think> well <think>two</think> {TEXT}",
        f"{TEXT}\n<think>was that right?</think>",
        f"Use {{curly}} braces, as in {{}}: {TEXT}",
        f'{{"draft": true}}\n{TEXT}',
        f"[{TEXT}]",
        f"{TEXT}{TEXT}",
        '{"text": "other", "text": "plain", "score": 0.5}',
        '{"text": "plain", "score": 0.5, "more": [1, {"deep": null}]}',
        '{"text": "\\u001b[31mpl\\u0000ain\\u202e ", "score": 5e-1}'.replace("\\u0000", ""),
    ],
)
def test_the_object_is_found(text: str) -> None:
    assert read_answer(text, Note) == NOTE


def test_an_end_of_thinking_inside_a_text_is_text() -> None:
    said = {"text": "The tag </think> ends it.", "score": 1.0}
    assert read_answer(json.dumps(said), Note) == Note(text="The tag </think> ends it.", score=1.0)


def test_what_stands_behind_the_thinking_goes_before_what_stands_in_it() -> None:
    draft = json.dumps({"text": "draft", "score": 0.1})
    assert read_answer(f"<think>{draft}</think>{TEXT}", Note) == NOTE


@given(prose, prose, st.sampled_from(["", "<think>", "<think></think>", "```json\n", "\ufeff", "[", '"']))
def test_any_prose_may_stand_around(before: str, after: str, opening: str) -> None:
    assert read_answer(f"{before}{opening}{TEXT}{after}", Note) == NOTE


@given(st.dictionaries(st.text(max_size=8), values), prose)
def test_an_object_of_any_form_gives_a_note_or_bad_answer(found: dict[str, Any], around: str) -> None:
    read = _outcome(f"{around}{json.dumps(found)}")
    assert isinstance(read, Note) or 1 <= len(read.problems) <= 3


@settings(max_examples=200)
@given(st.text(max_size=400) | st.text('{}[]":,<>/think \n\\u0d', max_size=200))
def test_any_text_gives_a_note_or_bad_answer(text: str) -> None:
    read = _outcome(text)
    assert isinstance(read, Note) or (read.text == text and 1 <= len(read.problems) <= 3)


@pytest.mark.parametrize(
    ("score", "word"),
    [
        ('"0.9"', "number"),
        ("true", "number"),
        ("null", "number"),
        ("[0.5]", "number"),
        ("1e999", "finite"),
        ("-0.1", "greater"),
        ("2", "less"),
    ],
)
def test_numbers_are_taken_strictly(score: str, word: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_answer(f'{{"text": "plain", "score": {score}}}', Note)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith("score: ")
    assert word in caught.value.problems[0]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_json_lacks_make_the_object_broken(constant: str) -> None:
    with pytest.raises(BadAnswer, match="no whole JSON object"):
        read_answer(f'{{"text": "plain", "score": {constant}}}', Note)


def test_missing_fields_are_named() -> None:
    with pytest.raises(BadAnswer) as caught:
        read_answer('{"other": 1}', Note)
    assert caught.value.problems == ("text: Field required", "score: Field required")


@pytest.mark.parametrize(
    ("text", "message"), [("", "empty"), (" \n", "empty"), ("I cannot.", "no whole"), ("{", "no whole")]
)
def test_no_object_is_said_as_such(text: str, message: str) -> None:
    with pytest.raises(BadAnswer, match=message) as caught:
        read_answer(text, Note)
    assert caught.value.problems == (caught.value.message,)


def test_lone_surrogates_and_long_numbers_are_bad_answers() -> None:
    for text in ('{"text": "\\ud800", "score": 0.5}', '{"text": "plain", "score": ' + "9" * 6_000 + "}"):
        with pytest.raises(BadAnswer):
            read_answer(text, Note)


@pytest.mark.parametrize("depth", [*range(150, 1_050, 25), 100_000])
def test_deep_nesting_is_a_bad_answer(depth: int) -> None:
    with pytest.raises(BadAnswer):
        read_answer('{"a":' * depth + "1" + "}" * depth, Note)
    with pytest.raises(BadAnswer):
        read_answer('{"text":' + "[" * depth + "]" * depth + "}", Note)


@pytest.mark.parametrize("piece", ["<think>", "</think>", "{", "{}", "[", '{"', '{"a":[', "\\", "```"])
def test_an_endless_repetition_is_read_in_linear_time(piece: str) -> None:
    began = time.process_time()
    with pytest.raises(BadAnswer):
        read_answer(piece * (TEXT_LIMIT // len(piece)), Note)
    assert time.process_time() - began < 2.0


def test_a_hundred_thousand_faults_give_three_short_problems() -> None:
    class Many(Note):
        items: tuple[int, ...]

    with pytest.raises(BadAnswer) as caught:
        read_answer(json.dumps(GOOD | {"items": ["x"] * 100_000}), Many)
    assert len(caught.value.problems) == 3
    assert all(len(problem) <= 160 for problem in caught.value.problems)


def test_problems_quote_no_control_characters() -> None:
    class Odd(Note):
        found: dict[str, int]

    with pytest.raises(BadAnswer) as caught:
        read_answer(json.dumps(GOOD | {"found": {"\x1b[31m\u202ekey\n": "x"}}), Odd)
    (problem,) = caught.value.problems
    assert problem.isprintable()
    assert problem.startswith("found.")
    assert problem.endswith(": Input should be a valid integer")
