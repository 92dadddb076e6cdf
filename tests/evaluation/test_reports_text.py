"""The text forms of a comparison: what a terminal, a pull request and a CI server are told, letter by letter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from mapgen.evaluation.comparison import Comparison, Loser, Totals
from mapgen.evaluation.reports import editing, figures, json, junit, markdown, terminal, wording
from tests.evaluation.compared import NEW, OLD, diff, hostile, result, small
from tests.render.hostile import hostile_map

GOLDEN = Path(__file__).resolve().parent.parent / "data" / "reports"
GITHUB = MarkdownIt("gfm-like", {"linkify": False, "html": True})
LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("name", "form"), [("small.txt", terminal), ("small.md", markdown), ("small.xml", junit)], ids=["txt", "md", "xml"]
)
def test_the_small_comparison_is_told_exactly_so(name: str, form: Any) -> None:
    assert form.render(small()) == (GOLDEN / name).read_text("utf-8")


def test_json_is_the_comparison_and_reads_back_equal() -> None:
    assert Comparison.parse(json.render(small())) == small()


# What is said first.


def said(**fields: Any) -> str:
    return str(wording.overall(small(**fields)))


def test_a_loss_is_said_in_words_with_its_metric_and_interval() -> None:
    assert said() == "WORSE: relevances are less specific (rel_specific −0.12, 95 % −0.17 … −0.07)"


def test_several_losses_name_the_gravest_in_margins_first() -> None:
    small_loss = result("clean", "worse", difference=-0.03, interval95=(-0.05, -0.01))
    assert said(metrics=(small_loss, *small().metrics)) == (
        "WORSE: relevances are less specific (rel_specific −0.12, 95 % −0.17 … −0.07); also clean −0.03"
    )


def test_a_gain_says_what_stays_unclear() -> None:
    kept = tuple(one for one in small().metrics if one.id != "rel_specific")
    assert said(metrics=kept, exit_code=0) == (
        "BETTER: more first answers are valid (valid_first +0.25, 95 % +0.08 … +0.42)"
        "; unclear: on_topic, concept_recall"
    )


@pytest.mark.parametrize(
    ("verdicts", "fields", "told"),
    [
        (("same", "same"), {}, "SAME: on all 2 primary metrics, any difference is smaller than what matters"),
        (("same", "unclear"), {}, "UNCLEAR: this suite cannot tell on 1 of 2 primary metrics"),
        (("untested", "untested"), {}, "UNTESTED: 8 units cannot be tested; a test needs 6"),
        ((), {}, "UNTESTED: 0 units cannot be tested; a test needs 6"),
        (("same",), {"same": True}, "SAME: both prompt sets render the same text, so nothing had to be asked"),
        (("better",), {"exit_code": 3}, "NOT TRUSTED: coverage is too small, or the judge is not trusted"),
        (("worse",), {"exit_code": 4}, "FAILED: the run failed"),
        (("worse",), {"exit_code": 5}, "NOT COMPARABLE: the two runs cannot be compared"),
    ],
)
def test_what_is_said_without_a_loss_or_a_gain(verdicts: tuple[str, ...], fields: dict[str, Any], told: str) -> None:
    metrics = tuple(result(id, verdict) for id, verdict in zip(("distinct", "clean"), verdicts, strict=False))
    assert said(**({"metrics": metrics, "exit_code": 0} | fields)) == told


def test_a_metric_without_words_is_told_by_its_title() -> None:
    metric = result("j3", "worse", difference=-0.2)
    assert wording.phrase(metric) == "“j3” fell"


def test_what_gates_nothing_is_never_called_better_or_worse() -> None:
    tokens = small().metric("tokens")
    assert wording.said(tokens) == "higher"
    assert "BETTER" not in terminal.render(small(metrics=(tokens,)))


@pytest.mark.parametrize(
    ("value", "number", "signed"),
    [
        (None, "–", "–"),
        (0, "0.00", "0.00"),
        (-0.004, "−0.00", "−0.00"),
        (0.125, "0.12", "+0.12"),
        (1234.5, "1,234", "+1,234"),
    ],
)
def test_numbers(value: float | None, number: str, signed: str) -> None:
    assert (figures.number(value), figures.signed(value)) == (number, signed)


def test_other_figures() -> None:
    assert [figures.p_value(p) for p in (None, 0.0001, 0.05)] == ["–", "<0.001", "0.050"]
    assert [figures.margins(m) for m in (None, 0.01, -2.44, 3)] == ["–", "0.0×", "−2.4×", "+3.0×"]
    assert [figures.money(m) for m in (None, 0, 0.0123, 12.5)] == ["–", "$0.00", "$0.0123", "$12.50"]


# The terminal.


@pytest.mark.parametrize("width", [80, 92, 100])
def test_no_line_is_wider_than_asked_for(width: int) -> None:
    long = "A long note about what happened in this run and why it matters. " * 4
    queries = (Loser(case="q1", query="What is the matter with the price of oil " * 4, change=-3),)
    text = terminal.render(small(notes=(long,), losers=queries), width=width)
    assert max(map(len, text.splitlines())) <= width


def test_an_unusable_map_is_told_as_such_among_the_losers() -> None:
    metric = result("rel_specific", "worse", difference=-0.5, base={"q1": 0.9}, new={"q1": 0.0})
    loser = Loser(case="q1", query="What is 1?", change=-30, metrics={"rel_specific": -0.9})
    text = terminal.render(small(metrics=(metric,), losers=(loser,)))
    assert "no usable map: 0 on every metric" in text
    assert "rel_specific −0.90" not in text


def test_prompt_sets_that_render_the_same_have_no_table() -> None:
    metrics = (result("distinct", "same", n=0), result("clean", "same", n=0, primary=False))
    fields: dict[str, Any] = {"same": True, "cases": (), "losers": (), "exit_code": 0, "diff": "", "cost": {}}
    text = terminal.render(small(metrics=metrics, **fields))
    assert "verdict" not in text
    assert text.startswith("SAME: both prompt sets render the same text")
    assert text.endswith("exit code 0: nothing is worse\n")


def test_nothing_hostile_reaches_the_terminal() -> None:
    told, _, _ = hostile(hostile_map())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", terminal.render(told))


# The pull request.


def tags(html: str) -> set[str]:
    return set(re.findall(r"<(/?\w+)", html))


def test_the_comment_is_what_it_seems_on_github() -> None:
    html = GITHUB.render(markdown.render(small()))
    assert html.count("<table>") == 2
    assert html.count("<details>") == 2
    assert '<code class="language-diff">' in html
    assert "<h3>▼ WORSE: relevances are less specific (rel_specific −0.12, 95 % −0.17 … −0.07)</h3>" in html


def test_nothing_hostile_becomes_markup() -> None:
    told, _, _ = hostile(hostile_map())
    html = GITHUB.render(markdown.render(told))
    assert not tags(html) & {"script", "img", "a", "b"}
    assert html.count("<table>") == 2
    assert html.count("<details>") == 2
    assert html.count("<pre>") == 1


def test_a_diff_cannot_leave_its_fence() -> None:
    edit = diff(OLD, "``````\n</details> out\n~~~\n```\n")
    html = GITHUB.render(markdown.render(small(diff=edit)))
    inside = html[html.index("<pre>") : html.index("</pre>")]
    assert "&lt;/details&gt; out" in inside
    assert html.count("</details>") == 2


def test_a_comment_fits_into_githubs_limit_whatever_the_edit() -> None:
    edit = diff("".join(f"line {n} of the old text\n" for n in range(9000)), NEW)
    losers = tuple(Loser(case=f"q{n}", query="q" * 4000, change=-n) for n in range(1, 9))
    text = markdown.render(small(diff=edit, losers=losers, notes=("n" * 5000,) * 40))
    assert len(text) < 65_536
    assert re.search(r"… [\d,]+ lines more", text)


@given(LINES, LINES)
def test_any_label_and_note_stay_on_their_line(label: str, note: str) -> None:
    told = small(base=small().base.model_copy(update={"label": label}), notes=(note,))
    html = GITHUB.render(markdown.render(told))
    assert tags(html) == tags(GITHUB.render(markdown.render(small())))


# The CI server.

ALLOWED = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "timestamp", "time"},
        {"properties", "testcase", "system-out"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"classname", "name", "time"}, {"failure", "skipped", "error", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""What the common schema of JUnit reports allows of attributes and children, as far as it is used."""


