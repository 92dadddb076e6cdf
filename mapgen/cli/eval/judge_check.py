"""`mapgen eval judge-check`: is a model fit to judge? Its canaries say so, metric by metric.

It knows flags and the table that is printed; what a canary is, evaluation/judge/ knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mapgen.cli.eval.options import judged_option, quiet_option
from mapgen.settings import Settings, resolve
from mapgen.text import counted

if TYPE_CHECKING:
    from mapgen.cli.eval.view import View
    from mapgen.evaluation.judge import Caught, Trust
    from mapgen.evaluation.judge.door import Judge
    from mapgen.evaluation.metrics import Sample

F = TypeVar("F", bound=Callable[..., Any])

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
    from mapgen.evaluation.bench import UNHURRIED

    names = {name.replace("-", "_") for name, _, _ in _OPTIONS} | {"cache"}
    resolved = resolve({name: value for name, value in flags.items() if name in names}, flags=True)
    changed = {} if "deadline" in resolved.origins else {"deadline": UNHURRIED}
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


@click.command("judge-check")
@judge_options
@click.option(
    "--maps",
    type=click.Path(readable=False, path_type=Path),
    metavar="RUN|FOLDER",
    help="Make the canaries of these maps instead.",
)
@click.option("--canaries", type=click.IntRange(3, 50), help="How many maps the judge is tried on; otherwise 6.")
@judged_option
@click.option("--json", "as_json", is_flag=True, help="Print the trust as JSON.")
@quiet_option
def command(*, maps: Path | None, canaries: int | None, as_json: bool, **flags: Any) -> int:
    """Try a judge on canaries: maps with a defect that it must notice, and maps with none.

    Exit code 0 where it is trusted with every metric that it is asked for, 3 where it is not. Answers are kept as they
    come: after an interrupt, the same command asks only for the rest.

    \b
    mapgen eval judge-check --judge gpt-5
    mapgen eval judge-check --judge local --judged j3_right --maps evals/runs/core.jsonl
    """
    from mapgen.cli.eval.view import watching
    from mapgen.cli.eval.work import done
    from mapgen.evaluation.judge import named, trust
    from mapgen.evaluation.judge.controls import COUNT, of_place
    from mapgen.evaluation.statistics.exits import Exit

    settings, metrics = judge_settings(flags), named(flags["judged"])
    controls = None if maps is None else of_place(maps)
    with watching(quiet=flags["quiet"], resumable=settings.cache) as view:
        caught = done(_tried(settings, metrics, controls=controls, place=maps, count=canaries or COUNT, view=view))
    found = [trust(id, caught) for id in metrics]
    if as_json:
        click.echo(f"[{', '.join(one.model_dump_json() for one in found)}]")
    else:
        click.echo("\n".join(table(found)))
    return Exit.NOTHING_WORSE if all(one.trusted for one in found) else Exit.UNTRUSTED


async def _tried(
    settings: Settings,
    metrics: Sequence[str],
    *,
    controls: Sequence[Sample] | None,
    place: Path | None,
    count: int,
    view: View,
) -> tuple[Caught, ...]:
    from mapgen.evaluation.judge import tries, try_judge
    from mapgen.evaluation.judge.controls import folder
    from mapgen.evaluation.judge.door import judge_of
    from mapgen.prompting import PromptSet

    most = tries(metrics, maps=controls, count=count)
    async with judge_of(settings, warn=warn, watch=view.see) as judge:
        who = f"{judge.endpoint.model} ({judge.endpoint.host})"
        view.line(f"Trying {who} as a judge: at most {counted(most, 'asking')}")
        warn_of_same(judge, [place] if place else [])
        llm = judge.telling(view.see, total=most)
        caught = await try_judge(metrics, llm=llm, prompts=PromptSet(folder()), maps=controls, count=count)
        hits = f", {judge.meter.cache_hits} answers from the cache" if judge.meter.cache_hits else ""
        view.line(f"{counted(judge.meter.calls, 'call')}, {judge.meter.tokens:,} tokens{hits}")
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
