"""Mermaid: what Mermaid itself, in a browser, finds in our flowcharts, and what is written to that end."""

from __future__ import annotations

import random
import re
import string
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapgen.model import RELATION_KINDS, KnowledgeMap
from mapgen.render import mermaid
from mapgen.render.view import Options
from mapgen.render.wording import KINDS
from mapgen.text import shorten, unique_slugs
from tests.render.hostile import hostile_map, maps, small_map, told
from tests.render.mermaid import Drawing, draw
from tests.render.telling import quotes

NASTY = [f"{c} x{c}{c}y 1{c} {c}z{c}" for c in string.punctuation] + [
    *("#35;", "#quot;", "&amp;#x41;", "ﬂ°°35¶ß", "ﬂ°quot¶ß", "1. one", "1) one", "- one", "* one", "# one", "> one"),
    *("fa:fa-home", "$$x^2$$", "`**bold**`", "a\\nb", "<br/>", "<br>", "http://example.org", "www.example.org"),
    *(
        "end",
        "graph TD",
        "subgraph x",
        "style c0 fill:#f00;",
        "classDef a fill:#f00;",
        "click c0 call x()",
        "@{ x: y }",
    ),
    *("%%{init: {'theme':'dark'}}%%", "---", "===", "c0 --> c1", "A@B", ":::a", "javascript:alert(1)", "\ufffe"),
]


def random_texts() -> list[str]:
    """Texts of troublesome pieces, the same in every run."""
    source = random.Random(3)
    return ["".join(source.choices([*string.punctuation, "a", "1", " ", "end", "é"], k=12)) for _ in range(40)]


def one_by_one(texts: list[str]) -> KnowledgeMap:
    """A map with a concept for each of those texts."""
    concept = small_map("x").concepts[0]
    concepts = [
        concept.model_validate({**concept.model_dump(), "id": f"c{n}", "rank": n + 1, "name": text, "definition": text})
        for n, text in enumerate(texts)
    ]
    return small_map("x").model_copy(update={"concepts": tuple(concepts)})


def written(map: KnowledgeMap) -> str:
    return mermaid.render(map, Options())


MAPS = {**maps(), "nasty": one_by_one(NASTY), "random": one_by_one(random_texts())}


@pytest.fixture(scope="module")
def drawings() -> dict[str, Drawing]:
    """Every map, drawn in one browser."""
    return draw({name: written(map) for name, map in MAPS.items()})


@pytest.mark.parametrize("name", list(MAPS))
def test_mermaid_draws_every_concept_with_its_definition(name, drawings):
    map, nodes = MAPS[name], drawings[name].nodes
    for number, concept in enumerate(map.concepts):
        found = nodes[f"c{number}"]
        assert (found["name"].strip(), found["definition"]) == (concept.name, concept.definition)
        assert ("faulty" in found["classes"]) == (concept.status == "incomplete")


@pytest.mark.parametrize("name", list(MAPS))
def test_mermaid_shows_the_relevance_on_hovering(name, drawings):
    map = MAPS[name]
    for number, concept in enumerate(map.concepts):
        assert drawings[name].nodes[f"c{number}"]["tooltip"] == concept.relevance


@pytest.mark.parametrize("name", list(MAPS))
def test_a_concept_leads_to_its_heading_where_the_page_has_one(name, drawings):
    map = MAPS[name]
    for number, anchor in enumerate(unique_slugs(tuple(concept.id for concept in map.concepts))):
        if map.concepts[number].relevance:
            assert drawings[name].nodes[f"c{number}"]["link"] == f"#{anchor}"


@pytest.mark.parametrize("name", list(MAPS))
def test_mermaid_draws_every_relation_with_label_and_kind(name, drawings):
    drawing = drawings[name]
    names = {id: node["name"].strip() for id, node in drawing.nodes.items()}
    found = Counter((names[edge["source"]], edge["label"], names[edge["target"]]) for edge in drawing.edges)
    assert found == Counter((a, labelled(kind, label), b) for a, kind, label, b, _ in told(MAPS[name]))


def labelled(kind: str, label: str) -> str:
    tag = KINDS[kind][0]
    return label if label == tag else f"{label} ({tag})"


