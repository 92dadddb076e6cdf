"""Suites: how a file is read, what of it is refused and where, its version, and the suites that are shipped."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mapgen.errors import InputError, ReadError
from mapgen.evaluation.suite import LIMIT, Case, Range, Reference, Suite, find, fingerprint, load, parse
from mapgen.text import clean

FULL = """
name: full
description: >-
  Two lines
  folded.
concepts: {min: 4, max: 9}
primary: [distinct, on_topic]
margins: {distinct: 0.05, on_topic: 1}
cases:
  - id: oil
    query: "  Why did oil\tget dear? "
    language: German
    cluster: fuel
    domain: energy
    tags: [why, short]
    references:
      - {name: OPEC, aliases: [Cartel, "no"], gloss: States that sell oil.}
      - {name: Oil, gloss: A fuel.}
    must_facts: [Oil burns., Oil floats.]
  - {id: gas, query: Gas}
"""
HEAD = "name: t\ndescription: d\nprimary: [distinct]\n"
SCHEMA_HINT = "evals/suites/suite.schema.json says what a suite may hold."
UNPLAIN = "f.yaml, line 1: anchors (&), aliases (*) and tags (!) are not taken."
VAST = "f.yaml, line 1: this is more than a suite can hold."
WRITE_OUT = "Write each text out; put quotes around one that starts with &, * or !."
QUOTES = 'YAML reads words such as no, on and 1.5 as something else: put "…" around them.'
LOOK = "Look at the indents, colons and quotes."
TWICE = "Keep one of the two, or make them differ."
ADD = "Add it."
SAY = "Write it, or leave the field out where it may be."
NAMED = "cases:\n- id: a\n  query: Q\n  references:\n  - {gloss: x, name: A"
ONE = "cases: [{id: a, query: Q}]"


def test_a_suite_is_read_as_it_stands() -> None:
    oil = Case(
        id="oil",
        query="Why did oil get dear?",
        language="de",
        cluster="fuel",
        domain="energy",
        tags=("why", "short"),
        references=(
            Reference(name="OPEC", aliases=("Cartel", "no"), gloss="States that sell oil."),
            Reference(name="Oil", gloss="A fuel."),
        ),
        must_facts=("Oil burns.", "Oil floats."),
    )
    assert parse(FULL) == Suite(
        name="full",
        description="Two lines folded.",
        concepts=Range(min=4, max=9),
        primary=("distinct", "on_topic"),
        margins={"distinct": 0.05, "on_topic": 1.0},
        cases=(oil, Case(id="gas", query="Gas")),
    )


def test_what_a_case_leaves_out_has_a_value() -> None:
    suite = parse(f"{HEAD}cases: [{{id: gas, query: Gas}}]")
    (case,) = suite.cases
    assert (case.language, case.cluster, case.domain) == ("en", "gas", "general")
    assert (case.tags, case.references, case.must_facts) == ((), (), ())
    assert (suite.concepts, suite.margins) == (Range(min=3, max=12), {})


def test_a_suite_is_frozen() -> None:
    with pytest.raises(ValidationError):
        parse(FULL).cases[0].query = "Another?"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("cases", "message", "hint"),
    [
        ("cases: []", "line 4, cases: needs one item at least", "Add one."),
        ("", "line 1, cases: is missing", ADD),
        ("cases: {id: a}", "line 4, cases: is not a list", "Put each item on a line of its own, after a hyphen."),
        ("cases: [a]", "line 4, cases.0: is not a mapping of fields", SCHEMA_HINT),
        ("cases:\n- query: Q", "line 5, cases.0.id: is missing", ADD),
        (
            "cases:\n- id: a\n  querry: Q\n  query: Q",
            "line 6, cases.a.querry: there is no such field",
            "Did you mean query?",
        ),
        ("cases:\n- id: a\n  query: Q\n  zzz: Q", "line 7, cases.a.zzz: there is no such field", SCHEMA_HINT),
        (
            "cases:\n- id: a\n  query: '?! '",
            "line 6, cases.a.query: the query is empty",
            "A case asks what a user would type, in at most 4,000 characters.",
        ),
        ("cases:\n- id: a\n  query: Q\n  language: no", "line 7, cases.a.language: is not text", QUOTES),
        (
            "cases:\n- id: a\n  query: Q\n  language: xx",
            "line 7, cases.a.language: 'xx' is no language that mapgen knows",
            "Give a code such as de or pt-BR.",
        ),
        ("cases:\n- {id: a, query: Q}\n- {id: a, query: R}", "line 6, cases.a.id: 'a' is the id twice", TWICE),
        ("cases:\n- {id: a, query: Q}\n- {id: b, query: q}", "line 6, cases.b.query: 'en: q' is asked twice", TWICE),
        ("cases:\n- {id: a, query: Q, tags: [x, x]}", "line 5, cases.a.tags.1: 'x' stands twice", TWICE),
        ("cases:\n- {id: a, query: Q, must_facts: [X, x]}", "line 5, cases.a.must_facts.1: 'x' stands twice", TWICE),
        (
            f"{NAMED}, aliases: [B]}}\n  - {{gloss: y, name: b}}",
            "line 9, cases.a.references.b: 'b' is named twice",
            TWICE,
        ),
        (f"{NAMED}}}\n  - {{name: B,\n     gloss: X}}", "line 10, cases.a.references.B.gloss: 'X' stands twice", TWICE),
        (f"{NAMED}}}\n  - {{name: B, gloss: ' '}}", "line 9, cases.a.references.B.gloss: is empty", SAY),
        (
            f"concepts: {{min: 9, max: 4}}\n{ONE}",
            "line 4, concepts: 9 to 4 is no range",
            "Put the smaller number under min.",
        ),
        (f"margins: {{a: 0}}\n{ONE}", "line 4, margins.a: Input should be greater than 0", SCHEMA_HINT),
        (f"margins: {{a: .nan}}\n{ONE}", "line 4, margins.a: Input should be a finite number", SCHEMA_HINT),
        (
            "cases:\n- {id: a, query: 1}\n- {id: b, query: 2, x: 3}\n- {id: 'B c'}",
            "line 5, cases.a.query: is not text; line 6, cases.b.query: is not text; "
            "line 6, cases.b.x: there is no such field (and 2 more)",
            QUOTES,
        ),
    ],
)
def test_a_fault_is_told_with_its_place(cases: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(HEAD + cases, name="f.yaml")
    assert (caught.value.message, caught.value.hint) == (f"f.yaml, {message}.", hint)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "f.yaml is empty.", SCHEMA_HINT),
        ("# only a comment\n", "f.yaml is empty.", SCHEMA_HINT),
        ("x", "f.yaml, line 1, the document: is not a mapping of fields.", SCHEMA_HINT),
        ("a: b\nc: [", "f.yaml, line 3, column 1 is not YAML: did not find expected node content.", LOOK),
        ("a: b\n c: d", "f.yaml, line 2, column 3 is not YAML: mapping values are not allowed in this context.", LOOK),
        ("--- a\n--- b", "f.yaml, line 2, column 1 is not YAML: but found another document.", LOOK),
        ("? [a]\n: b", "f.yaml, line 1, column 3 is not YAML: found unhashable key.", LOOK),
        ("a: b\nc: d\na: e", "f.yaml, line 3: the field 'a' is given twice.", "Keep one of the two."),
        ("a: 2026-01-31", "f.yaml, line 1: '2026-01-31' is neither text nor number to YAML.", 'Put "…" around it.'),
        ("<<: {a: b}", "f.yaml, line 1: '<<' is neither text nor number to YAML.", 'Put "…" around it.'),
        ("a: " + "9" * 5_000, "f.yaml holds a number of too many digits.", "Write a smaller number."),
        (
            'name: t\n"\\e[31mred": 1\ndescription: d\nprimary: [a]\ncases: [{id: a, query: Q}]',
            "f.yaml, line 2, red: there is no such field.",
            SCHEMA_HINT,
        ),
        ("a: &x b", UNPLAIN, WRITE_OUT),
        ("a: *x", UNPLAIN, WRITE_OUT),
        ("a: !!python/name:os.system x", UNPLAIN, WRITE_OUT),
        ("[" * 500_000, VAST, SCHEMA_HINT),
        ("a: [" + "1," * 400_000 + "]", VAST, SCHEMA_HINT),
    ],
    ids=range(17),
)
def test_what_is_no_plain_yaml_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, name="f.yaml")
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing, large, latin = (tmp_path / name for name in ("missing.yaml", "large.yaml", "latin.yaml"))
    large.write_text("#" * (LIMIT + 1), "utf-8")
    latin.write_bytes("name: Öl".encode("latin-1"))
    with pytest.raises(ReadError, match=r"missing\.yaml cannot be read: No such file or directory\.$"):
        load(missing)
    for path, message in ((large, "is larger than 1,000,000 bytes."), (latin, "is not UTF-8 text.")):
        with pytest.raises(InputError) as caught:
            load(path)
        assert caught.value.message == f"{path} {message}"
        assert caught.value.hint == "A suite is UTF-8 text of at most 1,000,000 bytes."


@given(st.one_of(st.text(), st.text("ab&*!:-[]{}\"'|>#\n ,.1?%@`"), st.text("x\n:- []").map(lambda text: HEAD + text)))
def test_any_text_is_a_suite_or_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert parse(text).cases


# The version


words = st.text(min_size=1, max_size=12).filter(clean)
slugs = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)


@st.composite
def suites(draw: st.DrawFn) -> Suite:
    """Suites of one to four cases, with any text in them that may be."""
    names = draw(st.lists(words, max_size=4, unique_by=lambda text: clean(text).casefold()))
    references = tuple(Reference(name=name, gloss=f"{at}: {draw(words)}") for at, name in enumerate(names))
    ids = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    cases = [Case(id=id, query=f"{id}: {draw(words)}", references=references, cluster=draw(slugs)) for id in ids]
    margins = draw(st.dictionaries(st.sampled_from(["distinct", "J1"]), st.floats(0.001, 1)))
    return Suite(name=draw(slugs), description=draw(words), primary=("J1",), margins=margins, cases=tuple(cases))


def shuffled(data: Any, order: random.Random) -> Any:
    """The same data with the fields of every mapping in another order."""
    if isinstance(data, dict):
        fields = order.sample(list(data), len(data))
        return {field: shuffled(data[field], order) for field in fields}
    return [shuffled(item, order) for item in data] if isinstance(data, list) else data


@settings(max_examples=60, deadline=None)
@given(suites(), st.randoms(use_true_random=False), st.booleans(), st.integers(20, 200))
def test_how_a_suite_is_written_does_not_change_it(suite: Suite, order: random.Random, flow: bool, width: int) -> None:
    data = shuffled(suite.model_dump(mode="json", exclude_defaults=order.random() < 0.5), order)
    text = yaml.safe_dump(
        data, default_flow_style=flow, sort_keys=False, width=width, allow_unicode=order.random() < 0.5
    )
    again = parse(f"# A comment\n\n{text}\n# the end\n")
    assert again == suite
    assert fingerprint(again) == fingerprint(suite)


def leaves(data: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    if isinstance(data, dict | list):
        for step, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(item, (*path, step))
    else:
        yield path


def changed(data: Any, path: tuple[int | str, ...]) -> Any:
    """The data with another value, as valid as before, at the end of the path."""
    if not path:
        return {"de": "fr"}.get(data, data + "x") if isinstance(data, str) else data / 2 if data <= 1 else data + 1
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = changed(copy[path[0]], path[1:])
    return copy


def test_any_change_of_a_field_changes_the_version() -> None:
    data = parse(FULL).model_dump(mode="json")
    data["cases"] = data["cases"][:1]
    paths = list(leaves(data))
    others = [Suite.model_validate_json(json.dumps(changed(data, path))) for path in paths]
    versions = {fingerprint(suite) for suite in (Suite.model_validate_json(json.dumps(data)), *others)}
    assert len(versions) == len(paths) + 1
    fields = {step for path in paths for step in path if isinstance(step, str)}
    for kind in (Suite, Range, Case, Reference):
        assert set(kind.model_fields) <= fields


def test_the_version_is_twelve_hex_digits_and_stays() -> None:
    assert re.fullmatch("[0-9a-f]{12}", fingerprint(parse(FULL)))
    assert fingerprint(parse(FULL)) == "d5fd9408f013"
    assert fingerprint(parse(FULL)) != fingerprint(parse(FULL.replace("[distinct, on_topic]", "[on_topic, distinct]")))


# Finding one


def test_a_suite_is_found_by_path_or_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "evals" / "suites"
    folder.mkdir(parents=True)
    for name in ("core", "smoke"):
        (folder / f"{name}.yaml").write_text(FULL, "utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "core").mkdir()
    assert find("core") == Path("evals/suites/core.yaml")
    assert find(folder / "smoke.yaml") == folder / "smoke.yaml"
    with pytest.raises(InputError) as caught:
        find("smok.yaml")
    assert caught.value.message == "There is no suite 'smok.yaml'."
    assert caught.value.hint == "Did you mean smoke? In evals/suites there are: core, smoke."


@pytest.mark.parametrize("name", ["core", "", "/", "a\x00b", "x" * 5_000, "../core"])
def test_where_there_is_no_suite_that_is_said(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="There is no suite") as caught:
        find(name)
    assert caught.value.hint == "Name a suite's YAML file."
