"""The fixture for prompt authors' own tests: a worse prompt fails a test, with the report; loading it costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mapgen import evaluation as room
from mapgen.errors import ConfigError
from tests.evaluation.trials import careless, edit, prompts, repository, suite
from tests.servers.threaded import serving

TEST = """
def test_prompts(assert_no_worse):
    found = assert_no_worse("{suite}", base="{base}", prompts="{new}", model="fake-model", cache=False)
    assert found.cost.new.complete == 7
"""


def tried(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """pytest, in a process of its own, on the tests of a folder."""
    plugin = ("-p", "no:cacheprovider", "-p", "mapgen.evaluation.pytest_plugin")
    environ = {**os.environ, "MAPGEN_BASE_URL": url, "MAPGEN_API_KEY": "k", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugin, str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environ,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a test of edited prompts against the old ones."""
    told = {"suite": suite(tmp_path), "base": prompts(tmp_path, "old"), "new": prompts(tmp_path, "new")}
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_mine.py").write_text(TEST.format(**told))
    return tmp_path


def test_prompts_that_are_no_worse_pass(folder: Path) -> None:
    edit(folder / "new", "relate", "Take care.")
    with serving() as server:
        done = tried(folder / "tests", server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_a_worse_prompt_fails_with_the_report(folder: Path) -> None:
    edit(folder / "new", "write")
    edit(folder / "new", "repair")
    with serving(good=careless) as server:
        done = tried(folder / "tests", server.url)
    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "one_sentence" in done.stdout
    assert "worse" in done.stdout
    assert "Traceback" not in done.stdout


def test_loading_the_plugin_imports_nothing_of_weight() -> None:
    code = (
        "import sys, mapgen.evaluation.pytest_plugin\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in"
        " ('numpy', 'pydantic', 'langgraph', 'openai', 'yaml', 'jinja2', 'tokenizers', 'diskcache')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_importing_the_room_is_cheap_and_its_names_are_there() -> None:
    code = (
        "import sys, mapgen.evaluation as room\n"
        "print('numpy' in sys.modules, 'pydantic' in sys.modules)\n"
        "print(all(getattr(room, name) for name in room.__all__), dir(room) == room.__all__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False False\nTrue True\n"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        room.nothing  # noqa: B018


def test_a_missing_package_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_spec", lambda name: None if name == "wordllama" else object())
    with pytest.raises(ConfigError, match="needs the package wordllama") as caught:
        room.check_installed()
    assert caught.value.hint == "pip install 'mapgen[evals]'"


def test_the_fixture_is_the_comparison(tmp_path: Path) -> None:
    from mapgen.evaluation.pytest_plugin import _compared

    folder = repository(tmp_path)
    assert _compared(suite(tmp_path), prompts=folder, model="m", api_key="k").same
