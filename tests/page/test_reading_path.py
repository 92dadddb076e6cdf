"""The reading path: previous and next in order, and ticks that are remembered where that is allowed, per map."""

from __future__ import annotations

import pytest

from tests.page.looking import card, focused

THROWING = (
    """for (const name of ["getItem", "setItem"]) Storage.prototype[name] = () => { throw new DOMException("no"); };"""
)
NONE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"


def ticked(page) -> list[str]:
    return page.locator("article input").evaluate_all("ticks => ticks.filter(one => one.checked).map(one => one.value)")


def progress(page) -> str:
    return page.locator(".progress").inner_text()


def test_next_and_previous_go_through_the_map_in_order(opened) -> None:
    page = opened("six", at="#c1")
    walked = [focused(page)]
    while (link := card(page, walked[-1]).locator(".path .on")).count():
        link.click()
        walked.append(focused(page))
    assert walked == ["c1", "c2", "c3", "c4", "c5", "c6"]
    while (link := card(page, walked[-1]).locator(".path .back")).count():
        link.click()
        walked.append(focused(page))
    assert walked[6:] == ["c5", "c4", "c3", "c2", "c1"]


def test_cards_and_boxes_bear_the_same_numbers(opened) -> None:
    page = opened("six")
    numbers = page.locator(".stage.wide .number").all_text_contents()
    assert numbers == ["1", "2", "3", "4", "5", "6"]
    boxes = page.locator(".stage.wide .node").evaluate_all("all => all.map(one => one.getAttribute('href').slice(1))")
    assert page.locator("article").evaluate_all("cards => cards.map(card => card.id)") == boxes
    assert page.locator("article h3 .n").all_inner_texts() == numbers


def test_ticks_are_counted_and_remembered_over_a_reload(opened) -> None:
    page = opened("six")
    card(page, "c2").get_by_role("checkbox").check()
    card(page, "c5").get_by_role("checkbox").check()
    card(page, "c5").get_by_role("checkbox").uncheck()
    assert progress(page) == "1 of 6 read"
    page.reload()
    assert (ticked(page), progress(page)) == (["c2"], "1 of 6 read")


def test_ticks_of_another_map_are_not_mixed_in(opened, pages) -> None:
    page = opened("six")
    card(page, "c2").get_by_role("checkbox").check()
    kept = page.evaluate("({ ...localStorage })")
    for other in ("twelve", "arabic"):
        script = f"if (location.protocol === 'file:') Object.assign(localStorage, {kept!r});"
        assert ticked(opened(other, script=script)) == []


@pytest.mark.parametrize("script", [THROWING, NONE], ids=["it throws", "it is not there"])
def test_without_a_store_ticks_last_as_long_as_the_page(opened, script) -> None:
    page = opened("six", script=script)
    card(page, "c2").get_by_role("checkbox").check()
    assert (ticked(page), progress(page)) == (["c2"], "1 of 6 read")
    page.reload()
    assert (ticked(page), progress(page)) == ([], "")
    page.get_by_role("button", name="Zoom in").click()


@pytest.mark.parametrize("kept", ["{", "null", "7", '{"c2": true}', '["gone", 3]'])
def test_whatever_the_store_holds_the_page_runs(opened, kept) -> None:
    page = opened("six", script=f"Storage.prototype.getItem = () => {kept!r};")
    assert ticked(page) == []
    card(page, "c1").get_by_role("checkbox").check()
    assert progress(page) == "1 of 6 read"
