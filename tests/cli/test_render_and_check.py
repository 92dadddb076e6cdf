"""`mapgen render` and `mapgen check`: a saved map in other formats, and what is faulty in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap, Problem
from tests.scripts import good_map

Run = Any


def test_a_saved_map_is_printed(mapgen: Run, map_file: Path) -> None:
    done = mapgen("render", "map.json")
    assert (done.code, done.out, done.err) == (0, good_map().to_text(), "")


@pytest.mark.parametrize("format", ["txt", "md", "html", "json"])
def test_it_is_printed_in_every_format_as_the_library_renders_it(mapgen: Run, map_file: Path, format: str) -> None:
    doors = {"txt": "to_text", "md": "to_markdown", "html": "to_html", "json": "to_json"}
    assert mapgen("render", "map.json", "--format", format).out == getattr(good_map(), doors[format])()


def test_several_files_are_written(mapgen: Run, map_file: Path) -> None:
    done = mapgen("render", "map.json", "-o", "a.html", "-o", "a.md", "--brand", "Kinapse")
    assert (done.code, done.out, done.err) == (0, "", "Wrote a.html\nWrote a.md\n")
    assert Path("a.html").read_text("utf-8") == good_map().to_html(brand="Kinapse")
    assert Path("a.md").read_text("utf-8") == good_map().to_markdown(brand="Kinapse")


def test_the_brand_may_come_from_the_settings(mapgen: Run, map_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_BRAND", "Mine")
    assert mapgen("render", "map.json").out == good_map().to_text(brand="Mine")
    assert mapgen("render", "map.json", "--brand", "Given").out == good_map().to_text(brand="Given")


def test_a_map_may_be_written_over_itself(mapgen: Run, map_file: Path) -> None:
    assert mapgen("render", "map.json", "-o", "map.json").code == 0
    assert KnowledgeMap.load(map_file) == good_map()


@pytest.mark.parametrize("command", ["render", "check"])
@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, 66, "bad.json cannot be read: No such file or directory."),
        (b"", 65, "bad.json is not a knowledge map: the document: Invalid JSON"),
        (b"{}", 65, "bad.json is not a knowledge map: query: Field required"),
        (b"\xff", 65, "bad.json is not UTF-8 text."),
        (b'{"version": 9}', 65, "version: Input should be 1"),
    ],
)
def test_what_is_no_map_is_said(mapgen: Run, command: str, content: bytes | None, code: int, words: str) -> None:
    if content is not None:
        Path("bad.json").write_bytes(content)
    done = mapgen(command, "bad.json")
    assert (done.code, done.out) == (code, "")
    assert words in done.err.splitlines()[0]
    assert done.err.splitlines()[1].startswith("  ")


def test_a_folder_is_not_read(mapgen: Run) -> None:
    Path("folder").mkdir()
    assert mapgen("render", "folder").code == mapgen("check", "folder").code == 66


def test_nothing_is_read_where_nothing_could_be_written(mapgen: Run) -> None:
    for arguments, code in ((("-o", "map.pdf"), 65), (("-o", "no/map.md"), 73), (("--format", "pdf"), 65)):
        assert mapgen("render", "missing.json", *arguments).code == code


def test_a_good_map_has_no_problems(mapgen: Run, map_file: Path) -> None:
    done = mapgen("check", "map.json")
    assert (done.code, done.out, done.err) == (0, "", "no problems\n")
    assert mapgen("check", "map.json", "--json").out == "[]\n"


def spoil(path: Path, **fields: Any) -> None:
    """Change fields of the second concept of a saved map."""
    concepts = [*good_map().concepts]
    concepts[1] = concepts[1].model_copy(update=fields)
    good_map().model_copy(update={"concepts": tuple(concepts)}).save(path)


def test_problems_are_told_by_place_and_code(mapgen: Run, map_file: Path) -> None:
    spoil(map_file, definition="TODO")
    done = mapgen("check", "map.json")
    assert done.code == 3
    (line,) = done.out.splitlines()
    assert line.startswith("concepts.inflation.definition: ")
    assert line.endswith(" [text-placeholder]")
    assert done.err == "1 problem\n"
    assert mapgen("check", "map.json", "--strict").code == 65


def test_problems_are_told_as_json(mapgen: Run, map_file: Path) -> None:
    spoil(map_file, definition="TODO", relevance="")
    done = mapgen("check", "map.json", "--json")
    assert (done.code, done.err) == (3, "")
    problems = [Problem.model_validate_json(json.dumps(one)) for one in json.loads(done.out)]
    assert [one.where for one in problems] == ["concepts.inflation.definition", "concepts.inflation.relevance"]


def test_the_number_wanted_may_be_named(mapgen: Run, map_file: Path) -> None:
    assert mapgen("check", "map.json", "--concepts", "4").code == 0
    done = mapgen("check", "map.json", "--concepts", "5")
    assert done.code == 3
    assert "[concepts-few]" in done.out


def test_hostile_texts_are_printed_clean(mapgen: Run, map_file: Path) -> None:
    text = map_file.read_text("utf-8").replace("Inflation is a", "\\u001b[31m\\u202eInflation <b>is</b> a")
    map_file.write_text(text, "utf-8")
    for command in ("check", "render"):
        done = mapgen(command, "map.json")
        assert "\x1b" not in done.out + done.err
        assert "\u202e" not in done.out + done.err


@pytest.mark.parametrize("format", ["json", "html", "svg", "png"])
def test_a_map_may_come_from_stdin(mapgen: Run, format: str) -> None:
    data = good_map().save(Path(f"m.{format}").absolute()).read_bytes()
    assert mapgen("render", "-", "--format", "json", stdin=data).out == good_map().to_json()
    assert mapgen("check", "-", stdin=data).code == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "stdin is not a knowledge map"),
        (b"\xff", "stdin is not UTF-8 text."),
        (b"<p>", "stdin carries no"),
        (b"\x89PNG\r\n\x1a\n", "stdin carries no map."),
    ],
)
@pytest.mark.parametrize("command", ["render", "check"])
def test_what_is_no_map_on_stdin_is_said(mapgen: Run, command: str, data: bytes, words: str) -> None:
    done = mapgen(command, "-", stdin=data)
    assert (done.code, done.out) == (65, "")
    assert words in done.err.splitlines()[0]


def test_stdin_is_read_to_a_limit(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.cli.saved.MAP_LIMIT", 100)
    done = mapgen("check", "-", stdin=b" " * 101)
    assert (done.code, done.err.splitlines()[0].endswith("stdin is larger than 100 bytes.")) == (65, True)


@pytest.mark.parametrize("command", ["render", "check"])
def test_the_help_says_what_a_map_is(mapgen: Run, command: str) -> None:
    said = " ".join(mapgen(command, "--help").out.split())
    assert 'MAP is a JSON file, or a page or drawing that mapgen made; "-" reads it from stdin.' in said
