"""The options that several commands share: settings as flags, and where the result goes.

They name and describe; what values mean is checked by settings.py and render/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_SETTINGS: tuple[tuple[str, Any, str], ...] = (
    ("model", str, "Model to ask: a name at the endpoint, local, local:FILE.gguf or scripted:FILE."),
    ("planner", str, "Another model to plan and relate."),
    ("writer", str, "Another model to write and repair."),
    ("base-url", str, "Root of an OpenAI-compatible API, such as http://localhost:11434/v1."),
    ("language", str, "Language of the map, by code or English name; otherwise the query's."),
    ("concepts", int, "Number of concepts, 3 to 12; otherwise as many as the query needs."),
    ("temperature", float, "Sampling temperature."),
    ("max-calls", int, "Most requests to models."),
    ("max-tokens", int, "Most tokens, sent and received; calls in flight are finished."),
    ("max-cost", float, "Most money, in US dollars, where the price is known."),
    ("deadline", float, "Most seconds for the whole map."),
    ("timeout", float, "Most seconds for one request."),
    ("concurrency", int, "Most requests at once."),
    ("prompts", click.Path(readable=False, path_type=Path), "Folder of another prompt set."),
)


_SOURCE = "A file, folder, URL, wikipedia[:LANG] or encyclopedia to stand on and cite; repeatable. Otherwise"
_BY_ITSELF = "the encyclopedia for the embedded model, where it is installed, and none for others."


def setting_options(function: F) -> F:
    """Every setting that has a flag."""
    return settings_but()(function)


def settings_but(*left_out: str) -> Callable[[F], F]:
    """Every setting that has a flag, some left out."""

    def decorated(function: F) -> F:
        for name, kind, help in reversed(_SETTINGS):
            if name not in left_out:
                function = click.option(f"--{name}", type=kind, help=help)(function)
        if "sources" not in left_out:
            function = source_options(_BY_ITSELF)(function)
        return click.option("--cache/--no-cache", default=None, help="Keep and reuse answers and maps.")(function)

    return decorated


def source_options(otherwise: str) -> Callable[[F], F]:
    """What maps stand on; ``otherwise`` ends the sentence on what that is where nothing is named."""

    def decorated(function: F) -> F:
        function = click.option("--no-sources", is_flag=True, help="Use no source.")(function)
        return click.option("--source", multiple=True, metavar="SOURCE", help=f"{_SOURCE} {otherwise}")(function)

    return decorated


def output_options(function: F) -> F:
    """Where the result goes, and how it looks."""
    options = (
        click.option(
            "-o",
            "--output",
            "outputs",
            multiple=True,
            type=click.Path(readable=False, path_type=Path),
            metavar="FILE",
            help="Write the map to FILE, in the format of its suffix; repeatable.",
        ),
        click.option("--format", "format", help="Format, one of `mapgen formats`; otherwise by suffix, or txt."),
        click.option("--open", "open_page", is_flag=True, help="Open the map as a page in the browser."),
        click.option("--brand", help="The name on pages and texts."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def settings_among(flags: dict[str, Any]) -> dict[str, Any]:
    """The flags that are settings, by setting. Raises UsageError where two of them exclude each other."""
    names = {name.replace("-", "_") for name, _, _ in _SETTINGS} | {"cache", "brand"}
    found = {name: value for name, value in flags.items() if name in names}
    if flags.get("source") and flags.get("no_sources"):
        raise click.UsageError("--source and --no-sources exclude each other.")
    if flags.get("source") or flags.get("no_sources"):
        found["sources"] = flags["source"]
    return found
