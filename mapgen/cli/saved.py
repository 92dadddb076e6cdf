"""The argument MAP that several commands share: a saved map, in a file or on stdin.

It knows no format; which files carry a map is for the model to say.
"""

from __future__ import annotations

from pathlib import Path

from mapgen.cli.stdin import read_stdin
from mapgen.errors import InputError
from mapgen.files import read_bytes
from mapgen.model import MAP_LIMIT, KnowledgeMap


def loaded(map: str) -> KnowledgeMap:
    """The map in that file, or on stdin for "-". Raises ReadError, InputError."""
    return opened(map)[0]


def opened(map: str) -> tuple[KnowledgeMap, str]:
    """As loaded, with the name of the format that the map stands in."""
    from mapgen.render.reading import form_of

    data = _stdin() if map == "-" else read_bytes(Path(map), limit=MAP_LIMIT)
    return KnowledgeMap.read(data, name="stdin" if map == "-" else map), form_of(data)


def _stdin() -> bytes:
    data = read_stdin(MAP_LIMIT)
    if len(data) > MAP_LIMIT:
        raise InputError(f"stdin is larger than {MAP_LIMIT:,} bytes.", hint="This is not a map that mapgen made.")
    return data
