"""`mapgen QUERY`: makes a map, shows the work on stderr, and delivers the result.

It knows no step of the work; it reads arguments and gives an exit code.
"""

from __future__ import annotations

from typing import Any

import click

from mapgen.cli.options import output_options, setting_options, settings_among
from mapgen.cli.output import Target
from mapgen.cli.stdin import read_stdin
from mapgen.cli.view import View, watching
from mapgen.cli.work import ended, worked
from mapgen.errors import InputError
from mapgen.model import QUERY_LIMIT, KnowledgeMap, Query
from mapgen.settings import Resolved, resolve

_STDIN_LIMIT = 4 * QUERY_LIMIT + 100  # bytes, with some for a byte-order mark and blank lines
EMBEDDED_NOTICE = (
    "No API key and no --base-url: asking the embedded model (1.5B parameters). "
    "It is there to try mapgen out; its facts can be wrong."
)
ENCYCLOPEDIA_NOTICE = "With pip install 'mapgen[encyclopedia]' it looks up what it can, and cites it."


@click.command("make")
@click.argument("query")
@output_options
@setting_options
@click.option("--dry-run", is_flag=True, help="Tell the calls, tokens and cost to expect; ask nothing.")
@click.option("--strict", is_flag=True, help="Exit with 65 instead of 3 where the map is incomplete.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
def command(query: str, **flags: Any) -> int:
    """Make the knowledge map of QUERY ("-" reads it from stdin) and print it, or write it to FILEs.

    \b
    mapgen "How do interest rates affect inflation and oil prices?"
    mapgen "TCP vs UDP" -o map.html -o map.json --open
    mapgen "Photosynthese" --language de --concepts 5
    mapgen "Zero-knowledge proofs" --model qwen3:8b --base-url http://localhost:11434/v1
    mapgen make cache --dry-run

    Interrupted, or at a limit, it delivers what is done, marked incomplete: `mapgen resume` completes it.
    """
    resolved = resolve(settings_among(flags), flags=True)
    settings = resolved.settings
    asked = Query.of(_read(query), language=settings.language, concepts=settings.concepts)
    target = Target(flags["outputs"], flags["format"], flags["open_page"], settings.brand)
    target.check()
    if flags["dry_run"]:
        return _estimate(asked, resolved)
    target.check_room()
    map, signal = _make(asked, resolved, quiet=flags["quiet"])
    target.deliver(map, quiet=flags["quiet"], keep=True)
    sources = settings.sources or ()
    return ended(map, target, signal=signal, strict=flags["strict"], quiet=flags["quiet"], sources=sources)


def _read(query: str) -> str:
    if query != "-":
        return query
    data = read_stdin(_STDIN_LIMIT)
    if len(data) > _STDIN_LIMIT:
        raise InputError(f"The query on stdin is too long; at most {QUERY_LIMIT:,} characters are taken.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The query on stdin is not UTF-8 text.", hint="Save it as UTF-8 and try again.") from error


def _make(query: Query, resolved: Resolved, *, quiet: bool) -> tuple[KnowledgeMap, int]:
    from mapgen.llm.endpoints import default_model

    with watching(query.text, quiet=quiet) as view:
        with resolved.naming():
            if resolved.settings.model is None and default_model(resolved.settings) == "local":
                view.note(EMBEDDED_NOTICE)
                _note_encyclopedia(resolved, view)
        return worked(
            lambda session: session.generate(query.text, watch=view.see),
            resolved,
            view=view,
            nothing="There was no plan yet: nothing is written.",
        )


def _note_encyclopedia(resolved: Resolved, view: View) -> None:
    from mapgen.sources.encyclopedia import installed

    if resolved.settings.sources is None and not installed():
        view.note(ENCYCLOPEDIA_NOTICE)


def _estimate(query: Query, resolved: Resolved) -> int:
    from mapgen.estimate import estimate

    with resolved.naming():
        click.echo(estimate(query, resolved.settings).told())
    return 0
