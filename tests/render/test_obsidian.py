"""The notes for Obsidian: read as zip, YAML and Markdown by independent readers; every link leads to a note."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mapgen.model import Citation, Concept, KnowledgeMap, Relation, Source
from mapgen.render import canvas, obsidian
from mapgen.render.view import Options
from mapgen.text import clean
from tests.render.hostile import NAMES, hostile_map, small_map, surrogate_map
from tests.render.telling import missing, seen

LINK = re.compile(r"\[\[([^\[\]|#^]+)(?:\|([^\[\]|]+))?\]\]")
FORBIDDEN = {"html_block", "html_inline", "image", "code_inline", "code_block", "fence", "table_open"}


def files(map: KnowledgeMap, **options: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(obsidian.render(map, Options(**options)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def parted(note: str) -> tuple[dict, str]:
    """A note's front matter as a YAML reader takes it, and its body."""
    _, matter, body = note.split("---\n", 2)
    return yaml.safe_load(matter), body


def linked(body: str) -> list[str]:
    return [match.group(1) for match in LINK.finditer(body)]


def read(body: str, names: dict[str, str] | None = None) -> str:
    """What is seen of a body, and no markup come of a model's text; links to ``names`` are read as those."""
    targets = [match.group(1) for match in LINK.finditer(body)]
    places = iter(range(len(targets)))
    tokens = MarkdownIt().parse(LINK.sub(lambda _: f"⟦{next(places)}⟧", body))
    types = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert not types & FORBIDDEN
    children = [child for token in tokens for child in token.children or ()]
    assert all(one.markup == "autolink" for one in children if one.type == "link_open")
    blocks = [token for token in tokens if token.type == "inline"]
    text = "\n".join("".join(child.content for child in block.children) for block in blocks).replace("\u2060", "")
    return re.sub("⟦(\\d+)⟧", lambda match: (names or {}).get(targets[int(match.group(1))], ""), text)


def headings(notes: dict[str, str]) -> dict[str, str]:
    """Of each note, without suffix, the heading that it begins with; the status that may follow is not part of it."""
    bodies = {name.removesuffix(".md"): parted(note)[1] for name, note in notes.items() if name.endswith(".md")}
    return {
        name: read(body.strip().splitlines()[0]) if body.startswith("\n# ") else "" for name, body in bodies.items()
    }


def two_concepts(**more) -> KnowledgeMap:
    return KnowledgeMap(
        query="What is A/B testing?",
        title="A/B testing",
        language="en",
        concepts=(
            Concept(
                id="a",
                name="A/B: test",
                definition="D a.",
                relevance="R a.",
                rank=1,
                citations=(Citation(source="s", quote="so it is"),),
            ),
            Concept(id="b", name="Metric", definition="D b.", relevance="R b.", rank=2),
        ),
        relations=(Relation(source="a", target="b", kind="depends-on", label="needs", explanation="It counts."),),
        sources=(Source(id="s", title="Book", location="book.txt"),),
        **more,
    )


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    maps = {"hostile": hostile_map(), "surrogate": surrogate_map(), "rich": rich_map, "source": source_map}
    return maps[request.param]


