"""`mapgen eval init DIR`: a prompt set and a suite of one's own, to start from.

It copies files and asks nothing.
"""

from __future__ import annotations

from pathlib import Path

import click

from mapgen.cli.options import settings_among

_NEXT = """\
prompts in {prompts}, a suite of {cases} cases in {suite}. Next:
  mapgen eval run {suite} --prompts {prompts}
  (edit {prompts}/write.j2)
  mapgen eval compare {suite} --prompts {prompts} --base {base}
In a git repository, commit {folder}; then --base may be left out: it is git:HEAD."""


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--prompts", type=click.Path(readable=False, path_type=Path), help="Folder of another prompt set to copy."
)
def command(folder: Path, *, prompts: Path | None) -> int:
    """Copy the prompts in use and a small commented suite into the new folder DIR.

    \b
    mapgen eval init my-evals
    """
    from mapgen.evaluation import starter
    from mapgen.files import write_folder
    from mapgen.prompting import builtin_folder
    from mapgen.settings import resolve

    used = resolve(settings_among({"prompts": prompts}), flags=True).settings.prompts or builtin_folder()
    write_folder(folder, starter.files(used))
    told = {"prompts": folder / "prompts", "suite": folder / "suites" / "mine.yaml", "folder": folder, "base": used}
    click.echo(_NEXT.format(**told, cases=starter.CASES))
    return 0
