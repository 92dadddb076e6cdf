"""A metric as a row of cells, and a loser as a line: what the forms of text share.

It knows what stands in a row and in which order, and no format; nothing is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mapgen.evaluation.comparison import Comparison, Loser, MetricResult
from mapgen.evaluation.reports import figures, wording
from mapgen.text import clean, shorten

HEADINGS = ("", "base", "new", "diff", "95 % interval", "adj. p", "detect.", "verdict")
QUERY = 90  # characters of a query in a line


class Row(NamedTuple):
    """What is shown of a metric; ``p`` is the adjusted one where there is one."""

    id: str
    base: str
    new: str
    difference: str
    interval: str
    p: str
    detectable: str
    verdict: str


def row(metric: MetricResult) -> Row:
    """The cells of a metric."""
    said = wording.said(metric)
    return Row(
        id=wording.name(metric.id),
        base=figures.number(metric.base_mean),
        new=figures.number(metric.new_mean),
        difference=figures.signed(metric.difference),
        interval=figures.interval(metric.interval95),
        p=figures.p_value(metric.p if metric.adjusted is None else metric.adjusted),
        detectable=figures.number(metric.detectable),
        verdict=f"{wording.SHAPES[said]} {said}",
    )


def parted(comparison: Comparison) -> tuple[list[MetricResult], list[MetricResult]]:
    """The primary metrics, and the secondary ones, both as they are shown: none where nothing had to be scored."""
    found = [] if comparison.same and not comparison.cases else wording.ordered(comparison.metrics)
    return [one for one in found if one.primary], [one for one in found if not one.primary]


def query(loser: Loser) -> str:
    """The loser's query, cut to a line."""
    return shorten(clean(loser.query), QUERY)


def fell(loser: Loser, comparison: Comparison, *, most: int = 3) -> str:
    """The metrics that moved most in a loser; one that scores 0 on all of them has no usable map."""
    scores = [one.new.get(loser.case) for one in comparison.metrics if one.primary]
    known = [score for score in scores if score is not None]
    if known and not any(known):
        return "no usable map: 0 on every metric"
    told = list(loser.metrics.items())[:most]
    return ", ".join(f"{wording.name(id)} {figures.signed(value)}" for id, value in told)


def columns(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Those rows as lines of aligned columns: the first and the last to the left, numbers to the right."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    last = len(widths) - 1
    return [
        "  ".join(
            cell.ljust(width) if at in (0, last) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in table
    ]