def test_the_notes_of_a_small_map():
    assert files(two_concepts(related=("More",)), brand="Acme") | {"A B testing.canvas": ""} == {
        "A B test.md": "---\naliases:\n- 'A/B: test'\ntags:\n- mapgen/concept\nrank: 1\nstatus: complete\n"
        "map: '[[A B testing]]'\ndepends-on:\n- '[[Metric]]'\n---\n\n"
        "# A/B: test\n\n> D a.\n\nR a.\n\n## Relations\n\n"
        "- **depends on**: A/B: test *needs* [[Metric]]. It counts.\n\n"
        "## Sources\n\n- \\[1\\] “so it is” — Book, book\\.txt\n\n---\n\n"
        "[[A B testing|What is A/B testing?]] · [[Metric]] →\n",
        "Metric.md": "---\naliases:\n- Metric\ntags:\n- mapgen/concept\nrank: 2\nstatus: complete\n"
        "map: '[[A B testing]]'\n---\n\n"
        "# Metric\n\n> D b.\n\nR b.\n\n## Relations\n\n"
        "- **needed by**: [[A B test|A/B: test]] *needs* Metric. It counts.\n\n---\n\n"
        "[[A B testing|What is A/B testing?]] · ← [[A B test|A/B: test]]\n",
        "A B testing.md": "---\naliases:\n- What is A/B testing?\ntags:\n- mapgen/map\nstatus: complete\n"
        "language: en\n---\n\n"
        "# What is A/B testing?\n\n*A/B testing*\n\n**Acme**\n\n## Explore\n\n- More\n\n## Key Concepts\n\n"
        "1. [[A B test|A/B: test]] — D a.\n2. [[Metric]] — D b.\n\n![[A B testing.canvas]]\n\n"
        "## Sources\n\n- \\[1\\] Book, book\\.txt\n",
        "A B testing.canvas": "",
    }


@pytest.mark.parametrize(
    "door", [lambda map: str(canvas.render(map, Options())), lambda map: "".join(files(map).values())]
)
def test_a_web_address_leads_there_where_it_is_a_sources_location_and_only_there(door):
    address = "https://example.org/a_b?c=1&d=2"
    assert door(small_map(address)).count(f"<{address}>") == door(small_map("a place")).count("a place, a place")
    for place in (address, "javascript:alert(1)", f"<{address}>", f"{address} b", "file:///etc/passwd", "http://a/%%x"):
        source = small_map("x").sources[0].model_copy(update={"location": place})
        text = door(small_map("x").model_copy(update={"sources": (source,)}))
        assert (f"x, <{place}>" in text) == (place == address)
        assert text.count(f"<{address}>") == (text.count("x, <") if place == address else 0)


def test_nothing_is_lost(any_map):
    files_read = files(any_map)
    names = headings(files_read)
    notes = [note for name, note in files_read.items() if name.endswith(".md")]
    assert len(notes) == len(any_map.concepts) + 1
    shown = "\n".join(read(parted(note)[1], names) for note in notes)
    untold = [any_map.title] if any_map.title.casefold() == any_map.query.casefold() else []
    assert [text for text in missing(any_map, shown) if text not in untold] == []
    aliases = [alias for note in notes for alias in parted(note)[0]["aliases"]]
    assert sorted(aliases) == sorted([any_map.query, *(concept.name for concept in any_map.concepts)])


def test_a_note_tells_each_relation_of_its_concept_in_full(any_map):
    notes = files(any_map)
    names = headings(notes)
    texts = [read(parted(note)[1], names) for name, note in notes.items() if name.endswith(".md")]
    for card in seen(any_map).cards:
        mine = [text for text in texts if text.startswith(f"{card.name}\n") and card.definition in text]
        for tie in card.ties:
            sentence = f"{tie.tag}: {tie.source} {tie.label} {tie.target}." + f" {tie.explanation}".rstrip()
            assert any(sentence in text for text in mine), sentence


def test_every_link_leads_to_a_file_and_the_index_leads_to_every_note(any_map):
    notes = files(any_map)
    names = headings(notes)
    for name, text in notes.items():
        bodies = [parted(text)[1]] if name.endswith(".md") else [node.get("text", "") for node in nodes(text)]
        for body in bodies:
            assert body.count("[[") == len(linked(body)) + body.count("\\[[")
            for match in LINK.finditer(body):
                assert match.group(1) in names or match.group(1) in notes
                assert match.group(2) in (None, names.get(match.group(1)), any_map.query)
    (home,) = (name.removesuffix(".canvas") for name in notes if name.endswith(".canvas"))
    assert set(linked(notes[f"{home}.md"])) == {*names, f"{home}.canvas"} - {home}
    assert all(home in linked(notes[f"{name}.md"]) for name in names if name != home)


