"""GraphML and GEXF: read back by networkx, and by strict XML parsers, without a loss."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from mapgen.model import KnowledgeMap
from mapgen.render import gexf, graphml
from mapgen.render.network import allowed
from mapgen.render.view import Options
from mapgen.text import unique_slugs
from tests.render.hostile import hostile_map, maps, small_map, told
from tests.render.telling import quotes

MODULES = {"graphml": graphml, "gexf": gexf}
MAPS = maps()


def written(format: str, map: KnowledgeMap) -> str:
    return MODULES[format].render(map, Options())


def read(format: str, text: str) -> networkx.MultiDiGraph:
    file = BytesIO(text.encode("utf-8"))
    if format == "graphml":
        return networkx.read_graphml(file, force_multigraph=True)
    return networkx.read_gexf(file)


def edges_of(graph: networkx.MultiDiGraph) -> list[tuple[str, str, dict]]:
    return [(source, target, texts) for source, target, texts in graph.edges(data=True)]


@pytest.fixture(params=list(MODULES))
def format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("name", list(MAPS))
def test_networkx_finds_every_text_of_every_concept(format, name):
    map = MAPS[name]
    graph = read(format, written(format, map))
    anchors = unique_slugs(tuple(concept.id for concept in map.concepts))
    assert list(graph)[: len(anchors)] == list(anchors)
    for anchor, concept in zip(anchors, map.concepts, strict=True):
        found = graph.nodes[anchor]
        assert (found["name"], found["label"]) == (concept.name, concept.name)
        assert found.get("definition", "") == concept.definition
        assert found.get("relevance", "") == concept.relevance
        assert (found["rank"], found["status"]) == (concept.rank, concept.status)
        lines = found.get("citations", "").split("\n") if concept.citations else []
        assert [line.partition(" ")[2] for line in lines] == quotes(concept)


@pytest.mark.parametrize("name", list(MAPS))
def test_networkx_finds_every_relation_between_its_two_ends(format, name):
    graph = read(format, written(format, MAPS[name]))
    names = {id: texts["name"] for id, texts in graph.nodes(data=True)}
    found = Counter(
        (names[source], e["kind"], e["label"], names[target], e.get("explanation", ""))
        for source, target, e in edges_of(graph)
    )
    assert graph.is_directed()
    assert found == Counter(told(MAPS[name]))


def test_ends_that_are_no_concepts_are_nodes_marked_as_missing(format):
    graph = read(format, written(format, hostile_map()))
    missing = {texts["name"] for _, texts in graph.nodes(data=True) if texts["status"] == "missing"}
    assert missing == {"no such <concept>", "end", "gone", "gone too"}
    assert graph.number_of_nodes() == len(hostile_map().concepts) + 4
    assert graph.number_of_edges() == len(hostile_map().relations)


def test_two_concepts_of_one_identifier_stay_two(format):
    graph = read(format, written(format, hostile_map()))
    assert graph.nodes["twice"]["rank"] == 19
    assert graph.nodes["twice-2"]["rank"] == 20


@pytest.mark.parametrize("name", list(MAPS))
def test_what_is_said_of_the_map_as_a_whole_is_there(format, name):
    map = MAPS[name]
    text = written(format, map)
    root = ElementTree.fromstring(text)
    said = "\n".join(root.itertext())
    for part in (map.query, map.title, map.language, *map.related):
        assert part in said
    for source in map.sources:
        assert source.title in said
        assert source.location in said
    assert all(problem.message in said for problem in map.problems)


def test_networkx_finds_the_attributes_of_a_graphml_graph():
    map = hostile_map()
    graph = read("graphml", written("graphml", map)).graph
    assert (graph["query"], graph["title"], graph["language"]) == (map.query, map.title, "en")
    assert graph["related"].split("\n") == list(map.related)
    assert len(graph["sources"].split("\n")) == 3
    assert len(graph["problems"].split("\n")) == 2
    assert "planner" in graph["made"]


@pytest.mark.parametrize("name", list(MAPS))
def test_it_is_well_formed_xml(format, name):
    text = written(format, MAPS[name])
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    strict = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode("utf-8"), strict)
    assert etree.QName(root).localname == format
    for kind in ("node", "edge"):
        ids = [element.get("id") for element in root.iter() if etree.QName(element).localname == kind]
        assert len(ids) == len(set(ids)) > 0 or (kind, name) == ("edge", "source-map")


def test_letters_are_themselves_and_not_numbers(format):
    assert "通貨膨脹" in written(format, hostile_map())


def test_it_is_a_function_of_the_map_and_of_no_clock(format):
    map = hostile_map()
    made = map.made.model_copy(update={"created": datetime(1999, 12, 31)})
    old = written(format, map.model_copy(update={"made": made}))
    assert "1999-12-31" in old
    assert not re.search("20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]", old)
    assert written(format, map) == written(format, map)


def test_gexf_without_a_date_has_none():
    text = written("gexf", hostile_map().model_copy(update={"made": None}))
    assert "lastmodifieddate" not in text
    assert "<creator>mapgen</creator>" in text


def test_a_map_of_nothing(format):
    graph = read(format, written(format, KnowledgeMap(query="?", title="", language="", concepts=())))
    assert len(graph) == 0


@pytest.mark.parametrize("format_", list(MODULES))
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), id=st.text(max_size=20))
@example(text="\ufffe\uffff]]>", id="\ud800\x00")
@example(text="\u200d\u00ad\u0085", id="a")
def test_any_text_comes_back(format_, text, id):
    map = small_map(text, id=id)
    graph = read(format_, written(format_, map))
    assert graph.number_of_nodes() == 2
    kept = allowed(map.query)
    for _, texts in graph.nodes(data=True):
        assert [texts.get(key, "") for key in ("name", "definition", "relevance")] == [kept] * 3
        assert not kept or f"“{kept}”" in texts["citations"]
    ((_, _, edge),) = edges_of(graph)
    assert (edge["label"], edge.get("explanation", "")) == (kept or ("" if map.query else "limits"), kept)
