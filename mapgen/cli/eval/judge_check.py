"""`mapgen eval judge-check`: is a model fit to judge? Its canaries say so, metric by metric.

It knows flags and the table that is printed; what a canary is, evaluation/judge/ knows.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mapgen.settings import Settings, resolve

if TYPE_CHECKING:
    from mapgen.evaluation.judge import Caught, Trust
    from mapgen.evaluation.judge.door import Judge
    from mapgen.evaluation.metrics import Sample

F = TypeVar("F", bound=Callable[..., Any])

_LONG = 30 * 86_400.0  # seconds: without a --deadline, a judge takes as long as it takes
_OPTIONS: tuple[tuple[str, Any, str], ...] = (
    ("judge", str, "Model that judges: a name at the endpoint, local, local:FILE.gguf or scripted:FILE."),
    ("base-url", str, "Root of an OpenAI-compatible API."),
    ("temperature", float, "Sampling temperature."),
    ("max-calls", int, "Most requests to the judge."),
    ("max-tokens", int, "Most tokens, sent and received."),
    ("deadline", float, "Most seconds for all of it."),
    ("timeout", float, "Most seconds for one request."),
    ("concurrency", int, "Most requests at once."),
)


def judge_options(function: F) -> F:
    """The settings that a judge is asked by, as flags."""
    for name, kind, help in reversed(_OPTIONS):
        function = click.option(f"--{name}", type=kind, help=help)(function)
    return click.option("--cache/--no-cache", default=None, help="Keep and reuse answers.")(function)


def judge_settings(flags: dict[str, Any]) -> Settings:
    """The settings among a command's flags. Raises ConfigError."""
    names = {name.replace("-", "_") for name, _, _ in _OPTIONS} | {"cache"}
    resolved = resolve({name: value for name, value in flags.items() if name in names}, flags=True)
    changed = {} if "deadline" in resolved.origins else {"deadline": _LONG}
    return resolved.settings.model_copy(update=changed)


def warn_of_same(judge: Judge, runs: Iterable[Path]) -> None:
    """Say so where the judge is the model that made the maps of one of the runs."""
    from mapgen.evaluation import runfile
    from mapgen.evaluation.judge import same_model

    heads = [runfile.load(run).head for run in runs if run.is_file()]
    for note in same_model(judge.endpoint.model, *heads):
        warn(note)


def warn(message: str) -> None:
    """A line on stderr."""
    click.echo(message, err=True)


def watching(judge: Judge) -> Callable[[], None]:
    """What tells, on a terminal, how many answers there are."""

    def tell() -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{judge.meter.calls + judge.meter.cache_hits} answers ", nl=False, err=True)

    return tell


@click.command("judge-check")
@judge_options
@click.option(
    "--maps", type=click.Path(path_type=Path), metavar="RUN|FOLDER", help="Make the canaries of these maps instead."
)
@click.option("--canaries", type=click.IntRange(3, 50), help="How many maps the judge is tried on; otherwise 6.")
@click.option("--json", "as_json", is_flag=True, help="Print the trust as JSON.")
def command(*, maps: Path | None, canaries: int | None, as_json: bool, **flags: Any) -> int:
    """Try a judge on canaries: maps with a defect that it must notice, and maps with none.

    Exit code 0 where it is trusted with every metric, 3 where it is not.

    \b
    mapgen eval judge-check --judge gpt-5
    mapgen eval judge-check --judge local --maps evals/runs/core.jsonl
    """
    from mapgen.evaluation.judge import JUDGED, trust
    from mapgen.evaluation.judge.controls import COUNT, of_place
    from mapgen.evaluation.statistics.exits import Exit

    settings = judge_settings(flags)
    controls = None if maps is None else of_place(maps)
    caught = asyncio.run(_tried(settings, controls, place=maps, count=canaries or COUNT))
    found = [trust(id, caught) for id in JUDGED]
    if as_json:
        click.echo(f"[{', '.join(one.model_dump_json() for one in found)}]")
    else:
        click.echo("\n".join(table(found)))
    return Exit.NOTHING_WORSE if all(one.trusted for one in found) else Exit.UNTRUSTED


async def _tried(
    settings: Settings, controls: Sequence[Sample] | None, *, place: Path | None, count: int
) -> tuple[Caught, ...]:
    from mapgen.evaluation.judge import ASKINGS, JUDGED, try_judge
    from mapgen.evaluation.judge.controls import folder
    from mapgen.evaluation.judge.door import judge_of
    from mapgen.prompting import PromptSet

    async with judge_of(settings, warn=warn) as judge:
        most = count * sum(ASKINGS.values())
        click.echo(
            f"Trying {judge.endpoint.model} ({judge.endpoint.host}) as a judge: at most {most} askings", err=True
        )
        warn_of_same(judge, [place] if place else [])
        judge.meter.watch = watching(judge)
        prompts = PromptSet(folder())
        caught = await try_judge(tuple(JUDGED), llm=judge.llm, prompts=prompts, maps=controls, count=count)
        hits = f", {judge.meter.cache_hits} answers from the cache" if judge.meter.cache_hits else ""
        start = "\r" if sys.stderr.isatty() else ""
        click.echo(f"{start}{judge.meter.calls} calls, {judge.meter.tokens:,} tokens{hits}", err=True)
    return caught


def table(found: Sequence[Trust]) -> list[str]:
    """The lines of the table: a row for each metric, then why the judge is not trusted with some."""
    rows = [("metric", "caught", "of", "no answer", "chance", "p", "trusted")]
    for one in found:
        caught = (str(one.caught), str(one.of), str(one.missing))
        rows.append((one.metric, *caught, f"{one.chance:.0%}", f"{one.p:.2g}", "yes" if one.trusted else "not trusted"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = {0, len(widths) - 1}
    lines = [
        "  ".join(cell.ljust(width) if at in left else cell.rjust(width) for at, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    reasons = [f"{one.metric}: {one.reason}" for one in found if one.reason]
    return [line.rstrip() for line in [*lines, *([""] if reasons else []), *reasons]]
