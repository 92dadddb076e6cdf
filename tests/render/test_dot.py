"""DOT: drawn and read back by Graphviz itself, and read by pydot, without a loss."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import warnings
from collections import Counter
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapgen.model import RELATION_KINDS, KnowledgeMap
from mapgen.render import dot
from mapgen.render.network import allowed
from mapgen.render.view import Options
from mapgen.text import unique_slugs
from tests.render.hostile import hostile_map, maps, small_map, told
from tests.render.telling import quotes

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import pydot
    import pydot.dot_parser

MAPS = maps()
DOT = shutil.which("dot")
COMPLETE = bool(os.environ.get("MAPGEN_TEST_COMPLETE"))
SVG = "{http://www.w3.org/2000/svg}"
TITLE = "{http://www.w3.org/1999/xlink}title"


def written(map: KnowledgeMap) -> str:
    return dot.render(map, Options())


def plain(value: str) -> str:
    """The text that an attribute's value stands for."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


@cache
def drawn(name: str, format: str) -> str:
    """What Graphviz makes of that map; it must have nothing to complain of."""
    if DOT is None:
        (pytest.fail if COMPLETE else pytest.skip)("dot is not here: apt-get install graphviz")
    done = subprocess.run(
        [DOT, f"-T{format}"], input=written(MAPS[name]).encode("utf-8"), capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr.decode("utf-8")) == (0, "")
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", list(MAPS))
def test_graphviz_finds_every_text_of_every_concept(name):
    map, graph = MAPS[name], json.loads(drawn(name, "json"))
    nodes = {node["name"]: node for node in graph["objects"]}
    for anchor, concept in zip(unique_slugs(tuple(c.id for c in map.concepts)), map.concepts, strict=True):
        found = nodes[anchor]
        assert plain(found["title"]) == concept.name
        assert plain(found.get("definition", "")) == concept.definition
        assert plain(found.get("relevance", "")) == concept.relevance
        assert (found["rank"], found["status"]) == (str(concept.rank), concept.status)
        lines = plain(found.get("citations", "")).split("\n") if concept.citations else []
        assert [line.partition(" ")[2] for line in lines] == quotes(concept)


@pytest.mark.parametrize("name", list(MAPS))
def test_graphviz_finds_every_relation(name):
    graph = json.loads(drawn(name, "json"))
    names = {node["_gvid"]: plain(node["title"]) for node in graph["objects"]}
    found = Counter(
        (names[e["tail"]], e["kind"], plain(e["title"]), names[e["head"]], explanation(e))
        for e in graph.get("edges", [])
    )
    assert (graph["directed"], graph["strict"]) == (True, False)
    assert found == Counter(told(MAPS[name]))


def explanation(edge: dict[str, str]) -> str:
    return plain(edge.get("explanation", ""))


@pytest.mark.parametrize("name", list(MAPS))
def test_graphviz_finds_what_is_said_of_the_map_as_a_whole(name):
    map, graph = MAPS[name], json.loads(drawn(name, "json"))
    assert [plain(graph[key]) for key in ("query", "title", "language")] == [map.query, map.title, map.language]
    assert plain(graph["label"]).replace("\n", " ") == map.title
    assert plain(graph["related"]).split("\n") == list(map.related)
    assert len(plain(graph.get("sources", "")).split("\n")) == max(1, len(map.sources))
    for source in map.sources:
        assert source.title in plain(graph["sources"])
        assert source.location in plain(graph["sources"])
    assert all(problem.message in plain(graph["problems"]) for problem in map.problems)


