"""`mapgen cache info|clear`: the answers and maps kept between runs.

It knows the cache only through llm/cached.py.
"""

from __future__ import annotations

from contextlib import closing

import click

from mapgen.errors import DiskError
from mapgen.llm.cached import Store
from mapgen.settings import resolve


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
    return Store(resolve().settings.cache_dir, warn=_refuse)


def _refuse(message: str) -> None:
    raise DiskError(message.replace("; going on without it", ""), hint="Remove the folder; it is made anew.")
