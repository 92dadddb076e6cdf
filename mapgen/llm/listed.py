"""Which models an endpoint says it has, for a person who named one that it does not have.

What is read is the endpoint's own and only shown: cleaned, few, and short. It sends nothing.
"""

from __future__ import annotations

import json
from difflib import get_close_matches

from mapgen.errors import UnknownModel
from mapgen.text import clean, shorten

_READ, _SHOWN = 2_000, 8  # models that are looked at, and told


def models(body: bytes, *, like: str) -> tuple[str, ...]:
    """The names in a list of models, those most like ``like`` first; none where the body is no such list."""
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    listed = data.get("data") if isinstance(data, dict) else None
    found = [one.get("id") for one in listed[:_READ] if isinstance(one, dict)] if isinstance(listed, list) else []
    names = sorted({name for one in found if isinstance(one, str) and (name := shorten(clean(one[:200]), 60))})
    return tuple(dict.fromkeys((*get_close_matches(like, names, n=_SHOWN, cutoff=0.5), *names)))


def naming(error: UnknownModel, names: tuple[str, ...]) -> UnknownModel:
    """The error, its hint telling a few of ``names``."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return UnknownModel(error.message, hint=f"Check --model. There are: {', '.join(names[:_SHOWN])}{more}.")
