"""The argument MAP that several commands share: a saved map, in a file or on stdin.

It knows no format; which files carry a map is for the model to say.
"""

from __future__ import annotations

import sys

from mapgen.errors import InputError
from mapgen.model import MAP_LIMIT, KnowledgeMap


def loaded(map: str) -> KnowledgeMap:
    """The map in that file, or on stdin for "-". Raises ReadError, InputError."""
    if map != "-":
        return KnowledgeMap.load(map)
    data = sys.stdin.buffer.read(MAP_LIMIT + 1)
    if len(data) > MAP_LIMIT:
        raise InputError(f"stdin is larger than {MAP_LIMIT:,} bytes.", hint="This is not a map that mapgen made.")
    return KnowledgeMap.read(data, name="stdin")
