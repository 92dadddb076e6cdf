"""Text as a value: what is cleaned away, what stays, and the identifiers made from names."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.text import clean, counted, encodable, shorten, shown_json, slug, unique_slugs

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("given_text", "seen"),
    [
        ("  a \n\t b  ", "a b"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bMup", "up"),
        ("a\x00b\x9bc", "a b c"),
        ("\u202eevil\u202c", "evil"),
        ("a\u2028b\ufeffc", "a bc"),
        ("infla\u200btion", "inflation"),
        ("infla\u00adtion\u3164", "inflation"),
        ("a\U000e0069\U000e0067\U000e006eb\U000e007f", "ab"),
        (f"{SCOTLAND}\U000e0061", SCOTLAND),
        ("\U0001f3f4" + "\U000e0061" * 20 + "\U000e007f", "\U0001f3f4"),
        ("a \u202e b", "a b"),
        ("e\u0301", "\u00e9"),
        ("\ud800x", "x"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_what_no_reader_sees_is_cleaned_away(given_text: str, seen: str) -> None:
    assert clean(given_text) == seen


@given(st.text())
def test_clean_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in cleaned)
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Oil Prices", "oil-prices"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\con", "c-con"),
        ("-rf", "rf"),
        ("Größe", "grösse"),
        ("ﬁne", "fine"),
        ("通貨膨脹", "通貨膨脹"),
        ("snake_case", "snake-case"),
        ("C++", "c"),
        ("!!!", ""),
    ],
)
def test_a_slug_is_words_and_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text(), st.integers(1, 80))
def test_a_slug_is_short_and_has_no_separators(text: str, limit: int) -> None:
    made = slug(text, limit=limit)
    assert len(made) <= limit
    assert not set("/\\.: _\n\0") & set(made)
    assert made == made.strip("-")


def test_taken_slugs_get_a_number() -> None:
    assert unique_slugs(("C", "C++", "C#", "!")) == ("c", "c-2", "c-3", "c-4")
    assert unique_slugs(("a 2", "a", "a")) == ("a-2", "a", "a-3")
    assert unique_slugs(()) == ()


@given(st.lists(st.text(max_size=5), max_size=8))
def test_slugs_are_as_many_as_names_and_all_differ(names: list[str]) -> None:
    slugs = unique_slugs(tuple(names))
    assert len(slugs) == len(names) == len(set(slugs))
    assert all(slugs)


@given(st.text(), st.integers(1, 50))
def test_shortened_text_has_at_most_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")


def test_numbers_are_told_with_their_noun() -> None:
    assert [counted(n, "call") for n in (0, 1, 2, 1_000)] == ["0 calls", "1 call", "2 calls", "1,000 calls"]


def test_a_lone_surrogate_is_made_a_question_mark() -> None:
    assert encodable("a\ud800b é 👍") == "a?b é 👍"


@given(
    st.text(), st.sampled_from(["\x9b31m", "\x7f", "\u202e", "\u2028", "\ufeff\u200b", "\u00ad", "\U000e0041", "\\"])
)
def test_json_that_is_shown_means_the_same_and_holds_nothing_that_a_terminal_obeys(text: str, hidden: str) -> None:
    value = {f"{hidden}{text}": [text, hidden]}
    shown = shown_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(shown) == value
    assert not any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in shown)
    assert not set("\u202e\u2066\u200b\ufeff\u00ad\U000e0041") & set(shown)


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_a_text_of_plain_letters_is_cleaned_as_it_is_beside_another_letter(text: str) -> None:
    assert clean(f"{text} é") == f"{clean(text)} é".strip()
