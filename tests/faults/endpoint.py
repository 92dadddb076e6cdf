"""The rows of faults that an endpoint shows by its status and its connection."""

from __future__ import annotations

import json

from tests.faults.fault import CALLS, CONCEPTS, EVER, Fault, Row
from tests.servers import maps
from tests.servers.fake import completion, error
from tests.servers.http import Answer

LATER = 3  # requests that are answered before trouble begins: the plan and two more
TRIES = 5
PARTIAL = (LATER + 1, LATER + TRIES * (CALLS - LATER) * 3)
BODY = completion(maps.plan_answer(CONCEPTS))
HALF = len(json.dumps(BODY)) // 2

SLOW = Answer(error("slow down, {key}"), status=429)
SECOND = Answer(error("slow down"), status=429, headers={"Retry-After": "1"})
SIX = Answer(error("slow down"), status=429, headers={"Retry-After": "6"})
LONG = Answer(error("slow down"), status=429, headers={"Retry-After": "121"})
QUOTA = Answer(error("You exceeded your current quota, {key}", code="insufficient_quota"), status=429)
PAGE = Answer("<html><h1>Bad gateway</h1>{key}</html>", status=502, headers={"Content-Type": "text/html"})
WEB = Answer("<!doctype html><h1>Welcome</h1>{key}")
OOPS = error("oops {key}")
EXTRA = Answer({"detail": [{"type": "extra_forbidden", "loc": ["body", "response_format", "strict"]}]}, status=422)
FORMAT = Answer(error("'response_format' of type 'json_schema' is not supported for {key}"), status=400)
MAX_TOKENS = Answer(error("Unsupported parameter: 'max_tokens'", code="unsupported_parameter"), status=400)
CONTEXT = Answer(error("Please reduce the length {key escaped}", code="context_length_exceeded"), status=400)
LLAMA_CONTEXT = Answer(error("the request exceeds the size", type="exceed_context_size_error"), status=400)
FILTER = Answer(error("Filtered for {key} by the content management policy", code="content_filter"), status=400)
STALLED = Answer(BODY, stop_after=HALF, then="stall")
DRIPPED = Answer(BODY, drip=0.02)
COMMENTS = Answer(b"", endless=b": keep-alive\n\n")
ELSEWHERE = Answer(status=307, headers={"Location": "http://localhost:{port}/v1/chat/completions?key={key}"})


NOTES = " ".join(
    [maps.QUERY, *(f"{name}: {said['definition']}" for name, said in maps.write_answers(CONCEPTS).items())]
)


def passing(name: str, answer: Answer, *, waits: float = 0.0, timeout: float = 20.0) -> Row:
    """A fault of the first request that a second one mends."""
    return Row(name, (Fault(answer),), "R", (CALLS + 1, CALLS + 1), waits=waits, timeout=timeout)


def at_once(name: str, answer: Answer, code: int, *, says: str = "") -> Row:
    """A fault that is told after exactly one request."""
    return Row(name, (Fault(answer, times=EVER),), code, (1, 1), says=says)


def for_ever(name: str, answer: Answer, code: int, *, says: str = "") -> tuple[Row, Row]:
    """A fault that stays: an error where it is there from the beginning, else a partial map."""
    return (
        Row(f"{name}, for ever", (Fault(answer, times=EVER),), code, (2, TRIES), says=says),
        Row(f"{name}, for ever from the 4th request", (Fault(answer, EVER, LATER),), "P", PARTIAL, says=says),
    )


def stuck(name: str, answer: Answer) -> Row:
    """An answer that does not end, once."""
    return passing(f"{name}, once", answer, timeout=2.0)


def endless(name: str, answer: Answer) -> tuple[Row, Row, Row]:
    """An answer that does not end: once, for ever, and for ever when some are written."""
    return (
        stuck(name, answer),
        Row(f"{name}, for ever", (Fault(answer, times=EVER),), 75, (1, 1), says="s is used up", deadline=2.5),
        Row(f"{name}, for ever from the 4th request", (Fault(answer, EVER, LATER),), "P", PARTIAL, deadline=4.0),
    )


def refused(name: str, answer: Answer, form: str, *, steps: int) -> Row:
    """A form of request that is refused until another is tried; which one is remembered."""
    fault = Fault(answer, times=EVER, when=lambda request: form in f"{request.form} {sorted(request.body)}")
    return Row(name, (fault,), "R", (CALLS + steps, CALLS + steps), steps=steps)


def fewer(name: str, answer: Answer) -> Row:
    """Requests with passages are too long, and are asked again without."""
    fault = Fault(answer, times=EVER, when=lambda request: "Passage 1, notes" in request.messages[1])
    return Row(name, (fault,), "R", (CALLS + 2, CALLS + 1 + CONCEPTS), steps=CONCEPTS + 1, source=NOTES)


