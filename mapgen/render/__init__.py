"""A finished map as text, in the format that its reader wants: one file per format, chosen by name or suffix.

It knows how formats are chosen and files written; what is shown of a map is view.py's, how it is written down
each format's own. A new format is a file with one function of (map, options) and a line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from mapgen.errors import InputError
from mapgen.files import write_atomic
from mapgen.model import KnowledgeMap
from mapgen.render import html, json, markdown, txt
from mapgen.render.view import Options
from mapgen.text import clean, shorten

__all__ = ["FORMATS", "Format", "Options", "format_of", "known", "notebook", "render", "save"]


class Format(NamedTuple):
    """A form that a map can take: the suffixes of its files, its renderer, and what it is, in a line."""

    suffixes: tuple[str, ...]
    renderer: Callable[[KnowledgeMap, Options], str]
    description: str


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "txt": Format((".txt", ".text"), txt.render, "plain text, for a terminal or a mail"),
        "md": Format((".md", ".markdown"), markdown.render, "Markdown, for notes and repositories"),
        "json": Format((".json",), json.render, "the whole map, lossless; mapgen reads it back"),
        "html": Format((".html", ".htm"), html.render, "one self-contained page, for a browser or print"),
    }
)
"""Every format by its name; the first suffix is the usual one."""


def render(map: KnowledgeMap, format: str, **options: Any) -> str:
    """``map`` in the format of that name. ``options`` are the fields of Options, such as ``brand="…"``.

    Raises InputError for an unknown format, TypeError for an unknown option.
    """
    return known(format).renderer(map, _options(options))


def known(format: str) -> Format:
    """The format of that name. Raises InputError."""
    if format not in FORMATS:
        raise _unknown(f"{_quoted(format)} is not a format.", format, known=tuple(FORMATS))
    return FORMATS[format]


def save(map: KnowledgeMap, path: str | Path, *, format: str | None = None, **options: Any) -> Path:
    """Write ``map`` to ``path``, whole or not at all, and give the path back; ``format`` None: by its suffix.

    Raises InputError for an unknown format or suffix, OutputError where the file cannot be written.
    """
    path = Path(path)
    write_atomic(path, render(map, format_of(path) if format is None else format, **options))
    return path


def format_of(path: str | Path) -> str:
    """The name of the format that the suffix of ``path`` stands for, in any case. Raises InputError."""
    suffix = Path(path).suffix.lower()
    names = {ending: name for name, format in FORMATS.items() for ending in format.suffixes}
    if suffix in names:
        return names[suffix]
    what = f"the suffix {_quoted(suffix)}" if suffix else "no suffix"
    raise _unknown(f"{_quoted(Path(path).name)} has {what}: no format is known by it.", suffix, known=tuple(names))


def notebook(map: KnowledgeMap, **options: Any) -> str:
    """``map`` as HTML for a notebook's cell: the page in a sandboxed frame, so that no style leaks out."""
    return html.framed(map, _options(options))


def _options(given: dict[str, Any]) -> Options:
    known = [field.name for field in fields(Options)]
    for name in given:
        if name not in known:
            raise TypeError(f"there is no render option {name!r}; there is: {', '.join(known)}")
    return Options(**given)


def _unknown(message: str, given: str, *, known: tuple[str, ...]) -> InputError:
    from difflib import get_close_matches

    close = get_close_matches(given.lower(), known, n=1)
    guess = f"Did you mean {close[0]}? " if close else ""
    return InputError(message, hint=f"{guess}Known are {', '.join(known)}.")


def _quoted(text: str) -> str:
    return f'"{shorten(clean(text), 60)}"'
