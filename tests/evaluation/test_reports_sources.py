"""What reports tell of sources: how the arms differ in them, in every form, and nothing where there are none."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.reports import facts, html, json, junit, markdown, terminal, wording
from tests.evaluation.compared import hostile, small
from tests.render.hostile import hostile_map

DIFFER = "base: no sources; new: encyclopedia, notes.pdf"
NOTE = "The arms differ in their sources, and not in their prompts. Base: no sources; new: encyclopedia."
FORMS = (terminal, markdown, html, junit, json)


def told(base: tuple[str, ...], new: tuple[str, ...], **fields: Any) -> Comparison:
    """The small comparison with those sources."""
    one = small(**fields)
    heads = {"base": one.base.model_copy(update={"sources": base}), "new": one.new.model_copy(update={"sources": new})}
    return one.model_copy(update=heads)


@pytest.mark.parametrize("form", FORMS, ids=[form.__name__.rpartition(".")[2] for form in FORMS])
def test_every_form_tells_how_the_sources_differ(form: Any) -> None:
    text = " ".join(form.render(told((), ("encyclopedia",), notes=(NOTE,))).split())
    assert NOTE in text
    if form is not json:
        assert "base: no sources; new: encyclopedia" in text


def test_the_difference_stands_between_the_arms_and_the_model() -> None:
    assert wording.subject(told((), ("encyclopedia", "notes.pdf"))) == (
        f"core, 8 queries · git:HEAD → prompts/ · {DIFFER} · qwen2.5-coder-1.5b"
    )
    both = told(("encyclopedia",), ("encyclopedia",))
    assert (
        wording.subject(both) == "core, 8 queries · git:HEAD → prompts/ · both with encyclopedia · qwen2.5-coder-1.5b"
    )
    assert wording.subject(small()) == "core, 8 queries · git:HEAD → prompts/ · qwen2.5-coder-1.5b"


def test_the_facts_have_them_beside_the_model_and_only_where_there_are_any() -> None:
    assert ("sources", "no sources", "encyclopedia") in facts.facts(told((), ("encyclopedia",)))
    assert "sources" not in {label for label, _, _ in facts.facts(small())}


def test_a_ci_server_has_them_as_a_property() -> None:
    root = ElementTree.fromstring(junit.render(told((), ("encyclopedia", "notes.pdf"))))
    assert root.find(".//property[@name='sources']").attrib["value"] == DIFFER  # type: ignore[union-attr]
    assert ElementTree.fromstring(junit.render(small())).find(".//property[@name='sources']") is None


def test_the_command_that_makes_it_again_names_them_and_the_stored_base() -> None:
    one = told((), ("encyclopedia", "my notes.pdf"), base_run="evals/baselines/core.jsonl.gz")
    stored = one.model_copy(update={"base": one.base.model_copy(update={"label": "core.jsonl.gz"})})
    assert facts.commands(stored)[0] == (
        "mapgen eval compare core --base evals/baselines/core.jsonl.gz --prompts prompts/ "
        "--source encyclopedia --source 'my notes.pdf'"
    )
    assert facts.commands(one)[0].startswith("mapgen eval compare core --base git:HEAD --prompts prompts/ --source ")


def test_a_sourced_comparison_is_read_as_it_was_written() -> None:
    one = told((), ("encyclopedia",))
    assert Comparison.parse(json.render(one)) == one


@given(st.lists(st.text(st.characters(max_codepoint=0x2FF), max_size=300), max_size=3).map(tuple))
def test_any_name_stays_on_its_line(names: tuple[str, ...]) -> None:
    line = wording.sources(told((), names))
    assert len(line.splitlines()) <= 1
    assert line.isprintable()
    assert len(line) < 260


def test_nothing_hostile_in_a_name_becomes_markup() -> None:
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)> **b** \x1b[31m"
    one, base, new = hostile(hostile_map())
    one = one.model_copy(update={"new": one.new.model_copy(update={"sources": (bad,)})})
    page = html.render(one, base=base, new=new)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "\x1b" not in terminal.render(one)
    comment = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown.render(told((), (bad,))))
    assert "<img" not in comment
    assert "<strong>b" not in comment
    ElementTree.fromstring(junit.render(one))