def test_a_link_shows_the_own_name_unless_markdown_would_read_it():
    map = two_concepts()
    names = ("TCP/IP", "Array[0]", "C#", "Node.js", "**b** | <i>")
    concepts = tuple(
        Concept(id=f"c{n}", name=name, definition="D.", relevance="R.", rank=n) for n, name in enumerate(names, start=1)
    )
    index = files(map.model_copy(update={"concepts": concepts, "relations": ()}))["A B testing.md"]
    assert [line for line in index.splitlines() if line[:2] in {"1.", "2.", "3.", "4.", "5."}] == [
        "1. [[TCP IP|TCP/IP]] — D.",
        "2. [[Array 0]] — D.",
        "3. [[C|C#]] — D.",
        "4. [[Node.js]] — D.",
        "5. [[b i]] — D.",
    ]


def nodes(text: str) -> list[dict]:
    return json.loads(text)["nodes"]


def test_front_matter_holds_what_a_vault_is_searched_by(any_map):
    notes = files(any_map)
    matters = {name.removesuffix(".md"): parted(text)[0] for name, text in notes.items() if name.endswith(".md")}
    (home,) = (name for name, matter in matters.items() if matter["tags"] == ["mapgen/map"])
    assert matters[home]["aliases"] == [any_map.query]
    assert matters[home]["status"] == any_map.status
    concepts = sorted((m for name, m in matters.items() if name != home), key=lambda m: m["rank"])
    for concept, matter in zip(any_map.concepts, concepts, strict=True):
        assert matter["aliases"] == [concept.name]
        assert matter["rank"] == concept.rank
        assert matter["status"] == concept.status
        assert ("mapgen/incomplete" in matter["tags"]) == (concept.status == "incomplete")
        assert matter["map"] == f"[[{home}]]"
    kinds = {(name, kind, to[2:-2]) for name, m in matters.items() for kind, tos in typed(m).items() for to in tos}
    between = {
        (tie.source_anchor, tie.kind, tie.target_anchor)
        for tie in seen(any_map).relations
        if tie.source_anchor and tie.target_anchor
    }
    assert len(kinds) == len(between)
    assert all(target in matters for _, _, target in kinds)


def typed(matter: dict) -> dict[str, list[str]]:
    return {
        key: value for key, value in matter.items() if "-" in key or key in {"enables", "causes", "limits", "measures"}
    }


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60).map(clean) | st.sampled_from(["yes", "null", "1e3", "~", "2020-01-01", "- x", "a: b", *NAMES])
)
def test_yaml_gives_back_the_name(name):
    concept = Concept(id="a", name=clean(name), definition="D.", relevance="R.", rank=1)
    notes = files(KnowledgeMap(query=f"q {clean(name)}", title="Home", language="en", concepts=(concept,)))
    matters = [parted(text)[0] for path, text in sorted(notes.items()) if path.endswith(".md")]
    assert {matter["aliases"][0] for matter in matters} == {concept.name, clean(f"q {clean(name)}")}


def test_the_canvas_is_the_map_with_links():
    map = two_concepts()
    own, plain = json.loads(files(map)["A B testing.canvas"]), json.loads(canvas.render(map, Options()))
    assert own["edges"] == plain["edges"]
    text = next(node["text"] for node in own["nodes"] if node["id"] == "concept-a")
    assert text.startswith("## 1. [[A B test|A/B: test]]\n\n> D a.\n\nR a.")
    assert text.endswith("- **depends on**: [[A B test|A/B: test]] *needs* [[Metric]]. It counts.")


def test_the_index_has_its_name_before_a_concept_of_that_name():
    map = KnowledgeMap(
        query="Inflation?",
        title="Inflation",
        language="en",
        concepts=(Concept(id="i", name="inflation", definition="D.", relevance="R.", rank=1),),
    )
    assert set(files(map)) == {"Inflation.md", "Inflation.canvas", "inflation 2.md"}


def test_the_archive_is_the_same_for_the_same_map(any_map):
    data = obsidian.render(any_map, Options())
    assert data == obsidian.render(any_map, Options())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert all(stat.S_ISREG(info.external_attr >> 16) for info in infos)