@pytest.mark.parametrize("name", list(MAPS))
def test_the_drawing_shows_names_and_definitions_and_tells_the_rest_on_hovering(name):
    map, svg = MAPS[name], ElementTree.fromstring(drawn(name, "svg"))
    groups = {group.findtext(f"{SVG}title"): group for group in svg.findall(f".//{SVG}g[@class='node']")}
    for anchor, concept in zip(unique_slugs(tuple(c.id for c in map.concepts)), map.concepts, strict=True):
        shown = "".join("".join(text.itertext()) for text in groups[anchor].iter(f"{SVG}text"))
        assert squeezed(shown) == squeezed(concept.name + concept.definition)
    tooltips = [link.get(TITLE, "") for link in svg.iter(f"{SVG}a")]
    for concept in map.concepts:
        told_there = [concept.name, concept.relevance, *(citation.quote for citation in concept.citations)]
        assert any(all(text in tooltip for text in told_there) for tooltip in tooltips)
    assert all(relation.explanation in tooltips for relation in map.relations if relation.explanation)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200d\u200c]", "", text)


@pytest.mark.parametrize("name", list(MAPS))
def test_pydot_reads_the_same_graph(name):
    map = MAPS[name]
    (graph,) = pydot.graph_from_dot_data(written(map))
    nodes = {node.get_name(): node.get_attributes() for node in graph.get_nodes()}
    for anchor, concept in zip(unique_slugs(tuple(c.id for c in map.concepts)), map.concepts, strict=True):
        found = nodes[f'"{anchor}"']
        assert plain(found["title"][1:-1]) == concept.name
        assert plain(found.get("definition", '""')[1:-1]) == concept.definition
        assert plain(found.get("relevance", '""')[1:-1]) == concept.relevance
    assert len(graph.get_edges()) == len(map.relations)


def test_ends_that_are_no_concepts_are_nodes_with_a_dashed_border():
    graph = json.loads(drawn("hostile", "json"))
    missing = {plain(node["title"]): node["style"] for node in graph["objects"] if node["status"] == "missing"}
    assert missing == dict.fromkeys(("end", "gone", "no such <concept>", "gone too"), "rounded,filled,dashed")


def test_no_two_kinds_of_relation_look_alike():
    relations = hostile_map().relations[:1] * len(RELATION_KINDS)
    kinds = [r.model_copy(update={"kind": kind}) for r, kind in zip(relations, RELATION_KINDS, strict=True)]
    lines = written(hostile_map().model_copy(update={"relations": tuple(kinds)})).splitlines()
    looks = [re.search(r'style="(\w+)", arrowhead="(\w+)"', line) for line in lines if " -> " in line]
    assert len({look.groups() for look in looks if look}) == len(RELATION_KINDS)


def test_an_edge_in_full():
    line = next(line for line in written(small_map('say "x\\n" & go')).splitlines() if " -> " in line)
    text = '"say \\"x\\\\n\\" & go"'
    shown = text.replace("&", "&amp;")
    assert line == (
        f'  "a" -> "b" [kind="limits", title={text}, explanation={text}, label="  {shown[1:-1]}  \\n  (limits)  ", '
        f'tooltip={shown}, labeltooltip={shown}, color="#a3174f", '
        'fontcolor="#a3174f", style="dashed", arrowhead="tee"];'
    )


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=60) | st.text(st.sampled_from("\\\"'&;#<>nNGELr \n{}|"), max_size=12), id=st.text(max_size=9)
)
@example(text="\\", id='"')
@example(text="\ufffe\uffff&amp;", id="\ud800\x00")
def test_any_text_comes_back(text, id):
    map = small_map(text, id=id)
    kept = allowed(map.query)
    (graph,) = pydot.graph_from_dot_data(written(map))
    for node in graph.get_nodes():
        if node.get_name() not in ("graph", "node", "edge"):
            found = {key: plain(value[1:-1]) for key, value in node.get_attributes().items()}
            assert [found.get(key, "") for key in ("title", "definition", "relevance")] == [kept] * 3
    (edge,) = graph.get_edges()
    assert plain(edge.get("explanation")[1:-1] if kept else "") == kept
    assert plain((edge.get("title") or '""')[1:-1]) == (kept or ("" if map.query else "limits"))
