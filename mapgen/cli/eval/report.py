"""`mapgen eval report RUN-OR-COMPARISON…`: a comparison as a page, Markdown, JUnit XML, JSON, or a table.

It reads files and writes files; what a report looks like is in evaluation/reports/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapgen.errors import InputError

if TYPE_CHECKING:
    from mapgen.evaluation.comparison import Comparison
    from mapgen.evaluation.records import Head, Run

_FORMS = {"html": "a page", "md": "Markdown for a pull request", "junit": "JUnit XML", "json": "JSON"}
_file = click.Path(readable=False, path_type=Path)


def _form_options(function: click.decorators.FC) -> click.decorators.FC:
    for form, what in reversed(_FORMS.items()):
        function = click.option(f"--{form}", type=_file, metavar="FILE", help=f"Write the report to FILE as {what}.")(
            function
        )
    return function


@click.command("report")
@click.argument("files", metavar="RUN-OR-COMPARISON...", nargs=-1, required=True, type=_file)
@_form_options
@click.option("--suite", type=_file, help="The suite of two runs, where it is not found by their name.")
def command(files: tuple[Path, ...], *, suite: Path | None, **targets: Path | None) -> int:
    """Show a comparison again, or write it as files; without options, print it as a table.

    Each file is a comparison (.json, the last line of `mapgen eval compare` names it), or two are runs (.jsonl,
    .jsonl.gz), the base first. The page shows the maps of both runs beside each other: those given, else those that the
    comparison names.

    \b
    mapgen eval report evals/runs/core.comparison.json --html report.html
    mapgen eval report old.jsonl new.jsonl --md comment.md --junit report.xml
    """
    from mapgen.files import check_place, write_atomic

    chosen = {form: path for form, path in targets.items() if path is not None}
    for path in chosen.values():
        check_place(path)
    comparisons, runs = _read(files)
    if not comparisons:
        comparisons = [_compared(runs, [path for path in files if _is_run(path)], suite=suite)]
    if not chosen:
        click.echo("\n".join(map(_table, comparisons)), nl=False)
    elif len(comparisons) > 1:
        raise InputError("A file holds one comparison, and several were given.", hint="Write them one by one.")
    for form, path in chosen.items():
        write_atomic(path, _text(form, comparisons[0], runs=runs))
        click.echo(f"Wrote {path}", err=True)
    return 0


def _is_run(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _read(files: Iterable[Path]) -> tuple[list[Comparison], list[Run]]:
    from mapgen.evaluation import runfile
    from mapgen.evaluation.comparison import Comparison

    comparisons, runs = [], []
    for path in files:
        if _is_run(path):
            runs.append(runfile.load(path))
        else:
            comparisons.append(Comparison.load(path))
    return comparisons, runs


def _compared(runs: Sequence[Run], paths: Sequence[Path], *, suite: Path | None) -> Comparison:
    """The comparison of two runs, the base first."""
    from mapgen.evaluation import arms, comparing
    from mapgen.evaluation.doors import stored

    if len(runs) != 2:
        told = "One run alone has no report." if len(runs) < 2 else f"{len(runs)} runs cannot be compared at once."
        raise InputError(told, hint="Give a comparison, or two runs, the base first.")
    base, new = runs
    loaded = stored(paths[1], new, suite=suite)
    wanted = len({case for run in runs for case, _ in run.by_key}) * max(run.head.repeats for run in runs)
    found = comparing.assess(loaded, base, new=new, wanted=wanted)
    sources = [arms.Source(run.head.label, run.head.templates) for run in runs]
    files = {"base_run": str(paths[0]), "new_run": str(paths[1])}
    return found.model_copy(update={"diff": arms.diff(sources[0], sources[1]), **files})


def _table(comparison: Comparison) -> str:
    import shutil

    from mapgen.evaluation.reports import terminal

    return terminal.render(comparison, width=min(120, shutil.get_terminal_size().columns))


def _text(form: str, comparison: Comparison, *, runs: Sequence[Run]) -> str:
    from mapgen.evaluation.reports import html, json, junit, markdown

    match form:
        case "html":
            base = _run(comparison.base, comparison.base_run, runs=runs)
            return html.render(comparison, base=base, new=_run(comparison.new, comparison.new_run, runs=runs))
        case "md":
            return markdown.render(comparison)
        case "junit":
            return junit.render(comparison)
        case _:
            return json.render(comparison)


def _run(head: Head, named: str, *, runs: Sequence[Run]) -> Run | None:
    """The run of that arm: among those given, else in the file that the comparison names, if it is there still."""
    from mapgen.evaluation import runfile

    found = [run for run in runs if run.head.identity() == head.identity()]
    if not found and named and Path(named).is_file():
        found = [run for run in [runfile.load(named)] if run.head.identity() == head.identity()]
    if not found:
        click.echo(f"mapgen: the page has no maps of {head.label or head.prompts}: its run was not found.", err=True)
    return found[0] if found else None
