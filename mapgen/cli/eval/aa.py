"""`mapgen eval aa SUITE`: the same prompts twice, to see what chance alone does.

It reads arguments, shows the work, and gives an exit code; the work is done in evaluation/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapgen.cli.eval.options import eval_options, run_options, suite_argument

FALSE_ALARM = 1


@click.command("aa")
@suite_argument
@run_options("limit", "replay", "out")
def command(suite: Path, **flags: Any) -> int:
    """Make every map of SUITE twice by the same prompts; print and keep the spread of every metric between the two.

    Plans and `mapgen eval power` rest on it. Exit code 1 where a metric was called better or worse.

    \b
    mapgen eval aa core --model local
    """
    from mapgen.cli.eval.view import watching
    from mapgen.cli.eval.work import done
    from mapgen.evaluation import tables
    from mapgen.evaluation.doors import ameasure

    with watching(quiet=flags["quiet"]) as view:
        found, comparison, path = done(ameasure(suite, watch=view.see, **eval_options(flags)))
    click.echo(tables.alarms(comparison, found), nl=False)
    click.echo(f"spreads   {path}")
    return FALSE_ALARM if found.alarms else 0
