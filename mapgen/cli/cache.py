"""`mapgen cache info|clear`: the answers and maps kept between runs, and the indexes of sources.

It knows the cache only through llm/store.py, and the indexes through sources/database.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from mapgen.errors import DiskError
from mapgen.llm.store import Store
from mapgen.settings import indexes, resolve
from mapgen.sources.database import forget, kept
from mapgen.text import clean, counted


@click.group("cache")
def command() -> None:
    """Tell the size of the cache, or clear it.

    \b
    mapgen cache info
    mapgen cache clear
    """


@command.command("info")
def info() -> int:
    """Print the cache's folder, its number of entries and its size, and the indexes of sources.

    \b
    mapgen cache info
    """
    with _store() as store:
        entries, size = store.size() if store.folder.is_dir() else (0, 0)
    click.echo(f"folder   {store.folder}\nentries  {entries:,}\nbytes    {size:,}")
    if (found := kept(indexes(store.folder)))[0]:
        click.echo(f"sources  {found[0]:,} indexed, {found[1]:,} bytes")
    return 0


@command.command("clear")
def clear() -> int:
    """Forget every answer and map in the cache, and the indexes of sources.

    \b
    mapgen cache clear
    """
    with _store() as store:
        entries = store.clear() if store.folder.is_dir() else 0
        folder = indexes(store.folder)
    click.echo(f"{entries:,} entries cleared")
    try:
        number = forget(folder)
    except OSError as error:
        raise DiskError(f"The indexes in {folder} cannot be removed: {error.strerror}.", hint="Remove them.") from error
    if number:
        click.echo(f"{counted(number, 'indexed source')} cleared")
    return 0


@contextmanager
def _store() -> Iterator[Store]:
    """The cache; what it warns of is told in the end. Raises DiskError where it does not work."""
    told: list[str] = []
    with closing(Store(resolve().settings.cache_dir, warn=told.append)) as store:
        yield store
    if store.fault:
        raise DiskError(f"{store.fault}.", hint="Remove the folder; it is made anew.")
    for message in told:
        click.echo(f"mapgen: {clean(message)}", err=True)
