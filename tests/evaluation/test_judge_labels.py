"""Labelling by hand: the CSV out and in, the terminal, and what is told of the judge's agreement."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mapgen.cli.eval import label
from mapgen.errors import InputError
from mapgen.evaluation import runfile
from mapgen.evaluation.judge.labels import items, of_sample, read, verdict, written
from mapgen.evaluation.metrics import Arm
from mapgen.evaluation.records import Run
from tests.evaluation.judges import Inventing, Perfect, head, run_of, serving
from tests.evaluation.maps import edited, good, map_of, with_concept
from tests.servers.fake import FakeServer

GOOD = good()
DEFINITIONS = sum(len(one.map.concepts) for one in GOOD.samples if one.map)


def invoked(*arguments: str) -> Result:
    """`mapgen eval label` with arguments."""
    return CliRunner().invoke(label.command, list(arguments), standalone_mode=False)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of the good maps."""
    runfile.save(run_of(GOOD), tmp_path / "good.jsonl")
    return tmp_path / "good.jsonl"


def filled(path: Path, run: Path, *, wrong: int) -> None:
    """Labels of a whole run, the first ``wrong`` of them wrong, the others right."""
    assert invoked(str(run), "--out", str(path)).return_value == 0
    told = items(GOOD.samples)
    path.write_text(written(told, {one.id: "w" if at < wrong else "Right" for at, one in enumerate(told)}), "utf-8")


def test_items_are_different_definitions_and_tell_nothing_of_their_arm() -> None:
    one = items(GOOD.samples)
    assert items([*GOOD.samples, *reversed(GOOD.samples)]) == one
    changed = edited(GOOD, lambda map: with_concept(map, 0, definition="Another one."))
    assert len(items([*GOOD.samples, *changed.samples])) == len(one) + len(GOOD.samples)
    assert [item.id for item in one] == sorted(item.id for item in one)
    assert len({item.query for item in one[:8]}) > 3


def test_the_file_is_written_to_be_filled_in(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    found = invoked(str(run), "--out", str(out))
    assert (found.return_value, found.stdout) == (0, "")
    assert f"{DEFINITIONS} definitions" in found.stderr
    assert list(rows(out)[0]) == ["item", "query", "name", "definition", "verdict"]
    assert {row["verdict"] for row in rows(out)} == {""}
    assert read(out.read_text("utf-8-sig")) == {}
    assert invoked(str(run), "--out", str(out), "--limit", "3").return_value == 0
    assert len(rows(out)) == 3


def test_labels_are_read_as_people_and_spreadsheets_write_them() -> None:
    text = "item,query,verdict\n a ,q,Right\nb,q, w \nc,q,\nd,q,m\ne,q,'unsure\n"
    assert read(text.replace("'", "")) == {"a": "right", "b": "wrong", "d": "minor", "e": "unsure"}
    assert read(text.replace("'", "").replace(",", ";")) == {"a": "right", "b": "wrong", "d": "minor", "e": "unsure"}
    assert [verdict(one) for one in ("R", "minor", "", "x", "rig")] == ["right", "minor", None, None, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no columns"),
        ("a,b\n1,2\n", "has no columns"),
        ("item,verdict\na,right\nb,perhaps\n", "line 3: 'perhaps' is no verdict"),
    ],
)
def test_what_is_no_label_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(text, name="labels.csv")


def test_a_definition_that_is_a_formula_is_text_to_a_spreadsheet() -> None:
    one = GOOD.samples[0]
    map = map_of("q?", "t", [("=1+1", "=HYPERLINK(1)", "r")])
    told = written(of_sample(type(one)(one.case, 0, map)).values())
    assert "'=1+1,'=HYPERLINK(1)," in told


async def test_agreement_is_told_with_kappa_and_its_interval(run: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    filled(labels, run, wrong=4)
    async with FakeServer(good=serving(Perfect())) as server:
        every = (str(run), "--labels", str(labels), "--judge", "j", "--base-url", server.url)
        found = await asyncio.to_thread(invoked, *every)
    assert found.return_value == 0
    share = (DEFINITIONS - 4) / DEFINITIONS
    assert found.stdout.splitlines() == [
        f"{DEFINITIONS} definitions rated by both; 0 more where one was unsure",
        f"the same verdict on {share:.0%}",
        "kappa: 0.00, 95 % interval 0.00 to 0.00",
        "",
        "you / judge    right   minor   wrong",
        f"right       {DEFINITIONS - 4:8}{0:8}{0:8}",
        f"minor       {0:8}{0:8}{0:8}",
        f"wrong       {4:8}{0:8}{0:8}",
    ]


async def test_one_verdict_for_all_leaves_kappa_undefined(run: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    filled(labels, run, wrong=0)
    async with FakeServer(good=serving(Perfect())) as server:
        every = (str(run), "--labels", str(labels), "--judge", "j", "--base-url", server.url)
        found = await asyncio.to_thread(invoked, *every)
    assert "kappa: not defined, since all verdicts are the same" in found.stdout


async def test_only_maps_with_labels_are_judged_and_a_judge_without_verdicts_is_told(run: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    told = list(of_sample(GOOD.samples[3]).values())
    labels.write_text(written(told, {told[0].id: "wrong"}), "utf-8")
    async with FakeServer(good=serving(Inventing())) as server:
        every = (str(run), "--labels", str(labels), "--judge", "j", "--base-url", server.url)
        found = await asyncio.to_thread(invoked, *every)
    assert len(server.requests) == 1
    assert found.stdout == "0 definitions rated by both, none of them plainly: no agreement to tell.\n"


def test_labels_of_another_run_are_refused(run: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("item,verdict\n0123456789,right\n", "utf-8")
    found = invoked(str(run), "--labels", str(labels), "--judge", "local")
    assert isinstance(found.exception, InputError)
    assert "None of these labels" in found.exception.message


def test_a_run_without_maps_has_nothing_to_label(tmp_path: Path) -> None:
    runfile.save(Run.of(head(), []), tmp_path / "empty.jsonl")
    found = invoked(str(tmp_path / "empty.jsonl"), "--out", str(tmp_path / "o.csv"))
    assert isinstance(found.exception, InputError)


def test_without_a_terminal_nothing_is_asked(run: Path) -> None:
    found = invoked(str(run))
    assert isinstance(found.exception, InputError)
    assert "--out FILE" in found.exception.hint


def test_a_person_is_asked_one_by_one_and_goes_on_where_they_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(label, "_on_terminal", lambda: True)
    runfile.save(run_of(Arm(samples=GOOD.samples[3:4])), tmp_path / "one.jsonl")
    size = len(of_sample(GOOD.samples[3]))
    first = CliRunner().invoke(label.command, ["one.jsonl"], input="r\nwhat\nw\nq\n", standalone_mode=False)
    assert (first.return_value, first.stdout.count(" > ")) == (0, 4)
    assert f"2 of {size} labelled in labels.csv" in first.stderr
    second = CliRunner().invoke(label.command, ["one.jsonl"], input="m\n" * size, standalone_mode=False)
    assert f"{size} of {size} labelled" in second.stderr
    said = [row["verdict"] for row in rows(tmp_path / "labels.csv")]
    assert said == ["right", "wrong", *["minor"] * (size - 2)]
    assert "good" not in first.stdout
