"""`mapgen eval …`: one file for each sub-command, imported only when it is called.

A further sub-command is a line in SUBCOMMANDS and a file of that name, with its `command`.
"""

from __future__ import annotations

from importlib import import_module

import click

from mapgen.evaluation import check_installed

SUBCOMMANDS = {
    "run": "Make a map of each case of a suite, and score it.",
    "compare": "Tell whether edited prompts are better, worse or the same.",
    "report": "Show a comparison, or write it as a page, Markdown, JUnit XML or JSON.",
    "init": "Start a suite and a prompt set of one's own.",
    "power": "Tell what effects a suite can show.",
    "aa": "Measure the spread of every metric when nothing changes.",
    "meta": "Measure which defects the metrics see.",
    "judge-check": "Try a judge on canaries: may its word gate?",
    "label": "Label definitions by hand, and hold the judge to it.",
    "rescore": "Score a stored run again.",
}


class Subcommands(click.Group):
    """A group whose commands are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported."""
        if cmd_name not in SUBCOMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        found: click.Command = import_module(f"mapgen.cli.eval.{name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group("eval", cls=Subcommands)
def command() -> None:
    """Run and compare evaluation suites: did an edit of the prompts make the maps better?

    \b
    mapgen eval compare evals/suites/core.yaml
    mapgen eval compare evals/suites/core.yaml --base git:HEAD~3 --prompts my-prompts
    mapgen eval run evals/suites/smoke.yaml --replay

    SUITE is a YAML file, or the name of one in evals/suites. Everyday: edit prompts/write.j2, then `mapgen eval compare
    SUITE`. It asks only what the edit changed; interrupted, the same command goes on.

    Exit codes of compare: 0 nothing worse, 1 worse, 2 unclear under --strict, 3 too few maps or a judge not trusted, 4
    a limit reached or an answer not recorded, 5 not comparable; otherwise as `mapgen --help` lists them.
    """
    check_installed()
