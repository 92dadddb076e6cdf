"""Words, stems and stop words, in languages with and without spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.rules.words import akin, base, content, count, fold, runs, stem, stop_words, without


@pytest.mark.parametrize(("code", "language"), [("en", "en"), ("pt-BR", "pt"), ("zh_Hant", "zh"), (" DE ", "de")])
def test_base(code: str, language: str) -> None:
    assert base(code) == language


def test_runs_are_folded_words() -> None:
    assert runs("The Café's 2ﬁne ＡＩ-agents, 3.5!") == ("the", "café", "s", "2fine", "ai", "agents", "3", "5")
    assert runs("Straße STRASSE") == ("strasse", "strasse")
    assert runs("JEPAは自己教師") == ("jepa", "は自己教師")
    assert runs("मुद्रास्फीति की दर") == ("मुद्रास्फीति", "की", "दर")
    assert runs("") == ()


def test_fold_is_stable() -> None:
    for text in ("ǰ", "İ", "ﬃ", "Ώ", "ẞ", "①", "ｶﾞ"):
        assert fold(fold(text)) == fold(text)


def test_count_takes_two_characters_without_spaces_for_a_word() -> None:
    assert count("Rates of interest") == 3
    assert count("通货膨胀") == 2
    assert count("JEPA は") == 2


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("rates", "en", "rate"),
        ("llms", "en", "llm"),
        ("vaccination", "en", "vaccin"),
        ("zinsen", "de", "zins"),
        ("ставки", "ru", "ставк"),
        ("rates", "tlh", "rates"),
        ("金利", "ja", "金利"),
    ],
)
def test_stems(word: str, language: str, expected: str) -> None:
    assert stem(word, language) == expected


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "the"),
        ("de", "der"),
        ("fr", "les"),
        ("es", "los"),
        ("zh", "的"),
        ("ru", "и"),
        ("ar", "من"),
        ("ja", "は"),
        ("nb", "og"),
    ],
)
def test_stop_words(language: str, word: str) -> None:
    assert word in stop_words(language)


def test_words_of_content_are_no_stop_words() -> None:
    assert stop_words("en").isdisjoint({"interest", "world", "system", "state", "computer", "self", "goods", "bill"})
    assert stop_words("tlh") == frozenset()


def test_content_leaves_function_words_out() -> None:
    assert content("The prices of oil and the rates", "en") == ("price", "oil", "rate")
    assert content("通货膨胀的原因", "zh") == ("通货", "货膨", "膨胀", "原因")
    assert content("金利はインフレに", "ja") == ("金利", "イン", "ンフ", "フレ")


@pytest.mark.parametrize(("one", "other"), [("inflat", "inflationari"), ("price", "rate"), ("intern", "internet")])
def test_not_akin(one: str, other: str) -> None:
    assert not akin(one, other)


@pytest.mark.parametrize(("one", "other"), [("oil", "oil"), ("photosynthesi", "photosynthes")])
def test_akin(one: str, other: str) -> None:
    assert akin(one, other)


def test_phrases_are_only_taken_out_where_there_are_no_spaces() -> None:
    assert without("非常重要的价格", "boilerplate", language="zh") == "。。的价格"
    assert without("an important price", "boilerplate", language="en") == "an important price"


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_a_text_of_plain_letters_counts_as_it_does_beside_another_letter(text: str) -> None:
    assert count(f"{text} é") == count(text) + 1 == len(runs(text)) + 1
    assert fold(f"{text} é") == f"{fold(text)} é"
