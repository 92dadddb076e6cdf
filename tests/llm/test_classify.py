"""The table of what endpoints answer, and what it means: error class, exit code, hint."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import (
    BadAnswer,
    ContentRefused,
    EndpointError,
    FormatUnsupported,
    Garbled,
    InputError,
    KeyRefused,
    MapgenError,
    Overloaded,
    RateLimited,
    TooLong,
    Unavailable,
    UnknownModel,
    WrongProtocol,
)
from mapgen.llm.classify import completion, failure, retry_after
from tests.servers.fake import completion as good
from tests.servers.fake import error

OVERFLOW = "This model's maximum context length is 8192 tokens, however you requested 9000 in max_tokens."
LLAMA = {"code": 400, "message": "the request exceeds the available size", "type": "exceed_context_size_error"}
TABLE: list[tuple[int, Any, type[MapgenError], int, str]] = [
    (400, error("Unsupported: response_format"), FormatUnsupported, 76, ""),
    (400, error("x", code="extra_forbidden", param="strict"), FormatUnsupported, 76, ""),
    (400, error("Unsupported parameter: 'max_tokens'"), FormatUnsupported, 76, ""),
    (422, {"detail": [{"loc": ["body", "response_format"], "msg": "bad"}]}, FormatUnsupported, 76, ""),
    (400, error(OVERFLOW), TooLong, 65, "Shorten"),
    (400, error("long " * 200, code="context_length_exceeded"), TooLong, 65, "Shorten"),
    (400, {"error": LLAMA}, TooLong, 65, "Shorten"),
    (413, b"", TooLong, 65, "Shorten"),
    (400, error("filtered", code="content_filter"), ContentRefused, 65, "Rephrase"),
    (400, error("The response was filtered: content management policy"), ContentRefused, 65, "Rephrase"),
    (400, error("model is required"), UnknownModel, 78, "--model"),
    (400, error("bad thing"), WrongProtocol, 76, "OpenAI-compatible"),
    (422, error("Your account is restricted"), WrongProtocol, 76, "OpenAI-compatible"),
    (401, error("Incorrect API key"), KeyRefused, 77, "key"),
    (403, error("not allowed"), KeyRefused, 77, "permissions"),
    (403, error("no credits left"), KeyRefused, 77, "quota"),
    (402, b"", KeyRefused, 77, "billing"),
    (429, error("slow down"), RateLimited, 75, "--concurrency"),
    (429, error("x", code="insufficient_quota"), KeyRefused, 77, "billing"),
    (404, error("model_not_found"), UnknownModel, 78, "--model"),
    (301, b"", UnknownModel, 78, "--base-url"),
    (307, b"", UnknownModel, 78, "--base-url"),
    *((status, b"busy", Unavailable, 69, "later") for status in (408, 409, 425, 500, 504)),
    *((status, b"busy", Overloaded, 69, "later") for status in (503, 529)),
    (502, b"<html><h1>Bad gateway</h1></html>", Unavailable, 69, "later"),
    (204, b"", WrongProtocol, 76, "OpenAI-compatible"),
    (400, error("Json mode is not supported for this model.", code=20024), FormatUnsupported, 76, ""),
    (400, error("max_tokens is too large: 24000. The model supports at most 4096."), FormatUnsupported, 76, ""),
    (400, error("max_tokens is too large: 24000. Maximum context length is 8192."), TooLong, 65, "Shorten"),
    (400, error("Prompt is too long: 5000 tokens > 4096 maximum"), TooLong, 65, "Shorten"),
    (400, error("Input length 5000 exceeds the maximum allowed token count"), TooLong, 65, "Shorten"),
    (422, error("inputs tokens + max_new_tokens must be <= 4096"), TooLong, 65, "Shorten"),
    (500, error("does not fit", type="exceed_context_size_error"), TooLong, 65, "Shorten"),
    (400, error("Flagged by our moderation: content policy violation"), ContentRefused, 65, "Rephrase"),
    (400, error("Input may be harmful.", code="data_inspection_failed"), ContentRefused, 65, "Rephrase"),
    (403, error("This model requires moderation, and your input was flagged"), ContentRefused, 65, "Rephrase"),
    (400, error("Your credit balance is too low to access the API."), KeyRefused, 77, "billing"),
    (400, error("API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT"), KeyRefused, 77, "key"),
    (400, error("The model is currently overloaded"), Overloaded, 69, "later"),
    (400, error("The model `x` does not exist"), UnknownModel, 78, "--model"),
    (400, error("x has been decommissioned", code="model_not_found"), UnknownModel, 78, "--model"),
    (400, error("roles must alternate in the model's chat template"), WrongProtocol, 76, "OpenAI-compatible"),
    (400, error("The last message must not be the assistant's for this model"), WrongProtocol, 76, "OpenAI"),
    (404, [{"error": {"code": 404, "message": "models/x is not found"}}], UnknownModel, 78, "--model"),
    (429, error("You exceeded your current quota, see billing"), KeyRefused, 77, "billing"),
]


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.mark.parametrize(("status", "body", "kind", "code", "hint"), TABLE)
def test_a_status_stands_for_an_error(status: int, body: Any, kind: type[MapgenError], code: int, hint: str) -> None:
    found = failure(status, _bytes(body), headers={})
    assert type(found) is kind
    assert found.exit_code == code
    assert hint in found.hint
    assert f"answered {status}" in found.message


INNER: list[tuple[Any, type[MapgenError]]] = [
    ({"code": 429, "message": "slow"}, RateLimited),
    ({"code": "429", "message": "slow"}, RateLimited),
    ({"code": 401, "message": "who?"}, KeyRefused),
    ({"code": 404, "message": "no such model"}, UnknownModel),
    ({"code": 502, "message": "upstream"}, Unavailable),
    ({"code": "insufficient_quota", "message": "x"}, KeyRefused),
    ({"code": "rate_limit_exceeded", "message": "x"}, RateLimited),
    ({"code": "context_length_exceeded", "message": "x"}, TooLong),
    ({"code": "invalid_api_key", "message": "x"}, KeyRefused),
    ({"code": "model_not_found", "message": "x"}, UnknownModel),
    ({"message": "response_format is not supported"}, FormatUnsupported),
    ({"code": None, "message": "something"}, Unavailable),
    ({"code": 0, "message": "something"}, Unavailable),
    ({"code": "²", "message": "something"}, Unavailable),
    ({"code": "9" * 5_000, "message": "something"}, Unavailable),
    ("overloaded", Overloaded),
    ("Unauthorized", KeyRefused),
    ({"message": "Forbidden", "type": "permission_error"}, KeyRefused),
    ({"message": "Too Many Requests", "status": 429}, RateLimited),
    ({"message": "Too Many Requests"}, RateLimited),
    ({"message": "x", "code": "extra_forbidden"}, FormatUnsupported),
    ({"message": "Failed to generate JSON", "code": "json_validate_failed"}, BadAnswer),
]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([{"error": {"code": 429, "message": "slow"}}], RateLimited),
        ({"object": "error", "message": "no such key", "type": "authentication_error"}, KeyRefused),
        ({"code": 401, "message": "who?"}, KeyRefused),
        ({"message": "hello"}, BadAnswer),
    ],
)
def test_an_error_may_be_the_whole_of_a_200_or_stand_in_a_list(body: Any, kind: type[MapgenError]) -> None:
    with pytest.raises(MapgenError) as caught:
        completion(_bytes(body))
    assert type(caught.value) is kind


@pytest.mark.parametrize(("inner", "kind"), INNER)
@pytest.mark.parametrize("place", ["body", "choice"])
def test_an_error_inside_a_200_counts_by_its_inner_code(inner: Any, kind: type[MapgenError], place: str) -> None:
    body = {"error": inner} if place == "body" else {"choices": [{"error": inner, "message": None}]}
    with pytest.raises(MapgenError) as caught:
        completion(_bytes(body))
    assert type(caught.value) is kind


@pytest.mark.parametrize("none", [None, "", {}, False, []])
def test_an_error_that_is_none_is_no_error(none: Any) -> None:
    assert completion(_bytes(good("yes", error=none))).text == "yes"


def _said(message: Any, finish: str = "stop", **more: Any) -> bytes:
    return _bytes(good("", choices=[{"message": message, "finish_reason": finish}], **more))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "yes"}, "yes"),
        ({"content": [{"type": "text", "text": "y"}, {"type": "text", "text": "es"}, 3]}, "yes"),
        ({"content": "", "reasoning_content": "yes"}, "yes"),
        ({"content": None, "reasoning": "yes"}, "yes"),
        ({"content": " \n", "reasoning_content": "yes"}, "yes"),
        ({"content": "yes", "reasoning_content": "hm", "refusal": None}, "yes"),
        ({"content": "y\ud800es"}, "y?es"),
    ],
)
def test_the_text_is_found_wherever_the_endpoint_puts_it(message: Any, text: str) -> None:
    found = completion(_said(message))
    assert (found.text, found.input_tokens, found.output_tokens, found.cut) == (text, 100, 50, False)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert completion(b"\xef\xbb\xbf" + _bytes(good("yes"))).text == "yes"


def test_length_means_cut() -> None:
    assert completion(_said({"content": '{"a'}, "length")).cut
    assert completion(_said({"content": '{"a'}, "MAX_TOKENS")).cut
    with pytest.raises(BadAnswer) as caught:
        completion(_said({"content": ""}, "length"))
    assert caught.value.cut
    assert (caught.value.input_tokens, caught.value.output_tokens) == (100, 50)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (_said({"content": None, "refusal": "I\x1b[31m will <b>not</b>."}), "I will not ."),
        (_said({"content": "half"}, "content_filter"), "stopped by a content filter"),
        (_said({"content": "half"}, "SAFETY"), "stopped by a content filter"),
        (_said({"content": "", "refusal": {"odd": 1}}), "odd"),
    ],
)
def test_a_refusal_is_told_in_its_words(body: bytes, word: str) -> None:
    with pytest.raises(ContentRefused, match="declined") as caught:
        completion(body)
    assert word in caught.value.message
    assert (caught.value.input_tokens, caught.value.output_tokens) == (100, 50)


@pytest.mark.parametrize("choices", [[], None, "x", [None], [{}], [{"message": None}], [{"message": {"content": 3}}]])
def test_no_text_is_a_bad_answer(choices: Any) -> None:
    with pytest.raises(BadAnswer, match="empty"):
        completion(_bytes(good("", choices=choices)))


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"x"', b'{"choices": [', b"\xff\xfe{}", b"[" * 100_000, b": ping\n"]
)
def test_what_is_no_json_object_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled) as caught:
        completion(body)
    assert (caught.value.exit_code, caught.value.retryable) == (76, True)


@pytest.mark.parametrize("body", [b"<!doctype html><p>Hello", b"\xef\xbb\xbf \n<html>"])
def test_a_web_page_is_another_protocol(body: bytes) -> None:
    with pytest.raises(WrongProtocol, match="HTML") as caught:
        completion(body)
    assert "/v1" in caught.value.hint


@pytest.mark.parametrize("usage", [None, [], {}, {"prompt_tokens": "7"}, {"prompt_tokens": -1}, {"prompt_tokens": 1e3}])
def test_odd_usage_counts_as_none(usage: Any) -> None:
    found = completion(_bytes(good("yes", usage=usage)))
    assert (found.input_tokens, found.output_tokens) == (0, 0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after": "90000000"}, 90_000_000.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 3_600.0),
        ({"retry-after": "Wed, 21 Oct 2026 06:27:59 GMT"}, None),
        ({"retry-after": "Wed, 99 Oct 2026 06:27:59 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_792_564_080.0)  # 06:28:00 on that day
    assert retry_after(headers) == seconds
    limited = failure(429, b"", headers=headers)
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == seconds


def test_an_endpoints_words_are_cleaned_and_short() -> None:
    found = failure(500, _bytes(error("\x1b[31m\u202ebad <b>thing</b>\n" + "x" * 9_000, code="c")), headers={})
    assert found.message.startswith("The endpoint answered 500: bad thing xxx")
    assert found.message.endswith("… · c")
    assert len(found.message) < 400


@pytest.mark.parametrize("body", [b"<" * 3_000_000, b'{"error": "' + b"<" * 3_000_000 + b'"}', b"[" * 3_000_000])
def test_a_hostile_error_is_read_in_linear_time(body: bytes) -> None:
    began = time.process_time()
    assert failure(500, body, headers={}).exit_code == 69
    assert time.process_time() - began < 1.0


@given(
    st.integers(100, 599),
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["error", "message", "code", "choices"]), inner)
        ),
    ).map(_bytes),
)
def test_only_typed_errors_leave(status: int, body: bytes) -> None:
    assert isinstance(failure(status, body, headers={}), MapgenError)
    with suppress(EndpointError, InputError):
        assert completion(body).text
