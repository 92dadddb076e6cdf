"""What is kept of an answer that stays invalid: whole items, and nothing that does not fit its type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mapgen.llm.salvage import salvaged
from mapgen.model import Text
from mapgen.prompting import Answer
from tests.llm.asking import Note


class Item(Answer):
    """One item."""

    name: Text
    scope: Text


class Listed(Answer):
    """A title and two lists."""

    title: Text
    items: tuple[Item, ...]
    topics: tuple[Text, ...]


ITEMS = [{"name": name, "scope": f"of {name}"} for name in ("one", "two", "three")]
WHOLE = {"title": "All", "items": ITEMS, "topics": ["x", "y"]}
TEXT = json.dumps(WHOLE)


def kept(text: str) -> tuple[list[str], list[str]] | None:
    """The names and topics that are kept; None where nothing is."""
    found = salvaged(text, Listed)
    return None if found is None else ([item.name for item in found.items], list(found.topics))


def changed(**fields: Any) -> str:
    """The whole answer with other fields."""
    return json.dumps(WHOLE | fields)


@pytest.mark.parametrize(
    ("text", "names", "topics"),
    [
        (TEXT, ["one", "two", "three"], ["x", "y"]),
        (changed(items=[ITEMS[0], {"name": "two"}, ITEMS[2]]), ["one", "three"], ["x", "y"]),
        (changed(items=[7, *ITEMS, None]), ["one", "two", "three"], ["x", "y"]),
        (changed(items=[ITEMS[0], {"name": 1, "scope": True}], topics=["x", 5]), ["one"], ["x"]),
        (f"Well: {changed(topics=[1])} and so on", ["one", "two", "three"], []),
        ("<think>{}</think>" + changed(topics=[None, "y"]), ["one", "two", "three"], ["y"]),
        (json.dumps({"title": "All", "items": ITEMS[:1]}), ["one"], []),
        (TEXT[: TEXT.index("three") + 2], ["one", "two"], []),
        (TEXT[: TEXT.index("of two") + 3], ["one"], []),
        (TEXT[: TEXT.index("of two") + 8], ["one", "two"], []),
        (TEXT[: TEXT.index('"y"') + 1], ["one", "two", "three"], ["x"]),
        (TEXT[:-1], ["one", "two", "three"], ["x", "y"]),
        (TEXT[: TEXT.index("one") + 2], [], []),
    ],
)
def test_what_is_whole_is_kept(text: str, names: list[str], topics: list[str]) -> None:
    assert kept(text) == (names, topics)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON at all",
        "{",
        '{"title": "A',
        '{"title": "A", ',
        "[1, 2]",
        changed(title=5),
        changed(items="one"),
        changed(items={"0": ITEMS[0]}),
        changed(items=[{}] * 500),
        '{"a":' * 50_000,
        '{"title": "\\',
    ],
)
def test_what_is_not_enough_is_nothing(text: str) -> None:
    assert kept(text) is None or kept(text) == ([], [])


def test_a_cut_keeps_quotes_brackets_and_escapes_in_texts() -> None:
    odd = {"name": 'a "]}" \\', "scope": "b, [c] {d}"}
    text = changed(items=[odd, ITEMS[1]])
    found = salvaged(text[: text.index("of two")], Listed)
    assert found is not None
    assert [item.model_dump() for item in found.items] == [odd]


def test_what_has_no_list_is_all_or_nothing() -> None:
    assert salvaged('{"text": "plain", "score": 7}', Note) is None
    assert salvaged('{"text": "plain", "sco', Note) is None
    assert salvaged('{"text": "plain", "score": 0.5', Note) is None
    assert salvaged('{"text": "plain", "score": 0.5}', Note) == Note(text="plain", score=0.5)
