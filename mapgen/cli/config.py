"""`mapgen config show`: every setting, its value, and where that came from.

It never shows a key.
"""

from __future__ import annotations

import click

from mapgen.settings import Settings, config_file, resolve
from mapgen.text import clean


@click.group("config")
def command() -> None:
    """Show every setting and where it comes from.

    Settings are read from flags, then from the environment (MAPGEN_MODEL, MAPGEN_BASE_URL …; OPENAI_API_KEY and
    OPENAI_BASE_URL too), then from the config file, a TOML file of lines such as: model = "gpt-5-mini"

    \b
    mapgen config show
    MAPGEN_CONFIG=other.toml mapgen config show
    """


@command.command("show")
def show() -> int:
    """Print every setting, its value and its origin.

    \b
    mapgen config show
    """
    resolved = resolve()
    width = max(map(len, Settings.model_fields))
    for name in Settings.model_fields:
        value = getattr(resolved.settings, name)
        shown = "(set)" if name == "api_key" and value is not None else "-" if value is None else value
        click.echo(f"{name:{width}}  {clean(str(shown))}  [{resolved.origins.get(name, 'default')}]")
    click.echo(clean(f"config file: {config_file()}"), err=True)
    return 0