def checked(xml: str) -> ElementTree.Element:
    """The document, every element of which has what the schema allows."""
    root = ElementTree.fromstring(xml.encode())
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    return root


def test_a_loss_fails_and_what_is_open_is_skipped() -> None:
    suite = checked(junit.render(small()))[0]
    found = {case.get("name"): {child.tag for child in case} - {"system-out"} for case in suite.iter("testcase")}
    assert found == {
        "rel_specific": {"failure"}, "valid_first": set(), "distinct": set(), "on_topic": {"skipped"},
        "concept_recall": {"skipped"},
    }  # fmt: skip


def test_an_independent_reader_counts_the_same() -> None:
    (suite,) = JUnitXml.fromstring(junit.render(small()).encode())
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) == ("mapgen.eval.core", 5, 1, 0, 2)
    failed = [case for case in suite if case.is_failure]
    assert [(case.classname, case.name) for case in failed] == [("mapgen.eval.core", "rel_specific")]
    assert failed[0].result[0].message == "relevances are less specific (−0.12, 95 % −0.17 … −0.07)"


@pytest.mark.parametrize("code", [4, 5])
def test_a_run_that_failed_is_an_error(code: int) -> None:
    suite = checked(junit.render(small(metrics=(), exit_code=code, notes=("The endpoint was gone.",))))[0]
    assert suite.get("errors") == "1"
    error = suite.find("testcase/error")
    assert error is not None
    assert (error.get("message"), error.text) == (wording.EXITS[code], "The endpoint was gone.")


