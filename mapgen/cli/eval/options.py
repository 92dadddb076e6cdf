"""The options that the commands of `mapgen eval` share, and what becomes of them.

They name and describe; what values mean is checked by settings.py and evaluation/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from mapgen.cli.options import settings_among, settings_but, source_options

if TYPE_CHECKING:
    from mapgen.evaluation.doors import EvalOptions

F = TypeVar("F", bound=Callable[..., Any])

_OWN = ("repeats", "limit", "replay", "out", "record", "judge", "judged")

_NOTHING_SET = "none, whatever is installed, or set in the environment or the config file."

suite_argument = click.argument("suite", type=click.Path(readable=False, path_type=Path))
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
_repeats = click.option(
    "--repeats", type=click.IntRange(1, 20), default=1, show_default=True, help="Maps of each case."
)
_limit = click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N cases.")
_replay = click.option("--replay", is_flag=True, help="Recorded answers only; no model is asked.")
_out = click.option(
    "--out", type=click.Path(readable=False, path_type=Path), metavar="FILE.jsonl", help="The run's file."
)
_record = click.option(
    "--record",
    type=click.Path(readable=False, path_type=Path),
    metavar="FILE.jsonl.gz",
    help="Also write the whole run, packed.",
)
judged_option = click.option(
    "--judged", multiple=True, metavar="METRIC", help="A metric to ask the judge for; repeatable; otherwise all five."
)
_deadline = click.option("--deadline", type=float, help="Most seconds for the whole run; otherwise none.")


def run_options(*own: str) -> Callable[[F], F]:
    """The settings that a run takes, the options of those names, and --quiet."""
    options = {"repeats": _repeats, "limit": _limit, "replay": _replay, "out": _out, "record": _record}

    def decorated(function: F) -> F:
        function = settings_but("language", "concepts", "deadline", "sources")(function)
        function = quiet_option(_deadline(source_options(_NOTHING_SET)(function)))
        for name in reversed(own):
            function = options[name](function)
        return function

    return decorated


def eval_options(flags: dict[str, Any]) -> EvalOptions:
    """The flags as the doors of the evaluation take them."""
    own = {name: flags[name] for name in _OWN if name in flags}
    return cast("EvalOptions", {**own, **settings_among(flags), "flags": True})
