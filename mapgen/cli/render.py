"""`mapgen render MAP.json -o FILE`: a saved map in other formats, without a model and without a key.

It knows how a map is rendered only through render/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapgen.cli.options import output_options
from mapgen.cli.output import Target
from mapgen.model import KnowledgeMap
from mapgen.settings import resolve


@click.command("render")
@click.argument("map_file", metavar="MAP.json", type=click.Path(path_type=Path))
@output_options
def command(map_file: Path, **flags: Any) -> int:
    """Write the saved map MAP.json in other formats, or print it.

    \b
    mapgen render map.json
    mapgen render map.json -o map.html -o map.md
    mapgen render map.json --format md | less
    mapgen render map.json -o map.html --brand "My school" --open
    """
    brand = resolve({"brand": flags["brand"]}, flags=True).settings.brand
    target = Target(flags["outputs"], flags["format"], flags["open_page"], brand)
    target.check()
    target.deliver(KnowledgeMap.load(map_file))
    return 0
