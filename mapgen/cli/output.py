"""Where a result goes: files, the terminal, the browser; checked before any work is done.

It knows how a map is rendered only through render/.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import webbrowser
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click

from mapgen.cli.keeping import kept
from mapgen.errors import DiskError, InputError, MapgenError
from mapgen.files import check_new_folder, check_place, check_room
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

    def check_room(self) -> None:
        """Raise OutputError or DiskError now where nothing can be written, before anything is asked or paid for."""
        for path in self.outputs:
            check_room(path)

    def _check_names(self) -> None:
        places: set[str] = set()
        for path in self.outputs:
            if str(path) == "-":
                raise InputError("-o - names no file.", hint="Leave -o out to print the map; --format says how.")
            place = os.path.realpath(path)
            if place in places:
                raise InputError(f"{path} is named twice.", hint="Name each file once.")
            places.add(place)

    def resumable(self, *, but: Collection[Path] = ()) -> Path | None:
        """The first of the files that mapgen reads a map back from, those in ``but`` left out."""
        from mapgen.render import chosen

        found = (path for path in self.outputs if path not in but)
        return next((path for path in found if chosen(path, self.format).carries), None)

    def deliver(self, map: KnowledgeMap, *, quiet: bool = False, keep: bool = False) -> None:
        """Write the files, or print the map where there are none; then open the page, if asked.

        Every file is tried; the first fault is raised in the end. With ``keep`` no fault and no signal loses the map:
        where none of its files can be read back, it is put elsewhere, and the error says where.
        """
        faults: dict[Path, Exception | None] = dict.fromkeys(self.outputs)
        try:
            fault = self._written(map, faults, quiet=quiet) if self.outputs else self._printed(map)
        except (KeyboardInterrupt, SystemExit) as ended:
            if keep:
                self._keep(map, ended, unwritten=tuple(faults))
            raise
        if fault is not None:
            for other in list(faults.values())[1:]:
                click.echo(clean(f"mapgen: {other}"), err=True)
            if keep:
                self._keep(map, fault, unwritten=tuple(faults))
            raise fault
        if self.open_page:
            self._open(map)

    def _written(self, map: KnowledgeMap, faults: dict[Path, Exception | None], *, quiet: bool) -> Exception | None:
        """Write every file that can be, and leave in ``faults`` those that are not; the first of these, if any."""
        first: Exception | None = None
        for path in self.outputs:
            try:
                map.save(path, format=self.format, brand=self.brand)
            except Exception as error:
                faults[path], first = error, first or error
            else:
                del faults[path]
                if not quiet:
                    click.echo(clean(f"Wrote {path}"), err=True)
        return first

    def _keep(self, map: KnowledgeMap, fault: BaseException, *, unwritten: tuple[Path, ...]) -> None:
        """See that the map can be read from some file, and have the fault say from which."""
        place = self.resumable(but=unwritten) or kept(map)
        command, does = ("render", "writes") if map.status == "complete" else ("resume", "completes and writes")
        named = [word for path in unwritten for word in ("-o", str(path))]
        form = ["--format", self.format] if self.format else []
        told = "It could not be kept elsewhere either."
        if place is not None:
            line = shlex.join(["mapgen", command, str(place), *named, *form])
            told = f"The map is kept in {place}: `{line}` {does} it."
        if isinstance(fault, MapgenError):
            fault.hint = f"{fault.hint} {told}".lstrip()
        else:
            click.echo(clean(f"mapgen: {told}"), err=True)

    def _printed(self, map: KnowledgeMap) -> Exception | None:
        """Print the map; what went wrong, if anything did. A pipe that is closed has taken what it wanted."""
        try:
            text = self._text(map)
            click.echo(text, nl=isinstance(text, str) and not text.endswith("\n"))
        except BrokenPipeError:
            raise
        except OSError as error:
            told = f"The result could not be written: {error.strerror or error}."
            return DiskError(told, hint="Is the disk full?")
        except Exception as error:
            return error
        return None

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
