"""The help: every command has one, with an example that the command line itself accepts."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from typing import Any

import click
import pytest

from mapgen.cli import COMMANDS, cli
from mapgen.version import __version__

Run = Any
HEAD = """\
Usage: mapgen [OPTIONS] QUERY | COMMAND [ARGS]...

  Type a query, get a knowledge map: its key concepts, why each matters here,
  and how they relate.

  mapgen "How do vaccines lead to herd immunity?"
"""


def paths() -> list[tuple[str, ...]]:
    """Every command by the words that call it."""
    found: list[tuple[str, ...]] = [()]
    for name in COMMANDS:
        command = import_module(f"mapgen.cli.{name}").command
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.commands]
    return found


def examples(text: str) -> list[str]:
    """The lines of a help text that call mapgen."""
    start = text.split("Options:")[0].splitlines()[1:]
    return [line.strip() for line in start if re.match(r"  (?:mapgen |\S+=\S+ mapgen |.*[|(] ?mapgen )", line)]


def command_of(path: tuple[str, ...]) -> click.Command:
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def test_the_help_begins_with_what_it_does(mapgen: Run) -> None:
    done = mapgen("--help")
    assert done.code == 0
    assert done.out.startswith(HEAD)
    assert mapgen("-h").out == done.out
    for name, text in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(text[:30])}", done.out, re.MULTILINE)


def test_the_help_tells_every_exit_code_below_128(mapgen: Run) -> None:
    said = mapgen("--help").out.split("Exit codes:")[1].split("Options:")[0]
    assert set(map(int, re.findall(r"\b\d+\b", said))) == {0, 2, 3, 65, 66, 69, 70, 73, 74, 75, 76, 77, 78}


def test_nothing_at_all_is_the_help_as_a_usage_error(mapgen: Run) -> None:
    done = mapgen()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(HEAD)


def test_the_version(mapgen: Run) -> None:
    done = mapgen("--version")
    assert (done.code, done.out, done.err) == (0, f"mapgen {__version__}\n", "")


@pytest.mark.parametrize("path", paths(), ids=" ".join)
def test_every_help_holds_an_example_that_parses(mapgen: Run, path: tuple[str, ...]) -> None:
    done = mapgen(*path, "--help")
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 100 for line in done.out.splitlines())
    found = examples(done.out)
    assert found
    for example in found:
        call = re.search(r"\bmapgen ([^|>)]*)", example)
        assert call is not None
        words = shlex.split(call[1])
        first, *rest = words if words[0] in COMMANDS else ["make", *words]
        command, name = command_of((first,)), first
        if isinstance(command, click.Group):
            name, *rest = rest
            command = command_of((first, name))
        command.make_context(name, rest, parent=click.Context(cli, **cli.context_settings))


@pytest.mark.parametrize("path", paths(), ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    for parameter in command_of(path).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{' '.join(path)} {parameter.opts}"
            assert parameter.help.endswith(".")


def test_the_commands_on_the_list_are_those_that_there_are() -> None:
    context = click.Context(cli)
    assert isinstance(cli, click.Group)
    assert cli.list_commands(context) == list(COMMANDS)
    assert [command_of((name,)).name for name in COMMANDS] == list(COMMANDS)
    assert cli.get_command(context, "nothing") is None


def test_every_setting_with_a_flag_is_a_setting() -> None:
    from mapgen.settings import Settings

    names = {parameter.name for parameter in command_of(("make",)).params}
    assert {"source", "no_sources"} <= names, "the flags of the setting of sources"
    settings = set(Settings.model_fields) - {"judge", "api_key", "cache_dir", "models_dir", "hub", "sources"}
    assert settings <= names


def test_the_word_help_alone_is_help_and_no_query(mapgen: Run) -> None:
    assert mapgen("help").out.startswith(HEAD)
