"""`mapgen QUERY`: what is printed, what is written, what is said on the way, and when nothing is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.scripts import NAMES, QUERY, bad_lines, good_lines, good_map, repair_line, script

Run = Any
SCRIPT = "--model", "scripted:script.json", "--no-cache"


@pytest.fixture(autouse=True)
def good_script(tmp_path: Path) -> None:
    script(tmp_path, [*good_lines(), repair_line("It stays as it is.")])


def bare(text: str) -> KnowledgeMap:
    return KnowledgeMap.parse(text).model_copy(update={"made": None})


def test_the_map_is_printed_and_nothing_else(mapgen: Run) -> None:
    done = mapgen(QUERY, *SCRIPT)
    assert done.code == 0
    text = good_map().to_text()
    body = text.split("date ")[0].rstrip()
    assert done.out.startswith(body[: len(body) // 2])
    assert all(concept.definition in done.out for concept in good_map().concepts)


def test_the_work_is_told_in_plain_lines_on_stderr(mapgen: Run) -> None:
    lines = mapgen(QUERY, *SCRIPT).err.splitlines()
    told = [re.sub(r"^\[ +\d+\.\d s\] ", "", line) for line in lines]
    assert told[0] == f"planned 4 concepts: {'; '.join(NAMES)}"
    assert sorted(line.split(": ")[-1] for line in told[1:-2] if line.startswith("wrote")) == sorted(NAMES)
    assert "found 3 relations" in told
    assert told[-2] == "checked: no problems"
    assert re.fullmatch(r"complete map in \d+\.\d s: 6 calls, [\d,]+ tokens", told[-1])
    assert all(re.match(r"\[ +\d+\.\d s\] ", line) for line in lines)


def test_quiet_says_nothing(mapgen: Run) -> None:
    done = mapgen(QUERY, *SCRIPT, "--quiet", "-o", "map.md")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert Path("map.md").read_text("utf-8").startswith("# ")


def test_quiet_still_says_errors(mapgen: Run) -> None:
    done = mapgen("?!", *SCRIPT, "-q")
    assert (done.code, done.out) == (65, "")
    assert done.err == 'mapgen: The query is empty.\n  For example: mapgen "How do vaccines work?"\n'


@pytest.mark.parametrize(
    ("format", "check"),
    [
        ("json", lambda text: bare(text) == good_map()),
        ("md", lambda text: text.startswith("# ")),
        ("html", lambda text: text.lower().startswith("<!doctype html>")),
        ("txt", lambda text: "Key Concepts" in text),
    ],
)
def test_every_format_is_printed(mapgen: Run, format: str, check: Any) -> None:
    done = mapgen(QUERY, *SCRIPT, "--format", format)
    assert done.code == 0
    assert check(done.out)
    assert done.out.endswith("\n")


def test_many_files_are_written_and_told(mapgen: Run) -> None:
    done = mapgen(QUERY, *SCRIPT, "-o", "a.html", "-o", "a.md", "--output", "a.json", "-o", "a.txt")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-4:] == ["Wrote a.html", "Wrote a.md", "Wrote a.json", "Wrote a.txt"]
    assert bare(Path("a.json").read_text("utf-8")) == good_map()
    assert not list(Path().glob("*.part"))


def test_a_named_format_wins_over_the_suffix(mapgen: Run) -> None:
    assert mapgen(QUERY, *SCRIPT, "-o", "map", "--format", "json").code == 0
    assert bare(Path("map").read_text("utf-8")) == good_map()


def test_the_brand_stands_on_the_map(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Kinapse" in mapgen(QUERY, *SCRIPT, "--brand", "Kinapse").out
    monkeypatch.setenv("MAPGEN_BRAND", "Of the environment")
    assert "Of the environment" in mapgen(QUERY, *SCRIPT).out


@pytest.mark.parametrize("text", [QUERY, QUERY + "\n", "\ufeff" + QUERY, QUERY.replace(" ", "\n")])
def test_the_query_may_come_on_stdin(mapgen: Run, text: str) -> None:
    done = mapgen("-", *SCRIPT, "--format", "json", stdin=text.encode())
    assert done.code == 0
    assert bare(done.out) == good_map()


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (b"", "The query is empty."),
        (b" \n", "The query is empty."),
        (b"\xff\xfe", "The query on stdin is not UTF-8 text."),
        (b"x" * 4_001, "The query has 4,001 characters; at most 4,000 are taken."),
        (b"x" * 1_000_000, "The query on stdin is too long; at most 4,000 characters are taken."),
        ("通".encode() * 100_000, "The query on stdin is too long; at most 4,000 characters are taken."),
    ],
)
def test_a_bad_query_on_stdin_is_bad_input(mapgen: Run, stdin: bytes, words: str) -> None:
    done = mapgen("-", *SCRIPT, stdin=stdin)
    assert (done.code, done.out) == (65, "")
    assert done.err.startswith(f"mapgen: {words}\n")


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("{{ 7*7 }} and {% raw %}", ("{{ 7*7 }} and {% raw %}",)),
        ("<script>alert(1)</script>", ("<script>alert(1)</script>",)),
        ("%s $(id) `id` @file", ("%s $(id) `id` @file",)),
        ("../../etc/passwd", ("../../etc/passwd",)),
        ("C:\\con", ("C:\\con",)),
        ("-rf", ("make", "--", "-rf")),
        ("render", ("make", "render")),
        ("red", ("\x1b[31mred\x1b[0m\u202e",)),
        ("a b", ("a\x9b\x00b",)),
    ],
)
def test_hostile_queries_are_text(mapgen: Run, query: str, arguments: tuple[str, ...]) -> None:
    options = (*SCRIPT, "--format", "json", "--strict")
    at = arguments.index("--") if "--" in arguments else len(arguments)
    done = mapgen(*arguments[:at], *options, *arguments[at:])
    assert done.code in (0, 65)
    assert KnowledgeMap.parse(done.out).query == query
    assert "\x1b" not in done.out + done.err
    assert "\u202e" not in done.out + done.err


def test_markup_in_a_query_stays_text_on_the_page(mapgen: Run) -> None:
    page = mapgen("<script>alert(1)</script> {{ 7*7 }}", *SCRIPT, "--format", "html").out
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page


def test_language_and_number_reach_the_plan(mapgen: Run) -> None:
    done = mapgen(QUERY, *SCRIPT, "--language", "English", "--concepts", "3", "--format", "json")
    assert len(json.loads(done.out)["concepts"]) == 3


def test_an_incomplete_map_is_printed_and_ends_with_3_or_65(mapgen: Run, tmp_path: Path) -> None:
    script(tmp_path, bad_lines())
    done = mapgen(QUERY, *SCRIPT, "--format", "json")
    assert done.code == 3
    assert KnowledgeMap.parse(done.out).status == "incomplete"
    assert "repair 2: 2 parts asked again or cut so far" in done.err
    assert "incomplete map in" in done.err
    strict = mapgen(QUERY, *SCRIPT, "--format", "json", "--strict", "-o", "map.json")
    assert strict.code == 65
    assert KnowledgeMap.load("map.json").problems


def test_a_dry_run_asks_nothing_and_writes_nothing(mapgen: Run) -> None:
    done = mapgen(QUERY, "--model", "scripted:script.json", "--dry-run", "--concepts", "5", "-o", "map.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "model     scripted:script.json (scripted)"
    assert done.out.splitlines()[1].startswith("calls     7 for 5 concepts")
    assert not Path("map.json").exists()


def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that notes what it was given, and the note's place."""
    note, program = tmp_path / "opened.txt", tmp_path / "browser.sh"
    program.write_text(f'#!/bin/sh\necho "$1" > "{note}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{program} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)
    monkeypatch.setattr("webbrowser._browsers", {})
    return note


def test_open_opens_the_written_page(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = browser(tmp_path, monkeypatch)
    assert mapgen(QUERY, *SCRIPT, "-o", "map.htm", "--open").code == 0
    assert note.read_text().strip() == (tmp_path / "map.htm").as_uri()


def test_open_makes_a_page_where_none_is_written(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = browser(tmp_path, monkeypatch)
    assert mapgen(QUERY, *SCRIPT, "-o", "map.md", "--open").code == 0
    page = Path(note.read_text().strip().removeprefix("file://"))
    assert page.read_text("utf-8").lower().startswith("<!doctype html>")


def test_without_a_browser_the_page_is_named(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    done = mapgen(QUERY, *SCRIPT, "-o", "map.html", "--open")
    assert done.code == 0
    assert done.err.splitlines()[-1] == "No browser could be opened; the page is map.html"


@pytest.mark.parametrize("word", ["rendr", "chek", "promts", "Model", "caches"])
def test_a_misspelt_command_is_an_error_and_no_query(mapgen: Run, word: str) -> None:
    done = mapgen(word)
    assert (done.code, done.out) == (2, "")
    assert f"There is no command '{word}'; did you mean `mapgen " in done.err
    assert f"mapgen make {word}" in done.err
