"""Choices by letter, as a judge is offered them and gives them back; "none" is a choice, too.

It knows no metric.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from mapgen.evaluation.judge.base import NONE
from mapgen.prompting import Schema

_LETTER = re.compile(r"[\s(\"']*([A-Za-z])(?:[\s)\"']*$|[.:)])")


def lettered(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each text with its letter: A, B, C … Beyond 26 there are none."""
    return tuple(zip(ascii_uppercase, texts, strict=False))


def position(answer: str, *, of: int) -> int | None:
    """The place of the letter that is chosen among ``of``, -1 for none of them, None where it is no choice at all."""
    if answer.strip(" .\"'").casefold() == NONE:
        return -1
    said = _LETTER.match(answer)
    found = ascii_uppercase.index(said[1].upper()) if said else of
    return found if found < of else None


def narrowed(schema: Schema, items: str, *, chosen: str, numbered: str, of: int, letters: Sequence[str] = ()) -> Schema:
    """The schema with exactly ``of`` items, numbered from 1; where letters are given, one of them or none is chosen."""
    field = schema["properties"][items]
    field |= {"minItems": of, "maxItems": of}
    properties = field["items"]["properties"]
    properties[numbered] = {"type": "integer", "enum": list(range(1, of + 1))}
    if letters:
        properties[chosen] = {"type": "string", "enum": [*letters, NONE]}
    return schema
