"""`mapgen eval rescore RUN`: today's metrics on a stored run.

It asks nothing.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rescore")
@click.argument("run", metavar="RUN.jsonl", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--suite",
    type=click.Path(readable=False, path_type=Path),
    help="The suite, where it is not found by the run's name.",
)
def command(run: Path, *, suite: Path | None) -> int:
    """Score the maps of a stored run again, by today's metrics and without a model.

    \b
    mapgen eval rescore evals/baselines/core.jsonl.gz
    """
    from mapgen.evaluation import runfile, tables
    from mapgen.evaluation.doors import stored
    from mapgen.evaluation.scoring import check_primary

    found = runfile.load(run)
    loaded = stored(run, found, suite=suite)
    check_primary(loaded)
    wanted = len({case for case, _ in found.by_key}) * found.head.repeats
    click.echo(tables.scores(loaded, found, wanted=wanted), nl=False)
    return 0
