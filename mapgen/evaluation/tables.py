"""Plain text of what has no report of its own: a run's mean scores, the power of a suite, the spreads of an A/A run.

Pure functions from values to text; they know no terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapgen.evaluation.comparison import Comparison, Totals
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.records import Run
from mapgen.evaluation.scoring import means, totals, values
from mapgen.evaluation.spreads import EFFECTS, Spreads, margin_of, table
from mapgen.evaluation.statistics import Power
from mapgen.evaluation.suite import Suite
from mapgen.text import counted


def scores(suite: Suite, run: Run, *, wanted: int) -> str:
    """A run's mean scores, the primary metrics first, and what it has and took. Raises ConfigError."""
    found = means(values(suite, run))
    first = [id for id in METRICS if id in suite.primary]
    rest = [id for id in METRICS if id not in suite.primary]
    rows = [(id, _number(found[id], METRICS[id].unit), METRICS[id].title) for id in (*first, *rest)]
    aligned = _aligned([("metric", "mean", ""), *rows], words=1)
    heads = [aligned[0], *aligned[1 : 1 + len(first)], "", *aligned[1 + len(first) :]]
    return "\n".join([*heads, "", counts(totals(run, wanted))]) + "\n"


def counts(told: Totals) -> str:
    """In a sentence, what a run has and took."""
    parts = [f"{told.complete} complete", f"{told.incomplete} incomplete"]
    parts += [f"{told.unusable} unusable"] * bool(told.unusable) + [f"{told.missing} missing"] * bool(told.missing)
    money = "" if told.cost is None else f", ${told.cost:.4f}"
    tokens = f"{told.input_tokens + told.output_tokens:,} tokens"
    took = f"{counted(told.calls, 'call')} ({told.asked} sent in this run), {tokens}{money}"
    return f"{counted(told.maps, 'map')}: {', '.join(parts)}; {took}"


def power(suite: Suite, spreads: Spreads | None, *, units: int) -> str:
    """The power of every primary metric: the chance to call an effect BETTER, by units and effect."""
    parts = []
    for id in suite.primary:
        cells = table(suite, spreads, metric=id, units=units)
        known = spreads is not None and id in spreads.sds
        how = "by the A/A run" if known else "assumed; `mapgen eval aa` measures it"
        heading = f"{id}: margin {margin_of(suite, id):g}, spread {cells[0].sd:.3f} ({how})"
        header = ("units", *(f"+{effect:.2f}" for effect in EFFECTS))
        parts.append("\n".join([heading, *_aligned([header, *_power_rows(cells, units)])]))
    return "\n\n".join(parts) + "\n"


def alarms(comparison: Comparison, spreads: Spreads) -> str:
    """The spread of every metric between two repeats of the same prompts, and whether any was a false alarm."""
    rows = []
    for one in comparison.metrics:
        numbers = (_number(number, one.unit) for number in (one.difference, one.sd, one.detectable))
        said = f"FALSE ALARM: {one.verdict}" if one.id in spreads.alarms else one.verdict
        rows += [(one.id, *numbers, said)] * one.gated
    gating = counted(len(comparison.suite.primary), "metric")
    told = f"{counted(len(spreads.alarms), 'false alarm')} among {gating} that gate"
    header = ("metric", "difference", "spread", "detectable", "verdict")
    return "\n".join([*_aligned([header, *rows], words=1), "", told]) + "\n"


def _power_rows(cells: Iterable[Power], units: int) -> list[tuple[str, ...]]:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.units, []).append(f"{100 * cell.power:.0f} %")
    return [(f"{n}{' (this suite)' if n == units else ''}", *found) for n, found in rows.items()]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if unit == "share" else f"{value:,.1f} {unit}"


def _aligned(rows: Sequence[tuple[str, ...]], *, words: int = 0) -> list[str]:
    """The rows in columns: the first one and the last ``words`` to the left, the numbers between to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = {0, *range(len(widths) - words, len(widths))}
    return [
        "  ".join(
            cell.ljust(width) if at in left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
