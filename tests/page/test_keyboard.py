"""The page by keyboard alone: every box in reading order, arrows by place, shortcuts, and a way out of everything."""

from __future__ import annotations

import pytest

from tests.page.looking import boxes, card, faint, focused, node, nodes, status
from tests.page.maps import CHIPS, named

ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}


@pytest.mark.parametrize("name", ["six", "thirty", "arabic"])
def test_tab_goes_through_the_boxes_in_reading_order(opened, name) -> None:
    page = opened(name)
    order = nodes(page).evaluate_all("nodes => nodes.map(node => node.dataset.anchor)")
    ranks = {concept.id: concept.rank for concept in named(name).concepts}
    assert [ranks[anchor] for anchor in order] == sorted(ranks[anchor] for anchor in order)
    nodes(page).first.focus()
    walked = []
    for _ in order:
        walked.append(focused(page))
        page.keyboard.press("Tab")
    assert walked == order
    assert focused(page) not in order


def test_tab_leaves_the_page_at_its_end_and_nothing_holds_it(opened) -> None:
    page = opened("three")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page) == "BODY" or page.evaluate("document.activeElement.className") == "skip":
            break
    else:
        pytest.fail("80 tabs did not lead out of the page")
    assert page.locator("article a:visible, article input:visible").count() < 80


def test_the_skip_link_leads_to_the_concepts(opened) -> None:
    page = opened("six")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "_concepts"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article').id") == "c1"


@pytest.mark.parametrize("name", ["six", "twelve"])
def test_an_arrow_goes_to_a_near_box_in_its_direction(opened, name) -> None:
    page = opened(name)
    anchors = nodes(page).evaluate_all("nodes => nodes.map(node => node.dataset.anchor)")
    middles = {a: (x + w / 2, y + h / 2) for a, (x, y, w, h) in zip(anchors, boxes(nodes(page)), strict=True)}
    for start in anchors:
        for key, way in ARROWS.items():
            node(page, start).focus()
            page.keyboard.press(key)
            away = {a: _away(middles[start], middles[a], way=way) for a in anchors if a != start}
            ahead = {a: (along, aside) for a, (along, aside) in away.items() if along > 1}
            if not ahead:
                assert focused(page) == start
                continue
            along, aside = ahead[focused(page)]
            assert not [a for a, other in ahead.items() if other[0] < along - 1 and other[1] < aside - 1]


def _away(start: tuple[float, float], end: tuple[float, float], *, way: tuple[int, int]) -> tuple[float, float]:
    """How far one point is from the other along the way, and aside from it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return dx * way[0] + dy * way[1], abs(dx * way[1]) + abs(dy * way[0])


def test_enter_opens_the_card(opened) -> None:
    page = opened("six")
    node(page, "c4").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#c4")
    assert focused(page) == "c4"


def test_a_slash_searches_and_escape_clears(opened) -> None:
    page = opened("six")
    page.keyboard.press("/")
    page.keyboard.type("efficacy")
    assert page.get_by_role("searchbox").input_value() == "efficacy"
    assert status(page) == "1 of 6 concepts"
    page.keyboard.press("Escape")
    assert page.get_by_role("searchbox").input_value() == ""
    assert page.locator("article:visible").count() == 6
    assert faint(page) == set()


def test_a_slash_in_the_search_is_a_slash(opened) -> None:
    page = opened("six")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("a/b")
    assert page.get_by_role("searchbox").input_value() == "a/b"


def test_escape_closes_a_menu_and_gives_the_focus_back(opened) -> None:
    page = opened("six")
    for summary, inside in (("Save", "Markdown"), (CHIPS[0], "Copy")):
        page.get_by_text(summary, exact=True).focus()
        page.keyboard.press("Enter")
        button = page.get_by_role("button", name=inside, exact=True)
        button.focus()
        page.keyboard.press("Escape")
        assert not button.is_visible()
        assert page.evaluate("document.activeElement.textContent") == summary


def test_one_chip_is_open_at_a_time_and_a_click_elsewhere_closes_it(opened) -> None:
    page = opened("six")
    for chip in CHIPS[:2]:
        page.get_by_text(chip, exact=True).click()
        assert page.locator(".chips code:visible").all_inner_texts() == [f"mapgen make '{chip}'"]
    page.locator("h1").click()
    assert page.locator(".chips code:visible").count() == 0


def test_what_has_the_focus_shows_it(opened) -> None:
    page = opened("six")
    look = """() => { const at = document.activeElement, style = getComputedStyle(at);
      const box = at.querySelector("rect"), own = box && getComputedStyle(box);
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      return [outlined, own ? parseFloat(own.strokeWidth) : 0] }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == "BODY":
            break
        outlined, stroke = page.evaluate(look)
        assert outlined or stroke >= 2, focused(page)
    assert card(page, "c1").count() == 1
