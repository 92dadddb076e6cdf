"""The pages say what the program does: generated parts are current, commands and Python blocks are real and run."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import assets, docs
from tests.servers import maps


@pytest.mark.parametrize("page", docs.PAGES, ids=lambda page: page.name)
def test_generated_parts_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == docs.written(text), "run: make docs"


@pytest.mark.parametrize("name", list(assets.SHORT))
def test_the_pages_style_and_script_are_current(name: str) -> None:
    assert (assets.ASSETS / name).read_text("utf-8") == assets.shortened(name), "run: make docs"


def test_ci_runs_the_readme_test_command(root: Path) -> None:
    readme, ci = (root / "README.md").read_text(), (root / ".ci" / "run").read_text()
    command = next(line for line in readme.splitlines() if line.startswith("python3 -m venv") and "pytest" in line)
    assert command.replace("python3", '"$python"', 1) in ci


def test_every_command_in_readme_exists(root: Path) -> None:
    from mapgen.cli import COMMANDS, cli

    context = cli.make_context("mapgen", ["schema"])
    for line in re.findall(r"^mapgen .*$", (root / "README.md").read_text(), re.MULTILINE):
        words = shlex.split(line, comments=True)[1:]
        name = words[0] if words[0] in COMMANDS else "make"
        command: Any = cli.get_command(context, name)
        if hasattr(command, "commands"):
            command = command.get_command(context, words[1])
        known = {flag for parameter in command.params for flag in parameter.opts + parameter.secondary_opts}
        used = {word for word in words if re.match(r"--?[a-z]", word)}
        assert used <= known | {"--help"}, line


def test_python_blocks_in_readme_run(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    script = tmp_path / "answers.json"
    script.write_text(json.dumps(maps.script()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPGEN_MODEL", f"scripted:{script}")
    blocks = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    assert (tmp_path / "map.html").is_file()


def test_readme_names_files_that_exist(root: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (root / "README.md").read_text())
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_contributing_names_rooms_that_exist(root: Path) -> None:
    rooms = re.findall(r"`((?:mapgen|prompts|evals|tests)/[\w./]*)`", (root / "CONTRIBUTING.md").read_text())
    assert len(rooms) > 15
    assert [room for room in rooms if not (root / room).exists() and room != "mapgen/prompts"] == []


def test_python_version_is_told_alike(root: Path) -> None:
    assert 'requires-python = ">=3.11"' in (root / "pyproject.toml").read_text()
    assert sys.version_info >= (3, 11)
