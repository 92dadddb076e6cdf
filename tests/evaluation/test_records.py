"""Runs as lines: what is written is read again, whatever stands in it, and only the last line may be broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from mapgen.errors import InputError
from mapgen.evaluation.records import Head, Record, Run, cost, line, told_sources
from mapgen.llm.base import Endpoint
from tests.evaluation.trials import OUTSIDE, head, record
from tests.scripts import good_map

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PART = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\\:\0"), max_size=20).map("a{}".format)
PATH = st.lists(PART, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".j2")
RECORDS = st.builds(
    Record,
    case=st.sampled_from(["a", "b", "c"]),
    repeat=st.integers(0, 2),
    map=st.sampled_from([None, good_map()]),
    error=TEXT,
    passing=st.booleans(),
    calls=st.integers(0, 99),
    input_tokens=st.integers(0, 10**9),
    seconds=st.none() | st.floats(0, 1e6),
    answers=st.dictionaries(TEXT, TEXT, max_size=3),
    passages=st.dictionaries(TEXT, TEXT, max_size=3),
)
HEADS = st.builds(
    Head,
    suite=TEXT,
    suite_fingerprint=TEXT,
    prompts=TEXT,
    templates=st.dictionaries(PATH, TEXT, max_size=3),
    model=TEXT,
    planner=TEXT,
    endpoint=TEXT,
    temperature=st.none() | st.floats(0, 2),
    mapgen=TEXT,
    created=st.datetimes(timezones=st.just(UTC)),
    repeats=st.integers(1, 5),
    sources=st.lists(TEXT, max_size=2).map(tuple),
    asked=st.just({"writer": Endpoint(kind="hosted", model="m", base_url="http://host/v1")}),
)


@given(HEADS, st.lists(RECORDS, max_size=6))
def test_a_run_is_read_as_it_was_written(head: Head, records: list[Record]) -> None:
    run = Run.of(head, records)
    text = "".join(f"{one}\n" for one in run.lines())
    assert Run.parse(text) == run
    assert text.count("\n") == 1 + len(run.records)


@given(st.lists(RECORDS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_distinct_records_does_not_matter(records: list[Record], random: Random) -> None:
    latest = list({one.key: one for one in records}.values())
    shuffled = random.sample(latest, len(latest))
    assert Run.of(head(), latest) == Run.of(head(), shuffled)


@given(st.integers(1, 400))
def test_a_line_that_was_broken_off_is_left_out(cut: int) -> None:
    run = Run.of(head(), [record("a"), record("b")])
    text = "\n".join(run.lines())
    torn = Run.parse(text[:-cut])
    assert torn.torn
    assert torn.records == run.records[:1]


def test_a_broken_line_in_the_middle_is_an_error() -> None:
    first, one, two = Run.of(head(), [record("a"), record("b")]).lines()
    with pytest.raises(InputError, match=r"My run, line 2: the line: Invalid JSON"):
        Run.parse(f"{first}\n{one[:40]}\n{two}\n", name="My run")
    with pytest.raises(InputError, match=r"line 2: repeat: "):
        Run.parse("\n".join([first, '{"case": "a", "repeat": -1}', two]))


@pytest.mark.parametrize("text", ["", "\n", "{}", "no JSON", '{"version": 2}', "[1]\n{}"])
def test_what_has_no_head_is_no_run(text: str) -> None:
    with pytest.raises(InputError, match="is no run of an evaluation"):
        Run.parse(text)


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_run_whose_templates_would_be_written_outside_of_their_folder_is_none(path: str) -> None:
    whole = line(head(templates={"x.j2": "X."}))
    assert Run.parse(whole).head.templates == {"x.j2": "X."}
    with pytest.raises(InputError, match="is no run of an evaluation"):
        Run.parse(whole.replace('"x.j2"', json.dumps(path)))


def test_the_later_record_of_a_map_stands_and_repeats_are_counted() -> None:
    run = Run.of(head(), [record("b"), record("a", 2), record("a", error="gone", map=None), record("a")])
    assert [one.key for one in run.records] == [("a", 0), ("a", 2), ("b", 0)]
    assert run.by_key["a", 0].usable
    assert run.head.repeats == 3


def test_the_answers_of_a_run_are_those_of_its_records() -> None:
    run = Run.of(head(), [record("a", answers={"k": "1"}), record("b", answers={"l": "2"})])
    assert run.answers == {"k": "1", "l": "2"}


@pytest.mark.parametrize(
    "change",
    [
        {"prompts": "x"},
        {"model": "x"},
        {"planner": "x"},
        {"temperature": 0.1},
        {"mapgen": "x"},
        {"sources": ("encyclopedia",)},
    ],
)
def test_another_experiment_has_another_identity(change: dict[str, object]) -> None:
    assert head(**change).identity() != head().identity()


def test_runs_of_before_there_were_sources_keep_their_identity_and_have_none() -> None:
    old = line(head())
    assert "sources" not in old
    assert head().identity() == "8c00cb0d398e"
    assert Run.parse(old).head.sources == ()
    assert "passages" not in line(record())


def test_sources_are_told_apart_by_what_they_are_and_not_by_how_they_are_joined() -> None:
    named = [("a", "b"), ("b", "a"), ("a, b",), ("ab",)]
    assert len({head(sources=one).identity() for one in named}) == len(named)


def test_sources_are_told_in_one_line() -> None:
    assert told_sources(()) == "no sources"
    assert told_sources(("encyclopedia", "notes.pdf")) == "encyclopedia, notes.pdf"
    assert told_sources(("a\nb\x1b[31m",)) == "a b"
    assert len(told_sources(("x" * 3_000,))) == 200


def test_what_does_not_matter_leaves_the_identity() -> None:
    other = head(label="baseline", repeats=3, created=datetime(2027, 1, 1, tzinfo=UTC))
    assert other.identity() == head().identity()


def test_what_forbids_a_comparison_is_said_in_words() -> None:
    assert head().differs(head(prompts="x", endpoint="elsewhere", mapgen="9", sources=("encyclopedia",))) == ()
    assert head().differs(head(model="big", temperature=0.5)) == (
        "model: fake-model and big",
        "temperature: None and 0.5",
    )


def test_a_line_holds_no_key() -> None:
    endpoint = Endpoint(kind="hosted", model="m", api_key=SecretStr("sk-secret"))
    assert "sk-secret" not in line(head(asked={"writer": endpoint}))


def test_the_cost_is_known_for_one_model_with_a_price() -> None:
    local = Endpoint(kind="embedded", model="m")
    unknown = Endpoint(kind="hosted", model="nobody", base_url="http://host/v1")
    assert cost({"planner": local, "writer": local}, input_tokens=9, output_tokens=9) == 0.0
    assert cost({"planner": unknown, "writer": unknown}, input_tokens=9, output_tokens=9) is None
    assert cost({"planner": local, "writer": unknown}, input_tokens=9, output_tokens=9) is None
    assert cost({}, input_tokens=9, output_tokens=9) is None
