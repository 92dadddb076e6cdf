"""What a person sees on stderr while a suite is run: the plan, then each map; a bar in a terminal, lines elsewhere.

It knows the events of evaluation/, and nothing of how they come about.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import click

from mapgen.evaluation.doors import Warned
from mapgen.evaluation.judge.door import Judgements
from mapgen.evaluation.planning import Plan
from mapgen.evaluation.runner import Finished
from mapgen.events import Event, Preparing
from mapgen.text import clean, counted

_STEPS = 100  # lines that a judge's askings are told in, at most

Seen = Plan | Finished | Judgements | Warned | Event


class Show(Protocol):
    """Where lines and progress go."""

    def line(self, text: str) -> None:
        """Show a line that stays."""

    def progress(self, event: Finished) -> None:
        """Show how far an arm is."""

    def judged(self, event: Judgements) -> None:
        """Show how far the judge is."""


class View:
    """A watcher of a run, which can also say where an interrupted one was kept."""

    def __init__(self, show: Show, *, quiet: bool, resumable: bool = True) -> None:
        self._show = show
        self._quiet = quiet
        self._resumable = resumable
        self._said = ""
        self._paths: dict[str, str] = {}
        self._done: dict[str, Finished] = {}

    def see(self, event: Seen) -> None:
        """Show an event."""
        if isinstance(event, Warned):
            click.echo(f"mapgen: {clean(event.message)}", err=True)
        elif isinstance(event, Plan):
            self._paths = {arm.label: arm.path for arm in event.arms if arm.to_make}
            self.line(event.told())
        elif isinstance(event, Finished):
            self._done[event.arm] = event
            if not self._quiet:
                self._show.progress(event)
        elif isinstance(event, Judgements):
            if not self._quiet:
                self._show.judged(event)
        elif isinstance(event, Preparing):
            told = event.what if not event.total else f"{event.what}: {event.done * 10 // event.total * 10} %"
            if told != self._said:
                self._said = told
                self.line(told)

    def interrupted(self) -> None:
        """Say which maps are kept, and how to go on."""
        if not self._resumable:
            return
        for label, event in self._done.items():
            kept = f"{event.done} of {counted(event.total, 'map')} of {label}"
            click.echo(f"mapgen: {kept} are kept in {self._paths.get(label, 'the run')}.", err=True)
        click.echo("mapgen: The same command goes on.", err=True)

    def line(self, text: str) -> None:
        """Show a line that stays, unless all is to be quiet."""
        if not self._quiet:
            self._show.line(text)


@contextmanager
def watching(*, quiet: bool, resumable: bool = True) -> Iterator[View]:
    """The view that fits: none, a bar, or plain lines. Tells how to go on where ``resumable`` work is interrupted."""
    with _shown(quiet) as show:
        view = View(show, quiet=quiet, resumable=resumable)
        try:
            yield view
        except (KeyboardInterrupt, SystemExit):
            view.interrupted()
            raise


@contextmanager
def _shown(quiet: bool) -> Iterator[Show]:
    if quiet or not _is_terminal():
        yield _Lines()
    else:
        with _Bar() as bar:
            yield bar


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def told(event: Finished) -> str:
    """A finished map in words."""
    repeat = f" (repeat {event.repeat})" if event.repeat else ""
    took = f"{counted(event.asked, 'call')}, {event.seconds:.1f} s" if event.asked else "from answers at hand"
    why = f": {event.error}" if event.error else ""
    return f"{event.arm} {event.done}/{event.total} {event.case}{repeat}: {event.outcome}, {took}{clean(why)}"


def said(event: Judgements) -> str:
    """An ended asking of a judge in words."""
    how = f"no answer: {event.why}" if event.why else "answered"
    return clean(f"judge {event.judge} {event.done}/{event.total} {event.asking}: {how}")


class _Lines:
    """One line for each thing that happens."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._steps = 0
        self._faults = {""}

    def line(self, text: str) -> None:
        """The lines as they are."""
        click.echo("\n".join(clean(one) if "  " not in one else one for one in text.splitlines()), err=True)

    def progress(self, event: Finished) -> None:
        """A line, with the seconds since the start."""
        self._timed(clean(told(event)))

    def judged(self, event: Judgements) -> None:
        """A line for each asking, or where there are very many, for some; and for each new fault."""
        steps = event.done * _STEPS // max(event.total, _STEPS)
        if steps > self._steps or event.why not in self._faults:
            self._steps = steps
            self._faults.add(event.why)
            self._timed(said(event))

    def _timed(self, text: str) -> None:
        click.echo(f"[{time.monotonic() - self._began:5.1f} s] {text}", err=True)


class _Bar:
    """A bar for each arm, and for the judge; only what failed leaves a line."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._tasks: dict[str, Any] = {}
        self._faults = {""}

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def line(self, text: str) -> None:
        """The lines, above the bars."""
        self._progress.console.print(text)

    def progress(self, event: Finished) -> None:
        """Move the arm's bar."""
        self._move(event.arm, event.done, total=event.total)
        if event.outcome in ("unusable", "missing"):
            self.line(clean(told(event)))

    def judged(self, event: Judgements) -> None:
        """Move the judge's bar."""
        self._move(f"judge {clean(event.judge)}", event.done, total=event.total)
        if event.why not in self._faults:
            self._faults.add(event.why)
            self.line(said(event))

    def _move(self, name: str, done: int, *, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done)
