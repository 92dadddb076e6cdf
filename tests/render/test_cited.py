"""Citations in every format: which text a quote is for, where it stands in its source, and what stands on none."""

from __future__ import annotations

import csv
import json
from io import StringIO
from zipfile import ZipFile

import pytest

from mapgen.model import Citation, Concept, KnowledgeMap, Source
from mapgen.render import render, save
from mapgen.render.view import Options, view
from tests.render.cited import cited_map

TOLD = "“as a rule, 12 to 18 months” (relevance, p. 4, Results)"


def card_of(*citations: Citation, definition: str = "D.", relevance: str = "R."):
    concept = Concept(id="a", name="A", definition=definition, relevance=relevance, rank=1, citations=citations)
    source = Source(id="s", title="Book", location="book.pdf")
    map = KnowledgeMap(query="q", title="q", language="en", concepts=(concept,), sources=(source,))
    return view(map, Options()).cards[0]


def cite(of, **place) -> Citation:
    return Citation(source="s", quote="x", of=of, **place)


def test_quotes_are_counted_through_the_map_in_their_order():
    cards = view(cited_map(), Options()).cards
    assert [[note.n for note in card.notes] for card in cards] == [[1, 2, 3, 4], [5], [6], [], [7, 8, 9]]
    assert [note.n for note in cards[0].behind("definition")] == [1, 3]
    assert [note.n for note in cards[0].behind("relevance")] == [2, 4]
    assert [note.n for note in cards[2].loose] == [6]


def test_a_quote_for_a_text_that_is_empty_is_for_the_concept():
    assert [note.of for note in card_of(cite("definition"), cite("relevance"), definition="").notes] == [
        None,
        "relevance",
    ]


@pytest.mark.parametrize(
    ("place", "words"),
    [({}, ""), ({"page": 3}, "p. 3"), ({"heading": "A > B"}, "A > B"), ({"page": 3, "heading": "A"}, "p. 3, A")],
)
def test_a_place_in_words(place, words):
    (note,) = card_of(cite(None, **place)).notes
    assert note.place == words
    assert note.told == (f"“x” ({words})" if words else "“x”")


@pytest.mark.parametrize(
    ("ofs", "definition", "relevance", "stands"),
    [
        ((), "D.", "R.", "own"),
        ((None,), "D.", "R.", "sourced"),
        (("definition",), "D.", "R.", "definition"),
        (("relevance",), "D.", "R.", "relevance"),
        (("relevance", "definition"), "D.", "R.", "sourced"),
        (("definition", None), "D.", "R.", "sourced"),
        (("relevance",), "", "R.", "sourced"),
        (("definition",), "D.", "", "sourced"),
        (("definition",), "", "R.", "sourced"),
    ],
)
def test_what_of_a_concept_stands_on_sources(ofs, definition, relevance, stands):
    assert card_of(*map(cite, ofs), definition=definition, relevance=relevance).stands == stands


def test_in_markdown_a_mark_stands_behind_its_text():
    text = render(cited_map("x"), "md")
    assert "\n> Inflation is a lasting rise of the general level of prices.[^1][^3]\n" in text
    assert " Expectations carry it on.[^2][^4]\n" in text
    assert "lends to commercial banks.[^5]\n" in text
    assert "It acts with a delay.\n" in text
    assert "slows the rise of prices.[^6]\n" in text
    assert (
        "\n[^4]: “as a rule, 12 to 18 months”, Long and variable lags, p. 4, Results, "
        "<https://example.org/files/lags.pdf?v=2>\n" in text
    )
    assert "\n[^8]: “of no source”, p. 1\n" in text


