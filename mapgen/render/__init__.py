"""A finished map in the format that its reader wants: one file per format, chosen by name or suffix.

It knows how formats are chosen and written; what is shown of a map is view.py's, how it is written down each
format's own. A new format is a file with one function ``render(map, options)`` and a line in FORMATS.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from mapgen.errors import InputError
from mapgen.files import write_atomic
from mapgen.model import KnowledgeMap
from mapgen.render.chunks import carried, is_picture
from mapgen.render.formats import FORMATS, Format
from mapgen.render.view import Options
from mapgen.text import clean, shorten

__all__ = [
    "FORMATS",
    "Format",
    "Options",
    "carried",
    "chosen",
    "format_of",
    "is_picture",
    "known",
    "name_of",
    "notebook",
    "render",
    "save",
]

_INSTEAD = {"pdf": "Open the page in a browser and print it to PDF. "}


def render(map: KnowledgeMap, format: str, **options: Any) -> str | bytes:
    """``map`` in the format of that name: text, or bytes where the format is binary.

    ``options`` are the fields of Options, such as ``brand="…"``. Raises InputError for an unknown format,
    ConfigError where a format's extra is not installed, TypeError for an unknown option.
    """
    rendered: str | bytes = known(format).load().render(map, _options(options))
    return rendered


def known(format: str) -> Format:
    """The format of that name, as name_of finds it. Raises InputError."""
    return FORMATS[name_of(format)]


def name_of(format: str) -> str:
    """The name of the format that is called so by name, suffix or module, in any case. Raises InputError."""
    given = format.lower()
    called = {kind.module: name for name, kind in FORMATS.items()}
    called |= {
        ending: name for name, kind in FORMATS.items() for suffix in kind.suffixes for ending in (suffix, suffix[1:])
    }
    if given in FORMATS:
        return given
    if given not in called:
        raise _unknown(f"{_quoted(format)} is not a format.", given, known=tuple(FORMATS))
    return called[given]


def chosen(path: Path, format: str | None) -> Format:
    """The format that ``path`` is to be written in: the one named, or by its suffix.

    Raises InputError for an unknown one, and where a folder would have the suffix of another format.
    """
    kind = known(format_of(path) if format is None else format)
    if kind.is_folder(path) and path.suffix.lower() in _suffixes():
        hint = f"Name a folder, or a file that ends in {kind.suffixes[0]}; or leave --format out."
        raise InputError(f"{_quoted(path.name)} ends as a file of another format.", hint=hint)
    return kind


def save(map: KnowledgeMap, path: str | Path, *, format: str | None = None, **options: Any) -> Path:
    """Write ``map`` to ``path``, whole or not at all, and give the path back; ``format`` None: by its suffix.

    A format that is many files is written as a new folder where ``path`` does not have its suffix.
    Raises InputError as chosen does, OutputError where the file cannot be written.
    """
    path = Path(path)
    kind = chosen(path, format)
    if kind.is_folder(path):
        kind.load().write_folder(map, path, options=_options(options))
    else:
        write_atomic(path, render(map, format_of(path) if format is None else format, **options))
    return path


def format_of(path: str | Path) -> str:
    """The name of the format that the suffix of ``path`` stands for, in any case. Raises InputError."""
    file = Path(path)
    names = _suffixes()
    for suffix in ("".join(file.suffixes[-2:]).lower(), file.suffix.lower()):
        if suffix in names:
            return names[suffix]
    if not file.suffix:
        hint = f"Add a suffix, or --format; --format obsidian writes a folder. Known are {', '.join(names)}."
        raise InputError(f"{_quoted(file.name)} has no suffix: no format is known by it.", hint=hint)
    what = f"has the suffix {_quoted(file.suffix.lower())}: no format is known by it."
    raise _unknown(f"{_quoted(file.name)} {what}", file.suffix, known=tuple(names))


def _suffixes() -> dict[str, str]:
    return {suffix: name for name, kind in FORMATS.items() for suffix in kind.suffixes}


def notebook(map: KnowledgeMap, **options: Any) -> str:
    """``map`` as HTML for a notebook's cell: the page in a sandboxed frame, so that no style leaks out."""
    from mapgen.render import html

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
    instead = _INSTEAD.get(given.lower().removeprefix("."), guess)
    return InputError(message, hint=f"{instead}Known are {', '.join(known)}.")


def _quoted(text: str) -> str:
    return f'"{shorten(clean(text), 60)}"'