ENDPOINT: tuple[Row, ...] = (
    passing("429 with Retry-After 1", SECOND, waits=1.0),
    Row("429 without a header, twice", (Fault(SLOW, times=2),), "R", (CALLS + 2, CALLS + 2)),
    at_once("429 with Retry-After 121 and 30 s left", LONG, 75, says="121 s"),
    *for_ever("429", SLOW, 75),
    at_once("429 insufficient_quota", QUOTA, 77),
    at_once("402", Answer(error("pay first"), status=402), 77),
    passing("429 with Retry-After 6 and 30 s left", SIX, waits=6.0),
    *(passing(f"{status}, once", Answer(OOPS, status=status)) for status in (500, 503, 504, 529, 408, 409)),
    passing("502 with HTML, once", PAGE),
    passing("503 with Retry-After 1", Answer(b"", status=503, headers={"Retry-After": "1"}), waits=1.0),
    *for_ever("500", Answer(OOPS, status=500), 69, says="oops [key]"),
    Row(
        "500 after a second and a half, for ever from the 3rd request: the circuit opens",
        (Fault(Answer(OOPS, status=500, before=1.5), EVER, 2),),
        "P",
        (2 + 3 * (CALLS - 2), 2 + (TRIES - 1) * (CALLS - 2)),
        says="is left alone for a while",
    ),
    *for_ever("502 with HTML", PAGE, 69, says="Bad gateway [key]"),
    *for_ever("503", Answer(error("busy {key escaped}"), status=503), 69, says="busy [key]"),
    *(row for status in (504, 529, 408, 409) for row in for_ever(str(status), Answer(OOPS, status=status), 69)),
    at_once("400", Answer(error("bad request {key}"), status=400), 76, says="bad request [key]"),
    at_once("422", Answer(error("unprocessable {key escaped}"), status=422), 76, says="unprocessable [key]"),
    at_once("413", Answer(error("too large {key}"), status=413), 65, says="too large [key]"),
    refused("400 response_format unsupported", FORMAT, "json_schema", steps=2),
    refused("422 extra_forbidden", EXTRA, "strict json_schema", steps=1),
    refused("400 max_tokens unsupported", MAX_TOKENS, "'max_tokens'", steps=1),
    at_once("400 context_length_exceeded", CONTEXT, 65, says="reduce the length"),
    at_once("400 exceed_context_size_error", LLAMA_CONTEXT, 65, says="exceeds the size"),
    fewer("400 context_length_exceeded with passages", CONTEXT),
    fewer("400 exceed_context_size_error with passages", LLAMA_CONTEXT),
    at_once("400 content_filter at the plan", FILTER, 65, says="content management policy"),
    Row("400 content_filter at a concept", (Fault(FILTER, EVER, part="Inflation"),), "P", (7, 9), says="policy"),
    at_once("401", Answer(error("Incorrect API key: {key}"), 401, {"X-Api-Key": "{key}"}), 77, says="API key: [key]"),
    at_once("403", Answer(error("no permission for {key escaped}"), status=403), 77, says="permission for [key]"),
    at_once(
        "404 unknown model",
        Answer(error("No such model for {key}"), status=404),
        78,
        says="There are: other-model, some",
    ),
    at_once("404 unknown address", Answer("<h1>Not found, {key}</h1>", status=404), 78, says="--base-url"),
    Row("name lookup fails", (), 69, (0, 0), says="cannot be reached", url="http://mapgen.invalid:9/v1"),
    Row("connection refused", (), 69, (0, 0), says="cannot be reached", url="http://127.0.0.1:9/v1"),
    passing("close before the headers", Answer(drop="close")),
    passing("reset before the headers", Answer(drop="reset")),
    passing("close before the body", Answer(BODY, stop_after=0)),
    passing("close in the body", Answer(BODY, stop_after=HALF)),
    passing("reset in the body", Answer(BODY, stop_after=HALF, then="reset")),
    *for_ever("reset in the body", Answer(BODY, stop_after=HALF, then="reset"), 69),
    *endless("hang before the headers", Answer(hang=True)),
    *endless("stall in the body", STALLED),
    *endless("a byte every 20 ms", DRIPPED),
    *endless("keep-alive comments", COMMENTS),
    at_once("redirect to another host", ELSEWHERE, 78, says="--base-url"),
    Row(
        "500 for two concepts",
        (
            Fault(Answer(OOPS, status=500), EVER, part="Inflation"),
            Fault(Answer(OOPS, status=500), EVER, part="Oil Prices"),
        ),
        "P",
        (5 + 2 * TRIES, 5 + 6 * TRIES),
        says="oops",
    ),
)
