"""`mapgen eval compare SUITE`: what a prompt author runs after an edit.

It reads arguments, shows the work, and gives the comparison's exit code; the work is done in evaluation/.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from mapgen.cli.eval.options import eval_options, judged_option, run_options, suite_argument


@click.command("compare")
@suite_argument
@click.option(
    "--base",
    metavar="git:REV|DIR|RUN",
    help="What to compare with: the prompts of a git revision, of a folder, or a stored run. Default: git:HEAD.",
)
@click.option("--strict", is_flag=True, help="Exit with 2 where a primary metric is unclear or untested.")
@click.option(
    "--judge",
    metavar="MODEL",
    help="Have a model judge both arms, too; its metrics gate as far as it catches its canaries.",
)
@judged_option
@run_options("repeats", "limit", "replay", "out")
def command(suite: Path, *, base: str | None, strict: bool, **flags: Any) -> int:
    """Tell whether the prompts in use make better maps of SUITE than the base does, metric by metric.

    Both arms are resumed where they were interrupted; only what the edit changed is asked. The comparison is kept as
    JSON beside the runs. With --judge, a judge that misses its canaries gates nothing, and the exit code is 3 where
    nothing is worse.

    --source is for both arms; a stored run as the base keeps its own sources, or none, so that maps with and without
    sources are compared, too.

    \b
    mapgen eval compare evals/suites/core.yaml
    mapgen eval compare core --base git:v1.2 --prompts prompts --strict
    mapgen eval compare core --base evals/baselines/core.jsonl.gz
    mapgen eval compare core --base evals/baselines/core.jsonl.gz --source encyclopedia
    mapgen eval compare core --judge gpt-5 --judged j1_match --judged j7_prefer
    """
    from mapgen.cli.eval.view import watching
    from mapgen.cli.eval.work import done
    from mapgen.evaluation import acompare
    from mapgen.evaluation.doors import place
    from mapgen.evaluation.reports import terminal
    from mapgen.evaluation.runfile import folder
    from mapgen.evaluation.suite import find

    with watching(quiet=flags["quiet"]) as view:
        found = done(acompare(suite, base=base, strict=strict, watch=view.see, **eval_options(flags)))
    click.echo(terminal.render(found, width=min(120, shutil.get_terminal_size().columns)), nl=False)
    click.echo(f"comparison {place(found, folder(find(suite), 'runs'))}")
    return found.exit_code
