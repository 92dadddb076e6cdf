"""Text measured and broken: by clusters, in balanced lines, cut with an ellipsis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.render.graph.measure import clusters, is_rtl, longest_word, width, wrap
from mapgen.text import clean
from tests.render.graph.geometry import unbroken


def test_widths_are_those_of_common_types():
    assert width("", 14) == 0
    assert width("iiii", 14) < width("nnnn", 14) < width("MMMM", 14)
    assert width("Herd immunity threshold", 14) == pytest.approx(160, abs=16)
    assert width("通貨膨脹", 14) == 4 * 14
    assert width("e\u0301", 14) == width("e", 14)
    assert width("👩‍👩‍👧", 14) == width("👩", 14) > 14
    assert width("🇩🇪", 14) == width("👩", 14)
    assert width("التضخم", 14) == pytest.approx(46, abs=10)
    assert width("ब्याज", 14) == pytest.approx(30, abs=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("👩‍👩‍👧x", ["👩‍👩‍👧", "x"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇩🇪🇫🇷🇮", ["🇩🇪", "🇫🇷", "🇮"]),
        ("❤️!", ["❤️", "!"]),
        ("क्षमा", ["क्ष", "मा"]),
        ("\u0301a", ["\u0301", "a"]),
    ],
)
def test_clusters(text, found):
    assert clusters(text) == found


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("Inflation", 140, ("Inflation",)),
        ("Basic reproduction number", 140, ("Basic reproduction ", "number")),
        ("Basic reproduction number", 100, ("Basic ", "reproduction ", "number")),
        ("one two three four", 90, ("one two ", "three four")),
        ("通貨膨脹と、政策", 80, ("通貨膨脹", "と、政策")),
        ("", 80, ("",)),
        ("Hypothekendarlehenszinssätze", 168, ("Hypothekendarlehens-", "zinssätze")),
        ("Wohnungsbaufinanzierung", 136, ("Wohnungsbaufinan-", "zierung")),
        ("Достопримечательностями", 104, ("Достоприме-", "чательнос-", "тями")),
        ("Internationalization strategies", 104, ("Internationali-", "zation ", "strategies")),
        ("well-being and well-ness", 80, ("well-being ", "and well-", "ness")),
        ("0123456789012345", 80, ("012345678", "9012345")),
        ("التضخموارتفاعالأسعار", 80, ("التضخموار", "تفاعالأسع", "ار")),
        ("W" * 9, 60, ("WWWW-", "WWWW-", "W")),
    ],
)
def test_lines(text, room, lines):
    assert wrap(text, room, size=14, most=4) == lines


def test_what_is_too_long_is_cut_between_clusters():
    lines = wrap("W" * 200, 140, size=14, most=4)
    assert len(lines) == 4
    assert lines[-1].endswith("W…")
    marked = wrap("e\u0301" * 90, 140, size=14, most=2)
    assert marked[-1].endswith("e\u0301…")
    assert wrap("word " * 50, 140, size=14, most=2)[1].endswith("word…")


@given(st.text(max_size=80).map(clean), st.sampled_from([60.0, 104.0, 146.0]), st.integers(1, 4))
def test_lines_are_the_text_and_fit(text, room, most):
    lines = wrap(text, room, size=14, most=most)
    assert 1 <= len(lines) <= most
    said = unbroken(lines, text)
    assert said == text or (said.endswith("…") and text.startswith(said[:-1]))
    assert all(width(line.rstrip(" "), 14) <= room + 1e-6 for line in lines)


def test_the_longest_word_is_one_that_may_not_be_broken():
    assert longest_word("a Mortgage and", 14) == width("Mortgage", 14)
    assert longest_word("well-being", 14) == width("being", 14)
    assert longest_word("通貨膨脹", 14) == longest_word("", 14) == 0


@pytest.mark.parametrize(
    ("text", "rtl"), [("Inflation", False), ("التضخم", True), ("(2024) מדיניות", True), ("123", False), ("", False)]
)
def test_direction(text, rtl):
    assert is_rtl(text) is rtl
