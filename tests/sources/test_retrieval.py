"""Passages for a text: the near ones, best first, and no more than fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.model import Passage
from mapgen.sources.retrieval import relevant, tokens, within_budget
from tests.sources.test_index import document, memory

TEXTS = {
    "rates": "Central banks raise interest rates to slow inflation, since loans then cost more.",
    "oil": "Crude oil is pumped from wells and shipped in tankers to refineries.",
    "birds": "Many birds raise their young in nests, and banks of rivers serve some as a place for them.",
}
PASSAGES = st.lists(st.builds(Passage, source=st.just("a"), offset=st.integers(0, 9), text=st.text(max_size=80)))


def found(query: str, *, meaning: bool) -> list[str]:
    index = memory()
    index.put(document(id, text) for id, text in TEXTS.items())
    return [one.source for one in relevant(index.search(query), query, language="en", meaning=meaning)]


@pytest.mark.parametrize("meaning", [True, False])
def test_a_passage_that_shares_only_a_word_is_not_used(meaning: bool) -> None:
    assert found("How do central banks slow inflation with interest rates?", meaning=meaning) == ["rates"]
    assert found("How is crude oil shipped?", meaning=meaning) == ["oil"]
    assert found("Which constitution has many unamended paragraphs on slow trials?", meaning=meaning) == []
    assert found("", meaning=meaning) == []


@given(PASSAGES, st.integers(-5, 200))
def test_no_more_than_fits_is_taken_each_once_and_in_order(passages: list[Passage], budget: int) -> None:
    chosen = within_budget(passages, budget)
    assert sum(map(tokens, chosen)) <= max(budget, 0)
    assert len(set(chosen)) == len(chosen)
    assert [one for one in dict.fromkeys(passages) if one in chosen] == list(chosen)
    for left in set(passages) - set(chosen):
        assert tokens(left) > budget - sum(map(tokens, chosen))


def test_a_token_is_four_letters_or_one_character_of_a_script_without_spaces() -> None:
    assert tokens(Passage(source="a", offset=0, text="abcdefg")) == 2
    assert tokens(Passage(source="a", offset=0, text="中央银行")) == 5
