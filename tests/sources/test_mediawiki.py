"""What is read out of MediaWiki's JSON and out of an extract: headings, formulas, and what only looks like HTML."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.mediawiki import Article, articles, blocks
from mapgen.text import clean


def texts(extract: str, *, section: str = "") -> list[str]:
    """The blocks of an extract, each with its headings before it."""
    article = Article(page=1, revision=2, title="x", section=section, extract=extract)
    return [" / ".join((*block.heading, block.text)) for block in blocks(article)]


def answer(*pages: dict[str, Any], **query: Any) -> bytes:
    """An answer with those pages, which are articles unless they say otherwise."""
    whole = [{"pageid": 1, "ns": 0, "title": "A", "lastrevid": 2} | page for page in pages]
    return json.dumps({"batchcomplete": True, "query": {"pages": whole, **query}}).encode()


@pytest.mark.parametrize(
    ("extract", "found"),
    [
        ("a\n== B ==\nc\n=== D ===\ne\n== F ==\ng", ["a", "B / c", "B / D / e", "F / g"]),
        ("== A == \r\nb", ["A / b"]),
        ("a == b == c\n==\n====\n== x", ["a == b == c", "==", "====", "== x"]),
        ("", []),
        (" \n\n\u200b\n", []),
        ("== A ==\n== B ==", []),
    ],
)
def test_headings_are_lines_of_their_own(extract: str, found: list[str]) -> None:
    assert texts(extract) == found


FORMULA = (
    "The energy \n  \n    \n      \n        E\n        =\n        m\n      \n    \n"
    "    {\\displaystyle E=mc^{2}}\n  \n{after}"
)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (" is large.\nNext.", ["The energy E=mc^{2} is large.", "Next."]),
        ("\n== A ==\nb", ["The energy E=mc^{2}", "A / b"]),
        ("== A ==\nb", ["The energy E=mc^{2}", "A / b"]),
        ("", ["The energy E=mc^{2}"]),
        ("or\n  \n    {\\displaystyle x}\n  \n.", ["The energy E=mc^{2} or x ."]),
    ],
)
def test_a_formula_stands_in_its_line_as_tex(after: str, found: list[str]) -> None:
    assert texts(FORMULA.replace("{after}", after)) == found


def test_indented_lines_that_are_no_formula_stay() -> None:
    assert texts("Code:\n  print(1)\n  print(2)\nDone.") == ["Code:", "print(1)", "print(2)", "Done."]


def test_what_looks_like_html_is_text_that_its_readers_see() -> None:
    seen = (
        '<b>Bold</b> is made with <b>. <script>alert(1)</script> <span style="display:none">x</span> &amp; <!-- y -->'
    )
    assert texts(seen) == [seen]


@pytest.mark.parametrize(
    ("section", "found"),
    [("B", ["B / c", "B / D / e"]), ("d", ["B / D / e"]), ("x", []), ("", ["a", "B / c", "B / D / e"])],
)
def test_of_a_section_only_that_is_taken(section: str, found: list[str]) -> None:
    assert texts("a\n== B ==\nc\n=== D ===\ne", section=section) == found


@given(st.lists(st.sampled_from(["a", "== B ==", "    {\\displaystyle y}", "", "  ", "=== C ===", "="])))
def test_no_word_is_lost_or_moved(lines: list[str]) -> None:
    found = [text.rpartition(" / ")[2] for text in texts("\n".join(lines))]
    wanted = ["y" if "display" in line else line for line in lines if "= " not in line]
    assert " ".join(found).split() == " ".join(wanted).split()


@given(st.text())
def test_any_extract_has_blocks_without_controls(extract: str) -> None:
    for text in texts(extract):
        assert text == clean(text)


@pytest.mark.parametrize(
    "page",
    [
        {"missing": True}, {"invalid": True}, {"ns": 1}, {"ns": -1, "special": True}, {"pageid": 0}, {"lastrevid": 0},
        {"pageprops": {"disambiguation": ""}}, {"pageprops": {"wikibase_item": "Q1", "disambiguation": ""}},
    ],
)  # fmt: skip
def test_what_is_no_article_is_left_out(page: dict[str, Any]) -> None:
    assert articles(answer(page, {"title": "B"}), "x") == (Article(page=1, revision=2, title="B"),)


def test_articles_come_best_first_with_the_section_that_an_alias_leads_to() -> None:
    moved = [{"from": "b", "to": "B", "tofragment": "In_short"}, {"from": "c", "to": "C"}]
    found = articles(answer({"title": "C", "index": 2}, {"title": "B", "index": 1}, redirects=moved), "x")
    assert [(article.title, article.section) for article in found] == [("B", "In short"), ("C", "")]


@pytest.mark.parametrize("data", [b'{"batchcomplete": true}', b"{}", b'{"query": {}}', b'{"query": {"interwiki": []}}'])
def test_an_answer_without_pages_has_no_articles(data: bytes) -> None:
    assert articles(data, "x") == ()


NAMES = st.sampled_from(
    ["query", "pages", "error", "title", "code", "pageid", "lastrevid", "redirects", "to", "extract"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(NAMES, part)))
def test_any_json_gives_articles_or_a_source_error(value: object) -> None:
    try:
        articles(json.dumps(value).encode(), "x")
    except SourceError:
        return
