"""`mapgen eval meta` in this process: tables, JSON, exit codes, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.trials import careless, prompts, suite
from tests.servers.threaded import serving

HERE = Path(__file__).resolve().parents[2]
Run = Any


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key, a cache of its own, and the suite with its maps."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET")
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("suites/core.yaml", "meta/maps.jsonl"):
        (tmp_path / "evals" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "evals" / name, tmp_path / "evals" / name)


def test_a_table_of_the_mutants_named(mapgen: Run) -> None:
    done = mapgen("eval", "meta", "core", "--only", "relations-none", "--only", "ids-numbered", "--doses", "0.3, 1")
    assert done.code == 0
    assert "40 maps (written by hand, 40 topics of the suite core), 1 defect, 1 harmless edit." in done.out
    assert "| `relations-none` | there is no relation | 100 % | 100 % |" in done.out
    assert done.err.splitlines()[:2] == ["[1/2] relations-none", "[2/2] ids-numbered"]
    assert done.err.splitlines()[2].startswith("The bars hold: detected 100 % at 30 % of maps")


def test_json_and_a_run_that_is_named(mapgen: Run, tmp_path: Path) -> None:
    (tmp_path / "evals/meta/maps.jsonl").rename(tmp_path / "mine.jsonl")
    named = ("--run", "mine.jsonl", "--only", "relations-half", "--doses", "1", "--seeds", "1", "--json", "-q")
    done = mapgen("eval", "meta", "evals/suites/core.yaml", *named)
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert [row["mutant"] for row in told["rows"]] == ["relations-half"]
    assert told["rows"][0]["cells"][0]["seen"][0]["worse"] == ["valid_first", "connected"]


def test_bars_that_do_not_hold_give_exit_code_1(mapgen: Run, tmp_path: Path) -> None:
    path = tmp_path / "evals/suites/core.yaml"
    text = path.read_text("utf-8")
    first, last = text.index("primary:"), text.index("cases:")
    path.write_text(f"{text[:first]}primary: [distinct]\n{text[last:]}", "utf-8")
    done = mapgen("eval", "meta", "core", "--only", "relations-none", "--doses", "1")
    assert done.code == 1
    assert "The bars do NOT hold" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--only", "nonsense"), 65, "There is no mutant 'nonsense'"),
        (("--doses", "some"), 2, "give shares such as 0.1,0.3,1"),
        (("--doses", "2"), 65, "2.0 is no dose"),
        (("--run", "none.jsonl"), 66, "none.jsonl cannot be read"),
        (("--templates", "--only", "nonsense"), 65, "There is no template mutant 'nonsense'"),
    ],
)
def test_what_is_refused(mapgen: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = mapgen("eval", "meta", "core", *arguments)
    assert done.code == code
    assert said in done.err
    assert done.out == ""


def test_templates_are_measured_with_a_model(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    prompts(tmp_path)
    with serving(good=careless) as server:
        model = ("--model", "fake-model", "--base-url", server.url, "--prompts", "prompts")
        named = ("--templates", "--only", "comment", "--only", "scope-dropped")
        done = mapgen("eval", "meta", "suites/small.yaml", *named, *model)
    assert done.code == 1
    assert "| `comment` (harmless) | a comment at the top | 0 |  |  |  | yes |" in done.out
    assert "1 of 2 are as they should be." in done.out
    assert "[2/2] scope-dropped" in done.err
