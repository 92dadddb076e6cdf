"""Citations: which quotes stand in their passages, in whose words they are cited, and what fits a context."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import InputError, TooLong
from mapgen.model import Citation
from mapgen.prompting import schema_of
from mapgen.sources.base import NOTHING, Found
from mapgen.steps.citing import Quote, cited, fitting, mark, narrowed, shown
from mapgen.steps.write import SourcedAnswer
from tests.grounds import CRUDE, PRICES, RISE, found

BOTH = found(("economics", PRICES), ("oil", CRUDE))


def quote(words: str, passage: int = 1) -> tuple[Quote, ...]:
    return (Quote(passage=passage, quote=words),)


@pytest.mark.parametrize(
    ("words", "passage", "told", "source"),
    [
        (RISE, 1, RISE, "economics"),
        (f"“{RISE.upper()}…”", 1, RISE, "economics"),
        ("a general and lastng rise of prices in an economy", 1, RISE, "economics"),
        (f"e{RISE[3:-1]}", 1, RISE[2:], "economics"),
        ("a barrel of crude", 1, "a barrel of crude", "oil"),
        ("a barrel of crude", 7, "a barrel of crude", "oil"),
        ("a barrel of crude", -1, "a barrel of crude", "oil"),
        ("central banks ANSWER it", 1, "Central banks answer it", "economics"),
    ],
)
def test_a_quote_is_cited_in_its_passages_own_words(words: str, passage: int, told: str, source: str) -> None:
    expected = Citation(source=source, quote=told, of="definition", heading="Prices", page=3)
    assert cited({"definition": quote(words, passage)}, BOTH) == ((expected,), 0)


@pytest.mark.parametrize(
    "words",
    ["banks lower their rates at once", "inflation is", "prices", RISE + PRICES + CRUDE, "a rise of a general lasting"],
)
def test_a_quote_that_stands_nowhere_is_dropped_and_counted(words: str) -> None:
    assert cited({"relevance": quote(words)}, BOTH) == ((), 1)


def test_no_words_are_no_quote_and_the_same_words_are_cited_once() -> None:
    twice = (*quote(RISE), *quote(RISE.title(), 2), *quote(""))
    assert [one.quote for one in cited({"relevance": twice}, BOTH).citations] == [RISE]
    assert cited({"relevance": quote("")}, BOTH) == ((), 0)


def test_both_texts_may_stand_on_the_same_words() -> None:
    both = cited({"definition": quote(RISE), "relevance": quote(RISE)}, BOTH)
    assert [one.of for one in both.citations] == ["definition", "relevance"]


def test_a_long_quote_is_cut_to_forty_words() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    (citation,) = cited({"definition": quote(words)}, found(("s", f"{words} and more of them."))).citations
    assert citation.quote.split() == words.split()[:40]


@given(text=st.text(max_size=300), start=st.integers(0, 300), size=st.integers(0, 80), said=st.text(max_size=60))
def test_what_is_cited_stands_letter_by_letter_in_its_passage(text: str, start: int, size: int, said: str) -> None:
    grounds = found(("s", text))
    passage = grounds.passages[0].text
    for words in (passage[start : start + size], said):
        for citation in cited({"definition": quote(words)}, grounds).citations:
            assert citation.quote in passage
            assert citation.source == "s"


@given(words=st.text(alphabet="abc defg", min_size=20, max_size=90), at=st.integers(0, 30))
def test_a_literal_quote_of_enough_words_is_always_found(words: str, at: int) -> None:
    passage = found(("s", f"{'x ' * at}{words} and then it ends.")).passages[0]
    plain = " ".join(words.split())
    if len(plain.split()) >= 3:
        grounds = Found(passages=(passage,))
        (citation,) = cited({"definition": quote(plain)}, grounds).citations
        assert plain in citation.quote


def test_a_schema_allows_one_quote_of_a_definition_and_two_of_a_relevance() -> None:
    fields = narrowed(schema_of(SourcedAnswer), 2)["properties"]
    assert list(fields) == ["definition_quotes", "definition", "relevance_quotes", "relevance"]
    assert [fields[name]["maxItems"] for name in ("definition_quotes", "relevance_quotes")] == [1, 2]
    assert fields["relevance_quotes"]["items"]["properties"]["passage"] == {"type": "integer", "enum": [1, 2]}


def test_passages_are_shown_under_title_and_heading_between_a_mark_of_their_own() -> None:
    assert shown(BOTH) == (("Economics > Prices", PRICES), ("Oil > Prices", CRUDE))
    marks = {mark("q", BOTH), mark("other", BOTH), mark("q", found(("economics", PRICES))), mark("q", NOTHING)}
    assert len(marks) == 4
    assert mark("q", NOTHING) == ""
    assert mark("q", BOTH) == mark("q", BOTH)


async def test_what_is_too_long_is_asked_with_half_of_the_passages_and_in_the_end_with_none() -> None:
    asked: list[int] = []

    async def ask(grounds: Found) -> str:
        asked.append(len(grounds.passages))
        if grounds.passages:
            raise TooLong("Too long.")
        return "answer"

    assert await fitting(found(*[("s", f"Passage {n}.") for n in range(5)]), ask) == "answer"
    assert asked == [5, 2, 1, 0]


@pytest.mark.parametrize(("error", "times"), [(TooLong("Too long."), 2), (InputError("Refused."), 1)])
async def test_what_no_fewer_passages_mend_is_raised(error: InputError, times: int) -> None:
    asked: list[Any] = []

    async def ask(grounds: Found) -> str:
        asked.append(grounds)
        raise error

    with pytest.raises(type(error)):
        await fitting(found(("s", PRICES)), ask)
    assert len(asked) == times
