"""Marks behind a card's texts: each shows its quote on hover, focus and tap, in the window and beside the mark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from mapgen.render.view import Options, view
from tests.page.looking import NARROW, WIDE, boxes, card, words
from tests.page.maps import named
from tests.page.test_accessible import violations
from tests.render.cited import HOSTILE, LONG

PLACES = """all => all.map(one => [one.closest("article").id, one.parentNode.className, one.innerText,
  document.getElementById(one.getAttribute("href").slice(1)).querySelector("q").textContent])"""


def tip(page: Page) -> Locator:
    return page.locator(".tip")


def marks(page: Page) -> Locator:
    return page.locator(".ref")


def beside(page: Page, mark: Locator) -> bool:
    """Whether the quote is within the window, and does not lie over its mark."""
    ((x, y, width, height),) = boxes(tip(page))
    ((left, top, wide, tall),) = boxes(mark)
    right, low = page.evaluate("[document.documentElement.clientWidth, innerHeight]")
    inside = x >= 0 and y >= 0 and x + width <= right and y + height <= low
    return inside and (y >= top + tall or y + height <= top or x >= left + wide or x + width <= left)


def test_each_mark_stands_behind_its_text_and_leads_to_its_quote(opened) -> None:
    page = opened("cited", java_script_enabled=False)
    assert marks(page).evaluate_all(PLACES) == [
        [one.anchor, of, f"[{note.number or '?'}]", note.quote]
        for one in view(named("cited"), Options()).cards
        for of in ("definition", "relevance")
        for note in one.behind(of)
    ]
    for quote in (LONG, "demand follows credit", HOSTILE):
        assert page.get_by_text(quote, exact=True).first.is_visible()
    assert all(width >= 24 and height >= 24 for _, _, width, height in boxes(marks(page)))


def test_a_quote_shows_under_the_pointer_and_stays_while_that_is_on_it(opened) -> None:
    page = opened("cited")
    expect(tip(page)).to_have_count(0)
    marks(page).first.hover()
    assert LONG in tip(page).inner_text()
    assert words(tip(page).inner_text()).endswith("Inflation, Background > Terminology")
    assert beside(page, marks(page).first)
    tip(page).locator("a").last.hover()
    expect(tip(page)).to_be_visible()
    page.mouse.move(1, 1)
    expect(tip(page)).to_have_count(0)


def test_a_quote_shows_with_the_keyboard_its_links_follow_and_escape_closes_it(opened) -> None:
    page = opened("cited")
    marks(page).first.focus()
    assert marks(page).first.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#_source-1"
    page.keyboard.press("Escape")
    expect(tip(page)).to_have_count(0)
    assert marks(page).first.evaluate("one => one === document.activeElement")
    assert marks(page).first.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    expect(tip(page)).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert marks(page).nth(1).evaluate("one => one === document.activeElement")
    assert "a rise in the general price level" in tip(page).inner_text()
    assert tip(page).count() == 1


def test_escape_closes_a_hovered_quote_and_leaves_the_rest_as_it_is(opened) -> None:
    page = opened("cited", at="#inflation")
    marks(page).first.hover()
    page.keyboard.press("Escape")
    expect(tip(page)).to_have_count(0)
    assert page.url.endswith("#inflation")


def test_a_tap_shows_a_quote_and_another_closes_it(opened) -> None:
    page = opened("cited", size=NARROW, has_touch=True)
    marks(page).first.tap()
    assert LONG in tip(page).inner_text()
    assert "#" not in page.url
    marks(page).nth(4).tap()
    assert "the central bank's lending rate" in tip(page).inner_text()
    marks(page).nth(4).tap()
    expect(tip(page)).to_have_count(0)
    marks(page).first.tap()
    page.locator("h1").tap()
    expect(tip(page)).to_have_count(0)


@pytest.mark.parametrize("size", [(320, 568), (320, 256), (1280, 400)])
def test_a_quote_is_in_the_window_beside_its_mark(opened, size) -> None:
    page = opened("cited", size=size)
    for mark in marks(page).all():
        mark.focus()
        assert beside(page, mark)
        mark.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - innerHeight + 40)")
        page.wait_for_function(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )
        assert beside(page, mark)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_links_lead_to_the_words_or_the_page(opened) -> None:
    page = opened("cited")
    hrefs = page.locator(".notes .from a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert hrefs == [
        "https://en.wikipedia.org/wiki/Inflation#:~:text=When%20the%20general%20price,purchasing%20power%20of%20money",
        "https://example.org/files/lags.pdf?v=2#page=3",
        "https://example.org/files/lags.pdf?v=2#page=4",
        "https://en.wikipedia.org/wiki/Inflation#:~:text=the%20central%20bank%27s%20lending%20rate",
    ]


def test_a_hostile_quote_is_text_in_the_tip_too(opened) -> None:
    page = opened("cited")
    page.locator("#money .ref").first.focus()
    assert tip(page).locator("q").text_content() == HOSTILE
    assert words(tip(page).inner_text()).count(words(HOSTILE)) == 3
    assert tip(page).locator("img, script").count() == 0
    assert tip(page).locator("a").count() == 1
    assert page.locator("[style]").count() == 0


def test_print_shows_every_quote_in_its_list_and_no_tip(opened) -> None:
    page = opened("cited")
    assert page.locator(".quotes .notes li:visible").count() == 0
    marks(page).first.focus()
    page.emulate_media(media="print")
    assert not tip(page).is_visible()
    assert page.locator(".notes li q").evaluate_all("all => all.every(one => one.checkVisibility())")
    assert all(height > 5 for _, _, _, height in boxes(page.locator(".notes li")))


def test_the_list_of_quotes_opens_at_its_summary(opened) -> None:
    page = opened("cited")
    card(page, "inflation").get_by_text("4 quotes", exact=True).click()
    assert card(page, "inflation").locator(".notes li:visible").count() == 4
    assert words(card(page, "inflation").locator(".notes li").nth(1).inner_text()) == (
        "[3] expected inflation feeds on itself relevance · Lecture notes, p. 12"
    )


def test_a_card_says_what_of_it_is_sourced(opened) -> None:
    page = opened("cited")
    assert page.locator("h3 .mark").all_inner_texts() == [
        "sourced",
        "only the definition is sourced",
        "sourced",
        "the model's own knowledge",
        "sourced",
    ]


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["light wide", "dark narrow"])
def test_axe_finds_nothing_while_a_quote_shows(opened, scheme, size) -> None:
    page = opened("cited", size=size, color_scheme=scheme)
    page.locator(".quotes summary").first.click()
    marks(page).first.focus()
    assert violations(page) == []
