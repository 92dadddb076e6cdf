"""`--source` and `--no-sources`: what is read and cited, what is refused before anything is asked, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.grounds import CRUDE, PRICES, RISE, sourced_line
from tests.lacking import without
from tests.scripts import QUERY, good_lines, good_map, repair_line, script, write_line

Run = Any
FILE = f"# Inflation\n\n{PRICES}\n"


@pytest.fixture(autouse=True)
def good_script(tmp_path: Path) -> None:
    at = good_lines().index(write_line("Inflation"))
    lines = good_lines()
    sourced = sourced_line("Inflation", definition=[(1, RISE)], match="Concept to explain: Inflation")
    script(tmp_path, [*lines[:at], sourced, *lines[at + 1 :]])
    (tmp_path / "prices.md").write_text(FILE, "utf-8")


def made(mapgen: Run, *options: str) -> tuple[KnowledgeMap, str]:
    """The map, and what was said on stderr."""
    done = mapgen(QUERY, "--model", "scripted:script.json", "--format", "json", *options)
    assert done.code == 0, done.err
    return KnowledgeMap.parse(done.out), done.err


def test_a_file_is_read_quoted_and_named(mapgen: Run) -> None:
    map, err = made(mapgen, "--source", "prices.md")
    (citation,) = map.concept("inflation").citations
    assert (citation.quote, citation.of, citation.heading) == (RISE, "definition", "Inflation")
    (source,) = map.sources
    assert (source.id, source.location) == (citation.source, "prices.md")
    assert [one.name for one in map.concepts if one.citations] == ["Inflation"]
    assert "reading prices.md" in err
    assert "1 of 4 concepts sourced" in err


def test_a_folder_is_read_and_only_what_changed_is_read_again(mapgen: Run, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "prices.md").write_text(FILE, "utf-8")
    (folder / "oil.txt").write_text(CRUDE, "utf-8")
    _, err = made(mapgen, "--source", "notes")
    assert "prices.md" in err
    assert "oil.txt" in err
    (folder / "oil.txt").write_text(f"{CRUDE} It fell.", "utf-8")
    map, err = made(mapgen, "--source", "notes")
    assert "oil.txt" in err
    assert "reading prices.md" not in err
    assert map.concept("inflation").citations[0].quote == RISE


@pytest.mark.parametrize(
    ("options", "code", "message", "hint"),
    [
        (("--source", "none.txt"), 66, "There is no file or folder none.txt.", "Name a file"),
        (("--source", "wikipedai"), 66, "There is no file or folder wikipedai.", "Did you mean wikipedia?"),
        (("--source", "ftp://h/x"), 66, "only http and https are", "Save it as a file"),
        (("--source", "http://127.0.0.1:1/x"), 66, "127.0.0.1", ""),
        (("--source", "http://169.254.169.254/latest"), 66, "169.254.169.254", ""),
        (("--source", "script.json"), 66, "script.json", "Name a file of one of these"),
        (("--source", ""), 78, "--source: ", ""),
        (("--source", "prices.md", "--no-sources"), 2, "--source and --no-sources exclude each other.", ""),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_asked(
    mapgen: Run, tmp_path: Path, options: tuple[str, ...], code: int, message: str, hint: str
) -> None:
    script(tmp_path, [])
    done = mapgen(QUERY, "--model", "scripted:script.json", *options)
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert hint in done.err
    dry = mapgen(QUERY, "--model", "scripted:script.json", "--dry-run", *options)
    if "script.json" in options:  # that it is of no kind that is read is told by its content
        assert (dry.code, dry.err) == (0, "")
    else:
        assert (dry.code, dry.out, dry.err) == (code, "", done.err[-len(dry.err) :])
        assert message in dry.err


def test_without_sources_nothing_is_said_of_them(mapgen: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path)
    monkeypatch.setenv("MAPGEN_SOURCES", "prices.md")
    map, err = made(mapgen, "--no-sources")
    assert map.model_copy(update={"made": None}) == good_map()
    assert "passage" not in err
    assert "sourced" not in err


def test_the_variable_names_sources_too(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_SOURCES", "prices.md; none.txt")
    assert mapgen(QUERY, "--model", "scripted:script.json").code == 66
    monkeypatch.setenv("MAPGEN_SOURCES", "prices.md")
    assert made(mapgen)[0].sources


def test_a_dry_run_counts_what_sources_may_take_and_reads_none(mapgen: Run) -> None:
    def tokens(*options: str) -> int:
        done = mapgen(QUERY, "--model", "scripted:script.json", "--dry-run", *options)
        assert done.code == 0
        return int(done.out.split("about ")[1].split(" in")[0].replace(",", ""))

    assert tokens("--source", "prices.md") > tokens() + 2_000
    assert tokens("--no-sources") == tokens()


def test_a_map_is_completed_from_sources(mapgen: Run, tmp_path: Path) -> None:
    without(good_map(), "inflation").save(tmp_path / "map.json")
    done = mapgen("resume", "map.json", "--model", "scripted:script.json", "--source", "prices.md")
    assert done.code == 0, done.err
    map = KnowledgeMap.load(tmp_path / "map.json")
    assert [one.quote for one in map.concept("inflation").citations] == [RISE]
    assert [one.location for one in map.sources] == ["prices.md"]


def test_indexes_are_told_and_forgotten_with_the_cache(
    mapgen: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path / "cache"))
    made(mapgen, "--source", "prices.md")
    kept = tmp_path / "cache" / "sources"
    (kept / "notes.db").write_text("not ours", "utf-8")
    texts = b"".join(path.read_bytes() for path in kept.iterdir())
    assert RISE.encode() in texts
    assert mapgen("cache", "info").out.splitlines()[-1].startswith("sources  1 indexed, ")
    assert mapgen("cache", "clear").out.splitlines()[-1] == "1 indexed source cleared"
    assert [path.name for path in kept.iterdir()] == ["notes.db"]
    assert "sources" not in mapgen("cache", "info").out


def test_how_an_incomplete_map_is_completed_names_its_sources(mapgen: Run, tmp_path: Path) -> None:
    lines = [line for line in good_lines() if line != write_line("Inflation")]
    script(tmp_path, [*lines, {"prompt": "write", "answer": "?"}, repair_line("?")])
    done = mapgen(QUERY, "--model", "scripted:script.json", "--source", "prices.md", "-o", "map.json")
    hint = "  `mapgen resume map.json --source prices.md` asks for what is missing."
    assert (done.code, done.err.splitlines()[-1]) == (3, hint)


def test_a_dry_run_refuses_a_file_whose_reader_is_not_installed(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.sources.kinds.find_spec", lambda name: None)
    Path("paper.pdf").touch()
    done = mapgen(QUERY, "--model", "scripted:script.json", "--dry-run", "--source", "paper.pdf")
    assert (done.code, done.out) == (66, "")
    assert done.err.splitlines() == [
        "mapgen: Reading pdf needs pypdf, which is not installed.",
        "  pip install 'mapgen[pdf]'",
    ]
