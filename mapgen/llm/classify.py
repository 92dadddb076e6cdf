"""What an endpoint's answer means: a completion, or the typed error that says what to do about it.

The one place where status, headers and body are judged. It sends nothing and knows no client library.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from mapgen.errors import (
    BadAnswer,
    ContentRefused,
    FormatUnsupported,
    Garbled,
    KeyRefused,
    MapgenError,
    Overloaded,
    RateLimited,
    TooLong,
    Unavailable,
    UnknownModel,
    WrongProtocol,
)
from mapgen.text import clean, encodable, shorten

Failed = TypeVar("Failed", BadAnswer, ContentRefused)

_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|\bcredits?\b", re.I)
_CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|context (?:length|size|window)|maximum context", re.I
)
_FILTER = re.compile(r"content_filter|content management policy|content_policy", re.I)
_FORMAT = re.compile(
    r"response_format|json_schema|json_object|structured output|\bstrict\b|extra_forbidden|grammar|"
    r"max_tokens|max_completion_tokens|temperature|seed",
    re.I,
)
_DECLINES = re.compile(
    r"\bI(?:['’]m| am) (?:sorry|unable|not able)|\bI (?:can(?:no|['’])t|cannot|won['’]t|will not|must decline)|"
    r"\bas an AI\b|es tut mir leid|ich kann .{0,40}nicht|je suis désolée?|je ne peux pas|lo siento|no puedo|"
    r"mi dispiace|non posso|não posso|не могу|抱歉|对不起|無法|无法|申し訳|できません",
    re.I,
)
_MODEL = re.compile(r"model", re.I)
_STATUS = re.compile(r"[45][0-9]{2}")
_MEANT = (
    (429, re.compile(rf"{_QUOTA.pattern}|rate.?limit", re.I)),
    (401, re.compile(r"invalid_api_key|authentication", re.I)),
    (404, re.compile(r"model_not_found", re.I)),
    (400, re.compile(rf"invalid_request|{_CONTEXT.pattern}|{_FILTER.pattern}|{_FORMAT.pattern}", re.I)),
)


@dataclass(frozen=True)
class Completion:
    """The text of an answer and its tokens; ``cut`` says that its tokens were used up."""

    text: str
    input_tokens: int
    output_tokens: int
    cut: bool


def completion(body: bytes) -> Completion:
    """The completion in the body of a 200. Raises EndpointError, ContentRefused."""
    data = _json(body)
    choices = data.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    if (error := data.get("error") or first.get("error")) and isinstance(error, dict | str):
        raise _inner_error(error)
    used = _usage(data.get("usage"))
    said = first.get("message")
    message: dict[str, Any] = said if isinstance(said, dict) else {}
    if (refusal := message.get("refusal")) or first.get("finish_reason") == "content_filter":
        told = f"The model declined: {_said(refusal or 'stopped by a content filter')}"
        raise _spent(ContentRefused(told, hint=_REPHRASE), used)
    text = _text(message)
    cut = first.get("finish_reason") == "length"
    if not text.strip():
        raise _spent(BadAnswer("The answer is empty.", problems=("The answer was empty.",), cut=cut), used)
    return Completion(text=text, input_tokens=used[0], output_tokens=used[1], cut=cut)


def failure(status: int, body: bytes, *, headers: Mapping[str, str]) -> MapgenError:
    """The error that a status other than 200 stands for."""
    said = _said(_message(body))
    told = f"The endpoint answered {status}: {said}"
    if status == 402 or (status in (403, 429) and _QUOTA.search(said)):
        return KeyRefused(told, hint="The account's quota is used up; see its billing page.")
    if status in (401, 403):
        return KeyRefused(told, hint="Check the API key (OPENAI_API_KEY or MAPGEN_API_KEY) and its permissions.")
    wait = retry_after(headers)
    if status == 429:
        return RateLimited(told, retry_after=wait, hint="Try again later, or lower --concurrency.")
    if status in (503, 529) or (status >= 500 and wait is not None):
        return Overloaded(told, retry_after=wait, hint="The endpoint has too much to do; try again later.")
    if status in (408, 409, 425) or status >= 500:
        return Unavailable(told, hint="The endpoint has trouble; try again later.")
    if 300 <= status < 400:
        return UnknownModel(told, hint="The endpoint redirects; set --base-url to the address that it moved to.")
    if status == 404:
        return UnknownModel(told, hint="Check --model and --base-url (it usually ends in /v1).")
    return _bad_request(status, told, said=said)


def declined(text: str) -> ContentRefused | None:
    """The refusal that a text without any JSON is, in the words in which models decline; None where it is none."""
    if "{" in text or not _DECLINES.search(text[:_WORDS]):
        return None
    return ContentRefused(f"The model declined: {_said(text)}", hint=_REPHRASE)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the endpoint asks to wait, from retry-after-ms or Retry-After, a number or a date; else None."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if 0.0 <= wait < math.inf:
            return wait
    try:
        wait = parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return wait if wait > 0.0 else None


_WORDS = 2_000  # characters of an endpoint's own words that are looked at
_REPHRASE = "Rephrase the query, or ask another model."


def _bad_request(status: int, told: str, *, said: str) -> MapgenError:
    if _CONTEXT.search(said) or status == 413:
        return TooLong(told, hint="Shorten the query, or use a model with a larger context.")
    if _FILTER.search(said):
        return ContentRefused(told, hint=_REPHRASE)
    if status in (400, 422) and _FORMAT.search(said):
        return FormatUnsupported(told)
    if status == 400 and _MODEL.search(said):
        return UnknownModel(told, hint="Check --model.")
    return WrongProtocol(told, hint="The endpoint refuses the request; is it OpenAI-compatible?")


def _json(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            hint = "This looks like a web page; --base-url usually ends in /v1."
            raise WrongProtocol("The endpoint answered with HTML instead of JSON.", hint=hint) from error
        raise Garbled("The endpoint's answer broke off or is not JSON.", hint="Try again later.") from error
    if not isinstance(data, dict):
        raise Garbled("The endpoint's answer is not a JSON object.", hint="Try again later.")
    return data


def _inner_error(error: Any) -> MapgenError:
    code = str(error.get("code")) if isinstance(error, dict) else ""
    body = json.dumps({"error": error}).encode()
    return failure(int(code) if _STATUS.fullmatch(code) else _meant(_message(body)), body, headers={})


def _meant(said: str) -> int:
    """The status that an error without one would have had, by its words."""
    return next((status for status, words in _MEANT if words.search(said)), 500)


def _message(body: bytes) -> str:
    """The endpoint's own words in an error body: message, code and type, or the start of the body."""
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return body[:_WORDS].decode("utf-8", "replace")
    error = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(error, dict):
        return str(error)
    message = shorten(_plain(error.get("message") or error.get("detail") or ""), 220)
    codes = (shorten(_plain(error.get(name) or ""), 40) for name in ("code", "type", "param"))
    return " · ".join(part for part in (message, *codes) if part)


def _said(text: object) -> str:
    return shorten(_plain(text), 360) or "(nothing)"


def _plain(text: object) -> str:
    return clean(re.sub(r"<[^<>]*>", " ", str(text)[:_WORDS]))


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    for found in (content, message.get("reasoning_content"), message.get("reasoning")):
        if isinstance(found, str) and found.strip():
            return encodable(found)
    return ""


def _usage(usage: Any) -> tuple[int, int]:
    found = usage if isinstance(usage, dict) else {}
    numbers = (found.get("prompt_tokens"), found.get("completion_tokens"))
    first, second = (n if isinstance(n, int) and 0 <= n < 10**9 else 0 for n in numbers)
    return first, second


def _spent(error: Failed, used: tuple[int, int]) -> Failed:
    error.input_tokens, error.output_tokens = used
    return error
