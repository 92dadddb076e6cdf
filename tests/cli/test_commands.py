"""The small commands: schema, prompts, cache, config, model and completion."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.settings import Settings
from tests.scripts import good_map

Run = Any


def test_the_schema_is_json_schema_of_a_map(mapgen: Run) -> None:
    done = mapgen("schema")
    assert (done.code, done.err) == (0, "")
    schema = json.loads(done.out)
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert schema == KnowledgeMap.model_json_schema()
    assert set(json.loads(good_map().to_json())) == set(schema["properties"])


def test_prompts_are_listed_and_shown_as_they_are(mapgen: Run) -> None:
    done = mapgen("prompts", "show")
    assert done.out == "plan\nrelate\nrepair\nwrite\n"
    assert done.err == f"fingerprint {PromptSet(builtin_folder()).fingerprint()}\n"
    for name in done.out.split():
        assert mapgen("prompts", "show", name).out == (builtin_folder() / f"{name}.j2").read_text("utf-8")


def test_the_folder_of_prompts_is_told(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mapgen("prompts", "path").out == f"{builtin_folder()}\n"
    shutil.copytree(builtin_folder(), tmp_path / "mine")
    assert mapgen("prompts", "path", "--prompts", "mine").out == "mine\n"
    monkeypatch.setenv("MAPGEN_PROMPTS", "mine")
    assert mapgen("prompts", "path").out == "mine\n"


def test_a_difference_between_prompts_is_told_and_is_1(mapgen: Run, tmp_path: Path) -> None:
    shutil.copytree(builtin_folder(), tmp_path / "mine")
    same = mapgen("prompts", "diff", "mine")
    assert (same.code, same.out) == (0, "")
    with (tmp_path / "mine" / "write.j2").open("a") as file:
        file.write("One more line.\n")
    (tmp_path / "mine" / "plan.j2").unlink()
    (tmp_path / "mine" / "new.j2").write_text("New.\n")
    done = mapgen("prompts", "diff", "mine")
    assert done.code == 1
    lines = done.out.splitlines()
    assert "+One more line." in lines
    assert "+New." in lines
    assert [line for line in lines if line.startswith("+++")] == [
        "+++ mine/new.j2",
        "+++ mine/plan.j2",
        "+++ mine/write.j2",
    ]


def test_prompts_that_are_not_there_are_a_configuration_error(mapgen: Run) -> None:
    for arguments in (("show", "none"), ("diff", "none"), ("path", "--prompts", "none")):
        done = mapgen("prompts", *arguments)
        assert (done.code, done.out) == (78, "")


def test_prompts_that_are_no_text_are_told(mapgen: Run, tmp_path: Path) -> None:
    shutil.copytree(builtin_folder(), tmp_path / "mine")
    (tmp_path / "mine" / "write.j2").write_bytes(b"\xff\xfe")
    assert mapgen("prompts", "diff", "mine").code == 65


def kept(folder: Path, *keys: str) -> None:
    from mapgen.llm.store import Store

    store = Store(folder, warn=pytest.fail)
    for key in keys:
        store.put(key, "text")
    store.close()


def test_the_cache_is_told_and_cleared(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(folder))
    assert mapgen("cache", "info").out == f"folder   {folder}\nentries  0\nbytes    0\n"
    assert mapgen("cache", "clear").out == "0 entries cleared\n"
    assert not folder.exists()
    kept(folder, "a", "b")
    lines = mapgen("cache", "info").out.splitlines()
    assert lines[:2] == [f"folder   {folder}", "entries  2"]
    assert int(lines[2].split()[1].replace(",", "")) > 0
    assert mapgen("cache", "clear").out == "2 entries cleared\n"
    assert mapgen("cache", "info").out.splitlines()[1] == "entries  0"


def test_every_setting_is_shown_with_its_origin(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text('language = "German"\n')
    monkeypatch.setenv("MAPGEN_CONFIG", str(config))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET")
    monkeypatch.setenv("MAPGEN_CONCEPTS", "5")
    done = mapgen("config", "show")
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in done.out.splitlines()}
    assert list(shown) == list(Settings.model_fields)
    assert shown["api_key"] == "(set)  [OPENAI_API_KEY]"
    assert shown["language"] == f"de  [language in {config}]"
    assert shown["concepts"] == "5  [MAPGEN_CONCEPTS]"
    assert shown["model"] == "-  [default]"
    assert done.err == f"config file: {config}\n"


def test_the_embedded_model_is_listed_and_its_place_told(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPGEN_MODELS_DIR", str(tmp_path / "models"))
    assert "not fetched" in mapgen("model", "list").out
    missing = mapgen("model", "path")
    assert (missing.code, missing.out) == (66, "")
    assert "`mapgen model pull` fetches them." in missing.err
    from mapgen.local import QWEN_CODER_1_5B

    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "other.gguf").write_bytes(b"GGUF")
    place = tmp_path / "models" / QWEN_CODER_1_5B.filename
    with place.open("wb") as file:
        file.truncate(QWEN_CODER_1_5B.size)
    assert mapgen("model", "path").out == f"{place}\n"
    listed = mapgen("model", "list").out.splitlines()
    assert any(line.startswith(f"local:{tmp_path / 'models' / 'other.gguf'}  4 bytes") for line in listed)
    assert len(listed) == 2


def test_a_file_that_cannot_be_looked_at_is_named_and_no_full_disk(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path, pattern: str) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setenv("MAPGEN_MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(Path, "glob", refused)
    done = mapgen("model", "list")
    assert done.code == 74
    assert done.err.splitlines() == [
        f"mapgen: {tmp_path} cannot be used: Permission denied.",
        "  Check the path and its permissions.",
    ]


@pytest.mark.parametrize("group", ["prompts", "cache", "config", "model"])
def test_a_group_alone_shows_its_help_as_a_usage_error(mapgen: Run, group: str) -> None:
    done = mapgen(group)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Usage: mapgen {group} ")
    assert len(done.err.splitlines()) > 5


@pytest.mark.parametrize("group", ["prompts", "cache", "config", "model"])
def test_an_unknown_sub_command_is_a_usage_error(mapgen: Run, group: str) -> None:
    done = mapgen(group, "nothing")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'nothing'" in done.err


@pytest.mark.parametrize(
    ("shell", "words"), [("bash", "complete -o nosort"), ("zsh", "#compdef mapgen"), ("fish", "complete --no-files")]
)
def test_completion_scripts_are_printed(mapgen: Run, shell: str, words: str) -> None:
    done = mapgen("completion", shell)
    assert done.code == 0
    assert words in done.out
    assert "_MAPGEN_COMPLETE" in done.out


def test_an_unknown_shell_is_a_usage_error(mapgen: Run) -> None:
    assert mapgen("completion", "csh").code == 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("mapgen ren", ["render"]),
        ("mapgen c", ["check", "cache", "config", "completion"]),
        ("mapgen render --fo", ["--format"]),
        ("mapgen make q --max-c", ["--max-calls", "--max-cost"]),
        ("mapgen prompts s", ["show"]),
        ("mapgen completion ", ["bash", "zsh", "fish"]),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(mapgen: Run, tmp_path: Path, line: str, found: list[str]) -> None:
    launcher = tmp_path / "mapgen"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mapgen "$@"\n')
    launcher.chmod(0o755)
    words = line.split(" ")
    program = "\n".join(
        [
            mapgen("completion", "bash").out,
            f"COMP_WORDS=({' '.join(words[:-1])} '{words[-1]}')",
            f"COMP_CWORD={len(words) - 1}",
            f"_mapgen_completion {launcher}",
            'printf "%s\\n" "${COMPREPLY[@]}"',
        ]
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert sorted(done.stdout.split()) == sorted(found)
