"""The report as one self-contained page: verdict, who lost most, forest plot beside the edit, and every map.

The page is assets/report.html.j2; what models and people wrote is a value in it, always escaped. It takes the maps
from the runs, where they are given, and knows no file.
"""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import NamedTuple

from mapgen.evaluation.comparison import Comparison, MetricResult
from mapgen.evaluation.records import Run
from mapgen.evaluation.reports import editing, facts, figures, forest, matrix, rows, sides, wording
from mapgen.render.pages import inert, own, page
from mapgen.text import clean, counted

_ASSETS = Path(__file__).parent / "assets"
LOSERS = 3


def render(comparison: Comparison, *, base: Run | None = None, new: Run | None = None) -> str:
    """The comparison as one HTML page that needs nothing beside itself; without runs it has no maps."""
    primary, secondary = rows.parted(comparison)
    moved = wording.moved(comparison)
    scale = forest.scale([*primary, *moved])
    found = matrix.cases(comparison)
    values = {
        "c": comparison,
        "said": wording.overall(comparison),
        "tally": _tally(primary),
        "losers": _losers(comparison, found),
        "scale": scale,
        "forest": forest,
        "groups": _groups(primary, moved, scale=scale),
        "calm": [_shown(one, scale=scale) for one in secondary if one not in moved],
        "files": editing.edited(comparison),
        "cases": found,
        "maps_by_case": {case.id: sides.pairs(case.id, base, new=new) for case in found} if base or new else {},
        "data": inert(_data(comparison, found)),
        "commands": facts.commands(comparison),
        "facts": facts.facts(comparison),
        "costs": facts.costs(comparison),
        "wording": wording,
        "figures": figures,
        "matrix": matrix,
        "counted": counted,
        "clean": clean,
        "sentence": _sentence,
    }
    return page(_ASSETS / "report.html.j2", values | own(_ASSETS, "report"))


class Shown(NamedTuple):
    """A metric as the table shows it."""

    metric: MetricResult
    cells: rows.Row
    said: str
    mark: forest.Mark | None


def _shown(metric: MetricResult, *, scale: forest.Scale) -> Shown:
    return Shown(metric, rows.row(metric), wording.said(metric), forest.mark(metric, scale))


def _groups(
    primary: list[MetricResult], moved: list[MetricResult], *, scale: forest.Scale
) -> list[tuple[str, list[Shown]]]:
    """The rows of the plot: the primary metrics, the gravest first, then the secondary ones that moved."""
    groups = (("", primary), ("Secondary metrics that moved (never a ground for the verdict)", moved))
    return [(title, [_shown(one, scale=scale) for one in group]) for title, group in groups if group]


def _tally(primary: list[MetricResult]) -> list[tuple[str, int]]:
    verdicts = [one.verdict for one in primary]
    return [
        (word, verdicts.count(word)) for word in ("worse", "better", "unclear", "untested", "same") if word in verdicts
    ]


class _Lost(NamedTuple):
    anchor: str
    change: str
    query: str
    fell: str


def _losers(comparison: Comparison, found: tuple[matrix.Case, ...]) -> list[_Lost]:
    anchors = {case.id: case.anchor for case in found}
    return [
        _Lost(
            anchor=anchors.get(loser.case, ""),
            change=figures.margins(loser.change),
            query=rows.query(loser),
            fell=rows.fell(loser, comparison, most=2),
        )
        for loser in comparison.losers[:LOSERS]
    ]


def _data(comparison: Comparison, found: tuple[matrix.Case, ...]) -> str:
    """What the script shows of one metric: its margin, and the scores of the cases, in the order of the page."""
    gated = [metric for metric in comparison.metrics if metric.gated]
    told = [
        {
            "margin": metric.margin,
            "base": [_short(metric.base.get(case.id)) for case in found],
            "new": [_short(metric.new.get(case.id)) for case in found],
        }
        for metric in gated
    ]
    return dumps(told, separators=(",", ":"))


def _short(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _sentence(text: str) -> str:
    """``text`` with a capital at its start."""
    return text[:1].upper() + text[1:]
