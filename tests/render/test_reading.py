"""A map read back from the page that carries it, and from the drawing; and from nothing else."""

from __future__ import annotations

from base64 import b64encode
from zlib import compress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import InputError
from mapgen.model import Concept, KnowledgeMap
from mapgen.render import save
from mapgen.render.reading import embedded, is_markup, pack, unpack
from tests.render.hostile import hostile_map


@pytest.mark.parametrize("suffix", [".html", ".svg"])
def test_a_map_comes_back_from_what_carries_it(suffix, tmp_path, rich_map, source_map):
    for map in (rich_map, source_map, hostile_map()):
        assert KnowledgeMap.load(save(map, tmp_path / f"map{suffix}")) == map


@settings(max_examples=30)
@given(st.text(), st.text())
def test_any_text_comes_back_from_a_page(id, text):
    concept = Concept(id=id, name=text, definition=f"{text}</script><!--<script>", relevance=text, rank=1)
    map = KnowledgeMap(query=text, title=text, language="en", concepts=(concept,))
    assert KnowledgeMap.parse(embedded(map.to_html(), name="p")) == map


def test_the_first_carrier_counts():
    text = '<p id="_map">{"a": 1}</p><script id="_map">{"b": 2}</script>'
    assert embedded(text, name="x") == '{"a": 1}'


def test_what_a_concept_says_cannot_pass_for_the_carrier(source_map):
    forged = 'x</p><script type="application/json" id="_map">{}</script>'
    concept = source_map.concepts[0].model_copy(update={"definition": forged})
    map = source_map.model_copy(update={"concepts": (concept, *source_map.concepts[1:])})
    assert KnowledgeMap.parse(embedded(map.to_html(), name="x")) == map


NOT_PACKED = ["", "a", "====", b64encode(b"abc").decode(), pack({"md": "no map"}), pack({"json": "x" * 9})[:-8]]
NOT_PACKED += [b64encode(compress(b"[" * 100_000, wbits=-15)).decode()]


@given(st.dictionaries(st.text(), st.text()))
def test_packed_texts_are_unpacked_as_they_were(texts):
    assert unpack(pack(texts)) == texts


def test_what_would_fill_the_memory_is_not_unpacked():
    bomb = b64encode(compress(b'{"json": "' + b" " * 60_000_000 + b'"}', wbits=-15)).decode()
    with pytest.raises(ValueError, match="no texts by name"):
        unpack(bomb)


@pytest.mark.parametrize(
    "text",
    ["<html></html>", "<", "<!-- id=_map -->", '<p id="map">{}</p>', "<svg/>", "<![odd[", "<![1>"]
    + [f'<script id="_map">{text}</script>' for text in NOT_PACKED],
)
def test_markup_without_a_map_is_told(text, tmp_path):
    assert is_markup(text)
    path = tmp_path / "page.html"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        KnowledgeMap.load(path)
    assert caught.value.message == f"{path} carries no whole map."
    assert caught.value.hint == "Only pages and drawings that mapgen made carry their map; this one may be cut short."


@pytest.mark.parametrize("piece", ["<!--", "<a ", "</", "<![CDATA[", "a< ", "&#"])
def test_markup_that_is_never_closed_is_read_once(piece):
    """Read again from each of its characters, a page of this size would not end."""
    with pytest.raises(InputError, match="carries no whole map"):
        embedded(f'<p id="_map">{piece * 50_000}', name="page.html")


def test_a_carrier_of_something_else_is_no_map(tmp_path):
    path = tmp_path / "page.html"
    path.write_text('<script id="_map">{"query": 1}</script>')
    with pytest.raises(InputError, match="is not a knowledge map: query: Input should be a valid string"):
        KnowledgeMap.load(path)


def test_json_is_not_taken_for_markup():
    assert not is_markup('  {"query": "<p>"}')
    assert not is_markup("")
