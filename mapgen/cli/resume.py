"""`mapgen resume MAP`: completes a saved map, asking only for what is missing or faulty in it.

It knows no step of the work; what is missing is for the state of the map to say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapgen.cli.options import output_options, settings_among, settings_but
from mapgen.cli.output import Target
from mapgen.cli.saved import opened
from mapgen.cli.view import watching
from mapgen.cli.work import ended, worked
from mapgen.model import KnowledgeMap
from mapgen.settings import Resolved, resolve


@click.command("resume")
@click.argument("map_file", metavar="MAP", type=click.Path(readable=False))
@output_options
@settings_but("language")
@click.option("--strict", is_flag=True, help="Exit with 65 instead of 3 where the map is still incomplete.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
def command(map_file: str, **flags: Any) -> int:
    """Complete the saved map MAP: ask only for what is missing in it, or what `mapgen check` finds faulty.

    MAP is a JSON file, or a page or drawing that mapgen made; "-" reads it from stdin. The result goes back to MAP, in
    its own format, unless -o names another FILE, or --format has it printed. A complete map asks nothing.

    \b
    mapgen resume map.json
    mapgen resume map.html --model gpt-5-mini
    mapgen resume map.json -o whole.html -o whole.md
    mapgen resume map.json --format md
    cat map.json | mapgen resume - > whole.json

    Models and prompts are those of the settings; that is noted where the map was made by others. Exit codes are those
    of `mapgen make`: 0 complete, 3 still incomplete. Where nothing could be added, MAP stays as it is.
    """
    from mapgen.resuming import begun, settled

    resolved = resolve(settings_among(flags), flags=True)
    map, form = opened(map_file)
    target = _target(map_file, form, flags=flags, brand=resolved.settings.brand)
    whole, signal = settled(map, begun(map, concepts=flags["concepts"])), 0
    if whole is None or flags["outputs"]:
        target.check()
    asked = whole is None
    if whole is None:
        target.check_room()
        whole, signal = _complete(map, resolved, concepts=flags["concepts"], quiet=flags["quiet"])
    elif not flags["quiet"]:
        click.echo("The map is complete: nothing was asked.", err=True)
    if whole is not map or target.outputs != (Path(map_file),):
        target.deliver(whole, quiet=flags["quiet"], keep=asked)
    sources = resolved.settings.sources or ()
    return ended(whole, target, signal=signal, strict=flags["strict"], quiet=flags["quiet"], sources=sources)


def _target(map_file: str, form: str, *, flags: dict[str, Any], brand: str) -> Target:
    """Where -o says; else, where --format names another form, to stdout; else back to where the map came from."""
    back = () if map_file == "-" or flags["format"] else (Path(map_file),)
    format = flags["format"] or (None if flags["outputs"] else form)
    return Target(flags["outputs"] or back, format, flags["open_page"], brand)


def _complete(map: KnowledgeMap, resolved: Resolved, *, concepts: int | None, quiet: bool) -> tuple[KnowledgeMap, int]:
    from mapgen.session import Session

    with watching(map.query, quiet=quiet) as view:

        async def ask(session: Session) -> KnowledgeMap:
            for difference in () if quiet else session.differences(map):
                view.note(difference)
            return await session.resume(map, concepts=concepts, watch=view.see)

        return worked(ask, resolved, view=view, nothing="Nothing was added: the map stays as it is.")
