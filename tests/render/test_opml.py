"""OPML: read back by an OPML library, by ElementTree and by lxml, without a loss."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from opml import OpmlDocument

from mapgen.model import KnowledgeMap
from mapgen.render import opml
from mapgen.render.network import allowed
from mapgen.render.view import Options
from mapgen.render.wording import KINDS
from tests.render.hostile import hostile_map, maps, small_map, told
from tests.render.telling import quotes

MAPS = maps()


def written(map: KnowledgeMap) -> str:
    return opml.render(map, Options())


def outlines(map: KnowledgeMap) -> list[ElementTree.Element]:
    """The outlines below the one that is the query."""
    (root,) = ElementTree.fromstring(written(map)).findall("body/outline")
    return list(root)


@pytest.mark.parametrize("name", list(MAPS))
def test_each_concept_is_an_outline_with_its_texts_as_its_note(name):
    map = MAPS[name]
    for concept, outline in zip(map.concepts, outlines(map), strict=False):
        note = outline.get("_note", "").split("\n\n")
        texts = [text for text in (concept.definition, concept.relevance) if text]
        assert outline.get("text") == concept.name
        assert note[: len(texts)] == texts
        assert [line.partition(" ")[2] for line in note[len(texts) :]] == quotes(concept)
        assert outline.get("_status") == ("incomplete" if concept.status == "incomplete" else None)


@pytest.mark.parametrize("name", list(MAPS))
def test_every_relation_is_told_at_its_source_with_its_explanation(name):
    map = MAPS[name]
    found = Counter((child.get("text"), child.get("_note", "")) for one in outlines(map) for child in one)
    expected = Counter((f"{KINDS[kind][0]}: {a} {label} {b}", why) for a, kind, label, b, why in told(map))
    assert expected <= found


@pytest.mark.parametrize("name", list(MAPS))
def test_every_relation_is_told_at_its_target_too(name):
    map = MAPS[name]
    found = Counter(child.get("text") for one in outlines(map) for child in one)
    expected = Counter(f"{KINDS[kind][1]}: {a} {label} {b}" for a, kind, label, b, _ in told(map) if a != b)
    assert expected <= found


@pytest.mark.parametrize("name", list(MAPS))
def test_a_library_for_opml_reads_the_same_outline(name):
    map = MAPS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        document = OpmlDocument.load(BytesIO(written(map).encode("utf-8")))
    (root,) = document.outlines
    assert root.text == map.query
    assert document.title == f"{map.query} — Interactive Knowledge Map"
    assert [one.text for one in root.outlines][: len(map.concepts)] == [concept.name for concept in map.concepts]
    assert document.date_created == (map.made.created if map.made else None)


@pytest.mark.parametrize("name", list(MAPS))
def test_it_is_well_formed_xml(name):
    root = etree.fromstring(written(MAPS[name]).encode("utf-8"), etree.XMLParser(recover=False, no_network=True))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert all(outline.get("text") is not None for outline in root.iter("outline"))


def test_the_sections_after_the_concepts():
    map = hostile_map()
    sections = {outline.get("text"): [child.get("text") for child in outline] for outline in outlines(map)[-3:]}
    assert list(sections) == ["Related topics", "Sources", "Incomplete"]
    assert sections["Related topics"] == list(map.related)
    assert sections["Sources"] == [
        '[1] Friedman on "lags" [1] <https://example.org/a?b=1&c=<2>#d>',
        "[2] The same identifier again <C:\\files\\lags.txt>",
        "[3] <=file(1)>",
    ]
    assert [line.rpartition(": ")[2] for line in sections["Incomplete"]] == [
        "The definition is <missing> ]]>.",
        '=Its "target" is no concept; %% end',
    ]


def test_ends_that_are_no_concepts_are_outlines_after_the_concepts():
    map = hostile_map()
    missing = [outline for outline in outlines(map) if outline.get("_status") == "missing"]
    assert [outline.get("text") for outline in missing] == ["end", "gone", "no such <concept>", "gone too"]
    assert [child.get("_note") for child in missing[1]] == ["X both ends gone: \\because\\."]


def test_the_whole_of_a_small_map():
    map = small_map("T").model_copy(update={"title": "Title"})
    assert written(map) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>T — Interactive Knowledge Map</title>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="T" _note="Title">\n'
        '      <outline text="T" _note="T&#10;&#10;T&#10;&#10;[1] “T”">\n'
        '        <outline text="limits: T T T" _note="T" />\n'
        "      </outline>\n"
        '      <outline text="T" _note="T&#10;&#10;T&#10;&#10;[1] “T”">\n'
        '        <outline text="limited by: T T T" />\n'
        "      </outline>\n"
        '      <outline text="Related topics">\n'
        '        <outline text="T" />\n'
        "      </outline>\n"
        '      <outline text="Sources">\n'
        '        <outline text="[1] T &lt;T&gt;" />\n'
        "      </outline>\n"
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_a_date_without_a_zone_is_written_too():
    map = hostile_map()
    made = map.made.model_copy(update={"created": datetime(1999, 12, 31, 23, 59)})
    text = written(map.model_copy(update={"made": made}))
    assert "<dateCreated>Fri, 31 Dec 1999 23:59:00 -0000</dateCreated>" in text


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=60), id=st.text(max_size=20))
@example(text="\ufffe\uffff]]>", id="\ud800\x00")
def test_any_text_comes_back(text, id):
    map = small_map(text, id=id)
    kept = allowed(map.query)
    first, second = outlines(map)[:2]
    assert (first.get("text"), second.get("text")) == (kept, kept)
    assert first.get("_note", "").startswith(f"{kept}\n\n{kept}\n\n[1]" if kept else "")
    assert first[0].get("_note", "") == kept
