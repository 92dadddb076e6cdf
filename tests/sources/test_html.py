"""HTML: the main part with its headings, what no reader sees, encodings, and pages made to be too much."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.base import Raw
from mapgen.sources.html import BYTES, DEEP, parse_html, read_html
from tests.sources.reading import blocks, read, refusal

PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Oil prices | The Site</title>
<style>p{color:red}</style><script>var SECRET = "<p>SECRET</p>";</script></head><body>
<header><a href=/>SECRET home</a></header><nav><ul><li>SECRET</ul></nav>
<article><header><h1>Oil <i>prices</i><a href=#x>¶</a></h1></header>
<p>What oil costs<br>in <b>dol</b>lars.<p>It varies.
Bare words <em>stand</em> here.
<h2><div>Causes</div></h2>
<ul><li>Supply falls.<ul><li>A well closes.</li></ul></li><li>Demand rises.</li></ul>
<blockquote><p>One.</p><p>Two.</p></blockquote>
<h3>Numbers</h3>
<table><caption>Dear</caption><tr><th>Year</th><th>Price</th></tr><tr><td>1973<td>12</table>
<pre>a =
  1</pre>
<dl><dt>Barrel<dd>159 litres</dl>
<h2>Effects</h2>
<table><tr><td><h3>Growth</h3>It slows.</td><td><p>Really.</p></td></tr></table>
<ul><li><a href=1>SECRET one</a><li><a href=2>SECRET two</a><li><a href=3>SECRET three</a></ul>
<aside>SECRET</aside></article>
<div role=navigation>SECRET</div><footer>SECRET</footer></body></html>"""


def test_a_whole_page() -> None:
    found = read_html(Raw(name="a", data=PAGE.encode()))
    assert found.title == "Oil prices"
    assert blocks(found) == [
        ("Oil prices", "What oil costs in dollars."),
        ("Oil prices", "It varies. Bare words stand here."),
        ("Oil prices > Causes", "Supply falls. A well closes. Demand rises."),
        ("Oil prices > Causes", "One."),
        ("Oil prices > Causes", "Two."),
        ("Oil prices > Causes > Numbers", "Dear Year Price 1973 12"),
        ("Oil prices > Causes > Numbers", "a = 1"),
        ("Oil prices > Causes > Numbers", "Barrel 159 litres"),
        ("Oil prices > Effects > Growth", "It slows."),
        ("Oil prices > Effects > Growth", "Really."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- SECRET -->",
        "<!-- a --!><!-- SECRET -->",
        "<!SECRET>",
        "<?SECRET?>",
        "</ SECRET>",
        '<p style="display:none">SECRET</p>',
        '<p style="visibility:hidden">SECRET</p>',
        "<p hidden>SECRET</p>",
        "<object data=x.png>SECRET</object>",
        "<p style='color:white'>SECRET <b>SECRET</b></p>",
        "<div style='background:#000;color:#0a0a0a'>SECRET</div>",
        "<div style='background:url(x)'><p style='background:white;color:white'>SECRET</p></div>",
        "<table bgcolor=navy><tr><td><font color=#000080>SECRET</font></table>",
        "<div style='font-size:0'>SECRET<p style='font-size:2em'>SECRET</p></div>",
        "<div style='visibility:hidden'><p>SECRET</p></div>",
        "<div style='opacity:.2'><p style='opacity:.2'>SECRET</p></div>",
        "<div style='display:none'><p style='display:block;visibility:visible'>SECRET</p></div>",
        "<p style='color:#fff;color:nonsense'>SECRET</p>",
        "<p style='color:#fff;background:url(\"x;color:red\") nonsense'>SECRET</p>",
        "<div style='height:0;overflow:hidden;padding:0'>SECRET</div>",
        "<p style='text-indent:-9999px'><span style='text-indent:0'>SECRET</span></p>",
        '<p style="font-size:0">SECRET</p>',
        '<p style="color:#fff">SECRET</p>',
        "<font color=white>SECRET</font>",
        "<b hidden><p>SECRET</b>",
        "<div hidden><div><table></div>SECRET<tr><td>SECRET</table></div></div>",
        "<div hidden><h2>SECRET</h2><ul><li>SECRET</ul></div>",
        "<script>SECRET</script>",
        "<style>SECRET</style>",
        "<template><p>SECRET</p></template>",
        "<noscript>SECRET</noscript>",
        "<iframe srcdoc='SECRET'>SECRET</iframe>",
        "<svg><text>SECRET</text><foreignObject><p>SECRET</p></foreignObject></svg>",
        "<select><option>SECRET</select><textarea>SECRET</textarea><button>SECRET</button>",
        "<img alt=SECRET title=SECRET><p title=SECRET>x</p>",
        "<nav>SECRET</nav><footer>SECRET</footer><aside>SECRET</aside>",
        "<div role=search>SECRET</div>",
        "<article hidden>SECRET</article><div style='display:none'><main>SECRET</main></div>",
    ],
)
def test_what_no_reader_sees_is_not_passed_on(hidden: str) -> None:
    found = read(parse_html, f"<title>T</title><h1>Title</h1><p>Before.</p>{hidden}<p>After.</p>")
    assert "SECRET" not in found.model_dump_json()
    texts = [text for _, text in blocks(found)]
    assert (texts[0], texts[-1]) == ("Before.", "After.")


