"""Where a result goes: files, the terminal, the browser; checked before any work is done.

It knows how a map is rendered only through render/.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import click

from mapgen.errors import InputError
from mapgen.files import check_new_folder, check_place
from mapgen.model import KnowledgeMap
from mapgen.text import clean


@dataclass(frozen=True)
class Target:
    """What is to be done with a finished map."""

    outputs: tuple[Path, ...]
    format: str | None
    open_page: bool
    brand: str

    def check(self) -> None:
        """Raise InputError or OutputError now for what could not be written later."""
        from mapgen.render import chosen, known

        if self.format is not None:
            known(self.format).check()
        self._check_names()
        for path in self.outputs:
            format = chosen(path, self.format)
            format.check()
            (check_new_folder if format.is_folder(path) else check_place)(path)
        if not self.outputs and self.format and known(self.format).binary and sys.stdout.isatty():
            raise InputError(f"{self.format} is not text for a terminal.", hint="Name a file: -o FILE.")

    def _check_names(self) -> None:
        places: set[str] = set()
        for path in self.outputs:
            if str(path) == "-":
                raise InputError("-o - names no file.", hint="Leave -o out to print the map; --format says how.")
            place = os.path.realpath(path)
            if place in places:
                raise InputError(f"{path} is named twice.", hint="Name each file once.")
            places.add(place)

    def resumable(self) -> Path | None:
        """The first of the files that mapgen reads a map back from."""
        from mapgen.render import chosen

        return next((path for path in self.outputs if chosen(path, self.format).carries), None)

    def deliver(self, map: KnowledgeMap, *, quiet: bool = False) -> None:
        """Write the files, or print the map where there are none; then open the page, if asked."""
        for path in self.outputs:
            map.save(path, format=self.format, brand=self.brand)
            if not quiet:
                click.echo(clean(f"Wrote {path}"), err=True)
        if not self.outputs:
            _print(self._text(map))
        if self.open_page:
            self._open(map)

    def _text(self, map: KnowledgeMap) -> str | bytes:
        from mapgen.render import name_of, render
        from mapgen.render.txt import wrapped

        name = name_of(self.format or "txt")
        text = render(map, name, brand=self.brand)
        if isinstance(text, bytes) or name != "txt" or not sys.stdout.isatty():
            return text
        return wrapped(text, min(100, shutil.get_terminal_size().columns))

    def _open(self, map: KnowledgeMap) -> None:
        from mapgen.render import FORMATS, chosen

        pages = [path for path in self.outputs if chosen(path, self.format) == FORMATS["html"]]
        page = pages[0] if pages else Path(tempfile.mkdtemp(prefix="mapgen-")) / "map.html"
        if not pages:
            map.save(page, brand=self.brand)
        if not webbrowser.open(page.resolve().as_uri()):
            click.echo(clean(f"No browser could be opened; the page is {page}"), err=True)


def _print(text: str | bytes) -> None:
    click.echo(text, nl=isinstance(text, str) and not text.endswith("\n"))
