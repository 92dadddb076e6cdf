"""What `make` and `resume` share: models asked until a map is there or a signal comes, and what is said in the end.

It knows neither queries nor files; these are the commands' own.
"""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import click

from mapgen.cli.output import Target
from mapgen.cli.signals import Signals
from mapgen.cli.view import View
from mapgen.errors import Stopped
from mapgen.model import KnowledgeMap
from mapgen.settings import Resolved

if TYPE_CHECKING:
    from mapgen.session import Session

INCOMPLETE, INCOMPLETE_STRICT = 3, 65
READABLE = "`mapgen resume` completes a map that stands in a file of JSON, HTML, SVG or PNG."


def worked(
    ask: Callable[[Session], Awaitable[KnowledgeMap]], resolved: Resolved, *, view: View, nothing: str
) -> tuple[KnowledgeMap, int]:
    """The map that ``ask`` gives in a session, and the exit code of a signal that ended it, or 0.

    Where a signal came before there was anything to keep, that is said with the sentence ``nothing``, and the
    command ends.
    """
    from mapgen.session import Session

    session, signals = Session(settings=resolved, warn=view.warn), Signals()

    async def work() -> KnowledgeMap:
        async with session:
            return await ask(session)

    try:
        return signals.run(work, session.stop), signals.code
    except Stopped as stopped:
        view.warn(f"Interrupted. {nothing}")
        raise click.exceptions.Exit(signals.code or stopped.exit_code) from None


def ended(
    map: KnowledgeMap, target: Target, *, signal: int, strict: bool, quiet: bool, sources: Sequence[str] = ()
) -> int:
    """The exit code of a delivered map; how an incomplete one is completed, from its sources, is told."""
    if map.status == "complete":
        return 0
    path = target.resumable()
    named = [word for source in sources for word in ("--source", source)]
    line = shlex.join(["mapgen", "resume", str(path), *named])
    hint = READABLE if path is None else f"`{line}` asks for what is missing."
    if signal:
        click.echo(f"mapgen: Interrupted; what was done by then is kept.\n  {hint}", err=True)
        return signal
    if not quiet:
        click.echo(f"mapgen: The map is incomplete.\n  {hint}", err=True)
    return INCOMPLETE_STRICT if strict else INCOMPLETE
