"""Evaluates the evaluation by its prompts: each template mutant is compared with the prompts as they are.

A model is asked, through the same door that a prompt author uses; an interrupted measurement goes on where it was,
for every run is kept. It knows no metric.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Unpack

from mapgen.errors import InputError
from mapgen.evaluation import arms
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.doors import EvalOptions, Watch, acompare
from mapgen.evaluation.mutants import TEMPLATES, TemplateMutant
from mapgen.model import Count, Value

Progress = Callable[[str], None]


class PromptRow(Value):
    """What was said of one template mutant; ``asked`` are the requests that it took.

    ``applied`` is False where the prompts have nothing for it to change; ``same``: nothing that is rendered changed.
    """

    mutant: str
    does: str
    harmless: bool
    applied: bool = True
    same: bool = False
    asked: Count = 0
    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether a defect was called worse, and of a harmless edit nothing was said or asked."""
        if self.harmless:
            return not (self.asked or self.worse or self.better or self.unclear)
        return bool(self.worse)


async def measure_prompts(
    suite: str | Path,
    folder: Path,
    *,
    mutants: Iterable[TemplateMutant] = TEMPLATES,
    progress: Progress = lambda mutant: None,
    watch: Watch | None = None,
    **options: Unpack[EvalOptions],
) -> tuple[PromptRow, ...]:
    """What a comparison with the prompt set ``folder`` says of each mutant of it. Raises MapgenError."""
    templates = arms.of_folder(folder).templates
    rows = []
    for mutant in mutants:
        progress(mutant.id)
        if not mutant.applies(templates):
            rows.append(_row(mutant, applied=False))
            continue
        with tempfile.TemporaryDirectory(prefix="mapgen-") as place:
            spoilt = Path(place) / mutant.id
            arms.Source(mutant.id, mutant.apply(templates)).laid_out(spoilt)
            given: EvalOptions = {**options, "prompts": spoilt}
            found = await acompare(suite, base=folder, watch=watch, **given)
        rows.append(_told(mutant, found))
    return tuple(rows)


def chosen(ids: Iterable[str]) -> tuple[TemplateMutant, ...]:
    """The template mutants of those ids, all without any. Raises InputError for an unknown one."""
    wanted, known = tuple(ids), {one.id: one for one in TEMPLATES}
    if unknown := [id for id in wanted if id not in known]:
        raise InputError(f"There is no template mutant {unknown[0]!r}.", hint=f"Known are: {', '.join(known)}.")
    return tuple(known[id] for id in wanted) if wanted else TEMPLATES


def _row(mutant: TemplateMutant, *, applied: bool) -> PromptRow:
    return PromptRow(mutant=mutant.id, does=mutant.does, harmless=mutant.harmless, applied=applied)


def _told(mutant: TemplateMutant, found: Comparison) -> PromptRow:
    said = {
        "same": found.same,
        "asked": found.cost.new.asked,
        "worse": found.of("worse"),
        "better": found.of("better"),
        "unclear": found.of("unclear"),
    }
    return _row(mutant, applied=True).model_copy(update=said)


def table(rows: Iterable[PromptRow]) -> str:
    """The rows as Markdown, with how many were as they should be."""
    listed = tuple(rows)
    head = ("template mutant", "what it does", "calls", "worse", "better", "unclear", "as it should be")
    lines = [head, ("---",) * len(head), *map(_cells, listed)]
    tried = [row for row in listed if row.applied]
    told = f"{sum(row.right for row in tried)} of {len(tried)} are as they should be."
    if idle := ", ".join(f"`{row.mutant}`" for row in listed if not row.applied):
        told += f" These find nothing to change in the prompts: {idle}."
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{told}\n"


def _cells(row: PromptRow) -> tuple[str, ...]:
    lists = (", ".join(f"`{id}`" for id in ids) for ids in (row.worse, row.better, row.unclear))
    right = ("yes" if row.right else "no") if row.applied else "not tried"
    kind = " (harmless)" if row.harmless else ""
    return f"`{row.mutant}`{kind}", row.does, f"{row.asked:,}", *lists, right
