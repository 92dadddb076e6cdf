"""`mapgen eval` in this process: what is printed, which exit codes, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mapgen.cli.eval import SUBCOMMANDS
from mapgen.evaluation import runfile
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.spreads import Spreads
from mapgen.evaluation.suite import load
from tests.evaluation.test_panel import Reading, both
from tests.evaluation.trials import asked, careless, comment, edit, repository, suite
from tests.servers.fake import FakeServer
from tests.servers.threaded import serving

Run = Any


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key, and a cache of its own."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET")
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path / "cache"))


def model(server: FakeServer) -> tuple[str, ...]:
    return ("--model", "fake-model", "--base-url", server.url)


def test_a_run_ends_with_scores_and_its_file(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    with serving() as server:
        done = mapgen("eval", "run", "suites/small.yaml", *model(server))
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split() == ["metric", "mean"]
    assert lines[1].startswith("valid_first")
    assert lines[1].split()[1] == "1.000"
    assert "7 maps: 7 complete, 0 incomplete; 49 calls (49 sent in this run), 7,350 tokens" in lines
    path = lines[-1].split()[-1]
    assert len(runfile.load(path).records) == 7
    told = done.err.splitlines()
    assert told[0] == "suite     small: 7 cases, 7 units"
    assert told[1].startswith("model     fake-model (127.0.0.1:")
    assert told[2].startswith("prompts/  7 maps: 7 to make; about ")
    assert told[3].startswith("can show  valid_first 0.")
    assert len([line for line in told if "complete, 7 calls" in line]) == 7
    assert "SECRET" not in done.out + done.err


def test_quiet_says_the_result_and_nothing_else(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    with serving() as server:
        done = mapgen("eval", "run", "suites/small.yaml", "-q", "--limit", "1", *model(server))
    assert (done.code, done.err) == (0, "")
    assert "1 map: 1 complete" in done.out


def test_comparing_after_a_harmful_edit(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    folder = repository(tmp_path)
    edit(folder, "write")
    edit(folder, "repair")
    with serving(good=careless) as server:
        done = mapgen("eval", "compare", "suites/small.yaml", "--prompts", "prompts", *model(server))
    assert done.code == 1
    assert "one_sentence" in done.out
    assert "worse" in done.out
    assert "git:HEAD" in done.err
    kept = Comparison.load(done.out.splitlines()[-1].split()[-1])
    assert kept.exit_code == 1


def test_a_judge_is_named_asked_and_told_how_far_it_is_trusted(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    edit(repository(tmp_path), "write", "Take care.")
    words = ("--judge", "fake-judge", "--judged", "j3_right", "--judged", "j7_prefer")
    with serving(good=both(Reading())) as server:
        done = mapgen("eval", "compare", "suites/small.yaml", "--prompts", "prompts", *words, *model(server))
    assert done.code == 0
    assert "judge fake-judge: trusted with j3_right, j7_prefer" in done.out
    assert "j7_prefer" in done.out
    assert "): j3_right, j7_prefer; at most 58 askings, canaries among them" in done.err
    assert "judge fake-judge 1/58 j3_right: answered" in done.err


def test_a_metric_that_no_judge_has_is_refused(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    edit(repository(tmp_path), "write", "Take care.")
    words = ("--judge", "local", "--judged", "clean")
    done = mapgen("eval", "compare", "suites/small.yaml", "--prompts", "prompts", *words)
    assert done.code == 65
    assert "There is no judge metric 'clean'." in done.err
    assert "j1_match, j2_query" in done.err


def test_comparing_after_an_edit_that_changes_nothing(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    comment(repository(tmp_path), "write")
    with serving() as server:
        done = mapgen("eval", "compare", "suites/small.yaml", "--prompts", "prompts", *model(server))
        assert server.requests == []
    assert (done.code, done.err) == (0, "")
    assert "render the same" in done.out


def test_unclear_is_an_exit_code_only_when_strict(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path, cases=3)
    edit(repository(tmp_path), "relate", "Take care.")
    with serving() as server:
        arguments = ("eval", "compare", "suites/small.yaml", "--prompts", "prompts", "-q", *model(server))
        assert [mapgen(*arguments).code, mapgen(*arguments, "--strict").code] == [0, 2]


def test_sources_of_the_environment_are_left_out_and_told_so_once(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite(tmp_path)
    monkeypatch.setenv("MAPGEN_SOURCES", "encyclopedia")
    with serving() as server:
        words = ("eval", "run", "suites/small.yaml", "--limit", "1", *model(server))
        done, refused = mapgen(*words), mapgen(*words, "--no-sources", "--no-cache")
    assert (done.code, refused.code) == (0, 0)
    told = "MAPGEN_SOURCES is left out: an evaluation uses the sources of --source, and no others."
    assert [line.endswith(told) for line in done.err.splitlines()].count(True) == 1
    assert "MAPGEN_SOURCES" not in refused.err
    assert "sources" not in refused.err


def test_source_and_no_sources_exclude_each_other(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    done = mapgen("eval", "run", "suites/small.yaml", "--model", "local", "--source", "x.txt", "--no-sources")
    assert done.code == 2
    assert "exclude each other" in done.err


def test_a_limit_says_how_to_go_on(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    with serving() as server:
        arguments = ("eval", "run", "suites/small.yaml", "--concurrency", "1", *model(server))
        done = mapgen(*arguments, "--max-calls", "15")
        assert done.code == 4
        assert "The limit of 15 calls is used up. 2 of 7 maps of prompts/ are kept in " in done.err
        assert "The same command goes on there" in done.err
        assert mapgen(*arguments, "--max-calls", "99").code == 0
        assert asked(server) == {"plan": 7, "write": 35, "relate": 7}


def test_other_models_are_not_comparable(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    with serving() as server:
        first = mapgen("eval", "run", "suites/small.yaml", *model(server))
        path = first.out.splitlines()[-1].split()[-1]
        done = mapgen("eval", "compare", "suites/small.yaml", "--base", path, *model(server), "--model", "big")
    assert done.code == 5
    assert "model: fake-model and big" in done.err


def test_recording_and_replaying(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(tmp_path)
    with serving() as server:
        record = ("--record", "replays/small.jsonl.gz")
        assert mapgen("eval", "run", "suites/small.yaml", *record, *model(server)).code == 0
    monkeypatch.delenv("OPENAI_API_KEY")
    done = mapgen("eval", "run", "suites/small.yaml", "--replay")
    assert done.code == 0
    assert "(0 sent in this run)" in done.out
    edit(repository(tmp_path), "plan")
    missing = mapgen("eval", "run", "suites/small.yaml", "--replay", "--prompts", "prompts")
    assert missing.code == 4
    assert "the prompt 'plan' of the case 'case-" in missing.err


def test_a_stored_run_is_scored_again(mapgen: Run, tmp_path: Path) -> None:
    path = suite(tmp_path)
    with serving() as server:
        done = mapgen("eval", "run", "suites/small.yaml", "--out", "mine.jsonl", *model(server))
    assert done.out.splitlines()[-1] == "run       mine.jsonl"
    again = mapgen("eval", "rescore", "mine.jsonl", "--suite", str(path))
    assert again.out.splitlines()[:30] == done.out.splitlines()[:30]
    suite(tmp_path, cases=8)
    other = mapgen("eval", "rescore", "mine.jsonl", "--suite", str(path))
    assert other.code == 5
    assert "another version of the suite" in other.err


def test_the_same_prompts_twice_and_the_power_that_follows(mapgen: Run, tmp_path: Path) -> None:
    suite(tmp_path)
    before = mapgen("eval", "power", "suites/small.yaml")
    assert before.code == 0
    assert "assumed" in before.out
    with serving() as server:
        done = mapgen("eval", "aa", "suites/small.yaml", "-q", *model(server))
        assert len(server.requests) == 2 * 49
    assert done.code == 0
    assert "0 false alarms among 3 metrics that gate" in done.out
    path = Path(done.out.splitlines()[-1].split()[-1])
    assert Spreads.model_validate_json(path.read_text()).alarms == ()
    after = mapgen("eval", "power", "suites/small.yaml").out
    assert "by the A/A run" in after
    assert "7 (this suite)" in after


def test_init_gives_prompts_and_a_suite_that_runs(mapgen: Run, tmp_path: Path) -> None:
    done = mapgen("eval", "init", "mine")
    assert done.code == 0
    assert "mapgen eval compare mine/suites/mine.yaml --prompts mine/prompts --base " in done.out
    assert len(load(tmp_path / "mine" / "suites" / "mine.yaml").cases) == 8
    assert (tmp_path / "mine" / "prompts" / "partials" / "preamble.j2").is_file()
    assert (tmp_path / "mine" / ".gitignore").read_text().endswith("runs/\n")
    with serving() as server:
        command = ("eval", "run", "mine/suites/mine.yaml", "--prompts", "mine/prompts", "--limit", "1")
        assert mapgen(*command, *model(server)).code == 0
    assert (tmp_path / "mine" / "runs").is_dir()
    again = mapgen("eval", "init", "mine")
    assert again.code == 73
    assert "files in it" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "nowhere"), 65, "There is no suite 'nowhere'"),
        (("run", "bad.yaml"), 65, "bad.yaml, line 1"),
        (("compare", "suites/small.yaml", "--prompts", "nowhere"), 78, "holds no prompts"),
        (("compare", "suites/small.yaml", "--base", "nowhere"), 65, "There is no folder 'nowhere'"),
        (("compare", "suites/small.yaml", "--base", "none.jsonl"), 66, "cannot be read"),
        (("compare", "suites/small.yaml", "--base", "git:nowhere"), 78, "git"),
        (("run", "suites/small.yaml", "--out", "a.txt"), 73, "no name for a run"),
        (("run", "suites/small.yaml", "--repeats", "0"), 2, "--repeats"),
        (("run", "suites/small.yaml", "--temperature", "9"), 78, "--temperature"),
        (("rescore", "none.jsonl"), 66, "cannot be read"),
        (("rescore", "bad.yaml"), 65, "is no run"),
        (("power", "nowhere"), 65, "There is no suite"),
        (("init", "bad.yaml"), 73, "is a file"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_what_is_refused_is_said_in_one_line(
    mapgen: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    suite(tmp_path)
    (tmp_path / "bad.yaml").write_text("name: 7\n")
    done = mapgen("eval", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert len(done.err.splitlines()) <= 2


def test_the_help_lists_the_commands_and_says_what_each_does(mapgen: Run) -> None:
    help = " ".join(mapgen("eval", "--help").out.split())
    for name, what in SUBCOMMANDS.items():
        assert name in help
        assert what in help
        own = mapgen("eval", name, "--help")
        assert own.code == 0
        assert f"mapgen eval {name}" in own.out
    assert "eval" in mapgen("--help").out


def test_a_terminal_sees_a_bar(mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(tmp_path)
    monkeypatch.setattr("mapgen.cli.eval.view._is_terminal", lambda: True)
    with serving() as server:
        done = mapgen("eval", "run", "suites/small.yaml", "--limit", "2", *model(server))
    assert done.code == 0
    assert "suite     small: 2 cases" in done.err


def test_a_run_is_in_the_folder_of_the_suite_wherever_it_is_started(mapgen: Run, tmp_path: Path) -> None:
    path = suite(tmp_path / "deep" / "er")
    with serving() as server:
        done = mapgen("eval", "run", os.path.relpath(path, tmp_path), "-q", "--limit", "1", *model(server))
    assert done.code == 0
    assert len(list((tmp_path / "deep" / "er" / "runs").glob("*.jsonl"))) == 1
