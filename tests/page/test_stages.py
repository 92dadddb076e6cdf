"""More than 15 concepts: one stage at first, the others behind headings that say what is on them."""

from __future__ import annotations

from tests.page.looking import NARROW, boxes, card, focused, in_view, nodes
from tests.page.maps import named

ALL = {concept.id for concept in named("thirty").concepts}


def anchors(page, where: str) -> set[str]:
    return set(page.locator(where).evaluate_all("all => all.map(one => one.dataset.anchor)"))


def test_every_concept_stands_on_a_stage(opened) -> None:
    page = opened("thirty")
    assert len(anchors(page, ".graph > .stage.wide .node")) == 15
    assert anchors(page, ".stage.wide .node") == anchors(page, ".stage.tall .node") == ALL
    assert page.locator(".more svg:visible").count() == 0


def test_a_stage_opens_and_its_boxes_lead_to_cards_and_light_them(opened) -> None:
    page = opened("thirty")
    hidden = sorted(ALL - anchors(page, ".graph > .stage.wide .node"))
    for more in page.locator(".more").all():
        more.locator("summary").click()
        assert more.locator("svg:visible").count() == 1
    for anchor in hidden[:3]:
        box = page.locator(f'.more svg:visible .node[data-anchor="{anchor}"]').first
        box.hover()
        assert card(page, anchor).evaluate("one => one.classList.contains('on')")
        box.click()
        assert focused(page) == anchor
        assert in_view(page, card(page, anchor))


def test_a_stage_is_named_by_what_only_it_shows(opened) -> None:
    page = opened("thirty")
    first = anchors(page, ".graph > .stage.wide .node")
    rest = {concept.name for concept in named("thirty").concepts if concept.id not in first}
    told = [
        name for text in page.locator(".more summary").all_inner_texts() for name in text.partition(": ")[2].split(", ")
    ]
    assert len(told) == len(rest)
    assert set(told) == rest


def test_with_a_stage_open_the_graph_scrolls_with_the_page(opened) -> None:
    page = opened("thirty")
    position = "getComputedStyle(document.querySelector('.graph')).position"
    assert page.evaluate(position) == "sticky"
    page.locator(".more summary").first.click()
    assert page.evaluate(position) == "static"


def test_search_reaches_what_is_not_on_the_first_stage(opened) -> None:
    page = opened("thirty", size=NARROW)
    page.get_by_role("searchbox").fill("Eradication")
    assert page.locator("article:visible").evaluate_all("all => all.map(one => one.id)") == ["c30"]
    page.keyboard.press("Enter")
    page.wait_for_url("**#c30")
    assert in_view(page, card(page, "c30"))
    assert nodes(page).count() == 15


def test_arrows_stay_on_the_stage(opened) -> None:
    page = opened("thirty")
    page.locator(".more summary").first.click()
    stage = page.locator(".more svg:visible").first
    inside = set(stage.locator(".node").evaluate_all("all => all.map(one => one.dataset.anchor)"))
    stage.locator(".node").first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        assert focused(page) in inside
        assert page.evaluate("document.activeElement.closest('.more') !== null")


def test_the_column_can_be_seen_to_its_end_while_the_cards_are_read(opened) -> None:
    page = opened("thirty")
    page.evaluate("scrollTo(0, 4000)")
    page.wait_for_function("() => document.querySelector('.graph').getBoundingClientRect().bottom <= innerHeight")
    assert all(top >= 0 for _, top, _, _ in boxes(page.locator(".more summary")))


def test_print_shows_every_stage(opened) -> None:
    page = opened("thirty")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert anchors(page, ".graph svg:visible .node") == ALL
