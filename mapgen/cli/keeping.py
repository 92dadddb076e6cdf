"""Keeps a finished map that could not be written where it was to go.

It knows neither why nor what is said of it.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from mapgen.errors import OutputError
from mapgen.model import KnowledgeMap
from mapgen.settings import state_folder


def kept(map: KnowledgeMap) -> Path | None:
    """A JSON file with the map, for its user's eyes only: in the user's own folder, else among temporary files.

    None where neither takes it.
    """
    for folder in (_own, tempfile.gettempdir):
        with suppress(OSError, OutputError):
            return _kept(map, folder())
    return None


def _own() -> str:
    folder = state_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(folder)


def _kept(map: KnowledgeMap, folder: str) -> Path:
    place = Path(tempfile.mkdtemp(prefix="mapgen-", dir=folder))
    try:
        return map.save(place / "map.json")
    except OutputError:
        place.rmdir()
        raise
