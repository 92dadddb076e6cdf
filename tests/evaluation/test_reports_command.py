"""`mapgen eval report`: a comparison or two runs in, a table or files out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mapgen.cli.eval.report import command
from mapgen.errors import InputError, OutputError, ReadError
from mapgen.evaluation import runfile
from mapgen.evaluation.comparing import NotComparable
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.reports import html, junit, markdown, terminal
from mapgen.evaluation.suite import fingerprint
from tests.evaluation.compared import large, small

LEXICAL = ("valid_first", "distinct", "noncircular", "edges_valid", "connected")
Report = Callable[..., tuple[str, str]]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Report:
    """Runs the command in a folder with a comparison and its two runs; gives stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    told, base, new = large(metrics=LEXICAL)
    version = {"suite_fingerprint": fingerprint(told.suite)}
    for name, run in (("old.jsonl", base), ("new.jsonl.gz", new)):
        runfile.save(run.model_copy(update={"head": run.head.model_copy(update=version)}), tmp_path / name)
    heads = {"base": told.base.model_copy(update=version), "new": told.new.model_copy(update=version)}
    named = told.model_copy(update={**heads, "base_run": "old.jsonl", "new_run": "new.jsonl.gz"})
    (tmp_path / "it.comparison.json").write_text(named.to_json(), "utf-8")
    (tmp_path / "small.json").write_text(small().to_json(), "utf-8")
    (tmp_path / "core.yaml").write_text(told.suite.model_dump_json(), "utf-8")

    def run(*arguments: str) -> tuple[str, str]:
        assert command.main(list(arguments), standalone_mode=False) == 0
        found = capsys.readouterr()
        return found.out, found.err

    return run


def test_without_options_it_prints_the_table(report: Report) -> None:
    assert report("small.json") == (terminal.render(small(), width=100), "")


def test_several_comparisons_are_printed_one_after_the_other(report: Report) -> None:
    out, _ = report("small.json", "it.comparison.json", "small.json")
    assert out.count("exit code") == 3
    assert out.startswith(terminal.render(small(), width=100) + "\n")


def test_every_form_is_written(report: Report, tmp_path: Path) -> None:
    out, err = report("small.json", "--md", "a.md", "--junit", "a.xml", "--json", "a.json", "--html", "a.html")
    assert out == ""
    assert [line for line in err.splitlines() if line.startswith("Wrote")] == [
        "Wrote a.md", "Wrote a.xml", "Wrote a.json", "Wrote a.html"
    ]  # fmt: skip
    assert (tmp_path / "a.md").read_text("utf-8") == markdown.render(small())
    assert (tmp_path / "a.xml").read_text("utf-8") == junit.render(small())
    assert (tmp_path / "a.html").read_text("utf-8") == html.render(small())
    assert Comparison.load(tmp_path / "a.json") == small()


def test_the_page_has_the_maps_of_the_runs_that_the_comparison_names(report: Report, tmp_path: Path) -> None:
    _, err = report("it.comparison.json", "--html", "a.html")
    assert err == "Wrote a.html\n"
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "made without the runs" not in page
    assert page.count('class="sides') == 40


def test_runs_that_are_gone_are_told(report: Report, tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").unlink()
    _, err = report("it.comparison.json", "--html", "a.html")
    assert "mapgen: the page has no maps of git:HEAD: its run was not found." in err
    assert "This run has no record of the case." in (tmp_path / "a.html").read_text("utf-8")


def test_runs_that_are_given_stand_for_those_that_are_named(report: Report, tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").rename(tmp_path / "elsewhere.jsonl")
    _, err = report("it.comparison.json", "elsewhere.jsonl", "--html", "a.html")
    assert err == "Wrote a.html\n"
    assert (tmp_path / "a.html").read_text("utf-8").count('class="sides') == 40


def test_two_runs_are_compared(report: Report, tmp_path: Path) -> None:
    report("old.jsonl", "new.jsonl.gz", "--suite", "core.yaml", "--json", "a.json")
    told = Comparison.load(tmp_path / "a.json")
    (first, _, _) = large(metrics=LEXICAL)
    assert (told.base_run, told.new_run, told.diff) == ("old.jsonl", "new.jsonl.gz", first.diff)
    assert [told.metric(id) for id in LEXICAL] == [first.metric(id) for id in LEXICAL]
    assert told.cost.new.unusable == 1


def test_runs_of_another_suite_are_refused(report: Report, tmp_path: Path) -> None:
    told, _, _ = large(metrics=LEXICAL)
    other = told.suite.model_copy(update={"description": "Another version."})
    (tmp_path / "core.yaml").write_text(other.model_dump_json(), "utf-8")
    with pytest.raises(NotComparable, match="another version of the suite core"):
        report("old.jsonl", "new.jsonl.gz", "--suite", "core.yaml")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("old.jsonl",), "One run alone has no report."),
        (("old.jsonl", "new.jsonl.gz", "old.jsonl"), "3 runs cannot be compared at once."),
        (("small.json", "small.json", "--md", "a.md"), "A file holds one comparison, and several were given."),
        (("core.yaml",), "core.yaml is no comparison"),
    ],
)
def test_what_cannot_be_reported_is_refused(report: Report, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        report(*arguments)


def test_a_place_that_cannot_be_written_is_told_before_anything_is_read(report: Report) -> None:
    with pytest.raises(OutputError):
        report("missing.json", "--html", "no/such/folder/a.html")
    with pytest.raises(ReadError):
        report("missing.json")
