"""From a model's text to the value asked for, whatever stands around the JSON.

Think blocks, code fences, prose before and after, byte-order marks are passed over; the value is validated
strictly. It knows no server and asks nothing again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from mapgen.errors import BadAnswer
from mapgen.text import clean, shorten

Out = TypeVar("Out", bound=BaseModel)

TEXT_LIMIT = 1_000_000  # characters of an answer that are looked at
_STARTS_LIMIT = 64  # places in the text where JSON may begin
_THINK_END = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)


def read_answer(text: str, out: type[Out]) -> Out:
    """The value in ``text``. Raises BadAnswer, with at most three problems fit to be quoted to the model."""
    best: BadAnswer | None = None
    for found in objects(text):
        try:
            return out.model_validate_json(json.dumps(found))
        except RecursionError:
            continue
        except ValidationError as error:
            best = best or BadAnswer("The answer does not fit its schema.", problems=_problems(error), text=text)
    raise best or _no_json(text)


def objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects behind the last end of thinking, then those of the whole text, up to TEXT_LIMIT."""
    text = text[:TEXT_LIMIT]
    ends = [found.end() for found in _THINK_END.finditer(text)]
    yield from _outermost(text[ends[-1] :] if ends else text)
    if ends:
        yield from _outermost(text)


def _outermost(text: str) -> Iterator[dict[str, Any]]:
    """Every outermost JSON object in ``text``, in order."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    place = -1
    for _ in range(_STARTS_LIMIT):
        if (place := text.find("{", place + 1)) < 0:
            return
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            continue
        place = end - 1
        yield found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _no_json(text: str) -> BadAnswer:
    what = "The answer is empty." if not text.strip() else "The answer holds no whole JSON object."
    return BadAnswer(what, problems=(what,), text=text)


def _problems(error: ValidationError) -> tuple[str, ...]:
    faults = error.errors(include_url=False, include_input=False)[:3]
    return tuple(
        shorten(clean(f"{'.'.join(str(part) for part in fault['loc']) or 'the object'}: {fault['msg']}"), 160)
        for fault in faults
    )
