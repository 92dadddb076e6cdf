"""`mapgen eval meta SUITE`: which defects the metrics see, and whether harmless edits leave them at rest.

It reads arguments, shows the work, and gives an exit code; the work is done in evaluation/.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mapgen.cli.eval.options import eval_options, run_options, suite_argument
from mapgen.cli.options import settings_among

NOT_HELD = 1


def _shares(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(one) for one in text.replace(",", " ").split())
    except ValueError as error:
        raise click.BadParameter("give shares such as 0.1,0.3,1", param_hint="--doses") from error


@click.command("meta")
@suite_argument
@click.option(
    "--run",
    "run",
    type=click.Path(readable=False, path_type=Path),
    metavar="RUN",
    help="Stored maps to spoil; default: meta/maps.jsonl.",
)
@click.option("--doses", default="0.1,0.3,1", show_default=True, help="Shares of maps to spoil.")
@click.option("--seeds", type=click.IntRange(1, 1000), default=5, show_default=True, help="Draws of each share.")
@click.option("--only", multiple=True, metavar="ID", help="Only this mutant; repeatable.")
@click.option("--templates", is_flag=True, help="Spoil the prompts instead, and ask the model.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@run_options("repeats", "limit", "replay")
def command(suite: Path, *, templates: bool, only: tuple[str, ...], as_json: bool, **flags: Any) -> int:
    """Spoil maps of SUITE on purpose, and tell which metrics call them worse; harmless edits must change nothing.

    No model is asked, unless with --templates. Exit code 1 where a bar does not hold: 95 % of defects seen in all maps,
    80 % in 30 % of maps, and at most 5 % false alarms.

    \b
    mapgen eval meta core
    mapgen eval meta core --run evals/baselines/core.jsonl.gz --json
    mapgen eval meta core --templates --model local --limit 12
    """
    return (_templates if templates else _maps)(suite, only, as_json=as_json, flags=flags)


def _maps(suite: Path, only: tuple[str, ...], *, as_json: bool, flags: dict[str, Any]) -> int:
    from mapgen.evaluation import mutants, runfile
    from mapgen.evaluation.meta import arms_of, measure
    from mapgen.evaluation.metareport import summary, table
    from mapgen.evaluation.suite import find, load

    doses, path = _shares(flags["doses"]), find(suite)
    chosen = mutants.find(only) if only else mutants.MUTANTS
    run = runfile.load(flags["run"] or runfile.folder(path, "meta") / "maps.jsonl")
    arms = arms_of(run, load(path))
    found = measure(
        arms,
        chosen,
        doses=doses,
        seeds=flags["seeds"],
        label=run.head.label,
        progress=_progress(len(chosen), quiet=flags["quiet"]),
    )
    click.echo(found.to_json() if as_json else table(found), nl=False)
    if not flags["quiet"]:
        click.echo(f"{summary(found)} {found.seconds:.0f} s of processor time.", err=True)
    return 0 if found.held() else NOT_HELD


def _templates(suite: Path, only: tuple[str, ...], *, as_json: bool, flags: dict[str, Any]) -> int:
    from mapgen.cli.eval.view import watching
    from mapgen.cli.eval.work import done
    from mapgen.evaluation.metaprompts import chosen, measure_prompts, table
    from mapgen.prompting import builtin_folder
    from mapgen.settings import resolve

    options = eval_options(flags)
    folder = resolve(settings_among(flags), flags=True).settings.prompts or builtin_folder()
    mutants = chosen(only)
    show = _progress(len(mutants), quiet=flags["quiet"])
    with watching(quiet=flags["quiet"]) as view:
        rows = done(measure_prompts(suite, folder, mutants=mutants, progress=show, watch=view.see, **options))
    as_text = json.dumps([row.model_dump() for row in rows], indent=1) + "\n" if as_json else table(rows)
    click.echo(as_text, nl=False)
    return 0 if all(row.right for row in rows if row.applied) else NOT_HELD


def _progress(total: int, *, quiet: bool) -> Any:
    """A line on stderr for every mutant that is begun."""
    begun = iter(range(1, total + 1))

    def show(mutant: str) -> None:
        if not quiet:
            click.echo(f"[{next(begun)}/{total}] {mutant}", err=True)

    return show