def test_in_plain_text_the_numbers_of_the_sources_stand_behind_their_text():
    text = render(cited_map("x"), "txt")
    assert "\n\nInflation is a lasting rise of the general level of prices. [1][2]\n\n" in text
    assert " Expectations carry it on. [3][2]\n\n" in text
    assert f"\n[2] {TOLD}\n" in text
    assert "slows the rise of prices.\n\n[3] “demand follows credit”\n" in text
    assert "[4][?]\n\n[4] “x” (relevance, x)\n[?] “of no source” (relevance, p. 1)\n" in text


@pytest.mark.parametrize("format", ["txt", "opml", "graphml", "gexf", "dot", "mermaid", "svg"])
def test_what_lists_quotes_says_for_which_text_and_where(format):
    assert TOLD in str(render(cited_map(), format))


def test_a_table_has_it_in_the_cell():
    rows = list(csv.DictReader(StringIO(str(render(cited_map(), "csv")))))
    assert rows[0]["citations"].split("\n")[3] == (
        "“as a rule, 12 to 18 months” "
        "(relevance, Long and variable lags, p. 4, Results, https://example.org/files/lags.pdf?v=2)"
    )


def test_a_note_and_a_canvas_have_it_as_markdown(tmp_path):
    line = (
        r"\[2\] “as a rule, 12 to 18 months” *(relevance)* — Long and variable lags, p. 4, Results, "
        "<https://example.org/files/lags.pdf?v=2>"
    )
    with ZipFile(save(cited_map(), tmp_path / "map.zip")) as archive:
        assert f"\n- {line}\n" in archive.read("Inflation.md").decode()
    nodes = json.loads(str(render(cited_map(), "canvas")))["nodes"]
    (card,) = [node["text"] for node in nodes if node["id"] == "concept-inflation"]
    assert f"- {line}" in card.split("\n")


def test_linked_data_has_it_as_properties():
    data = json.loads(str(render(cited_map(), "jsonld")))
    quotations = data["hasDefinedTerm"][0]["citation"]
    assert [(one.get("mapgen:of"), one.get("mapgen:page"), one.get("mapgen:heading")) for one in quotations] == [
        ("definition", None, "Background > Terminology"),
        ("relevance", 12, None),
        ("definition", 3, None),
        ("relevance", 4, "Results"),
    ]
    assert list(data["hasDefinedTerm"][2]["citation"][0]) == ["@type", "text", "isPartOf"]


def test_skos_has_it_as_properties():
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=str(render(cited_map(), "skos")), format="turtle")
    own = rdflib.Namespace("urn:mapgen:vocabulary:")
    (note,) = graph.subjects(own.quote, rdflib.Literal("as a rule, 12 to 18 months"))
    assert [graph.value(note, name).toPython() for name in (own.of, own.page, own.heading)] == [
        "relevance",
        4,
        "Results",
    ]
    (bare,) = graph.subjects(own.quote, rdflib.Literal("demand follows credit"))
    assert [graph.value(bare, name) for name in (own.of, own.page, own.heading)] == [None, None, None]


@pytest.mark.parametrize(("dropped", "words"), [(1, "1 quote"), (2000, "2,000 quotes")])
def test_quotes_that_were_left_out_are_told(rich_map, dropped, words):
    made = rich_map.made.model_copy(update={"dropped": dropped})
    text = render(rich_map.model_copy(update={"made": made}), "txt")
    assert f" · left out {words} not found in the sources · " in text


def test_where_none_was_left_out_none_is_told(rich_map):
    made = rich_map.made.model_copy(update={"dropped": 0})
    assert "left out" not in render(rich_map.model_copy(update={"made": made}), "html")


def test_only_a_page_that_cites_carries_the_style_and_script_for_quotes():
    cited = cited_map()
    silent = tuple(concept.model_copy(update={"citations": ()}) for concept in cited.concepts)
    listed = cited.model_copy(update={"concepts": silent})
    pages = [render(map, "html") for map in (cited, listed, listed.model_copy(update={"sources": ()}))]
    assert [".tip{" in page for page in pages] == [True, True, False]
    assert ['"tip"' in page for page in pages] == [True, True, False]
