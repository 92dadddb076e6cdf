"""What `mapgen QUERY` refuses, and with which exit code; nothing is asked or written then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.scripts import QUERY, good_lines, plan_answer, repair_line, script

Run = Any
SCRIPT = "--model", "scripted:script.json", "--no-cache"


@pytest.fixture(autouse=True)
def good_script(tmp_path: Path) -> None:
    script(tmp_path, [*good_lines(), repair_line("It stays as it is.")])


def bare(text: str) -> KnowledgeMap:
    return KnowledgeMap.parse(text).model_copy(update={"made": None})


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (("-o", "map.mdd"), 65, '"map.mdd" has the suffix ".mdd"', "Did you mean .md?"),
        (("-o", "map"), 65, '"map" has no suffix', "Known are .txt"),
        (("--format", "htlm"), 65, '"htlm" is not a format.', "Did you mean html?"),
        (("-o", "no/map.md"), 73, "no/map.md cannot be created: there is no folder", "Create the folder first."),
        (("-o", "folder", "--format", "md"), 73, "folder is a folder.", "Name a file"),
        (("-o", "link.md"), 73, "link.md is a symbolic link.", "Name a file"),
        (("-o", "x" * 300 + ".md"), 73, "x", "Write somewhere you may."),
        (("--concepts", "2"), 78, "--concepts: '2' is not usable", "How many concepts."),
        (("--max-calls", "-1"), 78, "--max-calls: '-1' is not usable", "Most requests to models."),
        (("--base-url", "nowhere"), 78, "--base-url: 'nowhere' is no URL.", "It looks like https://host/v1."),
        (("--language", "Klingon"), 78, "--language: 'Klingon' is no language", "Give a code such as de"),
        (("--prompts", "none"), 78, "--prompts: none holds no prompts (*.j2).", "`mapgen prompts path`"),
        (("--writer", "scripted:none.json"), 78, "--writer: There is no file 'none.json'.", "name an existing file."),
        (("--writer", "gpt-5-mini"), 78, "--writer: The model 'gpt-5-mini' needs an API key.", "Set OPENAI_API_KEY"),
        (("--concepts", "many"), 2, "Invalid value for '--concepts'", "`mapgen make --help` tells"),
        (("--no-such",), 2, "No such option '--no-such'", "`mapgen make --help` tells"),
        (("another",), 2, "Got unexpected extra argument (another)", "A query of several words stands in quotes"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_before_a_model_is_asked(
    mapgen: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, message: str, hint: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.md").symlink_to("elsewhere.md")
    done = mapgen(QUERY, *SCRIPT, *arguments)
    assert (done.code, done.out) == (code, "")
    first, second = done.err.splitlines()
    assert first.startswith(f"mapgen: {message}")
    assert hint in second
    assert second.startswith("  ")
    assert {path.name for path in tmp_path.iterdir()} == {"script.json", "folder", "link.md"}


@pytest.mark.parametrize("key", ["MAPGEN_MODLE", "MAPGEN_CONCEPTS"])
def test_a_bad_environment_is_a_configuration_error(mapgen: Run, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(key, "x")
    done = mapgen(QUERY, *SCRIPT)
    assert done.code == 78
    assert key in done.err


def test_a_limit_before_the_first_concept_is_75_and_later_a_partial_map(mapgen: Run) -> None:
    done = mapgen(QUERY, *SCRIPT, "--max-tokens", "1")
    assert (done.code, done.out) == (75, "")
    assert "The limit of 1 tokens is used up." in done.err
    partial = mapgen(QUERY, *SCRIPT, "--max-calls", "3", "--format", "json")
    assert partial.code == 3
    assert len([one for one in KnowledgeMap.parse(partial.out).concepts if one.definition]) == 2


def test_an_answer_that_is_never_usable_is_76(mapgen: Run, tmp_path: Path) -> None:
    script(tmp_path, [{"prompt": "plan", "answer": "JSON is a format of data."}])
    done = mapgen(QUERY, *SCRIPT)
    assert (done.code, done.out) == (76, "")
    assert "--model" in done.err


def test_no_concept_is_76(mapgen: Run, tmp_path: Path) -> None:
    script(tmp_path, [{"prompt": "plan", "answer": plan_answer(())}])
    assert mapgen(QUERY, *SCRIPT).code == 76


def test_a_broken_script_is_78(mapgen: Run, tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text("{}")
    done = mapgen(QUERY, *SCRIPT)
    assert done.code == 78
    assert "is no script: answers: Field required" in done.err


def test_a_full_disk_is_74_and_the_old_file_stays(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "map.md").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    done = mapgen(QUERY, *SCRIPT, "-o", "map.md")
    assert done.code == 74
    assert "Writing map.md failed: No space left on device." in done.err
    assert (tmp_path / "map.md").read_text() == "old"


def test_a_bug_is_70_and_one_message(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division\nby \x1b[31mzero")

    monkeypatch.setattr("mapgen.cli.make.resolve", broken)
    done = mapgen(QUERY, *SCRIPT)
    assert done.code == 70
    assert done.err.splitlines()[0] == "mapgen: Unexpected ZeroDivisionError: division by zero"
    assert "please report it" in done.err


def test_a_key_is_never_said(mapgen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET")
    for arguments in ((QUERY, *SCRIPT), (QUERY, "--dry-run"), (QUERY, *SCRIPT, "--concepts", "x"), ("config", "show")):
        done = mapgen(*arguments)
        assert "SECRET" not in done.out + done.err
