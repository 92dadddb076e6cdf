"""The command line: `mapgen QUERY`, and one file for each sub-command, imported only when it is called.

Arguments in, exit codes out; the work is done elsewhere.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from mapgen.version import __version__

COMMANDS = {
    "make": "Make the map of a query; the same as `mapgen QUERY`.",
    "resume": "Complete a saved map that is incomplete.",
    "render": "Write a saved map in other formats.",
    "formats": "List the formats that a map can be written in.",
    "check": "Say what is faulty in a saved map.",
    "schema": "Print the JSON Schema of a map.",
    "prompts": "Show, find or compare the prompts.",
    "eval": "Run and compare evaluation suites.",
    "model": "Fetch, list, find or serve the embedded model.",
    "cache": "Tell the size of the cache, or clear it.",
    "config": "Show every setting and where it comes from.",
    "completion": "Print the completion script for a shell.",
}


class Commands(click.Group):
    """A group whose commands are imported when called, and whose default command is `make`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mapgen.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take anything that is no command as the arguments of `make`; a misspelt command is an error."""
        if args == ["help"]:
            args = ["--help"]
        if args and args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version"):
            _refuse_misspelt(args, ctx)
            args = ["make", *args]
        return super().parse_args(ctx, args)


def _refuse_misspelt(args: list[str], ctx: click.Context) -> None:
    close = get_close_matches(args[0], COMMANDS, n=1, cutoff=0.8)
    if close:
        raise click.UsageError(
            f"There is no command {args[0]!r}; did you mean `mapgen {close[0]}`? "
            f"For a map of the word itself: mapgen make {args[0]}",
            ctx,
        )


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
    subcommand_metavar="QUERY | COMMAND [ARGS]...",
)
@click.version_option(__version__, message="mapgen %(version)s")
def cli(**_: Any) -> None:
    """Type a query, get a knowledge map: its key concepts, why each matters here, and how they relate.

    \b
    mapgen "How do vaccines lead to herd immunity?"
    mapgen "TCP vs UDP" -o map.html -o map.md --open
    mapgen "Wie entsteht Inflation?" --model gpt-5-mini --concepts 6
    cat question.txt | mapgen - --format json > map.json
    mapgen resume map.json
    mapgen render map.json -o map.html

    Without an API key (OPENAI_API_KEY) and without --base-url, a small model embedded in mapgen answers: to try mapgen
    out, since its facts can be wrong. `mapgen make --help` lists the options for making a map.

    Exit codes: 0 complete, 2 usage, 3 incomplete map (65 with --strict), 65 bad input, 66 unreadable file or source, 69
    model not reachable, 70 bug, 73 and 74 output, 75 limit or try later, 76 unusable answers, 77 key or quota, 78
    configuration.
    """
