"""The findings of a meta-evaluation in words: one Markdown text for evals/README.md and the terminal.

It knows values only, and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapgen.evaluation.metatable import BARS, MOST_FALSE, RULES, Result, Row, wilson
from mapgen.text import counted

_NOISY = "The arms are two makings of the maps, so chance between makings counts."
_STILL = "Both arms are the same maps but for the mutant, without the chance between makings of a real comparison."

FEWEST_CHANGED = 5
_FEW = (
    f"At {{few}} of maps fewer than {FEWEST_CHANGED} topics change, and no test of signs can call so few (p > .05); "
    "what is seen there all the same is a spoilt map that spoils the scores of others."
)


def table(result: Result) -> str:
    """The findings as Markdown: whether the bars held, then defects, blind spots, harmless edits and metrics."""
    parts = (_head(result), _bars(result), _defects(result), _blind(result), _harmless(result), _metrics(result))
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(result: Result) -> str:
    """One line: whether the bars held, and at which figures."""
    wrong, trials = result.false_alarms()
    shares = ", ".join(f"{percent(result.overall(dose))} at {percent(dose)} of maps" for dose in result.doses)
    held = "The bars hold" if result.held() else "The bars do NOT hold"
    return f"{held}: detected {shares}; {wrong} false alarms in {trials:,} trials."


def percent(share: float) -> str:
    """A share as ``30 %``; what is less than whole is never rounded to 100 %, nor more than nothing to 0 %."""
    rounded = round(share * 100)
    if (rounded == 100 and share < 1) or (rounded == 0 and share > 0):
        return f"{share * 100:.1f} %"
    return f"{rounded} %"


def _head(result: Result) -> str:
    maps = f"{result.label}, " if result.label else ""
    harmful = len(result.rows) - len(result.harmless)
    return (
        f"{counted(result.maps, 'map')} ({maps}{counted(result.clusters, 'topic')} of the suite {result.suite}), "
        f"{counted(harmful, 'defect')}, {counted(len(result.harmless), 'harmless edit')}. "
        f"{_NOISY if result.noisy else _STILL} A dose is a share of the maps that a mutant can change: "
        f"{_changed(result)}. {summary(result)}"
    )


def _changed(result: Result) -> str:
    fewer = [
        f"{row.changed} for `{row.mutant}`" for row in result.rows if not row.harmless and row.changed < result.maps
    ]
    return ", ".join(("all", *fewer))


def _bars(result: Result) -> str:
    rows = [
        (
            f"defects called worse, in {percent(dose)} of maps",
            percent(result.overall(dose)),
            f"≥ {percent(BARS[dose])}" if dose in BARS else "none",
            _yes(result.overall(dose) >= BARS[dose]) if dose in BARS else "",
        )
        for dose in result.doses
    ]
    if 1.0 in result.doses:
        silent, listed = len(result.silent()), len(result.held_to_bars)
        rows.append(
            ("defects that an expected metric calls worse", f"{listed - silent} of {listed}", "all", _yes(not silent))
        )
    wrong, trials = result.false_alarms()
    interval = " to ".join(map(percent, wilson(wrong, trials)))
    rows.append(
        (
            "harmless edits called worse or better, by any gating metric",
            f"{percent(wrong / trials if trials else 0.0)} ({wrong} of {trials:,}; 95 %: {interval})",
            f"≤ {percent(MOST_FALSE)}",
            _yes(wrong <= MOST_FALSE * trials),
        )
    )
    few = [percent(dose) for dose in result.doses if round(dose * result.clusters) < FEWEST_CHANGED]
    missed = "; ".join(f"`{id}` at {percent(dose)}: {percent(rate)}" for id, dose, rate in result.missed())
    told = f"\n\nBelow a bar of their own: {missed}." if missed else ""
    if silent_ids := _listed(result.silent()):
        told += f"\n\nSeen by no expected metric: {silent_ids}."
    if few:
        told += f"\n\n{_FEW.format(few=' and '.join(few))}"
    return _markdown(("", "measured", "bar", "held"), rows) + told


def _defects(result: Result) -> str:
    doses = map(percent, result.doses)
    head = ("defect", "what it does", *doses, "expected", "called worse by (told only)", "called better by")
    rows = [
        (f"`{row.mutant}`", row.does, *_rates(result, row), _expected(result, row), *_called(result, row))
        for row in result.held_to_bars
    ]
    return f"### Defects\n\n{_markdown(head, rows)}" if rows else ""


def _blind(result: Result) -> str:
    head = ("blind spot", "what it does", *map(percent, result.doses), "why")
    rows = [(f"`{row.mutant}`", row.does, *_rates(result, row), row.blind) for row in result.blind_spots]
    return f"### Blind spots\n\n{_markdown(head, rows)}" if rows else ""


def _harmless(result: Result) -> str:
    head = ("harmless edit", "what it does", "maps changed", "largest change of any score", "called worse or better")
    rows = []
    for row in result.harmless:
        trials = sum(cell.trials for cell in row.cells)
        said = sum(one.times for cell in row.cells for one in cell.seen if one.worse or one.better)
        rows.append((f"`{row.mutant}`", row.does, str(row.changed), f"{row.moved:.2g}", f"{said} of {trials}"))
    return f"### Harmless edits\n\n{_markdown(head, rows)}" if rows else ""


def _metrics(result: Result) -> str:
    shown = ("defects called worse", "by no other gating metric", f"by none but `{RULES}`", "defects called better")
    head = ("metric", "gates", *shown)
    rows = []
    for id in result.metrics:
        better = [row.mutant for row in result.rows if not row.harmless and id in _better(result, row)]
        beside = () if id == RULES else result.alone_beside_rules(id)
        shares = (_listed(result.alone(id)), _listed(beside), _listed(better))
        rows.append((f"`{id}`", _yes(id in result.primary), str(len(result.catches(id))), *shares))
    idle = [id for id in result.primary if id in result.metrics and not result.alone(id)]
    useless = [id for id in idle if not result.alone_beside_rules(id)]
    told = f"Gating metrics that catch nothing alone: {_listed(idle) or 'none'}; not even beside `{RULES}`: "
    return f"### Metrics\n\n{_markdown(head, rows)}\n\n{told}{_listed(useless) or 'none'}."


def _rates(result: Result, row: Row) -> tuple[str, ...]:
    return tuple(percent(result.detection(row, dose)) for dose in result.doses)


def _expected(result: Result, row: Row) -> str:
    """The expected metrics, and whether one of them fired at the largest dose."""
    fired = result.fired(row, max(result.doses))
    return f"{_listed(row.expected)}{'' if fired >= 0.5 else ' (silent)'}"


def _called(result: Result, row: Row) -> tuple[str, str]:
    """What most trials of the largest dose called worse, secondary metrics in brackets, and better."""
    seen = row.cell(max(result.doses)).seen[0]
    worse = (f"`{id}`" if id in result.primary else f"(`{id}`)" for id in seen.worse)
    return ", ".join(worse) or "nothing", _listed(_better(result, row))


def _better(result: Result, row: Row) -> tuple[str, ...]:
    return tuple(row.cell(max(result.doses)).seen[0].better)


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id}`" for id in ids)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(head)
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
