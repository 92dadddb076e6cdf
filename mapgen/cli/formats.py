"""`mapgen formats`: every format that a map can be written in.

The table is that of render/.
"""

from __future__ import annotations

import json

import click


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(*, as_json: bool) -> int:
    """List the formats: name, suffixes, what it is, and what must be installed for it, if anything.

    \b
    mapgen formats
    mapgen render map.json -o map.md -o map.svg
    mapgen render map.html --format mermaid
    """
    from mapgen.render import FORMATS

    if as_json:
        rows = [
            {"name": name, "suffixes": format.suffixes, "description": format.description, "ready": format.ready}
            for name, format in FORMATS.items()
        ]
        click.echo(json.dumps(rows, indent=2))
        return 0
    for name, format in FORMATS.items():
        missing = "" if format.ready else f" (needs: pip install 'mapgen[{format.extra}]')"
        click.echo(f"{name:<14}{' '.join(format.suffixes):<22}{format.description}{missing}")
    return 0