@pytest.mark.parametrize(
    "seen",
    [
        "<div style='background:#000'><p style='color:#fff'>TEXT</p></div>",
        "<div style='background:#111'><div><b style='color:white'>TEXT</b></div></div>",
        "<div style='background-image:url(x.png)'><p style='color:white'>TEXT</p></div>",
        "<div style='background:linear-gradient(red, blue)'><p style='color:white'>TEXT</p></div>",
        "<table bgcolor=#000080><tr><td><font color=white>TEXT</font></table>",
        "<table><tr bgcolor=000080><td style='color:white'>TEXT</table>",
        "<div style='font-size:0'><p style='font-size:16px'>TEXT</p></div>",
        "<div style='font-size:0'><p style='font:12px/1 serif'>TEXT</p></div>",
        "<div style='visibility:hidden'><p style='visibility:visible'>TEXT</p></div>",
        "<div style='color:#fff'><p style='color:#000'>TEXT</p></div>",
        "<div style='color:#fff'><a href=x>TEXT</a></div>",
        "<div style='text-indent:-9999px'><p style='text-indent:0'>TEXT</p></div>",
        "<p style='color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text'>TEXT</p>",
        "<div style='display:flex'><p style='width:0;flex:1;overflow:hidden'>TEXT</p></div>",
        "<div style='height:0;padding-bottom:50%;overflow:hidden'>TEXT</div>",
        "<p hidden style='display:block'>TEXT</p>",
        "<p aria-hidden=true>TEXT</p>",
        "<object>TEXT</object>",
        "<p style='color:var(--x)'>TEXT</p>",
    ],
)
def test_what_a_reader_sees_is_passed_on(seen: str) -> None:
    assert blocks(read(parse_html, f"<p>Before.</p>{seen}<p>After.</p>"))[1:-1] == [("", "TEXT")]


@pytest.mark.parametrize("body", ["style='background:#111'", "bgcolor=#111111", "background=x.png", "bgcolor=111"])
def test_white_letters_on_a_dark_page(body: str) -> None:
    assert blocks(read(parse_html, f"<body {body}><p style='color:white'>Oil.")) == [("", "Oil.")]
    assert read(parse_html, f"<body {body} text=white><table><tr><td>Oil.").blocks


def test_an_anchor_goes_and_the_sign_of_a_word_stays() -> None:
    page = "<h1>In C#</h1><h2>F#<a href=#f>#</a></h2><h3><a href=/x#g> ¶ </a>G §</h3><h4><a href=/hash>#</a> it</h4>x"
    found = read(parse_html, page)
    assert found.title == "In C#"
    assert blocks(found) == [("In C# > F# > G § > # it", "x")]


def test_zero_width_characters_are_left_out() -> None:
    assert blocks(read(parse_html, "<p>o\u200bi\u2060l&#8203;\u00ad &#xE0053;is")) == [("", "oil is")]


def test_the_main_part_is_the_one_that_says_so() -> None:
    assert blocks(read(parse_html, "<p>A</p><div role=main><p>B</p></div><p>C</p>")) == [("", "B")]
    assert blocks(read(parse_html, "<p>A</p><main>B<article>C</article></main>")) == [("", "B"), ("", "C")]
    assert blocks(read(parse_html, "A<article>B</article><article>C</article>")) == [("", "A"), ("", "B"), ("", "C")]
    assert blocks(read(parse_html, "<header><h1>H</h1></header><header>menu</header>A")) == [("H", "A")]


def test_a_main_part_without_text_is_not_the_main_part() -> None:
    assert blocks(read(parse_html, "<main id=app></main><p>Oil is dear.")) == [("", "Oil is dear.")]


def test_what_is_too_long_for_a_heading_is_text() -> None:
    long = "Oil is dear. " * 30
    assert blocks(read(parse_html, f"<h2>{long}</h2><p>x")) == [("", long.strip()), ("", "x")]


