"""The graph and the cards are one view: each lights up the other, leads to it, and is lit by the page's address."""

from __future__ import annotations

import pytest

from mapgen.render.view import Options, view
from tests.page.looking import NARROW, bright, card, faint, focused, in_view, marked, node
from tests.page.maps import named

NEAR = {"c1", "c2", "c3"}  # of c2, in the map of six
SIX = {f"c{rank}" for rank in range(1, 7)}


def test_a_box_lights_its_neighbours_and_its_card(opened) -> None:
    page = opened("six")
    node(page, "c2").hover()
    assert (bright(page), marked(page)) == (NEAR, ["c2"])
    page.locator("h1").hover()
    assert (bright(page), marked(page)) == (SIX, [])


def test_a_card_lights_its_box(opened) -> None:
    page = opened("six")
    card(page, "c2").hover()
    assert (bright(page), marked(page)) == (NEAR, ["c2"])
    page.locator("h1").hover()
    assert faint(page) == set()


def test_focus_lights_as_the_pointer_does(opened) -> None:
    page = opened("six")
    node(page, "c2").focus()
    assert (bright(page), marked(page)) == (NEAR, ["c2"])
    page.get_by_role("searchbox").focus()
    assert (faint(page), marked(page)) == (set(), [])
    card(page, "c2").get_by_role("checkbox").focus()
    assert bright(page) == NEAR


def test_a_jump_from_the_graph_leaves_the_graph_in_view(opened) -> None:
    page = opened("six")
    node(page, "c5").click()
    assert page.url.endswith("#c5")
    assert focused(page) == "c5"
    assert in_view(page, card(page, "c5"))
    assert in_view(page, page.locator(".graph > svg:visible"))
    assert "c5" in bright(page)
    assert "c1" in faint(page)


def test_on_a_phone_the_card_is_scrolled_to_and_leads_back(opened) -> None:
    page = opened("six", size=NARROW)
    node(page, "c5").click()
    assert in_view(page, card(page, "c5"))
    card(page, "c5").locator(".up").click()
    assert in_view(page, page.locator(".graph > svg:visible"))


def test_the_back_button_goes_back(opened) -> None:
    page = opened("six")
    node(page, "c5").click()
    node(page, "c2").click()
    page.go_back()
    assert page.url.endswith("#c5")
    assert focused(page) == "c5"
    page.go_back()
    assert "#" not in page.url
    assert faint(page) == set()


def test_a_click_on_the_box_of_the_card_at_hand_goes_there_again(opened) -> None:
    page = opened("six", at="#c5", size=NARROW)
    page.evaluate("scrollTo(0, 0)")
    node(page, "c5").click()
    assert focused(page) == "c5"
    assert in_view(page, card(page, "c5"))


@pytest.mark.parametrize("size", [(1280, 800), NARROW], ids=["wide", "narrow"])
def test_a_deep_link_lights_and_scrolls_again_after_a_reload(opened, size) -> None:
    page = opened("six", at="#c6", size=size)
    for _ in range(2):
        assert in_view(page, card(page, "c6"))
        assert marked(page) == ["c6"]
        assert bright(page) == {"c5", "c6", "c1"}
        page.reload()


def test_every_anchor_of_a_hostile_map_is_a_deep_link(opened) -> None:
    page = opened("hostile")
    anchors = [one.anchor for one in view(named("hostile"), Options()).cards]
    reached = page.evaluate(
        """async anchors => {
          const reached = [];
          for (const anchor of anchors) {
            const arrived = new Promise(done => addEventListener("hashchange", done, { once: true }));
            location.hash = anchor;
            await arrived;
            reached.push([document.activeElement.id, document.querySelector("article:target").id]);
          }
          return reached;
        }""",
        anchors,
    )
    assert reached == [[anchor, anchor] for anchor in anchors]


@pytest.mark.parametrize("hash", ["#no-such-concept", "#%E0%A4%A", "#_sources", "#"])
def test_an_address_without_a_card_lights_nothing(opened, hash) -> None:
    page = opened("six", at=hash)
    assert (faint(page), marked(page)) == (set(), [])


@pytest.mark.parametrize("way", ["escape", "click"])
def test_the_highlight_can_be_left(opened, way) -> None:
    page = opened("six")
    node(page, "c2").click()
    page.mouse.move(1, 1)
    assert page.locator(".graph.lit").count() == 1
    if way == "escape":
        page.keyboard.press("Escape")
    else:
        page.locator(".graph > svg:visible .paper").click(position={"x": 3, "y": 3})
    assert page.locator(".graph.lit").count() == 0
    assert "#" not in page.url
    page.go_back()
    assert page.url.endswith("#c2")
