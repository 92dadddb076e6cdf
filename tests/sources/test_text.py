"""Plain text: paragraphs, and every encoding that can be told."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.sources.text import read_text
from mapgen.text import clean
from tests.sources.reading import blocks, read, refusal

GERMAN = "Der Ölpreis ist für viele Länder wichtig, denn er bestimmt die Kosten."


def test_a_paragraph_is_a_block_and_its_lines_are_joined() -> None:
    found = read(read_text, "Rates rise.\nPrices fall.\r\n \r\n\r\nOil is oil.\n\n\n")
    assert blocks(found) == [("", "Rates rise. Prices fall."), ("", "Oil is oil.")]


@pytest.mark.parametrize(
    "data",
    [
        GERMAN.encode(),
        codecs.BOM_UTF8 + GERMAN.encode(),
        GERMAN.encode("utf-16"),
        codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"),
        GERMAN.encode("utf-32"),
        GERMAN.encode("cp1252"),
    ],
)
def test_encodings_that_can_be_told(data: bytes) -> None:
    assert blocks(read(read_text, data)) == [("", GERMAN)]


@pytest.mark.parametrize(
    ("text", "charset"), [("Цены на нефть", "koi8-r"), ("油价", "gb18030"), ("“Oil”", "iso-8859-1"), ("Öl", "latin1")]
)
def test_an_encoding_that_is_named(text: str, charset: str) -> None:
    data = text.encode("cp1252" if "8859" in charset else charset)
    assert blocks(read(read_text, data, charset=charset)) == [("", text)]


@pytest.mark.parametrize("charset", ["rot13", "zlib", "nonsense", "utf-7", "punycode", "\x00", ""])
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    assert blocks(read(read_text, "Öl", charset=charset)) == [("", "Öl")]


@pytest.mark.parametrize("charset", ["iso-8859-1", "shift_jis", "ascii", "utf-16"])
def test_a_charset_that_lies(charset: str) -> None:
    assert blocks(read(read_text, GERMAN, charset=charset)) == [("", GERMAN)]
    assert blocks(read(read_text, GERMAN.encode("cp1252"), charset="utf-8")) == [("", GERMAN)]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Die Preise für Öl".encode() + b"\xff.", "Die Preise für Öl\ufffd."),
        ("石油の価格".encode()[:-1], "石油の価\ufffd"),
        (b"Oil is dear.\r\n\x1a", "Oil is dear."),
    ],
)
def test_text_that_is_damaged_or_cut_is_read_all_the_same(data: bytes, text: str) -> None:
    assert blocks(read(read_text, data)) == [("", text)]


@pytest.mark.parametrize("data", [b"", b" \n\n\t", "\ufeff".encode(), "\u200b\u2060".encode()])
def test_nothing_to_read(data: bytes) -> None:
    assert refusal(read_text, data) == "a has no text."


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00\x00", "Oil".encode("utf-16-le"), b"a\x08b"])
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert refusal(read_text, data) == "a is not text."


@pytest.mark.parametrize(
    "data", ["Цены на нефть растут".encode("koi8-r"), "油价上涨".encode("gb18030"), b"\x81\x8d \xff\xfe oil"]
)
def test_an_encoding_that_cannot_be_told(data: bytes) -> None:
    assert refusal(read_text, data) == "The encoding of a cannot be told."


def test_a_mark_that_lies() -> None:
    assert refusal(read_text, codecs.BOM_UTF8 + b"\xff\xff") == "a is not the utf-8-sig that it says."


def test_what_no_reader_sees_is_not_passed_on() -> None:
    assert blocks(read(read_text, "Oil\u200b \U000e0041\U000e0042is \u202edear")) == [("", "Oil is dear")]


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_no_word_is_lost(paragraphs: list[str]) -> None:
    found = read(read_text, "\n\n".join(paragraphs)) if any(map(clean, paragraphs)) else None
    expected = [clean(one) for one in paragraphs if clean(one)]
    assert ([block.text for block in found.blocks] if found else []) == expected
