"""What a person sees: the live view's picture, the plain lines, and what is never shown raw."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from mapgen.cli import view
from mapgen.cli.view import Plain, Silent, told, watching
from mapgen.events import (
    Checked,
    ConceptWritten,
    Done,
    Event,
    Planned,
    Preparing,
    Related,
    Repaired,
    Spent,
)
from mapgen.model import KnowledgeMap, Made, Problem
from tests.scripts import NAMES, good_map, good_plan

PROBLEM = Problem(code="c", where="map", message="Something is missing.")


def made_map(calls: int = 6) -> KnowledgeMap:
    made = Made(
        model="m", planner="m", endpoint="h", prompts="p", mapgen="0", created=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=12.34, calls=calls, input_tokens=1_000, output_tokens=234, cost=None, retries=0, reasked=0,
        repairs=0, cache_hits=0,
    )  # fmt: skip
    return good_map().model_copy(update={"made": made})


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Related(relations=good_map().relations), "found 3 relations"),
        (Related(relations=good_map().relations[:1]), "found 1 relation"),
        (Checked(problems=()), "checked: no problems"),
        (Checked(problems=(PROBLEM,)), "checked: 1 problem, such as: Something is missing."),
        (Repaired(round=1, parts=2), "repair 1: 2 parts asked again or cut so far"),
        (Done(map=made_map()), "complete map in 12.3 s: 6 calls, 1,234 tokens"),
        (Done(map=made_map(0)), "complete map in 12.3 s: from the cache, 1,234 tokens"),
        (Done(map=good_map()), ""),
        (Spent(calls=1, input_tokens=1, output_tokens=1), ""),
    ],
)
def test_events_are_told_in_words(event: Event, words: str) -> None:
    assert told(event) == words


def lines_of(events: list[Event], capsys: pytest.CaptureFixture[str]) -> list[str]:
    plain = Plain()
    for event in events:
        plain.see(event)
    return [re.sub(r"^\[ *[\d.]+ s\] ", "", line) for line in capsys.readouterr().err.splitlines()]


def test_plain_lines_count_concepts_and_progress_by_tenths(capsys: pytest.CaptureFixture[str]) -> None:
    progress: list[Event] = [Preparing(what="fetching", done=done, total=100) for done in range(0, 101, 3)]
    first, second = good_map().concepts[:2]
    events: list[Event] = [
        Preparing(what="loading the model"),
        *progress,
        Planned(plan=good_plan()),
        ConceptWritten(concept=second),
        ConceptWritten(concept=first),
    ]
    assert lines_of(events, capsys) == [
        "loading the model",
        *(f"fetching: {tenth} %" for tenth in range(0, 100, 10)),
        f"planned 4 concepts: {'; '.join(NAMES)}",
        f"wrote 1 of 4: {second.name}",
        f"wrote 2 of 4: {first.name}",
    ]


def test_notes_and_warnings_have_the_programs_name_and_no_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    Plain().note("a\x1b[31mb")
    Silent().note("unseen")
    Silent().warn("c\nd")
    Silent().see(Checked(problems=()))
    assert capsys.readouterr().err == "mapgen: ab\nmapgen: c d\n"


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return stream


def picture(shown: Any) -> str:
    """What the live view shows now, as plain text."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=100, color_system=None, force_terminal=False)
    console.print(shown)
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def test_the_live_view_shows_the_plan_at_once_and_concepts_as_they_land(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    monkeypatch.setattr(view.sys, "stderr", terminal)
    with watching("What [/b] moves \x1b[31mprices?", quiet=False) as shown:
        assert "planning · 0 s · 0 calls · 0 tokens" in picture(shown)
        shown.see(Preparing(what="fetching", done=1, total=2))
        assert "fetching" in picture(shown)
        shown.see(Planned(plan=good_plan()))
        assert all(f"· {name}" in picture(shown) for name in NAMES)
        shown.see(ConceptWritten(concept=good_map().concepts[1]))
        shown.see(Related(relations=good_map().relations))
        shown.see(Spent(calls=3, input_tokens=1_000, output_tokens=500))
        shown.see(Checked(problems=(PROBLEM,)))
        seen = picture(shown)
        assert "✓ Inflation" in seen
        assert "· Oil Prices" in seen
        assert "✓ relations: 3" in seen
        assert "repairing 1 problem · 0 s · 3 calls · 1,500 tokens" in seen
        assert "What [/b] moves prices?" in seen
        assert "\x1b[31m" not in seen
        shown.warn("The cache does not work.")
        shown.see(Done(map=made_map()))
    left = terminal.getvalue()
    assert "The cache does not work." in left
    assert "complete map in 12.3 s" in left


def test_a_view_is_chosen_by_where_it_is_shown(monkeypatch: pytest.MonkeyPatch, terminal: Terminal) -> None:
    monkeypatch.setattr(view.sys, "stderr", terminal)
    with watching("q", quiet=True) as shown:
        assert type(shown) is Silent
    monkeypatch.setattr(view.sys, "stderr", io.StringIO())
    with watching("q", quiet=False) as shown:
        assert type(shown) is Plain
