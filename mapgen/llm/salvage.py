"""What is whole of an answer that stayed invalid to the end: items of lists that are faulty or cut off are left out.

It is the last resort, after a model was asked again in vain. It knows no model and no rule on maps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mapgen.llm.answers import TEXT_LIMIT, objects

Out = TypeVar("Out", bound=BaseModel)

_FAULTS = 200  # more than that are not worth the while
_CLOSERS = {"{": "}", "[": "]"}


def salvaged(text: str, out: type[Out]) -> Out | None:
    """The value in ``text`` without what is faulty in its lists; None where that is not enough."""
    for found in (*objects(text), *_closed(text[:TEXT_LIMIT])):
        if (value := _lenient(found, out)) is not None:
            return value
    return None


def _lenient(found: dict[str, Any], out: type[Out]) -> Out | None:
    lists = {name for name, field in out.model_json_schema()["properties"].items() if field.get("type") == "array"}
    while True:
        try:
            return out.model_validate_json(json.dumps(found))
        except RecursionError:
            return None
        except ValidationError as error:
            if error.error_count() > _FAULTS or not _left_out(found, error, lists=lists):
                return None


def _left_out(found: dict[str, Any], error: ValidationError, *, lists: set[str]) -> bool:
    """Leave out of ``found`` what the error names; whether that was possible."""
    faulty: dict[str, set[int]] = {}
    for fault in error.errors(include_url=False, include_input=False):
        name, *inner = (*fault["loc"], "")
        if name not in lists:
            return False
        if isinstance(inner[0], int):
            faulty.setdefault(name, set()).add(inner[0])
        elif name in found:
            return False
        else:
            found[name] = []
    for name, places in faulty.items():
        found[name] = [item for place, item in enumerate(found[name]) if place not in places]
    return True


def _closed(text: str) -> Iterator[dict[str, Any]]:
    """The object that begins in ``text`` and does not end, up to its last whole item or member, and closed there."""
    start = text.find("{")
    end, opened = _whole(text, start) if start >= 0 else (0, "")
    if opened:
        try:
            yield json.loads(text[start:end] + "".join(_CLOSERS[one] for one in reversed(opened)))
        except (ValueError, RecursionError):
            return


def _whole(text: str, start: int) -> tuple[int, str]:
    """Where the last whole item or member ends, and the brackets that are open there; none for an object that ends."""
    opened, end, left, quoted, escaped = "", 0, "", False, False
    for place in range(start, len(text)):
        sign = text[place]
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in _CLOSERS:
            opened += sign
        elif sign in "}]":
            opened = opened[:-1]
            if not opened:
                return 0, ""
        ended = sign in '"}]' and opened[-1:] == "["
        if not quoted and (ended or sign == ","):
            end, left = place + (sign != ","), opened
    return end, left
