"""The page's inline graph: its structure, its references, and texts that stay texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mapgen.model import RELATION_KINDS
from mapgen.render.graph import KIND_STYLE, draw
from tests.render.graph.conftest import NAMES, make_view


@pytest.fixture(scope="module")
def macros(request):
    assets = request.config.rootpath / "mapgen" / "render" / "assets"
    options = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=FileSystemLoader(assets), **options).get_template("graph.svg.j2").module


def parsed(macros, view, *, shape="wide", here="", prefix="_w-"):
    return ElementTree.fromstring(str(macros.stage(draw(view, shape), shape, here, prefix)))


def test_the_stage_says_what_it_is(macros, six):
    root = parsed(macros, six)
    assert root.tag == "svg"
    assert root.get("class") == "stage wide"
    assert root.get("role") == "group"
    assert root.get("aria-label") == "Graph of 6 concepts and 8 relations"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert parsed(macros, six, shape="tall").get("class") == "stage tall"
    paper = root.find("rect")
    assert (paper.get("class"), paper.get("fill")) == ("paper", "#faf9f6")


def test_nodes_are_links_above_the_lines(macros, six):
    root = parsed(macros, six, here="about:srcdoc")
    nodes = root.findall("a")
    assert [node.get("href") for node in nodes] == [f"about:srcdoc#c{n}" for n in range(6)]
    assert nodes[0].get("aria-label") == "1. Basic reproduction number"
    assert nodes[4].get("aria-label") == "5. Antigen (incomplete)"
    assert [node.get("class") for node in nodes] == ["node"] * 4 + ["node incomplete", "node"]
    order = [child.get("class", "").split(" ")[0] for child in root]
    assert order.index("edges") < order.index("node")


def test_lines_tell_their_ends_and_their_relation(macros, six):
    edges = {edge.find("title").text: edge for edge in parsed(macros, six).findall("g/g")}
    assert len(edges) == 8
    edge = edges["Immune memory underlies Vaccine efficacy"]
    assert (edge.get("class"), edge.get("data-source"), edge.get("data-target")) == ("edge part-of", "4", "3")
    line, label = edge.find("path"), edge.find("g")
    assert line.get("class") == "line"
    assert line.get("fill") == "none"
    assert line.get("stroke") == KIND_STYLE["part-of"].light
    assert line.get("marker-end") == "url(#_w-part-of)"
    assert label.get("class") == "label"
    assert "".join(label.itertext()).strip() == "underlies"


def test_each_kind_has_one_marker_and_contrasts_have_two_ends(macros):
    every = make_view([f"C{n}" for n in range(10)], [(n, n + 1, kind, "") for n, kind in enumerate(RELATION_KINDS)])
    text = str(macros.stage(draw(every, "wide"), "wide", "", "_x-"))
    assert re.findall(r'<marker id="([^"]*)"', text) == [f"_x-{kind}" for kind in RELATION_KINDS]
    assert re.findall(r'marker-start="([^"]*)"', text) == ["url(#_x-contrasts-with)"]
    assert len(re.findall("marker-end", text)) == 9
    assert "context-stroke" not in text
    dashes = {style.dash for style in KIND_STYLE.values() if style.dash}
    assert {dash for dash in dashes if f'stroke-dasharray="{dash}"' in text} == dashes


def test_shapes_have_colours_and_nothing_has_a_style(macros, six):
    for one in parsed(macros, six).iter():
        assert not {"style", "onclick", "onload"} & set(one.attrib)
        if one.tag in {"rect", "path"}:
            assert {"fill", "stroke"} <= set(one.attrib)
        if one.tag == "text":
            assert "fill" in one.attrib


def test_texts_stay_texts(macros):
    relations = [(n, (n + 1) % len(NAMES), "causes", name[:60]) for n, name in enumerate(NAMES)]
    view = make_view(NAMES, relations)
    root = parsed(macros, view, shape="tall", prefix='_"<')
    assert {one.tag for one in root.iter()} == {
        "svg", "defs", "marker", "path", "rect", "g", "text", "tspan", "a",
    }  # fmt: skip
    assert [node.get("aria-label").partition(". ")[2] for node in root.findall("a")] == [c.name for c in view.cards]
    written = ["".join(node.findall("text")[1].itertext()) for node in root.findall("a")]
    bare = [(text.replace("-", ""), card.name.replace("-", "")) for text, card in zip(written, view.cards, strict=True)]
    assert all(text == name or name.startswith(text[:-1]) for text, name in bare)


def test_lines_have_tips_for_a_pointer_where_there_is_one(macros, six):
    titles = {shape: parsed(macros, six, shape=shape).findall("g/g/title") for shape in ("wide", "tall")}
    assert len(titles["wide"]) == len(six.relations)
    assert titles["tall"] == []


def test_a_wrapped_line_ends_in_its_space(macros, six):
    stage = parsed(macros, six)
    first = stage.find("a").findall("text")[1]
    spans = list(first)
    assert [span.text for span in spans] == ["Basic reproduction ", "number"]
    assert (stage.get("text-anchor"), first.get("text-anchor")) == ("middle", None)
    assert float(spans[0].get("x")) - float(spans[1].get("x")) == pytest.approx(1.8, abs=0.11)
    assert float(spans[1].get("y")) - float(spans[0].get("y")) == 18


def test_right_to_left_names_say_so(macros):
    root = parsed(macros, make_view(["سعر الفائدة", "Rate"], [(0, 1, "causes", "يرفع")]))
    directions = [node.findall("text")[1].get("direction") for node in root.findall("a")]
    assert directions == ["rtl", None]
    assert root.find("g/g/g/text").get("direction") == "rtl"
