"""What a page's own style sheets hide, and what they only seem to."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.html import parse_html
from tests.sources.reading import blocks, read, refusal

TEXT = "<div><p class='a b' id=i>TEXT</p></div>"


def seen(sheet: str, text: str = TEXT) -> bool:
    """Whether the text is read under a sheet."""
    found = blocks(read(parse_html, f"<style>{sheet}</style><p>Oil.</p>{text}"))
    assert found[0] == ("", "Oil.")
    return any("TEXT" in one for _, one in found)


@pytest.mark.parametrize(
    "sheet",
    [
        ".a{display:none}",
        "#i { visibility : hidden !important }",
        "p.b, .x {color:red;/* c */display:none}",
        "div{display:none}",
        ".a{position:absolute;left:-9999px}",
        "@import url(x.css);.a{display:none}",
        "@media screen{.x{color:red}.a{display:none}}",
        "@supports (display:grid){@media all{.a{display:none}}}",
        ".a{display:none}.a{color:red}",
        "#i{display:none}.a{display:block}",
        ".a{display:block}.a{display:none}",
        ".a{display:none!important}#i{display:block}",
        "/*.a{*/.a{display:none}",
        ".a{opacity:0}",
        ".a{font-size:0}",
        ".a{color:#fff}",
        ".a{color:white;background:white}",
        ".a{color:transparent}",
        "div{color:white}",
        ".a{height:0;overflow:hidden}",
        ".a{height:0}.b{overflow:hidden}",
        ".a{transform:scale(0)}",
        ".a:not(.y){display:none}",
        ".a:not(:hover){display:none}",
        "p:is(.x,.b):first-child{display:none}",
        "div > [class~=b]:last-child{display:none}",
        "p.a:not([data-x]):not(.x, .y){display:none}",
        "body > p ~ div p{display:none}",
        "head + body p + div *{display:none}",
        "@media screen and (min-width:1px){.a{display:none}}",
        "@media (width >= 600px){.a{display:none}}",
        "@media not print{.a{display:none}}",
        "@layer x{.a{display:none}}",
        "div{color:red;.a{display:none}}",
        "div{.a &, & .a{display:none}}",
        ".a{@media screen{display:none}}",
        ".a{display:none;.x{color:red}}",
        ".a{display:none",
        ".a{display:none;display:nonsense}",
        ".a{display:none}.a:nonsense,.a{display:block}",
        ".a{display:none}.a:hover,.a::before{display:block}",
        '.x{content:"}/*"}.a{display:none}.x{content:"*/"}',
        ".a{display:none}@layer x{#i{display:block}}",
        "\\.a{} .\\61 {display:none}",
        ".A{display:none}",
        ".a:is(.b, :nonsense){display:none}",
        ".a{display:none}.a, .x::before > .y{display:block}",
        ".a{display:none}.a, !::-webkit-nonsense{display:block}",
        ".a, .x > ::part(y):hover{display:none}",
        ".a:is(.b" + ", .x" * 1_000 + "){display:none}",
        ".a, .a::-webkit-nonsense{display:none}",
        ".a{color:hwb(0 100% 0%)}",
    ],
)
def test_sheets_that_hide(sheet: str) -> None:
    assert not seen(sheet)


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{display:none}",
        "@media print{.a{display:none}}",
        "@media (max-width:600px){.a{display:none}}",
        "@keyframes k{from{visibility:hidden}}",
        ".a:hover{display:none}",
        ".a{display:none}.a{display:block}",
        ".a{display:none}#i{display:block}",
        ".a{display:none}.a.b{display:inline}",
        ".a{display:block!important}#i{display:none}",
        "body{visibility:hidden}html{display:none}",
        ".a{opacity:0}.a{opacity:1}",
        ".a{font-size:0}p{font-size:1rem!important}",
        "div{font-size:0}.a{font-size:1rem}",
        "div{visibility:hidden}.a{visibility:visible}",
        ".a{color:#fff}div{background:#000}",
        ".a{color:#fff}body{background:#123}",
        ".a{color:#fff;background-image:url(x.png)}",
        ".a{color:#fff}#i{color:#333}",
        ".a:not(.b){display:none}",
        ".a:not(:first-child){display:none}",
        ".a:nth-child(7){display:none}",
        ".a:checked{display:none}",
        ".a::before{display:none}",
        ".a, .a:nonsense{display:none}",
        "p > .a{display:none}",
        ".a + p, .a ~ p{display:none}",
        "@media not screen{.a{display:none}}",
        "@media (min-width:9000px){.a{display:none}}",
        "@media (prefers-color-scheme:dark){.a{color:#fff}}",
        "@media (unheard-of){.a{display:none}}",
        "@supports not (display:grid){.a{display:none}}",
        "@container (min-width:1px){.a{display:none}}",
        ".a{height:0}",
        ".a .a{display:none}",
        "!!!{display:none}",
        "} .a{display:none}",
        ".a{display:none}.x:is(.y, :nonsense), .a{display:block}",
        "/*.a{display:none}",
    ],
)
def test_sheets_that_show(sheet: str) -> None:
    assert seen(sheet)


@pytest.mark.parametrize(
    ("sheet", "hides"),
    [
        ("<style media=screen>b{display:none}</style>", True),
        ("<svg><style>b{display:none}</style></svg>", True),
        ("<style media=print>b{display:none}</style>", False),
        ("<noscript><style>b{display:none}</style></noscript>", False),
        ("<template><style>b{display:none}</style></template>", False),
    ],
)
def test_only_sheets_that_hold_for_a_reader_count(sheet: str, hides: bool) -> None:
    assert seen("", f"{sheet}<b>TEXT</b>") is not hides


def test_the_element_itself_has_the_last_word() -> None:
    assert seen("b{display:none}", "<b style='display:block'>TEXT</b>")
    assert not seen(".x{display:none}", "<p class=x style='color:red'>TEXT")


def test_names_of_classes_are_folded_without_a_doctype_only() -> None:
    page = "<style>.A{display:none}</style><p>Oil.</p><p class=a>TEXT</p>"
    assert blocks(read(parse_html, page)) == [("", "Oil.")]
    assert blocks(read(parse_html, f"<!doctype html>{page}")) == [("", "Oil."), ("", "TEXT")]


def test_a_page_with_too_many_rules_is_refused() -> None:
    rules = "".join(f":not(.a{number}){{color:red}}" for number in range(3_000))
    page = f"<style>{rules}</style>" + "".join(f"<p class=a{number}>x" for number in range(3_000))
    assert refusal(parse_html, page) == "a has more rules of style than can be followed."
    assert refusal(parse_html, f"<style>{'.a,.b{' * 40}color:red</style>x").endswith("than can be followed.")
    assert refusal(parse_html, f"<style>{'.a:not(.b)' * 100_000}{{color:red}}</style>x").endswith("can be followed.")


@pytest.mark.parametrize(
    "sheet",
    [
        "{" * 20_000,
        "url(a " * 50_000,
        '"a\n' * 50_000,
        "/*" * 99_999,
        ".a:not(" * 900,
        "@media " + "(a) and " * 20_000,
        "@media " + "(" * 5_000 + ")" * 5_000 + "{}",
        ".a{color:" + "rgb(" * 5_000 + "}",
        "a " * 5_000 + "{color:red}",
    ],
)
def test_sheets_made_to_be_too_much_end(sheet: str) -> None:
    with suppress(SourceError):
        assert seen(sheet)


def test_many_rules_and_deep_elements_are_followed() -> None:
    deep = "<div class=a>" * 4_000
    assert seen(".a .a .a .a .a > .x{display:none}", f"{deep}<p class=x>SECRET</p><p>TEXT")
    assert not seen(".a .a .a .a .a > .x{display:none}", f"{deep}<p class=x>TEXT")
    assert not seen("".join(f".c{number} p{{color:red}}" for number in range(3_000)) + ".a{display:none}")


PARTS = r"""
{ } ( ) [ ] ; : , & > + ~ * . # @ ! / " ' -- 1 0 % e9 px a b .a #i p div :not( :is( :first-child ::before
@media @layer @supports screen url( /* */ <!-- --> display:none color:#fff color:rgb( color( lab( hsl(1 hwb(
light-dark( opacity:.1 font:0/0 background: transparent !important \\ \9 \0 u+1 a|b [a|=b] [b=""i]
"""


@given(st.lists(st.sampled_from([*PARTS.split(), "\0", "\n", "\U0001f511"]), max_size=40), st.sampled_from(["", " "]))
def test_no_sheet_and_no_style_breaks_the_reader(parts: list[str], between: str) -> None:
    css = between.join(parts).replace("</", "")
    attribute = css.replace('"', "")
    page = f'<style>{css}</style><p class=a id=i style="{attribute}">Oil.</p><p style="all:unset;{attribute}">TEXT</p>'
    with suppress(SourceError):
        assert {text for _, text in blocks(read(parse_html, page))} <= {"Oil.", "TEXT"}
