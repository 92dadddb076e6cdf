"""The rows of faults that stand in the body of a 200: what is no completion, and what a model should not say."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from tests.faults.endpoint import TRIES, WEB, at_once, passing
from tests.faults.fault import CALLS, EVER, Change, Fault, Row
from tests.servers import maps
from tests.servers.fake import completion, error
from tests.servers.http import Answer

ROUNDS = 3  # of asking for one valid answer
ONE = "Inflation"
MENDED = (CALLS, CALLS)
AGAIN = (CALLS + 1, CALLS + 1)
BAD_CONCEPT = (CALLS + ROUNDS - 1, CALLS - 1 + 3 * ROUNDS)
OTHER_NAMES = list(maps.write_answers(12))


def said(text: str, **more: Any) -> Answer:
    """A completion with that message and finish_reason."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return Answer(completion("", choices=[choice | more]))


def always(name: str, change: Change, requests: tuple[int, int] = MENDED) -> Row:
    """Every answer of a map is changed, and read all the same."""
    return Row(name, (Fault(change, EVER),), "R", requests)


def planned(name: str, change: Change, requests: tuple[int, int], *, times: int = EVER) -> Row:
    """The plan is changed, and mended."""
    return Row(name, (Fault(change, times, part="plan"),), "R", requests)


def written(name: str, change: Answer | Change, once: tuple[int, int] = AGAIN) -> tuple[Row, Row]:
    """A concept's texts are changed: once, which is mended, and for ever, which leaves a placeholder."""
    return (
        Row(f"{name}, once", (Fault(change, part=ONE),), "R", once),
        Row(f"{name}, for ever", (Fault(change, EVER, part=ONE),), "P", (CALLS, BAD_CONCEPT[1])),
    )


def garbled(name: str, answer: Answer) -> tuple[Row, Row]:
    """No completion: once, and for ever."""
    return passing(f"{name}, once", answer), Row(f"{name}, for ever", (Fault(answer, EVER),), 76, (TRIES, TRIES))


def unanswered(name: str, answer: Answer) -> tuple[Row, Row]:
    """A completion without an answer: once, and for ever."""
    row = Row(f"{name}, for ever", (Fault(answer, EVER),), 76, (ROUNDS, ROUNDS))
    return passing(f"{name}, once", answer), row


def wrapped(before: str, after: str = "") -> Change:
    """The answer's JSON between other text."""
    return lambda good: f"{before}{json.dumps(good)}{after}"


def reasoned(good: Any) -> Answer:
    """The answer's JSON in another field."""
    return said("", message={"role": "assistant", "content": "", "reasoning_content": json.dumps(good)})


def with_fields(**more: Any) -> Change:
    """The answer with other fields."""
    return lambda good: {**good, **more}


def without(name: str) -> Change:
    """The answer without a field."""
    return lambda good: {key: value for key, value in good.items() if key != name}


def raw(old: str, new: str) -> Change:
    """The answer's JSON with a piece of it replaced."""
    return lambda good: json.dumps(good).replace(old, new)


def concepts(*names: str, keep: int = 5) -> Change:
    """A plan of the first ``keep`` good concepts and of others by name."""

    def change(good: Any) -> Any:
        more = [{"name": name, "scope": f"what {name} does"} for name in names]
        return good | {"concepts": [*good["concepts"][:keep], *more]}

    return change


def dirty(good: Any) -> Any:
    """The answer with control and bidirectional characters in every text."""
    text = json.dumps(good)
    return text.replace("e ", "\\u001b[31m\\u202ee\\u0000\\u200b ")


