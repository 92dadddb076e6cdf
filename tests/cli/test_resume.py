"""`mapgen resume`: what is read, what is asked, where the result goes, and every exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render.reading import form_of
from tests.lacking import made, without, writes
from tests.scripts import WAGES, good_map, repair_line, script
from tests.servers.fake import FakeServer, error
from tests.servers.http import Answer
from tests.servers.threaded import serving

Run = Any
LACKING = without(good_map(), "inflation", "oil-prices")
OPTIONS = "--model", "scripted:script.json", "--no-cache"


@pytest.fixture(autouse=True)
def answers(tmp_path: Path) -> None:
    script(tmp_path, writes("Inflation", "Oil Prices"))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """An endpoint that knows no good answer."""
    with serving() as running:
        yield running


def bare(path: str) -> KnowledgeMap:
    return KnowledgeMap.load(path).model_copy(update={"made": None})


@pytest.mark.parametrize("name", ["map.json", "map.html", "map.svg", "map.png", "map.htm"])
def test_the_map_is_completed_in_its_place_and_format(mapgen: Run, name: str) -> None:
    form = form_of(LACKING.save(name).read_bytes())
    done = mapgen("resume", name, *OPTIONS)
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == f"Wrote {name}"
    assert "complete map in" in done.err
    assert bare(name) == good_map()
    assert form_of(Path(name).read_bytes()) == form
    account = KnowledgeMap.load(name).made
    assert account is not None
    assert account.calls == 2
    assert not list(Path().glob("*.part"))


@pytest.mark.parametrize("name", ["map", "map.txt", "map.md"])
def test_what_is_in_the_file_counts_and_not_its_suffix(mapgen: Run, name: str) -> None:
    LACKING.save(name, format="json")
    assert mapgen("resume", name, *OPTIONS).code == 0
    assert bare(name) == good_map()


def test_output_elsewhere_leaves_the_file(mapgen: Run) -> None:
    before = LACKING.save("map.json").read_bytes()
    assert mapgen("resume", "map.json", *OPTIONS, "-o", "whole.html", "-o", "whole.md", "-q").code == 0
    assert Path("map.json").read_bytes() == before
    assert bare("whole.html") == good_map()
    assert Path("whole.md").read_text("utf-8").startswith("# ")


def test_a_named_format_is_printed(mapgen: Run) -> None:
    before = LACKING.save("map.json").read_bytes()
    done = mapgen("resume", "map.json", *OPTIONS, "--format", "md")
    assert done.code == 0
    assert done.out.startswith("# ")
    assert Path("map.json").read_bytes() == before


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_map_on_stdin_is_printed_in_its_own_format(mapgen: Run, form: str) -> None:
    page = LACKING.to_html() if form == "html" else LACKING.to_json()
    done = mapgen("resume", "-", *OPTIONS, stdin=page.encode())
    assert done.code == 0
    assert KnowledgeMap.read(done.out.encode()).model_copy(update={"made": None}) == good_map()
    assert form_of(done.out.encode()) == form


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_complete_map_asks_nothing_needs_no_key_and_stays(mapgen: Run, map_file: Path, quiet: tuple[str]) -> None:
    before = map_file.read_bytes()
    done = mapgen("resume", "map.json", "--model", "gpt-5-mini", *quiet)
    assert (done.code, done.out) == (0, "")
    assert done.err == ("" if quiet else "The map is complete: nothing was asked.\n")
    assert map_file.read_bytes() == before


def test_a_complete_map_goes_where_it_is_sent(mapgen: Run, map_file: Path) -> None:
    assert mapgen("resume", "map.json", "-o", "copy.html", "-q").code == 0
    assert bare("copy.html") == good_map()
    assert mapgen("resume", "-", stdin=map_file.read_bytes()).out == good_map().to_json()


def test_a_map_that_was_mended_by_hand_is_marked_complete(mapgen: Run) -> None:
    LACKING.model_copy(update={"concepts": good_map().concepts}).save("map.json")
    assert mapgen("resume", "map.json", *OPTIONS).code == 0
    assert KnowledgeMap.load("map.json") == good_map()


def test_what_is_still_incomplete_is_written_and_ends_with_3_or_65(mapgen: Run, tmp_path: Path) -> None:
    script(tmp_path, [*writes("Inflation"), {"prompt": "write", "answer": "?"}, repair_line("?")])
    before = LACKING.save("map.json").read_bytes()
    done = mapgen("resume", "map.json", *OPTIONS)
    assert done.code == 3
    assert done.err.splitlines()[-2:] == [
        "mapgen: The map is incomplete.",
        "  `mapgen resume map.json` asks for what is missing.",
    ]
    map = KnowledgeMap.load("map.json")
    assert [one.id for one in map.concepts if one.status == "incomplete"] == ["oil-prices"]
    Path("map.json").write_bytes(before)
    assert mapgen("resume", "map.json", *OPTIONS, "--strict").code == 65


def test_the_number_of_concepts_may_be_said(mapgen: Run, map_file: Path, tmp_path: Path) -> None:
    assert mapgen("resume", "map.json", "--concepts", "13", *OPTIONS).code == 78
    assert mapgen("resume", "map.json", "--concepts", "4", *OPTIONS).err == "The map is complete: nothing was asked.\n"
    script(tmp_path, [repair_line(WAGES, match="concept that is missing")])
    assert mapgen("resume", "map.json", "--concepts", "5", *OPTIONS).code == 0
    assert [one.name for one in KnowledgeMap.load("map.json").concepts][4:] == ["Wage Growth"]


def test_other_makers_are_noted(mapgen: Run) -> None:
    LACKING.model_copy(update={"made": made()}).save("map.json")
    done = mapgen("resume", "map.json", *OPTIONS)
    assert done.err.splitlines()[0] == (
        "mapgen: The map was made by gpt-0 at old.example; it is completed by scripted:script.json."
    )
    LACKING.model_copy(update={"made": made()}).save("map.json")
    assert mapgen("resume", "map.json", *OPTIONS, "-q").err == ""


def test_where_nothing_can_be_added_the_error_is_told_and_the_file_stays(
    mapgen: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = LACKING.save("map.json").read_bytes()
    server.then(*[Answer(error("No such key"), status=401)] * 9)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    done = mapgen("resume", "map.json", "--model", "m", "--base-url", server.url, "--no-cache")
    assert done.code == 77
    assert len(server.requests) == 2
    assert Path("map.json").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, 66, "map.json cannot be read: No such file or directory."),
        ("", 65, "map.json is not a knowledge map: "),
        ("{}", 65, "map.json is not a knowledge map: "),
        ("<html></html>", 65, "map.json carries no whole map."),
        ("\udcff", 65, "map.json is not UTF-8 text."),
    ],
)
def test_a_file_that_is_no_map_is_bad_input(mapgen: Run, content: str | None, code: int, words: str) -> None:
    if content is not None:
        Path("map.json").write_text(content, "utf-8", "surrogateescape")
    done = mapgen("resume", "map.json", *OPTIONS)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"mapgen: {words}")


def test_a_place_that_cannot_be_written_is_told_before_anything_is_asked(mapgen: Run, server: FakeServer) -> None:
    LACKING.save("real.json")
    Path("map.json").symlink_to("real.json")
    hosted = "--model", "m", "--base-url", server.url, "--no-cache"
    for arguments in (("map.json",), ("real.json", "-o", "none/map.json"), ("real.json", "-o", "map.json")):
        assert mapgen("resume", *arguments, *hosted).code == 73
    assert mapgen("resume", "real.json", "-o", "map.mdd", *hosted).code == 65
    assert server.requests == []
