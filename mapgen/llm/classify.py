"""What an endpoint's answer means: a completion, or the typed error that says what to do about it.

The one place where status, headers and body are judged. It sends nothing and knows no client library.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from contextlib import suppress
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
from mapgen.llm import phrases
from mapgen.text import clean, encodable, shorten

Failed = TypeVar("Failed", BadAnswer, ContentRefused)

_FILTERED = {"content_filter", "safety", "prohibited_content", "blocklist"}
_CUT = {"length", "max_tokens"}


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
    if error := _error_in(data) or _error_in(first):
        raise _inner_error(error)
    used = _usage(data.get("usage"))
    said = first.get("message")
    message: dict[str, Any] = said if isinstance(said, dict) else {}
    finish = str(first.get("finish_reason")).lower()
    if (refusal := message.get("refusal")) or finish in _FILTERED:
        told = f"The model declined: {_said(refusal or 'stopped by a content filter')}"
        raise _spent(ContentRefused(told, hint=_REPHRASE), used)
    text = _text(message)
    cut = finish in _CUT
    if not text.strip():
        raise _spent(BadAnswer("The answer is empty.", problems=("The answer was empty.",), cut=cut), used)
    return Completion(text=text, input_tokens=used[0], output_tokens=used[1], cut=cut)


def failure(status: int, body: bytes, *, headers: Mapping[str, str]) -> MapgenError:
    """The error that a status other than 200 stands for."""
    message, codes = _words(body)
    said = f"{message} {codes}"
    told = f"The endpoint answered {status}: {_said(' · '.join(filter(None, (shorten(message, 220), codes))))}"
    if status == 402 or (status == 403 and phrases.QUOTA.search(said)):
        return KeyRefused(told, hint=_BILLING)
    if status == 403 and phrases.FILTER.search(said):
        return ContentRefused(told, hint=_REPHRASE)
    if status in (401, 403):
        return KeyRefused(told, hint=_CHECK_KEY)
    wait = retry_after(headers)
    if status == 429:
        return _limited(told, said=said, wait=wait)
    if status >= 500 and phrases.CONTEXT.search(said):
        return TooLong(told, hint=_SHORTEN)
    if status in (503, 529) or (status >= 500 and wait is not None):
        return Overloaded(told, retry_after=wait, hint=_LATER)
    if status in (408, 409, 425) or status >= 500:
        return Unavailable(told, hint="The endpoint has trouble; try again later.")
    if 300 <= status < 400:
        return UnknownModel(told, hint="The endpoint redirects; set --base-url to the address that it moved to.")
    if status == 404:
        return UnknownModel(told, hint="Check --model and --base-url (it usually ends in /v1).")
    if status in (400, 422) and phrases.NOT_JSON.search(said):
        return BadAnswer(told, problems=("The answer was not the JSON that was asked for.",), text=_generated(body))
    return _bad_request(status, told, said=said)


def declined(text: str) -> ContentRefused | None:
    """The refusal that a text without any JSON is, in the words in which models decline; None where it is none."""
    if "{" in text or not phrases.DECLINES.search(text[:_WORDS]):
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
_SHORTEN = "Shorten the query, or use a model with a larger context."
_LATER = "The endpoint has too much to do; try again later."
_BILLING = "The account's quota is used up; see its billing page."
_CHECK_KEY = "Check the API key (OPENAI_API_KEY or MAPGEN_API_KEY) and its permissions."


def _limited(told: str, *, said: str, wait: float | None) -> MapgenError:
    """Of a 429: whether waiting mends it. Many endpoints name their billing page where it does, too."""
    passing = wait is not None or phrases.PASSING.search(said)
    if phrases.SPENT.search(said) or (phrases.QUOTA.search(said) and not passing):
        return KeyRefused(told, hint=_BILLING)
    return RateLimited(told, retry_after=wait, hint="Try again later, or lower --concurrency.")


def _bad_request(status: int, told: str, *, said: str) -> MapgenError:
    """Of another 4xx: what its words mean, the most certain first."""
    if phrases.SPENT.search(said):
        return KeyRefused(told, hint=_BILLING)
    if phrases.KEY.search(said):
        return KeyRefused(told, hint=_CHECK_KEY)
    if phrases.ROOM.search(said) and "context" not in said.lower():
        return FormatUnsupported(told)
    if phrases.CONTEXT.search(said) or status == 413:
        return TooLong(told, hint=_SHORTEN)
    if phrases.FILTER.search(said):
        return ContentRefused(told, hint=_REPHRASE)
    if status in (400, 422) and phrases.FORMAT.search(said):
        return FormatUnsupported(told)
    if phrases.BUSY.search(said):
        return Overloaded(told, hint=_LATER)
    if status in (400, 422) and phrases.MODEL.search(said):
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
    data = _alone(data)
    if not isinstance(data, dict):
        raise Garbled("The endpoint's answer is not a JSON object.", hint="Try again later.")
    return data


def _alone(data: Any) -> Any:
    """The object of a list of one, in which some endpoints wrap their errors; else the data as they are."""
    return data[0] if isinstance(data, list) and len(data) == 1 and isinstance(data[0], dict) else data


def _error_in(data: dict[str, Any]) -> dict[str, Any] | str | None:
    """The error that an answer holds instead of a text, or is as a whole; None where there is none."""
    if (error := data.get("error")) and isinstance(error, dict | str):
        return error
    whole = "choices" not in data and isinstance(data.get("message"), str)
    return data if whole and (data.get("object") == "error" or data.get("code")) else None


def _inner_error(error: dict[str, Any] | str) -> MapgenError:
    codes = [str(error.get(name)) for name in ("code", "status")] if isinstance(error, dict) else []
    body = json.dumps({"error": error}).encode()
    told = next((int(code) for code in codes if phrases.STATUS.fullmatch(code)), None)
    return failure(told or _meant(" ".join(_words(body))), body, headers={})


def _meant(said: str) -> int:
    """The status that an error without one would have had, by its words."""
    return next((status for status, words in phrases.MEANT if words.search(said)), 500)


def _error_of(body: bytes) -> Any:
    """What an error body holds of the error: a dict as a rule. Raises ValueError where it is no JSON."""
    try:
        data = _alone(json.loads(body.decode("utf-8", "replace")))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return data.get("error", data) if isinstance(data, dict) else data


def _words(body: bytes) -> tuple[str, str]:
    """The endpoint's own words in an error body, or the start of the body; and its codes, if it has any."""
    try:
        error = _error_of(body)
    except ValueError:
        return _plain(body[:_WORDS].decode("utf-8", "replace")), ""
    if not isinstance(error, dict):
        return _plain(error), ""
    codes = (shorten(_plain(error.get(name) or ""), 40) for name in ("code", "type", "status", "param"))
    message = error.get("message") or error.get("detail") or ""
    return _plain(message), " · ".join(filter(None, codes))


def _generated(body: bytes) -> str:
    """What the model wrote, where the endpoint that refuses it shows it."""
    with suppress(ValueError):
        error = _error_of(body)
        return encodable(str(error.get("failed_generation") or "")) if isinstance(error, dict) else ""
    return ""


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