@pytest.mark.parametrize("name", list(MAPS))
def test_the_pictures_description_has_explanations_quotes_sources_and_the_rest(name, drawings):
    map, lines = MAPS[name], drawings[name].description
    relations = [f"{a} {labelled(kind, label)} {b}. {why}".rstrip() for a, kind, label, b, why in told(map)]
    said = [line.strip() for line in lines if line.strip()]
    start = said.index(relations[0]) if relations else 0
    assert said[start : start + len(relations)] == relations
    for concept in map.concepts:
        for quote in quotes(concept):
            assert any(line.strip().endswith(f"] {quote}") for line in lines)
    for source in map.sources:
        assert any(source.title in line and source.location in line for line in lines)
    for text in (*map.related, *(problem.message for problem in map.problems)):
        assert any(line.strip().endswith(f": {text}") for line in lines)


@pytest.mark.parametrize("name", list(MAPS))
def test_the_picture_has_its_title_for_eyes_and_for_screen_readers(name, drawings):
    map, drawing = MAPS[name], drawings[name]
    assert drawing.title == f"{map.query} — Interactive Knowledge Map"
    assert drawing.heading == shorten(map.title, 90).translate({ord("<"): "‹", ord(">"): "›"})
    assert map.title.casefold() == map.query.casefold() or map.title in (line.strip() for line in drawing.description)


@pytest.mark.parametrize("name", list(MAPS))
def test_nothing_foreign_comes_of_it_and_mermaid_has_nothing_to_say(name, drawings):
    assert drawings[name].foreign == 0
    assert drawings[name].messages == ()


def test_ends_that_are_no_concepts_are_drawn_as_faulty(drawings):
    nodes = list(drawings["hostile"].nodes.items())[len(hostile_map().concepts) :]
    assert {node["name"] for _, node in nodes} == {"no such <concept>", "end", "gone", "gone too"}
    assert all("faulty" in node["classes"] for _, node in nodes)


def test_each_kind_has_a_look_of_its_own(drawings):
    edges = drawings["hostile"].edges
    looks = {re.findall(r"\(([^()]+)\)$|^(causes)$", edge["label"])[0]: tuple(edge["style"]) for edge in edges}
    assert len(set(looks.values())) == len(RELATION_KINDS)
    assert {edge["type"] for edge in edges if "contrasts with" in edge["label"]} == {"double_arrow_point"}


@pytest.mark.parametrize("paper", ["#ffffff", "#1f2020"])
def test_each_kind_can_be_seen_on_light_and_on_dark_paper(paper):
    for colour in mermaid.STROKES.values():
        light, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_whole_of_a_small_map():
    map = small_map("It's <T>.").model_copy(update={"title": 'A "title"'})
    text = "It's #60;T#62;."
    assert written(map) == (
        '---\ntitle: "A \\U00000022title\\U00000022"\n---\n'
        "flowchart TD\n"
        f"  accTitle: {text} — Interactive Knowledge Map\n"
        "  accDescr {\n"
        "    A #34;title#34;\n"
        f"    {text} {text} (limits) {text}. {text}\n"
        f"    {text}#58; #91;1#93; “{text}”\n"
        f"    {text}#58; #91;1#93; “{text}”\n"
        f"    Sources#58; #91;1#93; {text} #60;{text}#62;\n"
        f"    Related#58; {text}\n"
        "  }\n"
        f'  c0["<b>{text}</b><br/>{text}"]\n'
        f'  c1["<b>{text}</b><br/>{text}"]\n'
        f'  c0 -->|"{text} (limits)"| c1\n'
        '  click c0 href "#a" "It\'s #38;#35;60#59;T#38;#35;62#59;."\n'
        '  click c1 href "#b" "It\'s #38;#35;60#59;T#38;#35;62#59;."\n'
        "  linkStyle 0 stroke:#cc3d72,stroke-width:2px,stroke-dasharray:12 4\n"
    )


def test_a_map_of_nothing_is_still_a_flowchart():
    text = written(KnowledgeMap(query="?", title="", language="", concepts=()))
    assert text.startswith('---\ntitle: "\\U0000003F"\n---\nflowchart TD\n')


@given(text=st.text(max_size=80))
@example(text="#35; ﬂ°°35¶ß 1. -- ")
def test_what_is_escaped_is_one_word_to_mermaid_and_the_same_to_a_reader(text):
    text = small_map(text).query
    safe = mermaid.escaped(text)
    assert not re.search(r'["<>&{}\[\]|;`*_$:%~^\\ﬂ¶]', re.sub(r"#\d+;", "", safe))
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), safe) == text
