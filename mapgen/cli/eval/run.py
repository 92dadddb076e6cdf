"""`mapgen eval run SUITE`: a map of each case, scored.

It reads arguments, shows the work, and gives an exit code; the work is done in evaluation/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapgen.cli.eval.options import eval_options, run_options, suite_argument


@click.command("run")
@suite_argument
@click.option("--resume", is_flag=True, expose_value=False, help="Go on where the run stopped; this is the default.")
@run_options("repeats", "limit", "replay", "out", "record")
def command(suite: Path, **flags: Any) -> int:
    """Make a map of each case of SUITE by the prompts in use, and print the mean scores.

    Interrupted, the same command goes on where it stopped. Answers are taken from the runs and baselines beside the
    suite and from the cache, so that nothing is asked twice.

    \b
    mapgen eval run evals/suites/core.yaml --model local
    mapgen eval run core --model local --source encyclopedia
    mapgen eval run smoke --replay
    mapgen eval run smoke --record evals/replays/smoke.jsonl.gz
    """
    from mapgen.cli.eval.view import watching
    from mapgen.cli.eval.work import done
    from mapgen.evaluation import arun, tables
    from mapgen.evaluation.suite import find, load

    with watching(quiet=flags["quiet"]) as view:
        outcome = done(arun(suite, watch=view.see, **eval_options(flags)))
    loaded = load(find(suite))
    wanted = len(loaded.cases[: flags["limit"]]) * flags["repeats"]
    click.echo(tables.scores(loaded, outcome.run, wanted=wanted), nl=False)
    click.echo(f"run       {outcome.path}")
    return 0
