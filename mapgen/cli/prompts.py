"""`mapgen prompts show|path|diff`: the words said to models.

It reads prompt sets and asks nothing.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from mapgen.files import read_text
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.settings import resolve

_LIMIT = 1_000_000  # bytes of a template
_folder = click.option(
    "--prompts", type=click.Path(readable=False, path_type=Path), help="Folder of another prompt set."
)


@click.group("prompts")
def command() -> None:
    """Show, find or compare the prompts.

    \b
    mapgen prompts show
    mapgen prompts show write
    cp -r "$(mapgen prompts path)" my-prompts
    mapgen prompts diff my-prompts
    """


@command.command("show")
@click.argument("name", required=False)
@_folder
def show(name: str | None, *, prompts: Path | None) -> int:
    """Print the prompt NAME, or the names of all with the set's fingerprint.

    \b
    mapgen prompts show
    mapgen prompts show write
    """
    found = _set(prompts)
    if name is not None:
        click.echo(found.source(name), nl=False)
        return 0
    click.echo("\n".join(found.names()))
    click.echo(f"fingerprint {found.fingerprint()}", err=True)
    return 0


@command.command("path")
@_folder
def path(*, prompts: Path | None) -> int:
    """Print the folder of the prompt set in use.

    \b
    ls "$(mapgen prompts path)"
    """
    click.echo(_set(prompts).folder)
    return 0


@command.command("diff")
@click.argument("folder", type=click.Path(readable=False, path_type=Path))
def diff(folder: Path) -> int:
    """Print how the prompts in FOLDER differ from those that came with mapgen; exit code 1 where they do.

    \b
    mapgen prompts diff my-prompts
    """
    before, after = PromptSet(builtin_folder()), _set(folder)
    names = sorted({*before.files(), *after.files()})
    lines = [line for name in names for line in _diff(before, after, name=name)]
    click.echo("\n".join(lines), nl=bool(lines))
    return 1 if lines else 0


def _diff(before: PromptSet, after: PromptSet, *, name: Path) -> list[str]:
    old, new = (_lines(one.folder / name) for one in (before, after))
    names = (f"builtin/{name.as_posix()}", f"{after.folder.name}/{name.as_posix()}")
    return list(unified_diff(old, new, *names, lineterm=""))


def _lines(path: Path) -> list[str]:
    return read_text(path, limit=_LIMIT).splitlines() if path.is_file() else []


def _set(folder: Path | None) -> PromptSet:
    settings = resolve({"prompts": folder}, flags=True).settings
    found = PromptSet(settings.prompts or builtin_folder())
    found.names()
    return found
