"""Citations: which quotes stand in their passages, in whose words they are cited, and what fits a context."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import InputError, TooLong
from mapgen.model import Citation
from mapgen.prompting import schema_of
from mapgen.rules.words import count
from mapgen.sources.base import NOTHING, Block, Document, Found
from mapgen.sources.passages import passages
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


@pytest.mark.parametrize(
    "script", ["通货膨胀是指一个经济体中价格总水平的普遍持续上涨", "ราคาสินค้าที่สูงขึ้นอย่างต่อเนื่อง", "通货膨胀 CPI，"]
)
def test_a_long_quote_of_a_script_without_spaces_is_cut_to_forty_words_too(script: str) -> None:
    text = script * 30
    (citation,) = cited({"definition": quote(text[: len(text) // 2])}, found(("s", text))).citations
    assert 38 <= count(citation.quote) <= 40
    assert text.startswith(citation.quote)


@pytest.mark.parametrize(
    ("words", "told"), [("a-" * 60, 40), ("so " + ". " * 60 + "and on", 40), ("x1 " * 39 + "a-b", 39)]
)
def test_a_long_quote_is_cut_where_words_end_whatever_they_are(words: str, told: int) -> None:
    text = f"{words} and more of them."
    (citation,) = cited({"definition": quote(f"{words} and more")}, found(("s", text))).citations
    assert len(citation.quote.replace("-", " ").split()) == told


def test_a_citation_has_the_heading_and_the_page_at_which_its_quote_begins() -> None:
    slides = [
        Block(heading=("Inflation",), page=1, text=f"{PRICES} It is told in numbers."),
        Block(heading=("Oil", "Prices"), page=2, text=CRUDE),
        Block(heading=("Oil", "Prices"), page=3, text="A cartel sets what it pumps. It meets in Vienna."),
    ]
    (passage,) = passages(Document(id="s", title="Slides", location="s.pdf", blocks=tuple(slides)))
    assert (passage.heading, passage.page) == ("Inflation; Oil > Prices", 1)
    for words, heading, page in (
        (RISE, "Inflation", 1),
        ("The price of oil is what", "Oil > Prices", 2),
        ("a barrel of krude costs on the spot market", "Oil > Prices", 2),
        ("demand for fuel. A cartel sets", "Oil > Prices", 2),
        ("It meets in Vienna", "Oil > Prices", 3),
    ):
        (citation,) = cited({"definition": quote(words)}, Found(passages=(passage,))).citations
        assert (citation.heading, citation.page) == (heading, page)


def test_no_text_has_more_quotes_than_it_may_whatever_the_endpoint_lets_through() -> None:
    words = [f"alpha{n} beta{n} gamma{n}" for n in range(6)]
    grounds = found(("s", ". ".join(words)))
    given = tuple(Quote(passage=1, quote=one) for one in ("stands in no passage at all", words[0], *words))
    told = cited({"definition": given, "relevance": given}, grounds)
    kept = [(one.of, one.quote) for one in told.citations]
    assert kept == [("definition", words[0]), ("relevance", words[0]), ("relevance", words[1])]
    assert told.dropped == 2


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
