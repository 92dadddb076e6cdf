"""Collected payloads at the terminal: as queries, in saved maps, in names of files, in what is told on the way."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mapgen.cli.view import Plain, Silent, _Live
from mapgen.events import Checked, ConceptWritten, Event, Planned, Preparing
from mapgen.model import Concept, KnowledgeMap, Outline, Plan, Problem
from mapgen.text import clean
from tests import payloads
from tests.payloads import OBEYED
from tests.scripts import good_lines, repair_line, script

Run = Any
SCRIPT = "--model", "scripted:script.json", "--no-cache"
ESCAPES = (
    "\x1b[2J\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://a.bc\x1b\\link", "\x9b31mc1", "a\rb\x08\x7f",
    "\u202egnp.exe\u202c", "\u2066a\u2069\u200f", "z\u200bw\ufeff\u2060", "line\u2028para\u2029", "bell\x07\x00nul",
    "\U000e0069\U000e0067\U000e006eunseen", "[/bold] [link=http://a.bc]x[/link]", "[red]rich",
)  # fmt: skip


def raw() -> tuple[str, ...]:
    """Every naughty string, every eighth script, and what terminals obey."""
    return (*ESCAPES, *payloads.naughty(), *payloads.scripts()[::8])


@pytest.fixture(autouse=True)
def good_script(tmp_path: Path) -> None:
    script(tmp_path, [*good_lines(), repair_line("It stays as it is.")])


def test_a_query_is_made_a_map_or_refused_and_never_said_raw(mapgen: Run) -> None:
    for text in (*ESCAPES, *payloads.naughty()[::24], *payloads.scripts()[::400]):
        done = mapgen("make", "--format", "json", *SCRIPT, "--", text.replace("\x00", "\x01"))
        if any(one.isalnum() for one in clean(text)):
            assert done.code in (0, 3)
            assert KnowledgeMap.parse(done.out).query == clean(text)
        else:
            assert (done.code, done.out) == (65, "")
        assert OBEYED.findall(done.out + done.err) == []


def test_the_estimate_of_any_query_is_told_clean(mapgen: Run) -> None:
    for text in (*ESCAPES, *payloads.naughty()[::8], *payloads.scripts()[::100]):
        done = mapgen("make", *SCRIPT, "--dry-run", "--", text.replace("\x00", "\x01"))
        assert done.code == (0 if any(one.isalnum() for one in clean(text)) else 65)
        assert OBEYED.findall(done.out + done.err) == []


def test_a_saved_map_is_printed_and_checked_clean(mapgen: Run, tmp_path: Path) -> None:
    for map in [payloads.payload_map(ESCAPES), *list(payloads.maps().values())[:6]]:
        (tmp_path / "map.json").write_text(map.to_json(), "utf-8")
        for arguments in (("render",), ("check",), ("check", "--json"), ("render", "--format", "json")):
            done = mapgen(*arguments, "map.json")
            assert done.code == (3 if arguments[0] == "check" else 0)
            assert OBEYED.findall(done.out + done.err) == []
        assert KnowledgeMap.parse(done.out) == map
        places = {one["where"] for one in json.loads(mapgen("check", "--json", "map.json").out)}
        assert {f"concepts.{map.concepts[0].id}.definition", "concepts"} & places


def test_a_file_that_cannot_be_read_or_written_is_named_clean(mapgen: Run, tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(payloads.payload_map(("a", "b")).to_json(), "utf-8")
    before = set(tmp_path.iterdir())
    for text in (*ESCAPES, *payloads.naughty()[::16]):
        name = text.replace("\x00", "\x01").replace("/", "∕")
        read, written = mapgen("render", "--", name), mapgen("render", "map.json", "-o", f"{name}.md")
        assert read.code in (65, 66)
        assert written.code in (0, 65, 73)
        assert OBEYED.findall(read.out + read.err + written.out + written.err) == []
        assert {path.parent for path in set(tmp_path.iterdir()) - before} <= {tmp_path}


def told(text: str) -> list[Event]:
    """Events that carry a text as it came, before any value cleaned it."""
    outline = Outline.model_construct(id="a", name=text, scope=text)
    concept = Concept.model_construct(id="a", name=text, definition=text, relevance=text, rank=1)
    problem = Problem.model_construct(code=text, where=text, message=text)
    return [
        Planned(plan=Plan.model_construct(title=text, language=text, concepts=(outline,), related=(text,))),
        ConceptWritten.model_construct(concept=concept),
        Checked.model_construct(problems=(problem,)),
        Preparing(what=text),
    ]


def test_what_is_told_on_the_way_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    plain = Plain()
    for text in raw():
        for event in told(text):
            plain.see(event)
        plain.note(text)
        Silent().warn(text)
    said = capsys.readouterr().err
    assert OBEYED.findall(said) == []
    assert said.count("mapgen: ") >= 2 * len(raw())


def test_the_live_view_shows_words_and_obeys_none() -> None:
    from rich.console import Console

    output = io.StringIO()
    console = Console(file=output, width=200, force_terminal=True, color_system=None, markup=True, emoji=True)
    for text in raw():
        shown = _Live(text)
        for event in told(text):
            shown.see(event)
        shown.warn(text)
        console.print(shown)
    assert OBEYED.findall(output.getvalue()) == []
    assert "[/bold] [link=http://a.bc]x[/link]" in output.getvalue()


def test_wide_and_narrow_terminals_get_every_word(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from mapgen.render.txt import wrapped

    for map in list(payloads.maps().values())[:9]:
        text = map.to_text()
        for width in (20, 100):
            lines = wrapped(text, width)
            assert OBEYED.findall(lines) == []
            assert re.sub(r"\s", "", lines) == re.sub(r"\s", "", text)