def cut(good: Any) -> Answer:
    """The first two thirds of the answer, its tokens used up."""
    text = json.dumps(good)
    return said(text[: len(text) * 2 // 3], finish_reason="length")


def broken_item(field: str, place: int) -> Change:
    """One item of a list lacks a field."""

    def change(good: Any) -> Any:
        items = [dict(item) for item in good[field]]
        items[place].pop(sorted(items[place])[-1])
        return good | {field: items}

    return change


CAFE = "Café Prices"
OTHER_TEXTS = Answer(
    completion(
        {
            "definition": "What guests pay for a cup changes with rents, wages and the cost of beans.",
            "relevance": "Dearer credit empties tables, so owners cut what they charge. Fuel for roasting adds to it.",
        }
    )
)
LINK = {"source": CAFE, "target": "Inflation", "kind": "measures", "label": "shows part of"}
LINKED = LINK | {"explanation": "A basket of goods counts what guests pay, so a dearer cup moves the whole index."}
REFUSAL = "I'm sorry, but I can't help with that request of {key}."
DECLINED = said("", message={"role": "assistant", "refusal": "I cannot do that for {key escaped}."})
FILTERED = said("", finish_reason="content_filter")
PLACES = {"plan": (ROUNDS, CALLS + ROUNDS), "relate": (CALLS + 2, CALLS + 9)}

ANSWERS: tuple[Row, ...] = (
    Row("finish_reason content_filter at a concept", (Fault(FILTERED, EVER, part=ONE),), "P", (7, 9)),
    Row("refusal field at a concept", (Fault(DECLINED, EVER, part=ONE),), "P", (7, 9), says="cannot do that"),
    Row("refusal in prose at a concept", (Fault(said(REFUSAL), EVER, part=ONE),), "P", BAD_CONCEPT, says="can't help"),
    at_once("refusal field at the plan", DECLINED, 65, says="cannot do that"),
    Row("refusal in prose at the plan", (Fault(said(REFUSAL), EVER),), 65, (1, ROUNDS), says="can't help"),
    at_once("200 with an HTML page", WEB, 76, says="HTML"),
    Row("200 with an HTML page at a concept, once", (Fault(WEB, part=ONE),), "R", AGAIN),
    passing("200 with an error of code 429", Answer(error("slow down {key}", code=429))),
    passing("200 with an error of code 503", Answer(error("busy", code="503"))),
    at_once("200 with an error of code 401", Answer(error("who is {key}?", code=401)), 77, says="who is [key]?"),
    *garbled("200 with an empty body", Answer(b"")),
    *garbled("200 with null", Answer(b"null")),
    *garbled("200 with broken JSON", Answer(b'{"choices": [{"mess')),
    *garbled("200 with invalid UTF-8", Answer(b'{"choices": "\xff\xfe"}')),
    *garbled("20 MB", Answer(b" " * 20_000_000)),
    *unanswered("choices []", Answer(completion("", choices=[]))),
    *unanswered("choices null", Answer(completion("", choices=None))),
    *unanswered("content null", said("", message={"role": "assistant", "content": None})),
    passing("finish_reason length at the plan, once", said('{"title": "Int', finish_reason="length")),
    Row("finish_reason length at the plan, for ever", (Fault(cut, EVER, part="plan"),), "P", (9, 12)),
    Row("finish_reason length at a concept, for ever", (Fault(cut, EVER, part=ONE),), "P", BAD_CONCEPT),
    always("a think block", wrapped('<think>{"concepts": []} or so</think>\n')),
    always("an unclosed think block", wrapped("<think>Let me see. ")),
    always("a code fence", wrapped("```json\n", "\n```")),
    always("prose before and after", wrapped("Sure! Here {it} is:\n", "\nHope that helps!")),
    always("a byte-order mark", wrapped("\ufeff")),
    always("JSON in reasoning_content", reasoned),
    *written("a missing field", without("definition")),
    *written("a wrong type", with_fields(relevance=["a", "b"])),
    *written("a number as text", with_fields(definition=0.9)),
    *written("true as text", with_fields(definition=True)),
    *written("NaN", with_fields(definition=float("nan"))),
    *written("1e999", raw('"definition": "', '"definition": 1e999, "x": "')),
    *(
        Row(f"an item of the {part} that is never valid", (Fault(change, EVER, part=part),), "R", PLACES[part])
        for part, change in (("plan", broken_item("concepts", -1)), ("relate", broken_item("relations", 2)))
    ),
    planned("duplicates by case", concepts("INFLATION", "oil prices"), MENDED),
    planned("duplicates by plural", concepts("Oil Price", "Interest Rate"), MENDED),
    Row(
        "duplicates by normal form",
        (
            Fault(concepts(CAFE, unicodedata.normalize("NFD", CAFE), keep=4), part="plan"),
            Fault(OTHER_TEXTS, part=CAFE),
            Fault(lambda good: {"relations": [*good["relations"], LINKED]}, part="relate"),
        ),
        "R",
        MENDED,
    ),
    planned("too few concepts", concepts(keep=4), (7, 9)),
    planned("too many concepts", concepts(*OTHER_NAMES[5:]), MENDED),
    planned("no concepts, once", concepts(keep=0), AGAIN, times=1),
    Row("no concepts, for ever", (Fault(concepts(keep=0), EVER),), 76, (ROUNDS, ROUNDS)),
    planned("a concept that is the query", concepts(maps.QUERY, keep=4), (7, 9)),
    Row(
        "a heading for a concept",
        (Fault(concepts("Overview", keep=4), part="plan"), Fault(OTHER_TEXTS, part="Overview")),
        "R",
        (8, 9),
    ),
    *written("an empty text", with_fields(definition="")),
    *written("a placeholder", with_fields(definition="TODO", relevance="N/A")),
    *written("a text of 100 kB", with_fields(definition="word " * 20_000)),
    *written("a loop of repetitions", with_fields(definition="It rises and it rises " + "and it rises " * 40 + ".")),
    always("extra keys", with_fields(confidence=0.5, notes={"a": [1]}, header="Bearer {key}")),
    always("an echo of the prompt", wrapped("Query: How do rates act?\nExplain this concept in English:\n")),
    always("control and bidi characters", dirty),
)
