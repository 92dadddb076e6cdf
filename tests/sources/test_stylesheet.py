"""What a page's own style sheets hide, and what they only seem to."""

from __future__ import annotations

import pytest

from mapgen.sources.html import parse_html
from tests.sources.reading import blocks, read

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
        "} .a{display:none}",
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
        ".a{opacity:0}.a{font-size:0}.a{color:#fff}",
        ".a .a{display:none}",
        "!!!{display:none}",
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
