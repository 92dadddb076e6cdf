"""What a person sees on stderr while a map is made: a live view in a terminal, plain lines elsewhere, or nothing.

It knows events, and nothing of how they come about.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from mapgen.events import Checked, ConceptWritten, Done, Event, Grounded, Planned, Preparing, Related, Repaired, Spent
from mapgen.text import clean, counted

if TYPE_CHECKING:
    from rich.console import RenderableType


class View(Protocol):
    """A watcher that can also be told things in words."""

    def see(self, event: Event) -> None:
        """Show one event."""

    def note(self, message: str) -> None:
        """Show a line that is no fault."""

    def warn(self, message: str) -> None:
        """Show a line on what went wrong without stopping the work."""


@contextmanager
def watching(query: str, *, quiet: bool) -> Iterator[View]:
    """The view that fits: none, live, or plain."""
    if quiet:
        yield Silent()
    elif not sys.stderr.isatty():
        yield Plain()
    else:
        with live(query) as view:
            yield view


class Silent:
    """Shows warnings only."""

    def see(self, event: Event) -> None:
        """Nothing."""

    def note(self, message: str) -> None:
        """Nothing."""

    def warn(self, message: str) -> None:
        """The warning."""
        click.echo(f"mapgen: {clean(message)}", err=True)


class Plain(Silent):
    """One line for each thing that happens."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._names: dict[str, bool] = {}
        self._said = ""

    def note(self, message: str) -> None:
        """The line, with the program's name."""
        self.warn(message)

    def see(self, event: Event) -> None:
        """The event as a line, with the seconds since the start."""
        if (line := self._line(event)) and line != self._said:
            self._said = line
            click.echo(f"[{time.monotonic() - self._began:5.1f} s] {clean(line)}", err=True)

    def _line(self, event: Event) -> str:
        match event:
            case Preparing(what=what, done=done, total=total):
                return what if not total else f"{what}: {done * 10 // total * 10} %"
            case Planned(plan=plan):
                self._names = {outline.name: False for outline in plan.concepts}
                return f"planned {len(plan.concepts)} concepts: {'; '.join(self._names)}"
            case ConceptWritten(concept=concept):
                if concept.name not in self._names:
                    return f"wrote {concept.name}"
                self._names[concept.name] = True
                return f"wrote {sum(self._names.values())} of {len(self._names)}: {concept.name}"
            case _:
                return told(event)


def told(event: Event) -> str:
    """An event in words; empty for those that are not worth a line."""
    match event:
        case Grounded(concept="", passages=passages):
            return f"found {counted(len(passages), 'passage')} on the query"
        case Related(relations=relations):
            return f"found {counted(len(relations), 'relation')}"
        case Checked(problems=problems) if problems:
            return f"checked: {counted(len(problems), 'problem')}, such as: {problems[0].message}"
        case Checked():
            return "checked: no problems"
        case Repaired(round=round, parts=parts):
            return f"repair {round}: {counted(parts, 'part')} asked again or cut so far"
        case Done(map=map) if map.made is not None:
            made = map.made
            source = "from the cache" if not made.calls else counted(made.calls, "call")
            tokens = made.input_tokens + made.output_tokens
            cited = sum(bool(concept.citations) for concept in map.concepts)
            stands = f", {cited} of {len(map.concepts)} concepts sourced" if map.sources else ""
            return f"{map.status} map in {made.seconds:.1f} s: {source}, {tokens:,} tokens{stands}"
        case _:
            return ""


@contextmanager
def live(query: str) -> Iterator[View]:
    """A view that redraws itself in the terminal and is gone when the work is done."""
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    view = _Live(query)
    with Live(view, console=console, refresh_per_second=8, transient=True):
        yield view
    for line in view.lines:
        console.print(clean(line), style="dim")


class _Live:
    """The state of the live view; rich asks it for a picture again and again."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._began = time.monotonic()
        self._plan: Planned | None = None
        self._written: set[str] = set()
        self._relations: int | None = None
        self._doing = "planning"
        self._preparing: Preparing | None = None
        self._spent = Spent(calls=0, input_tokens=0, output_tokens=0)
        self.lines: list[str] = []

    def note(self, message: str) -> None:
        """Keep the line; it is shown above the picture, and stays."""
        self.lines.append(message)

    warn = note

    def see(self, event: Event) -> None:
        """Take the event into the picture."""
        self._preparing = event if isinstance(event, Preparing) else None
        match event:
            case Planned():
                self._plan, self._doing = event, "writing"
            case ConceptWritten(concept=concept):
                self._written.add(concept.id)
            case Related(relations=relations):
                self._relations = len(relations)
            case Checked(problems=problems) if problems:
                self._doing = f"repairing {counted(len(problems), 'problem')}"
            case Spent():
                self._spent = event
            case Done():
                self.lines.append(told(event))
            case _:
                pass

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.spinner import Spinner
        from rich.text import Text

        rows: list[RenderableType] = [Text(clean(line), style="dim") for line in self.lines]
        rows.append(Text(clean(self._query), style="bold"))
        if self._preparing is not None and self._preparing.total:
            rows.append(ProgressBar(total=self._preparing.total, completed=self._preparing.done, width=40))
        rows += [Text(line) for line in self._concepts()]
        rows.append(Spinner("dots", Text(self._status(), style="dim")))
        return Group(*rows)

    def _concepts(self) -> list[str]:
        if self._plan is None:
            return []
        marks = {True: "✓", False: "·"}
        names = [f" {marks[o.id in self._written]} {clean(o.name)}" for o in self._plan.plan.concepts]
        found = "" if self._relations is None else f": {self._relations}"
        return [*names, f" {marks[self._relations is not None]} relations{found}"]

    def _status(self) -> str:
        doing = self._preparing.what if self._preparing else self._doing
        tokens = self._spent.input_tokens + self._spent.output_tokens
        return (
            f"{clean(doing)} · {time.monotonic() - self._began:.0f} s · "
            f"{counted(self._spent.calls, 'call')} · {tokens:,} tokens"
        )
