"""The report for a pull request: Markdown that GitHub shows, short enough for a comment.

Texts of models and of people are escaped; a template's text is only ever inside a fence. It knows no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mapgen.evaluation.comparison import Comparison, MetricResult
from mapgen.evaluation.reports import editing, figures, rows, wording
from mapgen.render.markdown import escaped
from mapgen.text import clean, counted, shorten

LOSERS = 3
DIFF = 30_000  # characters; GitHub takes a comment of 65,536
NOTES = 20


def render(comparison: Comparison) -> str:
    """The comparison as Markdown: verdict, primary metrics, losers; the whole table and the diff folded away."""
    return "\n\n".join(filter(None, _blocks(comparison))) + "\n"


def _blocks(comparison: Comparison) -> Iterator[str]:
    said = wording.overall(comparison)
    primary, secondary = rows.parted(comparison)
    yield f"### {_shape(said.word)}{said.word.upper()}: {escaped(said.sentence)}"
    yield escaped(wording.subject(comparison))
    yield "  \n".join(map(escaped, _counted(comparison)))
    yield _table([*primary, *wording.moved(comparison)])
    yield _losers(comparison)
    yield "\n".join(f"- {escaped(shorten(clean(note), 500))}" for note in comparison.notes[:NOTES])
    if secondary:
        yield _folded(f"All {counted(len(comparison.metrics), 'metric')}", _table([*primary, *secondary]))
    if comparison.diff:
        title = f"The edit: {', '.join(list(map(str, editing.edited(comparison))))}"
        yield _folded(_html(title), _fenced(comparison.diff))
    yield f"{escaped(wording.spent(comparison))}. {escaped(wording.exit_line(comparison)).capitalize()}."


def _counted(comparison: Comparison) -> list[str]:
    changed = list(map(str, editing.edited(comparison)))
    told = [wording.counts(comparison), wording.judge(comparison)]
    return [*filter(None, told), *([f"changed: {', '.join(changed)}"] if changed else [])]


def _table(metrics: Iterable[MetricResult]) -> str:
    cells = [_cells(metric) for metric in metrics]
    head = ("metric", *rows.HEADINGS[1:])
    marks = ("---", *["---:"] * (len(head) - 2), "---")
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, marks, *cells)) if cells else ""


def _cells(metric: MetricResult) -> list[str]:
    id, *told = rows.row(metric)
    if not metric.primary:
        return [f"*{escaped(id)}*", *told]
    loud = metric.verdict in ("better", "worse")
    return [f"**{escaped(id)}**", *told[:-1], f"**{told[-1].upper()}**" if loud else told[-1]]


def _losers(comparison: Comparison) -> str:
    if not comparison.losers:
        return ""
    lines = [
        f"{place}. {figures.margins(loser.change)} {escaped(f'{rows.query(loser)} — {rows.fell(loser, comparison)}')}"
        for place, loser in enumerate(comparison.losers[:LOSERS], start=1)
    ]
    return "\n".join(["Lost most (mean over the primary metrics, in margins):", "", *lines])


def _folded(title: str, block: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{block}\n\n</details>"


def _fenced(diff: str) -> str:
    """The diff in a fence that nothing in it can end; cut where it is long."""
    text = "\n".join(map(editing.visible, diff.rstrip("\n").split("\n")))
    if len(text) > DIFF:
        whole = text[:DIFF].rpartition("\n")[0]
        left = text.count("\n") - whole.count("\n")
        text = f"{whole}\n… {counted(left, 'line')} more"
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}diff\n{text}\n{fence}"


def _html(text: str) -> str:
    from html import escape

    return escape(text).replace("`", "&#96;").replace("*", "&#42;").replace("_", "&#95;")


def _shape(word: str) -> str:
    return f"{wording.SHAPES[word]} " if word in wording.SHAPES and word not in ("same", "unclear") else ""