def test_titles() -> None:
    assert read(parse_html, "<title> The\n page </title>A").title == "The page"
    assert read(parse_html, "<title>The page</title><h2>B</h2>A").title == "The page"
    assert read(parse_html, "A").title == ""


def test_a_list_of_links_stays_where_it_says_something() -> None:
    links = "<li><a>one</a><li><a>two</a><li><a>three</a>"
    assert blocks(read(parse_html, f"x<ul>{links}</ul>")) == [("", "x")]
    assert blocks(read(parse_html, f"<ul>{links} and much that is not in links</ul>"))[0][1].startswith("one two three")
    assert blocks(read(parse_html, f"<ol>{links}.</ol>")) == [("", "one two three.")]


MARKED = "<meta http-equiv=Content-Type content='text/html; charset={}'><p>Öl – 油"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("<p>Öl – 油".encode(), None, "Öl – 油"),
        ("<p>Öl – 油".encode("utf-8-sig"), "latin-1", "Öl – 油"),
        ("<p>Öl – 油".encode("utf-16"), None, "Öl – 油"),
        ("<p>Öl".encode("utf-16-le"), "utf-16", "Öl"),
        (MARKED.format("gb18030").encode("gb18030"), None, "Öl – 油"),
        ("<?xml version='1.0' encoding='shift_jis'?><p>油".encode("shift_jis"), None, "油"),
        ("<meta charset=windows-1251><p>Нефть".encode("cp1251"), None, "Нефть"),
        ("<meta charset=utf-8><p>Нефть".encode("cp1251"), "windows-1251", "Нефть"),
        (MARKED.format("iso-8859-1").encode(), "iso-8859-1", "Öl – 油"),
        ("<!-- <meta charset=cp1251> --><p>Öl".encode("cp1252"), None, "Öl"),
        ("<meta charset=nonsense><p>Öl".encode("cp1252"), "nonsense", "Öl"),
        ("<meta charset=utf-8><p>Öl ".encode() + b"x" * 2_000 + b"\xff", None, "Öl " + "x" * 2_000 + "\ufffd"),
    ],
)
def test_encodings(data: bytes, charset: str | None, text: str) -> None:
    assert blocks(parse_html(Raw(name="a", data=data, charset=charset))) == [("", text)]


def test_pages_that_are_refused() -> None:
    assert refusal(parse_html, "") == "a has no text."
    assert refusal(parse_html, "<title>T</title><h1>Only a heading</h1><p hidden>x") == "a has no text."
    assert refusal(parse_html, "<frameset><frame src=x></frameset>") == "a has no text."
    assert refusal(parse_html, b"<p>\0\1\2") == "a is not text."
    assert refusal(parse_html, "<meta charset=utf-8><p>Нефть".encode("cp1251")) == "The encoding of a cannot be told."
    assert refusal(parse_html, b" " * (BYTES + 1)) == "a has more than 10,000,000 bytes."


def test_pages_made_to_be_too_much() -> None:
    deep = "a has more than 5,000 elements inside each other."
    assert refusal(read_html, "<div>" * 100_000 + "x") == deep
    assert refusal(read_html, "<b id=1>" * (DEEP + 1) + "x") == deep
    assert blocks(read(read_html, "<div>" * DEEP + "x")) == [("", "x")]
    assert blocks(read(read_html, "<p>" * 100_000 + "x")) == [("", "x")]
    assert len(read(read_html, "<p>x" * 20_000).blocks) == 20_000
    assert refusal(read_html, "<!--" * 100_000) == "a has no text."


def test_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    with pytest.raises(SourceError) as caught:
        read(parse_html, "x")
    assert caught.value.hint == "pip install 'mapgen[html]'"


TAGS = ["p", "ul", "li", "table", "td", "h1", "h2", "a", "b", "div", "svg", "math", "form", "template", "nav", "select"]
TAGS += ["script", "body", "html", "main"]
PIECES = st.sampled_from([*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), "<!--", "-->", "&#0;", "x."])


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300)
def test_tag_soup_hides_and_shows(soup: str) -> None:
    try:
        found = read(parse_html, f"<p>Seen.</p><p hidden>SECRET{soup}")
    except SourceError:
        return
    assert all(block.text for block in found.blocks)
    assert not any("SECRET" in block.text for block in found.blocks)


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-16", "latin-1", "idna", "rot13", "\0"]))
def test_any_bytes_are_read_or_refused(data: bytes, charset: str | None) -> None:
    for page in (data, b"<p>" + data, b"<meta charset=" + data):
        with suppress(SourceError):
            assert parse_html(Raw(name="a", data=page, charset=charset)).blocks
