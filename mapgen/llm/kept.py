"""The stored form of an asking, as JSON: the answer, or how the model failed, and what that took.

Only validated answers are written, and they are validated again when read. It knows no store and no key.
"""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from mapgen.errors import BadAnswer, ContentRefused
from mapgen.llm.base import Reply
from mapgen.model import Count, Value

Out = TypeVar("Out", bound=BaseModel)
Failure = BadAnswer | ContentRefused

_SUMS = ("input_tokens", "output_tokens", "reasked")


class _Kept(Value):
    value: Any = None
    failed: Literal["bad", "refused"] | None = None
    message: str = ""
    input_tokens: Count = 0
    output_tokens: Count = 0
    reasked: Count = 0


def written(outcome: Reply[Any] | Failure) -> str:
    """The stored form of a reply, or of a failure that is the model's own."""
    told: dict[str, Any] = {name: getattr(outcome, name) for name in _SUMS}
    if isinstance(outcome, Reply):
        told["value"] = outcome.value.model_dump(mode="json")
    else:
        told |= {"failed": "bad" if isinstance(outcome, BadAnswer) else "refused", "message": outcome.message}
    return _Kept(**told).model_dump_json(exclude_defaults=True)


def failed(text: str) -> bool:
    """Whether a stored form is of a failure."""
    return text.startswith('{"failed"')


def read(text: str | None, out: type[Out]) -> Reply[Out] | Failure | None:
    """The reply or failure that ``text`` says; None where it says none that is valid."""
    if text is None:
        return None
    try:
        kept = _Kept.model_validate_json(text)
        if kept.failed is None:
            value = out.model_validate_json(json.dumps(kept.value))
            return Reply(value, kept.input_tokens, kept.output_tokens, kept.reasked)
    except (ValidationError, ValueError):
        return None
    error: Failure = (BadAnswer if kept.failed == "bad" else ContentRefused)(kept.message)
    for name in _SUMS:
        setattr(error, name, getattr(kept, name))
    return error
