"""The values: strict when read, lossless when saved, and clear about what is wrong with a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mapgen.errors import InputError, ReadError
from mapgen.model import (
    MAP_LIMIT,
    QUERY_LIMIT,
    RELATION_KINDS,
    Citation,
    Concept,
    KnowledgeMap,
    Made,
    Problem,
    Query,
    Relation,
    Source,
)
from tests.scripts import good_map

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
COUNTS = st.integers(0, 10**9)
MONEY = st.one_of(st.none(), st.floats(0, 1e6, allow_nan=False))
TIMES = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
PROBLEMS = st.lists(st.builds(Problem, code=TEXTS, where=TEXTS, message=TEXTS), max_size=3).map(tuple)
MADE = st.builds(
    Made,
    **dict.fromkeys(("model", "planner", "endpoint", "prompts", "mapgen"), TEXTS),
    **dict.fromkeys(("calls", "input_tokens", "output_tokens", "retries", "reasked", "repairs", "cache_hits"), COUNTS),
    created=TIMES,
    seconds=st.floats(0, 1e6),
    cost=MONEY,
)
CONCEPTS = st.builds(
    Concept,
    **dict.fromkeys(("id", "name", "definition", "relevance"), TEXTS),
    rank=st.integers(1, 20),
    citations=st.lists(st.builds(Citation, source=TEXTS, quote=TEXTS), max_size=2).map(tuple),
)
RELATIONS = st.builds(
    Relation,
    **dict.fromkeys(("source", "target", "label", "explanation"), TEXTS),
    kind=st.sampled_from(RELATION_KINDS),
)
MAPS = st.builds(
    lambda problems, **fields: KnowledgeMap(
        problems=problems, status="incomplete" if problems else "complete", **fields
    ),
    problems=PROBLEMS,
    **dict.fromkeys(("query", "title", "language"), TEXTS),
    concepts=st.lists(CONCEPTS, max_size=3).map(tuple),
    relations=st.lists(RELATIONS, max_size=3).map(tuple),
    related=st.lists(TEXTS, max_size=3).map(tuple),
    sources=st.lists(st.builds(Source, id=TEXTS, title=TEXTS, location=TEXTS), max_size=2).map(tuple),
    made=st.one_of(st.none(), MADE),
)


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(good_map().to_json()) | fields)


@given(MAPS)
def test_json_is_lossless(map: KnowledgeMap) -> None:
    assert KnowledgeMap.parse(map.to_json()) == map
    assert KnowledgeMap.parse(map.to_json()).to_json() == map.to_json()


def test_a_map_is_saved_and_loaded(tmp_path: Path) -> None:
    path = good_map().save(tmp_path / "map.json")
    assert KnowledgeMap.load(path) == KnowledgeMap.load(str(path)) == good_map()
    assert path.read_text("utf-8") == good_map().to_json()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the document: Invalid JSON"),
        ("[]", "the document: Input should be an object"),
        ('{"version": 1', "the document: Invalid JSON"),
        (changed(version=2), "version: Input should be 1"),
        (changed(version="1"), "version: Input should be 1"),
        (changed(surprise=1), "surprise: Extra inputs are not permitted"),
        (changed(title=None), "title: Input should be a valid string"),
        (changed(title=7), "title: Input should be a valid string"),
        (changed(title="x" * 10_001), "title: "),
        (changed(concepts={}), "concepts: "),
        (changed(status="perfect"), "status: Input should be 'complete' or 'incomplete'"),
        (changed(status="incomplete"), "a map is incomplete if, and only if, it lists problems"),
        (changed(problems=[{"code": "c", "where": "map", "message": "m"}]), "if, and only if"),
        (changed(relations=[{"kind": "related"}]), "relations.0.kind"),
        ("[" * 100_000, "the document: Invalid JSON"),
    ],
)
def test_what_is_no_map_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        KnowledgeMap.parse(text, name="map.json")
    assert caught.value.exit_code == 65
    assert caught.value.message.startswith("map.json is not a knowledge map: ")
    assert words in caught.value.message
    assert len(caught.value.message) < 700
    assert "mapgen schema" in caught.value.hint


MADE_FIELDS = json.loads(
    Made(
        model="m", planner="m", endpoint="h", prompts="p", mapgen="0", created=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.0, calls=1, input_tokens=1, output_tokens=1, cost=None, retries=0, reasked=0, repairs=0, cache_hits=0,
    ).model_dump_json()
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "literal"),
    [
        ("calls", '"1"'),
        ("calls", "true"),
        ("calls", "1.5"),
        ("calls", "-1"),
        ("seconds", "NaN"),
        ("seconds", "Infinity"),
        ("seconds", "1e999"),
        ("seconds", '"0.9"'),
        ("cost", "-0.1"),
        ("created", '"yesterday"'),
    ],
)
def test_numbers_are_numbers(field: str, literal: str) -> None:
    marked = changed(made=MADE_FIELDS | {field: "@@"}).replace('"@@"', literal)
    with pytest.raises(InputError, match=rf"made\.{field}|Invalid JSON"):
        KnowledgeMap.parse(marked)
    assert KnowledgeMap.parse(changed(made=MADE_FIELDS)).made is not None


def test_at_most_three_faults_are_told_and_the_rest_counted() -> None:
    with pytest.raises(InputError) as caught:
        KnowledgeMap.parse(json.dumps({f"key{n}": 0 for n in range(50)}))
    assert caught.value.message.count("; ") == 2
    assert caught.value.message.endswith("(and 51 more).")


def test_a_fault_does_not_quote_what_it_found() -> None:
    with pytest.raises(InputError) as caught:
        KnowledgeMap.parse(changed(concepts="\x1b[31mhunter2" * 1_000))
    assert "hunter2" not in caught.value.message
    assert "\x1b" not in caught.value.message


def test_a_hostile_key_is_told_clean_and_short() -> None:
    with pytest.raises(InputError) as caught:
        KnowledgeMap.parse(changed(**{"\x1b[2J" + "k" * 10_000: 1}))
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 300


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(29_000_000)
    with pytest.raises(InputError, match="larger than 20,000,000 bytes"):
        KnowledgeMap.load(path)
    assert MAP_LIMIT == 20_000_000


def test_a_missing_file_is_a_read_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        KnowledgeMap.load(tmp_path / "none.json")
    assert caught.value.exit_code == 66


def test_values_are_frozen() -> None:
    with pytest.raises(ValidationError):
        good_map().title = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        good_map().concepts[0].name = "other"  # type: ignore[misc]


def test_texts_are_cleaned_when_a_value_is_made() -> None:
    problem = Problem(code="c", where="map", message="\x1b[31m a\u202e\nb")
    assert problem.message == "a b"


def test_a_problem_quotes_no_more_than_a_text_can_hold() -> None:
    assert len(Problem(code="c", where="map", message="x" * 50_000).message) == 10_000


def test_concepts_are_found_by_id() -> None:
    assert good_map().concept("inflation").name == "Inflation"
    with pytest.raises(KeyError, match="gold"):
        good_map().concept("gold")


def test_a_map_renders_itself() -> None:
    map = good_map()
    assert map.to_text(brand="Kinapse").count("Kinapse") >= 1
    assert map.to_markdown().startswith("# ")
    assert map.to_html().lower().startswith("<!doctype html>")
    assert "<iframe" in map._repr_html_()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The query is empty."),
        (" \n\t", "The query is empty."),
        ("?!…", "The query is empty."),
        ("\x00\u202e\x1b[0m", "The query is empty."),
        ("x" * 4_001, "The query has 4,001 characters; at most 4,000 are taken."),
        ("x" * 1_000_000, "The query has 1,000,000 characters; at most 4,000 are taken."),
        ("\ufb2c" * 4_000, "The query has 12,000 characters; at most 4,000 are taken."),
    ],
)
def test_a_query_without_use_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Query.of(text)
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * QUERY_LIMIT, "x" * QUERY_LIMIT),
        ("{{ 7*7 }} %s $(id) <script>", "{{ 7*7 }} %s $(id) <script>"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("-rf", "-rf"),
        ("@file", "@file"),
        ("a\x00b\x1b[31mc\u202e", "a bc"),
        ("\udcff\udcfeabc", "abc"),
        ("Zinsen\nund\tInflation", "Zinsen und Inflation"),
        ("通貨", "通貨"),
    ],
)
def test_a_query_is_kept_as_text(text: str, kept: str) -> None:
    assert Query.of(text).text == kept


@given(st.text(max_size=100))
def test_any_text_is_a_query_or_an_input_error(text: str) -> None:
    try:
        query = Query.of(text)
    except InputError:
        return
    assert 0 < len(query.text) <= QUERY_LIMIT


def test_what_is_fixed_of_the_answer_is_checked() -> None:
    assert Query.of("x", concepts=3).concepts == 3
    assert Query.of("x", language="German").language == "de"
    for bad in (2, 13, -1, 0):
        with pytest.raises(InputError, match="out of range") as caught:
            Query.of("x", concepts=bad)
        assert caught.value.hint == "Choose 3 to 12."
    with pytest.raises(InputError, match="no language"):
        Query.of("x", language="Klingon")


def test_the_json_schema_describes_every_field() -> None:
    schema = KnowledgeMap.model_json_schema()
    assert set(schema["properties"]) == set(KnowledgeMap.model_fields)
    assert schema["additionalProperties"] is False
    assert all("description" in one for one in schema["$defs"]["Concept"]["properties"].values() if "rank" in one)


def test_times_keep_their_zone() -> None:
    made = Made(**MADE_FIELDS | {"created": datetime(2026, 1, 1, tzinfo=UTC)})
    map = good_map().model_copy(update={"made": made})
    back = KnowledgeMap.parse(map.to_json()).made
    assert back is not None
    assert back.created.utcoffset() == timedelta(0)