def test_hostile_texts_make_sound_xml() -> None:
    told, _, _ = hostile(hostile_map())
    assert len(checked(junit.render(told))[0].findall("testcase")) == 2


@given(st.text(max_size=80))
def test_any_text_makes_sound_xml(text: str) -> None:
    metric = result("rel_specific", "unclear").model_copy(update={"id": text, "title": text, "reason": text})
    checked(junit.render(small(metrics=(metric,)).model_copy(update={"notes": (text,)})))


# The edit.


def test_an_edit_is_read_with_its_counts_and_names() -> None:
    both = diff(OLD, NEW) + diff("", "a\nb\n", name="partials/new.j2")
    assert [str(file) for file in editing.files(both)] == ["write.j2 +1 −1", "partials/new.j2 +2 −0"]


def test_labels_before_the_names_are_left_out() -> None:
    edit = "--- git:HEAD write.j2\n+++ prompts/ write.j2\n@@ -1 +1 @@\n-a\n+b\n"
    assert [file.name for file in editing.edited(small(diff=edit))] == ["write.j2"]


def test_lines_that_look_like_a_files_head_are_lines() -> None:
    edit = diff("-- a/x\n++ b/x\n@@ -1 +1 @@\n", "++ b/y\n")
    (file,) = editing.files(edit)
    assert (file.added, file.removed) == (1, 3)


def test_what_no_reader_sees_is_named() -> None:
    assert editing.visible("a\u202eb\x00c\td") == "a⟨U+202E⟩b⟨U+0000⟩c\td"


@given(st.lists(LINES, max_size=8), st.lists(LINES, max_size=8))
def test_every_line_of_any_edit_is_shown(old: list[str], new: list[str]) -> None:
    texts = ["\n".join(lines) for lines in (old, new)]
    edit = diff(*texts)
    shown = [line for file in editing.files(edit) for line in file.lines if line.kind != "@"]
    for kinds, text in (("- ", texts[0]), ("+ ", texts[1])):
        lines = ["".join(piece.text for piece in one.text.pieces) for one in shown if one.kind in kinds]
        whole = [editing.visible(line) for line in text.splitlines()]
        assert not edit or [line for line in lines if line not in whole] == []


def test_unpriced_runs_say_nothing_of_money() -> None:
    cost = {"base": Totals(maps=8), "new": Totals(maps=8)}
    assert "cost" not in wording.spent(small(cost=cost))
