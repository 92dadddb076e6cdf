"""`mapgen check MAP`: what the rules find in a saved map, without a model and without a key.

The rules are those of the pipeline.
"""

from __future__ import annotations

import click

from mapgen.cli.saved import loaded
from mapgen.text import clean, counted, shown_json

FAULTY, FAULTY_STRICT = 3, 65


@click.command("check")
@click.argument("map_file", metavar="MAP", type=click.Path(readable=False))
@click.option("--concepts", type=int, help="How many concepts the map should have; otherwise 3 to 12.")
@click.option("--strict", is_flag=True, help="Exit with 65 instead of 3 where there are problems.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def command(map_file: str, *, concepts: int | None, strict: bool, as_json: bool) -> int:
    """Say what is faulty in the saved map MAP: one line a problem, with its place and its code.

    MAP is a JSON file, or a page or drawing that mapgen made; "-" reads it from stdin.

    \b
    mapgen check map.json
    mapgen check map.json --json
    cat map.html | mapgen check -
    """
    from mapgen.steps.check import check

    problems = check(loaded(map_file), concepts=concepts)
    if as_json:
        click.echo(shown_json(f"[{', '.join(problem.model_dump_json() for problem in problems)}]"))
    else:
        for problem in problems:
            click.echo(clean(f"{problem.where}: {problem.message} [{problem.code}]"))
        click.echo(counted(len(problems), "problem") if problems else "no problems", err=True)
    return 0 if not problems else FAULTY_STRICT if strict else FAULTY
