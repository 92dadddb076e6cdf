"""Collected payloads in flowcharts, drawn by Mermaid itself: each is words of a label, none an order or markup."""

from __future__ import annotations

import pytest

from mapgen.render import render
from tests import payloads
from tests.render.mermaid import Drawing, draw

SIZE = 16  # concepts of a map, which keep it below the 50,000 characters that Mermaid draws
TAGS = {
    "svg", "title", "desc", "style", "defs", "marker", "filter", "feDropShadow", "g", "path", "rect", "circle",
    "polygon", "text", "foreignObject", "div", "span", "p", "b", "br", "wbr", "a",
}  # fmt: skip
ALL = payloads.maps(SIZE)
MAPS = {name: map for name, map in ALL.items() if "naughty" in name or int(name.split("-")[1]) % (3 * SIZE) == 0}


@pytest.fixture(scope="module")
def drawings() -> dict[str, Drawing]:
    """Every map, drawn in one browser."""
    return draw({name: str(render(map, "mermaid")) for name, map in MAPS.items()})


@pytest.mark.parametrize("name", list(MAPS))
def test_there_are_as_many_nodes_and_edges_as_the_map_has(name: str, drawings: dict[str, Drawing]) -> None:
    map, drawing = MAPS[name], drawings[name]
    assert list(drawing.nodes) == [f"c{number}" for number in range(len(map.concepts))]
    numbers: dict[str, str] = {}
    for node, concept in zip(drawing.nodes, map.concepts, strict=True):
        numbers.setdefault(concept.id, node)  # of several with one id, the first is meant
    ends = [(edge["source"], edge["target"]) for edge in drawing.edges]
    assert ends == [(numbers[one.source], numbers[one.target]) for one in map.relations]


@pytest.mark.parametrize("name", list(MAPS))
def test_every_payload_is_shown_word_for_word(name: str, drawings: dict[str, Drawing]) -> None:
    map, drawing = MAPS[name], drawings[name]
    shown = [(one["name"].strip(), one["definition"], one["tooltip"]) for one in drawing.nodes.values()]
    assert shown == [(one.name, one.definition, one.relevance) for one in map.concepts]
    for edge, relation in zip(drawing.edges, map.relations, strict=True):
        assert edge["label"].startswith(relation.label)
    said = "\n".join(drawing.description)
    assert [text for text in (*map.related, *(one.message for one in map.problems)) if text not in said] == []


@pytest.mark.parametrize("name", list(MAPS))
def test_no_payload_is_an_order_or_markup(name: str, drawings: dict[str, Drawing]) -> None:
    drawing = drawings[name]
    assert drawing.orders == {"subgraphs": 0, "classes": [], "called": 0, "config": []}
    assert set(drawing.tags) <= TAGS
    assert (drawing.foreign, drawing.messages) == (0, ())
    assert all(node["link"].startswith("#") for node in drawing.nodes.values())
