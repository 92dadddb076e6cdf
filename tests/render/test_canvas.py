"""JSON Canvas, read by pyjsoncanvas and held to the format's own rules; its Markdown read by markdown-it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pyjsoncanvas import Canvas

from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Relation
from mapgen.render import canvas
from mapgen.render.canvas.place import GAP, Box, facing
from mapgen.render.view import Options
from mapgen.render.wording import KINDS
from tests.render.hostile import hostile_map, surrogate_map
from tests.render.telling import missing, seen

SIDES = {"top", "right", "bottom", "left"}
NODE, EDGE = (
    {"id", "type", "x", "y", "width", "height"},
    {"id", "fromNode", "fromSide", "toNode", "toSide", "toEnd", "fromEnd"},
)


def drawn(map: KnowledgeMap, **options: str) -> dict:
    return json.loads(canvas.render(map, Options(**options)))


def read(markdown: str) -> str:
    """What a reader of Markdown sees, a line for each block."""
    blocks = [token for token in MarkdownIt().parse(markdown) if token.type == "inline"]
    return "\n".join("".join(child.content for child in block.children) for block in blocks).replace("\u2060", "")


def shown(data: dict) -> str:
    return "\n".join(read(node["text"]) for node in data["nodes"] if node["type"] == "text")


def sound(data: dict) -> None:
    """Hold ``data`` to version 1.0 of the format: fields, their types, unique identifiers, ends that there are."""
    assert set(data) == {"nodes", "edges"}
    for node in data["nodes"]:
        own = {"text": {"text"}, "group": {"label"}}[node["type"]]
        assert set(node) - {"color"} == NODE | own
        assert all(type(node[field]) is int for field in ("x", "y", "width", "height"))
        assert all(isinstance(node[field], str) for field in ("id", *own))
        assert node["width"] > 0
        assert node["height"] > 0
        assert node.get("color", "1") in {"1", "2", "3", "4", "5", "6"}
    nodes = {node["id"] for node in data["nodes"]}
    for edge in data["edges"]:
        assert set(edge) == EDGE | {"label"}
        assert {edge["fromNode"], edge["toNode"]} <= nodes
        assert {edge["fromSide"], edge["toSide"]} <= SIDES
        assert edge["toEnd"] == "arrow"
        assert edge["fromEnd"] == ("arrow" if "contrasts with" in edge["label"] else "none")
    ids = [item["id"] for item in (*data["nodes"], *data["edges"])]
    assert len(ids) == len(set(ids))


def covering(data: dict) -> list[tuple[str, str]]:
    """The pairs of cards of which one covers a part of the other."""
    cards = [node for node in data["nodes"] if node["type"] == "text"]
    return [
        (a["id"], b["id"])
        for a, b in combinations(cards, 2)
        if a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    ]


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    return {"hostile": hostile_map, "surrogate": surrogate_map, "rich": lambda: rich_map, "source": lambda: source_map}[
        request.param
    ]()


def test_an_independent_reader_takes_it(any_map):
    text = canvas.render(any_map, Options())
    read_back = Canvas.from_json(text)
    assert read_back.validate()
    assert {node.id for node in read_back.nodes} == {node["id"] for node in json.loads(text)["nodes"]}
    sound(json.loads(text))


def test_nothing_is_lost(any_map):
    assert missing(any_map, shown(drawn(any_map))) == []


def test_every_relation_between_concepts_is_an_edge_of_its_own(any_map):
    edges = [(edge["fromNode"], edge["toNode"], edge["label"]) for edge in drawn(any_map)["edges"]]
    assert edges == [
        (
            f"concept-{tie.source_anchor}",
            f"concept-{tie.target_anchor}",
            tie.label if tie.label == KINDS[tie.kind][0] else f"{tie.label} ({KINDS[tie.kind][0]})",
        )
        for tie in seen(any_map).relations
        if tie.source_anchor and tie.target_anchor
    ]


def test_each_relation_is_told_once_in_full_also_where_an_end_is_missing():
    map = hostile_map()
    text = shown(drawn(map))
    for tie in seen(map).relations:
        sentence = f"{tie.tag if tie.source_anchor or not tie.target_anchor else 'has as an example'}: "
        sentence += f"{tie.source} {tie.label} {tie.target}." + (f" {tie.explanation}" if tie.explanation else "")
        same = [other for other in seen(map).relations if other == tie]
        assert text.count(sentence) == len(same), sentence


def test_no_card_covers_another_and_groups_hold_theirs(any_map):
    data = drawn(any_map)
    assert covering(data) == []
    groups = [node for node in data["nodes"] if node["type"] == "group"]
    for card in (node for node in data["nodes"] if node["id"].startswith("concept-")):
        holders = [
            group
            for group in groups
            if group["x"] < card["x"]
            and group["y"] < card["y"]
            and card["x"] + card["width"] < group["x"] + group["width"]
            and card["y"] + card["height"] < group["y"] + group["height"]
        ]
        assert len(holders) == 1


def test_many_concepts_are_parted_into_stages_and_none_stands_twice():
    data = drawn(hostile_map())
    labels = [node["label"] for node in data["nodes"] if node["type"] == "group"]
    assert labels == [f"Key Concepts {n}/{len(labels)}" for n in range(1, len(labels) + 1)]
    assert len(labels) > 1
    concepts = [node for node in data["nodes"] if node["id"].startswith("concept-")]
    assert len(concepts) == len(hostile_map().concepts)


def test_what_is_incomplete_is_red_and_says_so(rich_map):
    red = [node for node in drawn(rich_map)["nodes"] if node.get("color") == "1"]
    assert [read(node["text"]).splitlines()[:2] for node in red] == [["3. <script>alert(1)</script>", "(incomplete)"]]


def test_a_map_of_two_concepts_as_it_is_written():
    map = KnowledgeMap(
        query="Q?",
        title="T",
        language="en",
        concepts=(
            Concept(id="a", name="Alpha", definition="D a.", relevance="R a.", rank=1),
            Concept(id="b", name="Beta", definition="D b.", relevance="R b.", rank=2),
        ),
        relations=(Relation(source="a", target="b", kind="part-of", label="sits in", explanation="Because."),),
        related=("More",),
    )
    data = drawn(map, brand="Acme")
    texts = {node["id"]: node["text"] for node in data["nodes"] if node["type"] == "text"}
    assert texts == {
        "about": "# Q?\n\n*T*\n\n**Acme**\n\n## Explore\n\n- More",
        "concept-a": "## 1. Alpha\n\n> D a.\n\nR a.\n\n- **part of**: Alpha *sits in* Beta. Because.",
        "concept-b": "## 2. Beta\n\n> D b.\n\nR b.",
    }
    (edge,) = data["edges"]
    assert edge["label"] == "sits in (part of)"


def test_what_contrasts_has_arrows_at_both_ends_and_a_label_is_not_said_twice():
    relations = (
        Relation(source="c0", target="c1", kind="contrasts-with", label="is lighter than", explanation=""),
        Relation(source="c0", target="c1", kind="contrasts-with", label="", explanation=""),
        Relation(source="c0", target="c1", kind="is-a", label="is one", explanation=""),
    )
    concepts = tuple(Concept(id=f"c{n}", name=f"C{n}", definition="D", relevance="R", rank=n + 1) for n in range(2))
    edges = drawn(KnowledgeMap(query="q", title="t", language="en", concepts=concepts, relations=relations))["edges"]
    assert [(edge["fromEnd"], edge["toEnd"], edge["label"]) for edge in edges] == [
        ("arrow", "arrow", "is lighter than (contrasts with)"),
        ("arrow", "arrow", "contrasts with"),
        ("none", "arrow", "is one (is a)"),
    ]


def test_no_concept_no_group():
    data = drawn(KnowledgeMap(query="?", title="", language="", concepts=()))
    assert [node["id"] for node in data["nodes"]] == ["about"]
    sound(data)


def test_two_arrows_between_two_cards_take_different_sides():
    edges = drawn(hostile_map())["edges"][:2]
    assert edges[0]["fromNode"] == edges[1]["fromNode"]
    assert edges[0]["fromSide"] != edges[1]["fromSide"]


@pytest.mark.parametrize(
    ("at", "sides"),
    [((600, 50), ("right", "left")), ((-600, 0), ("left", "right")), ((50, 600), ("bottom", "top"))],
)
def test_arrows_leave_by_the_side_that_faces_their_end(at, sides):
    here = Box("a", "", 0, 0, 400, 300)
    assert facing(here, Box("b", "", *at, 400, 300), turned=False) == sides
    assert facing(here, Box("b", "", 50, -600, 400, 300), turned=False) == ("top", "bottom")


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 16),
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15), st.sampled_from(RELATION_KINDS)), max_size=20),
    st.integers(0, 2_000),
)
def test_cards_keep_apart_in_any_graph(count, links, length):
    concepts = tuple(
        Concept(id=f"c{n}", name=f"C {n}", definition="d", relevance="word " * (length // (n + 1)), rank=n + 1)
        for n in range(count)
    )
    relations = tuple(
        Relation(source=f"c{a}", target=f"c{b}", kind=kind, label="l", explanation="e") for a, b, kind in links
    )
    data = drawn(KnowledgeMap(query="q", title="t", language="en", concepts=concepts, relations=relations))
    sound(data)
    assert covering(data) == []
    boxes = [
        Box(node["id"], "", node["x"], node["y"], node["width"], node["height"])
        for node in data["nodes"]
        if node["id"].startswith("concept-")
    ]
    assert len(boxes) == count
    assert not any(a.near(b) for a, b in combinations(boxes, 2)), GAP


def test_it_is_the_same_under_every_hash_seed():
    code = (
        "from tests.render.hostile import hostile_map; from mapgen.render import canvas;"
        "from mapgen.render.view import Options; import hashlib;"
        "print(hashlib.sha256(canvas.render(hostile_map(), Options()).encode()).hexdigest())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(results) == 1
