"""Plain text: its sections, its lines, and lines wrapped for a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapgen.model import Concept, KnowledgeMap, Problem, Relation
from mapgen.render import render
from mapgen.render.txt import cells, wrapped


def a_map(**changes) -> KnowledgeMap:
    concept = Concept(id="a", name="Alpha", definition="Alpha is first.", relevance="It leads.", rank=1)
    values = {"query": "Why?", "title": "Why?", "language": "en", "concepts": (concept,), **changes}
    return KnowledgeMap(**values)


def tail(map: KnowledgeMap) -> str:
    return render(map, "txt").partition("It leads.\n")[2]


def test_a_plain_map_ends_with_its_last_concept():
    assert render(a_map(related=("One", "Two")), "txt") == (
        "One\nTwo\n\nmapgen\n\nExplore |\n\nWhy? — Interactive Knowledge Map\n\nWhy?\n\nKey Concepts\n\n"
        "Alpha\n\nAlpha is first.\n\nIt leads.\n"
    )


def test_relations_follow_as_sentences_with_their_kind_and_explanation():
    relations = (
        Relation(source="a", target="b", kind="enables", label="opens the way to", explanation="So it is."),
        Relation(source="b", target="a", kind="is-a", label="", explanation=""),
    )
    assert tail(a_map(relations=relations)) == (
        "\nRelations\n\nAlpha opens the way to b [enables]\nSo it is.\n\nb is a Alpha [is a]\n"
    )


def test_an_incomplete_concept_is_marked_at_its_name_and_the_reason_follows():
    concept = Concept(id="a", name="Alpha", definition="", relevance="It leads.", rank=1, status="incomplete")
    problems = (
        Problem(code="empty", where="concepts.a.definition", message="There is none."),
        Problem(code="count", where="concepts", message="Too few."),
    )
    map = a_map(concepts=(concept,), status="incomplete", problems=problems)
    assert "\n\nAlpha [incomplete]\n\nIt leads.\n" in render(map, "txt")
    assert tail(map) == "\nIncomplete\n\nAlpha, definition: There is none.\n\nconcepts: Too few.\n"


def test_the_footer_is_one_line(rich_map):
    last = render(rich_map, "txt").splitlines()[-1]
    assert last == (
        "Made with mapgen 0.1.0 · model gpt-<4> · planned by planner_model · endpoint api.example.org"
        " · prompts 3f2a91c0 · date 2026-11-22 18:30 UTC · calls 7, 1 retried, 2 repaired"
        " · left out 3 quotes not found in the sources · tokens 4,210 in, 1,873 out · cost $0.0123 · time 12.3 s"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost": None}, "cost no price known"),
        ({"cost": 0.0}, "cost $0.0000"),
        ({"cost": 0.00001}, "cost under $0.0001"),
        ({"cost": 1234.5}, "cost $1,234.5000"),
        ({"planner": "gpt-<4>"}, "model gpt-<4> · endpoint"),
        ({"reasked": 3, "cache_hits": 1000}, "calls 7, 1 retried, 3 asked again, 2 repaired, 1,000 from the cache"),
        ({"model": "a\x1b[31m\u202eb\nc"}, "model ab c"),
    ],
)
def test_how_a_map_was_made_in_words(rich_map, changes, words):
    made = rich_map.made.model_copy(update=changes)
    assert words in render(rich_map.model_copy(update={"made": made}), "txt")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-22T23:30:00-05:00", "2026-11-23 04:30 UTC"),
        ("2026-11-22T23:30:00", "2026-11-22 23:30 UTC"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01 00:00+14:00"),
    ],
)
def test_the_date_is_told_in_utc_where_it_can_be(rich_map, moment, words):
    text = re.sub(r'"created": "[^"]+"', f'"created": "{moment}"', rich_map.to_json())
    assert f"date {words} ·" in render(KnowledgeMap.parse(text), "txt")


@given(name=st.text(max_size=40), label=st.text(max_size=40), id=st.text(max_size=20))
def test_nothing_that_a_terminal_would_obey_is_written(name, label, id):
    concept = Concept(id="a", name=name, definition="d", relevance="r", rank=1)
    relation = Relation(source="a", target=id, kind="limits", label=label, explanation="")
    problem = Problem(code="c", where=f"relations.{id}", message="m")
    map = a_map(
        concepts=(concept,),
        relations=(relation,),
        problems=(problem,),
        status="incomplete",
    )
    text = render(map, "txt")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
    assert text.splitlines()[-1].endswith(": m")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("the quick brown fox", 9, ["the quick", "brown fox"]),
        ("the quick brown fox", 80, ["the quick brown fox"]),
        ("a\nb c", 1, ["a", "b", "c"]),
        ("", 10, [""]),
        ("a\n\nb", 10, ["a", "", "b"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("  indented line here", 12, ["  indented", "line here"]),
        ("利率影響通貨膨脹", 8, ["利率影響", "通貨膨脹"]),
        ("利率影響，通貨", 8, ["利率影", "響，通貨"]),
        ("GDP是國內生產", 6, ["GDP是", "國內生", "產"]),
        ("cafe\u0301 cafe\u0301", 4, ["cafe\u0301", "cafe\u0301"]),
        ("👩‍👩‍👧 👍🏽", 6, ["👩‍👩‍👧", "👍🏽"]),
    ],
)
def test_wrapping(text, width, lines):
    assert wrapped(text, width).split("\n") == lines


@pytest.mark.parametrize(("text", "size"), [("abc", 3), ("利率", 4), ("e\u0301", 1), ("ｶﾞ", 2), ("Ａ", 2), ("", 0)])
def test_cells(text, size):
    assert cells(text) == size


WORDS = st.text(st.sampled_from("ab .-é利率，。ア한\n"), max_size=60)


@given(text=WORDS, width=st.integers(4, 30))
@example(text="a，，，，", width=4)
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrapped(text, width).split("\n")
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(text=st.text(max_size=80), width=st.integers(-5, 20))
def test_wrapping_any_text_at_any_width_loses_only_space(text, width):
    kept = wrapped(text, width).replace("\n", "").replace(" ", "")
    assert kept == text.replace("\n", "").replace(" ", "")
