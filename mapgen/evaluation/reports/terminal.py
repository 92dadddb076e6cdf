"""The report for a terminal: the verdict in words, a table of the metrics, who lost most, and what it took.

It makes plain text of at most the width asked for, where the words allow it; it knows no colour and no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from mapgen.evaluation.comparison import Comparison, MetricResult
from mapgen.evaluation.reports import editing, figures, rows, wording
from mapgen.text import clean, counted, shorten

LOSERS = 3


def render(comparison: Comparison, *, width: int = 92) -> str:
    """The comparison as lines of text."""
    return "\n".join(_lines(comparison, width)) + "\n"


def _lines(comparison: Comparison, width: int) -> Iterator[str]:
    yield from _wrapped(str(wording.overall(comparison)), width)
    yield from _wrapped(wording.subject(comparison), width)
    yield from _wrapped(wording.counts(comparison), width)
    yield from _wrapped(wording.judge(comparison), width)
    if changed := list(map(str, editing.edited(comparison))):
        yield from _wrapped(f"changed: {', '.join(changed)}", width)
    primary, secondary = rows.parted(comparison)
    moved = wording.moved(comparison)
    if primary or moved:
        yield ""
        yield from _table(primary, moved)
    if calm := len(secondary) - len(moved):
        yield f"({counted(calm, 'secondary metric')} without a difference that was shown)"
    if comparison.losers:
        yield ""
        yield from _losers(comparison, width)
    yield ""
    yield from _wrapped(wording.spent(comparison), width)
    for note in comparison.notes:
        yield from _wrapped(f"note: {shorten(clean(note), 500)}", width)
    yield from _wrapped(wording.exit_line(comparison), width)


def _table(primary: list[MetricResult], moved: list[MetricResult]) -> Iterator[str]:
    """The primary metrics, and below them the secondary ones that moved; only the primary ones gate."""
    groups = [(title, metrics) for title, metrics in (("primary", primary), ("secondary", moved)) if metrics]
    cells = [_cells(metric) for _, metrics in groups for metric in metrics]
    heading, *lines = rows.columns([(f"{groups[0][0]} metric", *rows.HEADINGS[1:]), *cells])
    yield heading
    for at, (title, metrics) in enumerate(groups):
        if at:
            yield f"{title} metric, moved"
        yield from lines[: len(metrics)]
        lines = lines[len(metrics) :]


def _cells(metric: MetricResult) -> tuple[str, ...]:
    cells = rows.row(metric)
    loud = metric.primary and metric.verdict in ("better", "worse")
    return (*cells[:-1], cells.verdict.upper() if loud else cells.verdict)


def _losers(comparison: Comparison, width: int) -> Iterator[str]:
    yield "lost most (mean over the primary metrics, in margins)"
    for place, loser in enumerate(comparison.losers[:LOSERS], start=1):
        head = f"{place}. {figures.margins(loser.change)}  "
        yield head + shorten(rows.query(loser), max(width - len(head), 20))
        if told := rows.fell(loser, comparison):
            yield " " * len(head) + told


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
