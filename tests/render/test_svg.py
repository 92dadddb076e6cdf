"""SVG: one valid document that stands alone and loses nothing, read back by two parsers that are not ours."""

from __future__ import annotations

import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mapgen.model import Citation, Concept, KnowledgeMap, Relation, Source
from mapgen.render import Options
from mapgen.render.svg import document, render

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "quotes \"'` and [brackets]", "<b>&amp;</b> ]]> --> <!--", "=cmd()", "{{ 7*7 }} {% raw %}", "👩‍👩‍👧 🇩🇪 ❤️",
    "N" * 200, "Café", "CAFÉ", "café", "التضخم (CPI)", "通貨膨脹", "noncharacter \ufffe \uffff", "javascript:alert(1)",
]  # fmt: skip
IDS = ["a\nb", "a\x00\x1bb", "\"'><script>", "]]>", "&amp;", "\ufffe", "#", "=cmd()", "e\u0301", "é", "A", "a", "c"]


def hostile_map() -> KnowledgeMap:
    concepts = tuple(
        Concept(
            id=id,
            name=text,
            definition=f"definition of {text}",
            relevance=f"relevance of {text}",
            rank=rank,
            status="incomplete" if rank == 3 else "complete",
            citations=(Citation(source="s", quote=f"quote {rank} {text}"),),
        )
        for rank, (id, text) in enumerate(zip(IDS, HOSTILE, strict=True), start=1)
    )
    relations = tuple(
        Relation(source=a, target=b, kind="limits", label=f"label {n} {text}", explanation=f"explanation {n} {text}")
        for n, (a, b, text) in enumerate(zip(IDS, [*IDS[1:], "no such\x01 id"], HOSTILE, strict=True))
    )
    return KnowledgeMap(
        query=HOSTILE[1],
        title="Hostile",
        language="en",
        concepts=concepts,
        relations=relations,
        related=("Chip <1>",),
        sources=(Source(id="s", title="Source & <title>", location="https://example.org/?a=1&b=2"),),
    )


def shown(text: str) -> str:
    """``text`` as XML can hold it."""
    return re.sub("[\ufffe\uffff]", "\ufffd", text)


def large_map(size: int) -> KnowledgeMap:
    concepts = tuple(
        Concept(id=f"c{n}", name=f"Concept {n}", definition=f"D{n}.", relevance=f"R{n}.", rank=n + 1)
        for n in range(size)
    )
    relations = tuple(
        Relation(source=f"c{n}", target=f"c{n // 2}", kind="part-of", label=f"L{n}", explanation=f"E{n}.")
        for n in range(size)
    )
    return KnowledgeMap(query="Large", title="Large", language="en", concepts=concepts, relations=relations)


@pytest.mark.parametrize("parse", [ElementTree.fromstring, lambda text: etree.fromstring(text.encode())])
def test_nothing_is_lost(parse):
    map = hostile_map()
    root = parse(render(map, Options()))
    assert root.tag == f"{NS}svg"
    nodes = root.findall(f".//{NS}g[@class='node']") + root.findall(f".//{NS}g[@class='node incomplete']")
    told = {node.find(f"{NS}title").text.partition(". ")[2]: node.find(f"{NS}desc").text for node in nodes}
    for concept in map.concepts:
        desc = told[shown(concept.name) + (" (incomplete)" if concept.status == "incomplete" else "")]
        assert shown(concept.definition) in desc
        assert shown(concept.relevance) in desc
        assert shown(concept.citations[0].quote) in desc
    edges = [edge for edge in root.iter(f"{NS}g") if edge.get("data-relation")]
    titles = {int(edge.get("data-relation")): edge.find(f"{NS}title").text for edge in edges}
    general = root.find(f"{NS}desc").text
    for index, relation in enumerate(map.relations):
        where = titles.get(index, general)
        assert shown(relation.label) in where
        assert shown(relation.explanation) in where
    assert set(range(len(map.relations))) - set(titles) == {12}
    assert {edge.find(f"{NS}desc").text for edge in edges} == {"limits"}
    assert "Source & <title>, https://example.org/?a=1&b=2" in general
    assert "Chip <1>" in general
    assert root.find(f"{NS}title").text == f"{map.query} — Interactive Knowledge Map"


def test_the_map_is_in_it_whole():
    map = hostile_map()
    root = ElementTree.fromstring(render(map, Options()))
    (data,) = [one for one in root.iter() if one.get("id") == "_map"]
    assert data.tag == f"{NS}metadata"
    assert KnowledgeMap.parse(data.text) == map


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(name=WORDS, id=WORDS, label=WORDS)
@settings(deadline=None, max_examples=40)
def test_any_text_gives_xml_that_reads_back(name, id, label):
    concepts = (
        Concept(id=id, name=name, definition=label, relevance="", rank=1),
        Concept(id=id + "2", name=label, definition="", relevance=name, rank=2),
    )
    relations = (Relation(source=id, target=id + "2", kind="is-a", label=label, explanation=name),)
    map = KnowledgeMap(query=name, title="T", language="en", concepts=concepts, relations=relations)
    root = ElementTree.fromstring(render(map, Options(brand=label)))
    assert KnowledgeMap.parse(next(root.iter(f"{NS}metadata")).text) == map


