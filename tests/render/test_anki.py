"""The Anki package: unzipped, its collection asked in SQL; what a second import would find again, and what not."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.model import Citation, Concept, KnowledgeMap, Relation
from mapgen.render import anki
from mapgen.render.view import Options
from mapgen.text import clean
from tests.render.hostile import hostile_map, surrogate_map
from tests.render.telling import seen


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def asked(map: KnowledgeMap, sql: str) -> list[tuple[Any, ...]]:
    """The rows that the collection answers with."""
    collection = entries(anki.render(map, Options()))["collection.anki2"]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(collection)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return database.execute(sql).fetchall()


def notes(map: KnowledgeMap) -> list[tuple[str, dict[str, str]]]:
    """Each note's identity, and its fields, by name, as a reader of HTML sees them."""
    models = json.loads(asked(map, "SELECT models FROM col")[0][0])
    found = []
    for guid, model, fields in asked(map, "SELECT guid, mid, flds FROM notes ORDER BY id"):
        names = [field["name"] for field in models[str(model)]["flds"]]
        found.append((guid, dict(zip(names, map_text(fields.split("\x1f")), strict=True))))
    return found


def map_text(fields: list[str]) -> list[str]:
    return [text_of(field) for field in fields]


def text_of(html: str) -> str:
    """What is seen of it; the only tag in it is the line break."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert (tag, attrs) == ("br", [])
            found.append("\n")

        def handle_data(self, data):
            found.append(data)

    reader = Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return "".join(found)


def guids(map: KnowledgeMap) -> list[str]:
    return [guid for guid, _ in notes(map)]


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    maps = {"hostile": hostile_map(), "surrogate": surrogate_map(), "rich": rich_map, "source": source_map}
    return maps[request.param]


def test_each_concept_is_a_note_with_all_its_texts(any_map):
    found = [fields for _, fields in notes(any_map) if "Name" in fields]
    assert [(f["Name"], f["Definition"], f["Relevance"], f["Query"]) for f in found] == [
        (c.name, c.definition, c.relevance, any_map.query) for c in any_map.concepts
    ]
    for fields, concept in zip(found, any_map.concepts, strict=True):
        lines = fields["Citations"].split("\n") if concept.citations else []
        assert [f"“{citation.quote}”" in line for citation, line in zip(concept.citations, lines, strict=True)] == [
            True for _ in concept.citations
        ]


def test_each_relation_is_a_note_with_all_that_it_is(any_map):
    found = [fields for _, fields in notes(any_map) if "Source" in fields]
    assert [(f["Source"], f["Target"], f["Kind"], f["Label"], f["Explanation"]) for f in found] == [
        (tie.source, tie.target, tie.kind, tie.label, tie.explanation) for tie in seen(any_map).relations
    ]


def test_the_rest_of_the_map_is_in_the_decks_description(any_map):
    decks = json.loads(asked(any_map, "SELECT decks FROM col")[0][0])
    (deck,) = (deck for deck in decks.values() if deck["name"] != "Default")
    text = text_of(deck["desc"])
    for part in (any_map.query, *any_map.related, *(p.message for p in any_map.problems)):
        assert part in text
    for title, location in seen(any_map).sources:
        assert title in text
        assert location in text


def test_citations_name_their_source():
    fields = notes(hostile_map())[0][1]
    assert fields["Citations"] == (
        '[1] “Q1: "a lag" of <12> to 18 months; #quot; | end” — Friedman on "lags" [1], https://example.org/a?b=1&c=<2>#d\n'
        "[?] “=Q1b: from a source that is [not] listed”"
    )


def test_citations_say_for_which_text_and_where():
    lines = notes(hostile_map())[1][1]["Citations"].split("\n")
    assert lines[0].startswith(
        '[1] “-Q2: <b>so</b>” (definition) — Friedman on "lags" [1], p. 2, H2 > "<i>lags</i>" [=1+1]'
    )
    assert lines[1] == "[3] “@Q2b ]]> `x`” (relevance) — p. 1000000, =file(1)"


def test_two_cards_for_a_concept_one_for_a_relation(source_map):
    cards = asked(source_map, "SELECT n.flds, c.ord FROM cards c JOIN notes n ON n.id = c.nid ORDER BY c.id")
    assert [order for _, order in cards] == [0, 1] * len(source_map.concepts)
    relations = KnowledgeMap(
        query="q",
        title="t",
        language="en",
        concepts=(Concept(id="a", name="A", definition="", relevance="R.", rank=1),),
        relations=(Relation(source="a", target="a", kind="causes", label="l", explanation="e"),),
    )
    assert asked(relations, "SELECT ord FROM cards ORDER BY id") == [(0,), (0,)]


def test_every_note_has_a_card(any_map):
    assert asked(any_map, "SELECT count(*) FROM notes WHERE id NOT IN (SELECT nid FROM cards)") == [(0,)]


def test_cards_come_in_reading_order(source_map):
    due = asked(source_map, "SELECT DISTINCT n.id, c.due FROM cards c JOIN notes n ON n.id = c.nid ORDER BY n.id")
    assert [place for _, place in due] == list(range(len(due)))


def test_the_question_for_a_name_does_not_say_it():
    concept = Concept(
        id="i", name="Inflation", definition="inflation is a rise; INFLATION lasts.", relevance="R.", rank=1
    )
    fields = notes(KnowledgeMap(query="q", title="t", language="en", concepts=(concept,)))[0][1]
    assert fields["Riddle"] == "… is a rise; … lasts."
    assert fields["Definition"] == "inflation is a rise; INFLATION lasts."


def test_identities_are_unique(any_map):
    found = guids(any_map)
    assert len(found) == len(any_map.concepts) + len(any_map.relations)
    assert len(set(found)) == len(found)


def test_an_edited_map_keeps_its_notes_their_types_and_its_deck(rich_map):
    first, *rest = rich_map.concepts
    edited = rich_map.model_copy(
        update={
            "title": "Another title",
            "language": "fr",
            "concepts": (first.model_copy(update={"definition": "New.", "relevance": "New.", "name": "New"}), *rest),
            "relations": tuple(r.model_copy(update={"label": "l", "explanation": "e"}) for r in rich_map.relations),
        }
    )
    assert guids(edited) == guids(rich_map)
    assert notes(edited) != notes(rich_map)
    for sql in ("SELECT DISTINCT mid FROM notes ORDER BY mid", "SELECT DISTINCT did FROM cards"):
        assert asked(edited, sql) == asked(rich_map, sql)


def test_notes_keep_their_identity_when_others_come_go_or_move(rich_map):
    fewer = rich_map.model_copy(update={"concepts": (rich_map.concepts[1], rich_map.concepts[0]), "relations": ()})
    assert guids(fewer) == [guids(rich_map)[1], guids(rich_map)[0]]


@pytest.mark.parametrize(
    "change", [{"source": "b"}, {"target": "a"}, {"kind": "limits"}], ids=["source", "target", "kind"]
)
def test_other_relations_are_other_notes(change):
    relation = Relation(source="a", target="b", kind="causes", label="l", explanation="e")
    concepts = tuple(Concept(id=c, name=c, definition="d", relevance="r", rank=1) for c in "ab")
    maps = [
        KnowledgeMap(query="q", title="t", language="en", concepts=concepts, relations=(one,))
        for one in (relation, relation.model_copy(update=change))
    ]
    one, other = map(guids, maps)
    assert one[:2] == other[:2]
    assert one[2] != other[2]


def test_another_query_is_another_deck_with_other_notes(source_map):
    other = source_map.model_copy(update={"query": "Something else?"})
    assert not set(guids(other)) & set(guids(source_map))
    assert asked(other, "SELECT DISTINCT did FROM cards") != asked(source_map, "SELECT DISTINCT did FROM cards")
    assert asked(other, "SELECT DISTINCT mid FROM notes") == asked(source_map, "SELECT DISTINCT mid FROM notes")


@pytest.mark.parametrize(
    ("created", "moment"),
    [
        (datetime(2026, 11, 22, 18, 30, tzinfo=UTC), 1_795_372_200),
        (datetime(2026, 11, 22, 18, 30), 1_795_372_200),
        (datetime(2026, 11, 22, 19, 30, tzinfo=timezone(timedelta(hours=1))), 1_795_372_200),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), 315_532_800),
        (datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-14))), 253_402_264_800),
    ],
)
def test_notes_are_dated_as_the_map_is(rich_map, created, moment):
    dated = rich_map.model_copy(update={"made": rich_map.made.model_copy(update={"created": created})})
    assert asked(dated, "SELECT DISTINCT mod FROM notes") == [(moment,)]
    assert asked(dated, "SELECT min(id) FROM notes") == [(moment * 1000,)]


def test_a_map_not_made_here_has_a_date_all_the_same(source_map):
    assert source_map.made is None
    assert asked(source_map, "SELECT DISTINCT mod FROM notes") == [(315_532_800,)]


def test_a_title_makes_one_deck_not_decks_within_decks():
    map = KnowledgeMap(query="q", title="C++ std::vector::push", language="en", concepts=())
    decks = json.loads(asked(map, "SELECT decks FROM col")[0][0])
    assert {deck["name"] for deck in decks.values()} == {"Default", "C++ std:vector:push"}


def test_what_is_incomplete_is_tagged(rich_map):
    tags = asked(rich_map, "SELECT tags FROM notes ORDER BY id")
    assert [tag.split() for (tag,) in tags[:4]] == [["mapgen"], ["mapgen"], ["mapgen::incomplete"], ["mapgen"]]


def test_no_text_of_a_model_is_a_command_to_anki():
    tricks = "[sound:x.mp3] [latex]x[/latex] [$]x[/$] {{Name}} {{c1::x}} <img src=x> \\(x\\)"
    concept = Concept(
        id="a",
        name=tricks,
        definition=tricks,
        relevance=tricks,
        rank=1,
        citations=(Citation(source="s", quote=tricks),),
    )
    map = KnowledgeMap(query=tricks, title="t", language="en", concepts=(concept,))
    ((fields,),) = asked(map, "SELECT flds FROM notes")
    assert not re.search(r"\[|<(?!br>)", fields)
    assert notes(map)[0][1]["Name"] == tricks
    models = json.loads(asked(map, "SELECT models FROM col")[0][0])
    sides = [template[side] for model in models.values() if "mapgen" in model["name"] for template in model["tmpls"]
             for side in ("qfmt", "afmt")]  # fmt: skip
    assert len(sides) == 4
    assert all("mathjax_ignore tex2jax_ignore" in side for side in sides)


def test_the_package_is_the_same_for_the_same_map(any_map, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    data = anki.render(any_map, Options())
    assert data == anki.render(any_map, Options(brand="another"))
    assert list(tmp_path.iterdir()) == []
    assert set(entries(data)) == {"collection.anki2", "media"}
    assert entries(data)["media"] == b"{}"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=60) | st.text("<>&[]{}!-/ab=\"'", max_size=30))
def test_any_text_comes_back_and_nothing_warns(id, text):
    name = clean(text)
    concept = Concept(id=id, name=name, definition=name, relevance=name, rank=1)
    relation = Relation(source=id, target=text, kind="causes", label=name, explanation=name)
    map = KnowledgeMap(query=name, title=name, language="en", concepts=(concept,), relations=(relation,))
    (_, first), (_, second) = notes(map)
    assert (first["Name"], first["Definition"], first["Relevance"]) == (name or "?", name, name)
    assert (second["Explanation"], second["Label"]) == (name, name or "causes")
