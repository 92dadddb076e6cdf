"""The exact text of every format: of the source document's own map, of a rich, hostile one, and of a cited one."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render import FORMATS, render
from mapgen.text import unique_slugs
from tests.render.cited import cited_map
from tests.render.conftest import KEPT, golden_text

NAMES = ("source", "rich", "cited")
DATA = Path(__file__).parent.parent / "data"


def paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_source_document_is_its_maps_text_line_by_line(source_map, source_page):
    assert paragraphs(render(source_map, "txt", brand="Kinapse")) == paragraphs(source_page)


def test_the_source_map_is_the_source_document(source_map, parsed_source_page):
    assert source_map == parsed_source_page
    assert source_map.made is None
    assert source_map.language == "en"
    assert [concept.rank for concept in source_map.concepts] == [1, 2, 3, 4, 5]
    assert tuple(c.id for c in source_map.concepts) == unique_slugs(tuple(c.name for c in source_map.concepts))


def test_the_source_map_does_not_say_whose_page_it_was(source_map):
    assert "Kinapse" not in source_map.to_json()


@pytest.mark.parametrize(("name", "format"), list(product(NAMES, KEPT)))
def test_each_format_is_as_it_was(name, format, source_map, rich_map):
    map = {"source": source_map, "rich": rich_map, "cited": cited_map()}[name]
    golden = DATA / "golden" / f"{name}{FORMATS[format].suffixes[0]}"
    assert golden_text(map, format) == golden.read_bytes().decode()


def test_no_golden_file_is_left_over():
    names = {f"{name}{kind.suffixes[0]}" for name in NAMES for kind in map(FORMATS.get, KEPT)}
    assert {path.name for path in (DATA / "golden").iterdir()} == names


@pytest.mark.parametrize("format", list(FORMATS))
def test_rendering_is_a_function_of_the_map(format, rich_map):
    again = KnowledgeMap.parse(rich_map.to_json())
    assert render(rich_map, format) == render(again, format)


@pytest.mark.parametrize("format", ["md", "html"])
def test_the_other_formats_have_the_documents_words_in_its_order(format, source_map):
    text = render(source_map, format).replace("&#39;", "'").replace("\\", "")
    body = text[text.index("Key Concepts") :]
    place = 0
    for concept in source_map.concepts:
        for words in (concept.name, concept.definition, concept.relevance):
            place = body.index(f">{words}<" if format == "html" else f"{words}\n", place) + len(words)
