"""`mapgen render MAP -o FILE`: a saved map in other formats, without a model and without a key.

It knows how a map is rendered only through render/.
"""

from __future__ import annotations

from typing import Any

import click

from mapgen.cli.options import output_options
from mapgen.cli.output import Target
from mapgen.cli.saved import loaded
from mapgen.settings import resolve


@click.command("render")
@click.argument("map_file", metavar="MAP", type=click.Path(readable=False))
@output_options
def command(map_file: str, **flags: Any) -> int:
    """Write the saved map MAP in other formats, or print it.

    MAP is a JSON file, or a page or drawing that mapgen made; "-" reads it from stdin.

    \b
    mapgen render map.json
    mapgen render map.json -o map.html -o map.md
    mapgen render map.png --format md | less
    cat map.html | mapgen render - -o map.svg
    mapgen render map.json -o map.html --brand "My school" --open
    """
    brand = resolve({"brand": flags["brand"]}, flags=True).settings.brand
    target = Target(flags["outputs"], flags["format"], flags["open_page"], brand)
    target.check()
    target.deliver(loaded(map_file))
    return 0
