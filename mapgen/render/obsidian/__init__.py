"""A folder of notes for Obsidian: one for each concept, an index, and the canvas; or a .zip of it.

It knows which notes there are and how they link; what they say is prose.py's, what they are called names.py's.
"""

from __future__ import annotations

from pathlib import Path

from mapgen.files import write_folder as write_files
from mapgen.model import KnowledgeMap
from mapgen.render.archive import zipped
from mapgen.render.obsidian.notes import vault
from mapgen.render.view import Options


def render(map: KnowledgeMap, options: Options) -> bytes:
    """``map`` as a zip archive of the notes."""
    return zipped(vault(map, options))


def write_folder(map: KnowledgeMap, path: Path, *, options: Options) -> None:
    """Write the notes as the new folder ``path``, whole or not at all. Raises OutputError, DiskError."""
    write_files(path, vault(map, options))
