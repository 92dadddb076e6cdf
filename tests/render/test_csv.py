"""The two tables: read back by the csv module, whole, and without a formula in any cell."""

from __future__ import annotations

import csv as reader
from collections import Counter
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapgen.model import KnowledgeMap
from mapgen.render import csv, csv_relations
from mapgen.render.view import Options
from mapgen.render.wording import KINDS
from mapgen.text import unique_slugs
from tests.render.hostile import hostile_map, maps, small_map, told

MAPS = maps()
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def raw(module, map: KnowledgeMap) -> list[list[str]]:
    """The rows as a spreadsheet gets them: from bytes, with the byte-order mark taken for one."""
    text = module.render(map, Options()).encode("utf-8").decode("utf-8-sig")
    return list(reader.reader(StringIO(text, newline=""), strict=True))


def rows(module, map: KnowledgeMap) -> list[dict[str, str]]:
    header, *lines = raw(module, map)
    assert {len(line) for line in lines} <= {len(header)}
    return [dict(zip(header, map_plain(line), strict=True)) for line in lines]


def map_plain(line: list[str]) -> list[str]:
    return [csv.plain(cell) for cell in line]


@pytest.mark.parametrize("name", list(MAPS))
def test_each_concept_is_a_row_with_its_texts(name):
    map = MAPS[name]
    ids = unique_slugs(tuple(concept.id for concept in map.concepts))
    for id, concept, row in zip(ids, map.concepts, rows(csv, map), strict=False):
        assert row["id"] == id
        assert row["rank"] == str(concept.rank)
        assert (row["name"], row["definition"], row["relevance"]) == (
            concept.name,
            concept.definition,
            concept.relevance,
        )
        assert row["status"] == concept.status
        quotes = row["citations"].split("\n") if row["citations"] else []
        assert len(quotes) == len(concept.citations)
        for quote, citation in zip(quotes, concept.citations, strict=True):
            assert quote.startswith(f"“{citation.quote}”")


@pytest.mark.parametrize("name", list(MAPS))
def test_a_concept_tells_every_relation_from_and_to_it(name):
    map = MAPS[name]
    found = Counter(line for row in rows(csv, map) for line in row["relations"].split("\n") if line)
    there = Counter(f"{KINDS[kind][0]}: {a} {label} {b}. {why}".rstrip() for a, kind, label, b, why in told(map))
    back = Counter(
        f"{KINDS[kind][1]}: {a} {label} {b}. {why}".rstrip()
        for relation, (a, kind, label, b, why) in zip(map.relations, told(map), strict=True)
        if relation.source != relation.target
    )
    assert found == there + back


@pytest.mark.parametrize("name", list(MAPS))
def test_the_table_of_relations_has_them_all_in_order(name):
    map = MAPS[name]
    table = rows(csv_relations, map)
    columns = ("source name", "kind", "label", "target name", "explanation")
    assert [tuple(row[column] for column in columns) for row in table] == told(map)
    known = {row["id"]: row["name"] for row in rows(csv, map)}
    assert all(known[row[f"{end} id"]] == row[f"{end} name"] for row in table for end in ("source", "target"))


def test_ends_that_are_no_concepts_are_rows_after_the_concepts():
    missing = rows(csv, hostile_map())[len(hostile_map().concepts) :]
    assert [(row["name"], row["status"], row["rank"]) for row in missing] == [
        ("end", "missing", ""),
        ("gone", "missing", ""),
        ("no such <concept>", "missing", ""),
        ("gone too", "missing", ""),
    ]
    assert len({row["id"] for row in rows(csv, hostile_map())}) == len(hostile_map().concepts) + 4


@pytest.mark.parametrize("module", [csv, csv_relations], ids=["csv", "csv-relations"])
@pytest.mark.parametrize("name", list(MAPS))
def test_no_cell_is_a_formula(module, name):
    assert [cell for row in raw(module, MAPS[name]) for cell in row if cell.startswith(FORMULA)] == []


@pytest.mark.parametrize("module", [csv, csv_relations], ids=["csv", "csv-relations"])
def test_it_starts_with_one_byte_order_mark_and_its_lines_end_as_in_rfc_4180(module):
    text = module.render(hostile_map(), Options())
    assert text.count("\ufeff") == 1
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    count = len(hostile_map().concepts) + 4 if module is csv else len(hostile_map().relations)
    assert text.count("\r\n") == count + 1


def test_a_quote_names_its_source():
    quotes = rows(csv, hostile_map())[0]["citations"].split("\n")
    assert quotes == [
        '“Q1: "a lag" of <12> to 18 months; #quot; | end” (Friedman on "lags" [1], https://example.org/a?b=1&c=<2>#d)',
        "“=Q1b: from a source that is [not] listed”",
    ]


def test_the_whole_of_a_small_map():
    map = small_map("=T")
    assert csv.render(map, Options()) == (
        "\ufeffrank,id,name,definition,relevance,status,relations,citations\r\n"
        "1,a,'=T,'=T,'=T,complete,limits: =T =T =T. =T,\"“=T” (=T, =T)\"\r\n"
        "2,b,'=T,'=T,'=T,complete,limited by: =T =T =T. =T,\"“=T” (=T, =T)\"\r\n"
    )
    assert csv_relations.render(map, Options()) == (
        "\ufeffsource id,source name,kind,label,target id,target name,explanation\r\na,'=T,limits,'=T,b,'=T,'=T\r\n"
    )


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("it's", "it's"),
        ("'quoted'", "'quoted'"),
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("''-1", "'''-1"),
        ("＠x", "'＠x"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_gets_an_apostrophe_that_can_be_taken_off(text, cell):
    written = csv.table(("head",), [(text,)])
    assert list(reader.reader(StringIO(written, newline="")))[1:] == [[cell]]
    assert csv.plain(cell) == text


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60) | st.text(st.sampled_from("'=+-@\t\",\n\r;ab＝"), max_size=8), id=st.text(max_size=20))
@example(text="'=1", id="\ud800\x00")
def test_any_text_comes_back(text, id):
    map = small_map(text, id=id)
    kept = map.query
    for row in rows(csv, map):
        assert (row["name"], row["definition"], row["relevance"]) == (kept, kept, kept)
        assert f"“{kept}”" in row["citations"]
    (relation,) = rows(csv_relations, map)
    assert (relation["label"], relation["explanation"]) == (kept or "limits", kept)
    for module in (csv, csv_relations):
        assert not [cell for row in raw(module, map) for cell in row if cell.startswith(FORMULA)]
