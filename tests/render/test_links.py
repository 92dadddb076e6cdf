"""Links into sources: the words that browsers look for, a PDF's page, and no link where there is no web address."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.render.links import is_web, link

WEB = "https://example.org/a"
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("the lending rate", "the%20lending%20rate"),
        ("well-known, A & B", "well%2Dknown%2C%20A%20%26%20B"),
        ("“…and so it is.”", "and%20so%20it%20is"),
        ("one two three four five six seven eight", "one%20two%20three%20four%20five%20six%20seven%20eight"),
        ("one two three four five six seven eight nine", "one%20two%20three%20four,six%20seven%20eight%20nine"),
        ("it rose … then fell", "it%20rose,then%20fell"),
        ("it rose... and then it fell", "it%20rose,and%20then%20it%20fell"),
        ("通貨膨脹", "%E9%80%9A%E8%B2%A8%E8%86%A8%E8%84%B9"),
        ("100% #1 a:~:b", "100%25%20%231%20a%3A~%3Ab"),
    ],
)
def test_a_browser_is_told_the_words(quote, words):
    assert link(WEB, quote=quote, page=None) == f"{WEB}#:~:text={words}"


@pytest.mark.parametrize("quote", ["", "…", "x" * 301])
def test_what_cannot_be_looked_for_leads_to_the_source(quote):
    assert link(WEB, quote=quote, page=None) == WEB


@pytest.mark.parametrize(
    ("location", "page", "address"),
    [
        ("https://a.bc/x.pdf", 3, "https://a.bc/x.pdf#page=3"),
        ("https://a.bc/get?id=7", 3, "https://a.bc/get?id=7#page=3"),
        ("https://a.bc/x.pdf#top", 3, "https://a.bc/x.pdf#top"),
        ("https://a.bc/x.PDF?v=1", None, "https://a.bc/x.PDF?v=1"),
        ("https://a.bc/x.docx", None, "https://a.bc/x.docx"),
        ("https://a.bc/x#part", None, "https://a.bc/x#part:~:text=q"),
        ("https://a.bc/x#:~:text=y", None, "https://a.bc/x#:~:text=y"),
        ("https://[a.bc/x", None, "https://[a.bc/x#:~:text=q"),
        ("book.pdf", 3, ""),
        ("javascript:alert(1)", None, ""),
        ("file:///x.html", None, ""),
        ('https://"x', None, ""),
    ],
)
def test_where_a_link_leads(location, page, address):
    assert link(location, quote="q", page=page) == address


@given(TEXTS, st.none() | st.integers(min_value=1))
def test_a_quote_never_leaves_its_place_in_the_address(quote, page):
    address = link(WEB, quote=quote, page=page)
    assert is_web(address)
    base, _, fragment = address.partition("#")
    assert base == WEB
    parts = fragment.removeprefix(":~:text=").split(",") if page is None and fragment else []
    assert len(parts) <= 2
    assert not set("".join(parts)) & set("&-#?/ ")
    assert all(unquote(part).split()[0] in quote for part in parts)


@given(TEXTS)
def test_what_is_no_address_is_no_link(location):
    assert bool(link(location, quote="q", page=None)) == is_web(location)
