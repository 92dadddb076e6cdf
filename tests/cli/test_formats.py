"""`mapgen formats`, and formats that are not text, need an extra, or are a folder."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mapgen.render import FORMATS, render
from mapgen.render.formats import Format
from tests.scripts import good_map

Run = Any


def test_the_formats_are_listed(mapgen: Run) -> None:
    done = mapgen("formats")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)
    for line, format in zip(lines, FORMATS.values(), strict=True):
        assert " ".join(format.suffixes) in line
        assert format.description in line


def test_they_are_listed_for_programs(mapgen: Run) -> None:
    rows = json.loads(mapgen("formats", "--json").out)
    assert [row["name"] for row in rows] == list(FORMATS)
    assert rows[0] == {
        "name": "txt",
        "suffixes": [".txt", ".text"],
        "description": FORMATS["txt"].description,
        "ready": True,
    }


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dict(FORMATS) | {"md": Format("markdown", (".md",), "Markdown", needs="no_such_package", extra="nope")}
    monkeypatch.setattr("mapgen.render.FORMATS", changed)


@pytest.mark.usefixtures("lacking")
def test_a_format_whose_package_is_missing_says_how_to_get_it(mapgen: Run, map_file: Path) -> None:
    assert "Markdown (needs: pip install 'mapgen[nope]')" in mapgen("formats").out
    for arguments in (("-o", "x.md"), ("--format", "md")):
        done = mapgen("render", "map.json", *arguments)
        assert done.code == 78
        assert done.err.splitlines()[0].endswith("Writing .md needs no_such_package, which is not installed.")
        assert "pip install 'mapgen[nope]'" in done.err
    assert not Path("x.md").exists()


@pytest.mark.usefixtures("lacking")
def test_that_is_said_before_any_model_is_asked(mapgen: Run) -> None:
    done = mapgen("make", "TCP vs UDP", "-o", "x.md", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    assert done.code == 78


def test_bytes_go_to_a_pipe_as_they_are(map_file: Path) -> None:
    command = [sys.executable, "-m", "mapgen", "render", str(map_file), "--format", "obsidian"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == render(good_map(), "obsidian")


def test_bytes_are_not_thrown_at_a_terminal(mapgen: Run, map_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def reconfigure(self, **_: str) -> None:
            """As the standard streams have it."""

    monkeypatch.setattr(sys, "stdout", Terminal())
    done = mapgen("render", "map.json", "--format", "obsidian")
    assert done.code == 65
    assert "obsidian is not text for a terminal." in done.err
    assert "-o FILE" in done.err


def test_a_vault_is_a_zip_or_a_new_folder(mapgen: Run, map_file: Path) -> None:
    assert mapgen("render", "map.json", "-o", "vault.zip").code == 0
    assert mapgen("render", "map.json", "--format", "obsidian", "-o", "vault").code == 0
    with zipfile.ZipFile("vault.zip") as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    written = {p.relative_to("vault").as_posix(): p.read_bytes() for p in Path("vault").rglob("*") if p.is_file()}
    assert written == inside
    again = mapgen("render", "map.json", "--format", "obsidian", "-o", "vault")
    assert again.code == 73
    assert "vault is a folder with files in it." in again.err


@pytest.mark.parametrize("source", ["html", "svg", "png"])
def test_a_page_is_rendered_like_the_map_it_carries(mapgen: Run, map_file: Path, source: str) -> None:
    assert mapgen("render", "map.json", "-o", f"page.{source}").code == 0
    assert mapgen("render", f"page.{source}", "-o", "out.canvas", "-o", "out.md", "-o", "out.json").code == 0
    assert Path("out.md").read_text("utf-8") == good_map().to_markdown()
    assert Path("out.json").read_text("utf-8") == good_map().to_json()
    assert json.loads(Path("out.canvas").read_text("utf-8"))["nodes"]
    assert mapgen("check", f"page.{source}").code == mapgen("check", "map.json").code


def test_a_page_without_a_map_is_refused(mapgen: Run) -> None:
    Path("other.html").write_text("<!doctype html><p>Hello")
    done = mapgen("render", "other.html", "-o", "x.md")
    assert done.code == 65
    assert "other.html carries no whole map." in done.err
    assert not Path("x.md").exists()


@pytest.mark.parametrize("format", ["MARKDOWN", ".md", "Md"])
def test_a_format_is_known_by_other_names(mapgen: Run, map_file: Path, format: str) -> None:
    assert mapgen("render", "map.json", "--format", format).out == good_map().to_markdown()


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("-o", "x.pdf"), "has the suffix", "Open the page in a browser and print it to PDF."),
        (("--format", "PDF"), "is not a format", "Open the page in a browser and print it to PDF."),
        (("-o", "-"), "-o - names no file.", "Leave -o out to print the map; --format says how."),
        (("-o", "-", "--format", "md"), "-o - names no file.", "Leave -o out to print the map"),
        (("-o", "folder/"), "has no suffix", "--format obsidian writes a folder."),
        (("-o", "v.html", "--format", "obsidian"), "ends as a file of another format", "Name a folder, or a file"),
        (("-o", "a.md", "-o", "./b/../a.md"), "a.md is named twice.", "Name each file once."),
    ],
)
def test_what_is_asked_in_vain_is_told_with_a_way(
    mapgen: Run, map_file: Path, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    Path("b").mkdir()
    done = mapgen("render", "map.json", *arguments)
    assert done.code == 65
    assert message in done.err.splitlines()[0]
    assert hint in " ".join(line.strip() for line in done.err.splitlines()[1:])
    assert sorted(path.name for path in Path().iterdir()) == ["b", "map.json"]


def test_pages_are_opened_whatever_their_format_is_called(
    mapgen: Run, map_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    assert mapgen("render", "map.json", "--format", "HTM", "-o", "page", "--open").code == 0
    assert opened == [Path("page").resolve().as_uri()]
