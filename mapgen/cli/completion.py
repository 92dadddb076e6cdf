"""`mapgen completion SHELL`: the script with which a shell completes mapgen's commands and options.

The script is click's own.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from mapgen.errors import ConfigError


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script for SHELL.

    \b
    mapgen completion bash >> ~/.bashrc
    mapgen completion zsh >> ~/.zshrc
    mapgen completion fish > ~/.config/fish/completions/mapgen.fish
    """
    from mapgen.cli import cli

    found = get_completion_class(shell)
    if found is None:
        raise ConfigError(f"There is no completion for {shell}.")
    click.echo(found(cli, {}, "mapgen", "_MAPGEN_COMPLETE").source())
    return 0
