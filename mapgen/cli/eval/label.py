"""`mapgen eval label RUN`: a person says of a run's definitions whether they are right, and the judge is held to that.

It knows flags, files and the terminal; what an item and an agreement is, evaluation/judge/ knows.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapgen.cli.eval.judge_check import judge_options, judge_settings, warn, warn_of_same
from mapgen.errors import InputError
from mapgen.files import read_text, write_atomic
from mapgen.settings import Settings
from mapgen.text import counted

if TYPE_CHECKING:
    from mapgen.evaluation.judge.agreement import Agreement, Pair
    from mapgen.evaluation.judge.labels import Item
    from mapgen.evaluation.metrics import Sample

_LIMIT = 20_000_000
_FILE = click.Path(readable=False, path_type=Path, dir_okay=False)
_ASKED = "[r]ight, [m]inor slip, [w]rong, [u]nsure, [q]uit"


@click.command("label")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option("--out", type=_FILE, help="Write the definitions to this CSV file, to be filled in elsewhere.")
@click.option("--labels", "labelled", type=_FILE, help="Hold the judge to the labels of this CSV file.")
@click.option("--limit", type=click.IntRange(1), help="Label so many definitions only.")
@judge_options
def command(runs: tuple[Path, ...], *, out: Path | None, labelled: Path | None, limit: int | None, **flags: Any) -> int:
    """Label the definitions of runs by hand, blind to the arm, and print how far the judge agrees.

    Without --out and --labels they are asked for one by one; the answers are kept in labels.csv, and the same command
    goes on where it was left. Nothing says which run a definition is of.

    \b
    mapgen eval label evals/runs/core.jsonl --out labels.csv
    mapgen eval label evals/runs/core.jsonl --labels labels.csv --judge gpt-5
    """
    from mapgen.cli.eval.work import done
    from mapgen.evaluation.judge.controls import of_run
    from mapgen.evaluation.judge.labels import items, read, written

    samples = [sample for run in runs for sample in of_run(run)]
    asked = items(samples)[:limit]
    if not asked:
        raise InputError("There is no definition to label.", hint="Name runs with usable maps.")
    if out is not None:
        write_atomic(out, written(asked))
        click.echo(f"Wrote {counted(len(asked), 'definition')} to {out}; fill in the column verdict.", err=True)
        return 0
    if labelled is None:
        return _by_hand(asked, Path("labels.csv"))
    labels = read(read_text(labelled, limit=_LIMIT), name=str(labelled))
    pairs = done(_pairs(samples, labels, runs=runs, settings=judge_settings(flags)))
    click.echo("\n".join(_told(pairs)))
    return 0


def _by_hand(asked: Sequence[Item], path: Path) -> int:
    """Ask for the labels that are open, and keep each as it is given."""
    from mapgen.evaluation.judge.labels import read, verdict, written

    if not _on_terminal():
        raise InputError(
            "There is no terminal to ask in.", hint="--out FILE writes a CSV file, --labels FILE reads it."
        )
    labels = dict(read(read_text(path, limit=_LIMIT), name=str(path))) if path.exists() else {}
    rest = [one for one in asked if one.id not in labels]
    for at, one in enumerate(rest, start=1):
        click.echo(f"\n{at} of {len(rest)} · {one.query}\n  {one.name}: {one.definition}")
        while (said := click.prompt(_ASKED, prompt_suffix=" > ").strip().casefold()) not in ("q", "quit"):
            if (meant := verdict(said)) is not None:
                labels[one.id] = meant
                write_atomic(path, written(asked, labels))
                break
        else:
            break
    click.echo(f"{len(labels)} of {len(asked)} labelled in {path}. Then: --labels {path}", err=True)
    return 0


def _on_terminal() -> bool:
    return sys.stdin.isatty()


async def _pairs(
    samples: Sequence[Sample], labels: Mapping[str, str], *, runs: Sequence[Path], settings: Settings
) -> list[Pair]:
    """The person's and the judge's verdicts on the items that both have rated."""
    from mapgen.evaluation.judge.controls import folder
    from mapgen.evaluation.judge.door import judge_of
    from mapgen.evaluation.judge.labels import of_sample
    from mapgen.evaluation.judge.right import judge_right
    from mapgen.evaluation.judge.together import together
    from mapgen.prompting import PromptSet

    wanted = [one for one in samples if any(item.id in labels for item in of_sample(one).values())]
    if not wanted:
        raise InputError("None of these labels is of these runs.", hint="Name the runs that the labels were made of.")
    prompts = PromptSet(folder())
    async with judge_of(settings, warn=warn) as judge:
        warn_of_same(judge, runs)
        said = await together(judge_right(one, llm=judge.llm, prompts=prompts) for one in wanted)
    by_item: dict[str, str] = {}
    for sample, one in zip(wanted, said, strict=True):
        for concept, item in of_sample(sample).items():
            if concept in one.verdicts:
                by_item.setdefault(item.id, one.verdicts[concept])
    return [(label, by_item[id]) for id, label in labels.items() if id in by_item]


def _told(pairs: Sequence[Pair]) -> list[str]:
    from mapgen.evaluation.judge.agreement import agreement
    from mapgen.evaluation.judge.labels import VERDICTS

    ratings = [one for one in VERDICTS if one != "unsure"]
    rated = [pair for pair in pairs if set(pair) <= set(ratings)]
    if not rated:
        return [f"{counted(len(pairs), 'definition')} rated by both, none of them plainly: no agreement to tell."]
    found = agreement(rated, ratings)
    lines = [f"{counted(found.n, 'definition')} rated by both; {len(pairs) - len(rated)} more where one was unsure"]
    lines.append(f"the same verdict on {found.share:.0%}")
    return [*lines, _kappa(found), "", *_counts(found, ratings)]


def _kappa(found: Agreement) -> str:
    if found.kappa is None or found.interval is None:
        return "kappa: not defined, since all verdicts are the same"
    low, high = found.interval
    return f"kappa: {found.kappa:.2f}, 95 % interval {low:.2f} to {high:.2f}"


def _counts(found: Agreement, ratings: Sequence[str]) -> list[str]:
    head = f"{'you / judge':12}" + "".join(f"{one:>8}" for one in ratings)
    return [head, *(f"{one:12}" + "".join(f"{found.table[one][other]:8}" for other in ratings) for one in ratings)]
