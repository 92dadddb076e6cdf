"""`mapgen cache info|clear`: the answers and maps kept between runs.

It knows the cache only through llm/store.py.
"""

from __future__ import annotations

from contextlib import closing

import click

from mapgen.errors import DiskError
from mapgen.llm.store import Store
from mapgen.settings import resolve
from mapgen.text import clean


@click.group("cache")
def command() -> None:
    """Tell the size of the cache, or clear it.

    \b
    mapgen cache info
    mapgen cache clear
    """


@command.command("info")
def info() -> int:
    """Print the cache's folder, its number of entries and its size.

    \b
    mapgen cache info
    """
    with closing(_store()) as store:
        entries, size = store.size() if store.folder.is_dir() else (0, 0)
    click.echo(f"folder   {store.folder}\nentries  {entries:,}\nbytes    {size:,}")
    return 0


@command.command("clear")
def clear() -> int:
    """Forget every answer and map in the cache.

    \b
    mapgen cache clear
    """
    with closing(_store()) as store:
        click.echo(f"{store.clear() if store.folder.is_dir() else 0:,} entries cleared")
    return 0


def _store() -> Store:
    return Store(resolve().settings.cache_dir, warn=_tell)


def _tell(message: str) -> None:
    if "going on without it" not in message:
        click.echo(f"mapgen: {clean(message)}", err=True)
        return
    raise DiskError(message.replace("; going on without it", ""), hint="Remove the folder; it is made anew.")
