"""`mapgen eval rescore RUN`: today's metrics on a stored run.

It asks nothing.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rescore")
@click.argument("run", metavar="RUN.jsonl", type=click.Path(path_type=Path))
@click.option("--suite", type=click.Path(path_type=Path), help="The suite, where it is not found by the run's name.")
def command(run: Path, *, suite: Path | None) -> int:
    """Score the maps of a stored run again, by today's metrics and without a model.

    \b
    mapgen eval rescore evals/baselines/core.jsonl.gz
    """
    from mapgen.evaluation import runfile, tables
    from mapgen.evaluation.comparing import NotComparable
    from mapgen.evaluation.scoring import check_primary
    from mapgen.evaluation.suite import find, fingerprint, load

    stored = runfile.load(run)
    beside = runfile.suite_of(run, stored.head.suite)
    loaded = load(find(suite or beside or stored.head.suite))
    check_primary(loaded)
    if fingerprint(loaded) != stored.head.suite_fingerprint:
        raise NotComparable(
            f"{run} is a run of another version of the suite {stored.head.suite}.", hint="Name that one with --suite."
        )
    wanted = len({case for case, _ in stored.by_key}) * stored.head.repeats
    click.echo(tables.scores(loaded, stored, wanted=wanted), nl=False)
    return 0