def test_it_stands_alone():
    text = render(hostile_map(), Options())
    root = ElementTree.fromstring(text)
    tags = {one.tag.removeprefix(NS) for one in root.iter()}
    assert tags == {
        "svg", "title", "desc", "metadata", "style", "defs", "marker", "path", "rect", "text", "tspan", "g",
    }  # fmt: skip
    names = {name for one in root.iter() for name in one.attrib}
    assert not {name for name in names if name.startswith("on") or name in {"style", "href"} or "}" in name}
    assert len(list(root.iter(f"{NS}style"))) == 1
    assert not re.search(r"url\((?!#_)", text)


def test_every_shape_has_its_colours_as_attributes():
    for parts in (render(hostile_map(), Options()), document(hostile_map(), Options(), styled=False)):
        root = ElementTree.fromstring(parts)
        for one in root.iter():
            if one.tag in {f"{NS}rect", f"{NS}path"}:
                assert {"fill", "stroke"} <= set(one.attrib)
            if one.tag == f"{NS}text":
                assert "fill" in one.attrib
    assert "<style" not in document(hostile_map(), Options(), styled=False)


def test_every_reference_leads_to_one_marker_and_identifiers_are_ours():
    text = render(large_map(30), Options())
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(set(ids)) == len(ids)
    assert all(id.startswith("_") for id in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", text)) <= set(ids)


def test_wrapped_words_do_not_run_together():
    map = large_map(1).model_copy(
        update={"concepts": (large_map(1).concepts[0].model_copy(update={"name": "Basic reproduction number rising"}),)}
    )
    root = ElementTree.fromstring(render(map, Options()))
    (node,) = root.findall(f".//{NS}g[@class='node']")
    words = node.findall(f"{NS}text")[1]
    assert "".join(words.itertext()) == "Basic reproduction number rising"
    assert len(list(words)) == 2
    assert {span.get("y") for span in words} != {None}


def test_a_large_map_shows_all_stages_and_every_relation():
    map = large_map(30)
    root = ElementTree.fromstring(render(map, Options()))
    stages = root.findall(f"{NS}g[@role='group']")
    assert len(stages) >= 3
    anchors = {one.get("data-anchor") for one in root.iter() if one.get("data-anchor")}
    assert anchors == {f"c{n}" for n in range(30)}
    drawn = {int(one.get("data-relation")) for one in root.iter() if one.get("data-relation")}
    told = root.find(f"{NS}desc").text
    assert all(n in drawn or f"E{n}." in told for n in range(30))
    tops = [float(re.search(r"translate\(0 ([\d.]+)\)", stage.get("transform"))[1]) for stage in stages]
    assert tops == sorted(tops)
    assert tops[-1] < float(root.get("height"))


def test_an_incomplete_concept_is_dashed_and_says_so(rich_map):
    root = ElementTree.fromstring(render(rich_map, Options()))
    (node,) = root.findall(f".//{NS}g[@class='node incomplete']")
    assert node.find(f"{NS}title").text.endswith("(incomplete)")
    assert node.find(f"{NS}rect").get("stroke-dasharray") == "5 3"
    assert "The definition is <missing>." in root.find(f"{NS}desc").text
    assert "Friedman on [lags]" in root.find(f"{NS}desc").text


def test_names_written_from_right_to_left_say_so():
    root = ElementTree.fromstring(render(hostile_map(), Options()))
    nodes = {one.find(f"{NS}title").text: one for one in root.iter(f"{NS}g") if one.get("data-anchor")}
    rtl = [title for title, node in nodes.items() if node.findall(f"{NS}text")[1].get("direction") == "rtl"]
    assert rtl == ["10. التضخم (CPI)"]


def test_the_legend_names_the_kinds_that_are_drawn(source_map, rich_map):
    legend = ElementTree.fromstring(render(rich_map, Options())).findall(f"{NS}g[@class]")
    assert [one.get("class") for one in legend] == ["edge causes", "edge limits"]
    assert ["".join(one.itertext()).strip() for one in legend] == ["causes", "limits"]
    assert ElementTree.fromstring(render(source_map, Options())).findall(f"{NS}g[@class]") == []


def test_a_map_without_concepts_is_a_picture_too():
    map = KnowledgeMap(query="", title="", language="x y", concepts=())
    root = ElementTree.fromstring(render(map, Options()))
    assert root.get("lang") == "und"
    assert float(root.get("height")) > 0


def test_names_that_differ_only_in_form_keep_apart():
    names = [unicodedata.normalize("NFC", "é"), "É", "e"]
    concepts = tuple(Concept(id=n, name=n, definition="", relevance="", rank=1) for n in (*names, "E\u0301", "e\u0301"))
    map = KnowledgeMap(query="Q", title="Q", language="en", concepts=concepts)
    root = ElementTree.fromstring(render(map, Options()))
    anchors = [one.get("data-anchor") for one in root.iter() if one.get("data-anchor")]
    assert len(set(anchors)) == 5
