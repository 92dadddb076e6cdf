"""The kinds' styles: told apart without colour, seen on either paper, the same in table and style sheet."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from mapgen.model import RELATION_KINDS
from mapgen.render.graph import KIND_STYLE

PAPER, DARK_PAPER = "#faf9f6", "#141618"  # as in graph.css


@pytest.fixture(scope="module")
def css(request):
    return (request.config.rootpath / "mapgen" / "render" / "assets" / "graph.css").read_text("utf-8")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_the_standards():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_kind_has_a_style():
    assert tuple(KIND_STYLE) == RELATION_KINDS


@pytest.mark.parametrize("kind", RELATION_KINDS)
def test_lines_and_their_words_are_seen_on_either_paper(kind):
    style = KIND_STYLE[kind]
    assert contrast(style.light, PAPER) >= 4.5
    assert contrast(style.light, "#ffffff") >= 4.5
    assert contrast(style.dark, DARK_PAPER) >= 4.5


@pytest.mark.parametrize("pair", list(combinations(RELATION_KINDS, 2)), ids="/".join)
def test_two_kinds_differ_in_colour_and_in_form(pair):
    one, two = (KIND_STYLE[kind] for kind in pair)
    assert one.light != two.light
    assert one.dark != two.dark
    assert (one.dash, one.head, one.both) != (two.dash, two.head, two.both)


def test_only_the_symmetric_kind_has_two_like_ends():
    assert [kind for kind, style in KIND_STYLE.items() if style.both] == ["contrasts-with"]


def test_the_style_sheet_has_the_tables_dark_colours(css):
    dark = css[css.index("prefers-color-scheme: dark") : css.index("(forced-colors: active)")]
    for kind, style in KIND_STYLE.items():
        assert f"  .stage .{kind} {{ color: {style.dark}; }}\n" in dark
    assert len(re.findall(r"#[0-9a-f]{6}", dark)) == len(KIND_STYLE) + 7


def test_the_style_sheet_closes_nothing_and_calls_nothing(css):
    assert not re.search(r"[<&]|url\(|@import|!important", css)
    assert css.count("{") == css.count("}")
    assert {PAPER, DARK_PAPER} <= set(re.findall(r"--paper, (#\w+)", css))
