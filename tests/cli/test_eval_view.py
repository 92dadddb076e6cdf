"""What stands on stderr while a suite is run: the plan, a line a map, what is fetched, and how to go on."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.cli.eval.view import View, told, watching
from mapgen.evaluation.doors import Warned
from mapgen.evaluation.judge.door import Judgements
from mapgen.evaluation.planning import ArmPlan, Plan
from mapgen.evaluation.runner import Finished
from mapgen.events import Preparing, Spent

FINISHED = Finished(arm="prompts/", case="oil", repeat=0, done=3, total=40, outcome="complete", asked=8, seconds=2.34)
ARM = ArmPlan(
    label="prompts/",
    maps=40,
    known=0,
    to_make=40,
    calls=320,
    input_tokens=9,
    output_tokens=9,
    cost=0.0,
    path="runs/a.jsonl",
)
PLAN = Plan(suite="core", cases=40, units=36, model="m", endpoint="host", arms=(ARM,))


class Shown:
    """Where lines and progress go in these tests."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.maps: list[Finished] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def progress(self, event: Finished) -> None:
        self.maps.append(event)

    def judged(self, event: Judgements) -> None:
        self.lines.append(f"judge {event.done}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "prompts/ 3/40 oil: complete, 8 calls, 2.3 s"),
        ({"asked": 1, "repeat": 2}, "prompts/ 3/40 oil (repeat 2): complete, 1 call, 2.3 s"),
        ({"asked": 0}, "prompts/ 3/40 oil: complete, from answers at hand"),
        (
            {"outcome": "missing", "error": "\x1b[31mno answer\nat all"},
            "prompts/ 3/40 oil: missing, 8 calls, 2.3 s: no answer at all",
        ),
    ],
)
def test_a_finished_map_in_words(change: dict[str, Any], words: str) -> None:
    assert told(FINISHED.model_copy(update=change)) == words


def test_each_event_has_its_place() -> None:
    shown = Shown()
    view = View(shown, quiet=False)
    judged = Judgements(judge="gpt-5", done=3, total=20)
    for event in (PLAN, FINISHED, Spent(calls=1, input_tokens=1, output_tokens=1), FINISHED, judged):
        view.see(event)
    assert shown.lines == [PLAN.told(), "judge 3"]
    assert shown.maps == [FINISHED, FINISHED]


def test_what_is_fetched_is_told_in_tenths() -> None:
    shown = Shown()
    view = View(shown, quiet=False)
    for done in range(101):
        view.see(Preparing(what="fetching weights", done=done, total=100))
    view.see(Preparing(what="loading the model"))
    assert shown.lines == [*(f"fetching weights: {n} %" for n in range(0, 101, 10)), "loading the model"]


def judgements(total: int) -> list[Judgements]:
    """What a judge tells that is asked ``total`` times."""
    return [Judgements(judge="gpt\x1b[1m-5", done=done + 1, total=total, asking="j3_right") for done in range(total)]


def test_every_asking_of_a_judge_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(quiet=False) as view:
        for event in judgements(3):
            view.see(event)
    began, lines = zip(*(line.split("] ") for line in capsys.readouterr().err.splitlines()), strict=True)
    assert lines == tuple(f"judge gpt-5 {n}/3 j3_right: answered" for n in (1, 2, 3))
    assert all(one.endswith(" s") for one in began)


def test_very_many_askings_of_a_judge_are_a_hundred_lines_and_one_for_each_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with watching(quiet=False) as view:
        for event in judgements(1_000):
            view.see(event.model_copy(update={"why": "The endpoint\nis busy."} if event.done % 10 == 1 else {}))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 101
    assert lines[0].endswith("] judge gpt-5 1/1000 j3_right: no answer: The endpoint is busy.")
    assert lines[-1].endswith("] judge gpt-5 1000/1000 j3_right: answered")


def test_quiet_shows_warnings_only(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(quiet=True) as view:
        quiet = (PLAN, FINISHED, Preparing(what="x"), Judgements(judge="j", done=1, total=1))
        for event in (*quiet, Warned(message="the cache\x1b[31m does not work")):
            view.see(event)
    found = capsys.readouterr()
    assert (found.out, found.err) == ("", "mapgen: the cache does not work\n")


def test_an_interrupt_says_what_is_kept_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        with watching(quiet=True) as view:
            view.see(PLAN)
            view.see(FINISHED)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert capsys.readouterr().err.splitlines() == [
        "mapgen: 3 of 40 maps of prompts/ are kept in runs/a.jsonl.",
        "mapgen: The same command goes on.",
    ]


def test_what_is_not_kept_does_not_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), watching(quiet=False, resumable=False):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == ""


def test_lines_keep_their_columns_and_lose_what_a_terminal_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(quiet=False) as view:
        view.see(PLAN)
        view.see(FINISHED.model_copy(update={"case": "o\x1b]0;x\x07il"}))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "suite     core: 40 cases, 36 units"
    assert lines[-1].endswith("s] prompts/ 3/40 oil: complete, 8 calls, 2.3 s")
