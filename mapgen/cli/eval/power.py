"""`mapgen eval power SUITE`: what effects a suite can show.

It asks nothing.
"""

from __future__ import annotations

from pathlib import Path

import click

from mapgen.cli.eval.options import suite_argument


@click.command("power")
@suite_argument
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N cases.")
def command(suite: Path, *, limit: int | None) -> int:
    """Print, for each primary metric of SUITE, how likely an effect is called better, by units and effect.

    The spread is that of the A/A run, where there was one (`mapgen eval aa`); otherwise it is assumed.

    \b
    mapgen eval power core
    """
    from mapgen.evaluation import spreads, tables
    from mapgen.evaluation.scoring import check_primary
    from mapgen.evaluation.suite import find, load

    path = find(suite)
    loaded = load(path)
    check_primary(loaded)
    measured = spreads.load(spreads.place(path, loaded.name))
    click.echo(tables.power(loaded, measured, units=spreads.units_of(loaded, limit)), nl=False)
    return 0
