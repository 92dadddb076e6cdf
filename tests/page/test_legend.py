"""The legend takes kinds of relation away, from the graph and from the cards, and brings them back."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.page.looking import edges, status
from tests.page.maps import named

KINDS = [relation.kind for relation in named("six").relations]


def shown(page) -> tuple[int, int]:
    """Lines on the stage, and relations told on cards."""
    return edges(page).count(), page.locator("article .relations > li:visible").count()


def pressed(page) -> list[str | None]:
    return page.locator(".legend button").evaluate_all("all => all.map(one => one.getAttribute('aria-pressed'))")


def test_there_is_a_button_for_each_kind_of_the_map(opened) -> None:
    page = opened("six")
    assert page.locator(".legend button").all_inner_texts() == [
        "is a", "part of", "depends on", "enables", "causes", "limits", "contrasts with",
    ]  # fmt: skip
    assert set(pressed(page)) == {"true"}
    assert shown(page) == (len(KINDS), 2 * len(KINDS))


@pytest.mark.parametrize("kind", ["is a", "contrasts with"])
def test_a_kind_vanishes_and_returns(opened, kind) -> None:
    page = opened("six")
    button = page.get_by_role("button", name=kind, exact=True)
    button.click()
    left = len(KINDS) - Counter(KINDS)[kind.replace(" ", "-")]
    assert shown(page) == (left, 2 * left)
    assert button.get_attribute("aria-pressed") == "false"
    assert page.locator(f".edge.{kind.replace(' ', '-')}[data-source]:visible").count() == 0
    assert status(page) == f"{left} relations shown"
    button.click()
    assert shown(page) == (len(KINDS), 2 * len(KINDS))
    assert button.get_attribute("aria-pressed") == "true"


def test_all_kinds_can_be_off(opened) -> None:
    page = opened("six")
    for button in page.locator(".legend button").all():
        button.focus()
        page.keyboard.press("Space")
    assert shown(page) == (0, 0)
    assert set(pressed(page)) == {"false"}
    assert page.locator("article:visible").count() == 6


def test_one_relation_left_is_told_in_the_singular(opened) -> None:
    page = opened("three")
    for button in page.locator(".legend button").all()[:-1]:
        button.click()
    assert shown(page) == (1, 2)
    assert status(page) == "1 relation shown"


def test_kinds_are_told_apart_without_colour(opened) -> None:
    page = opened("twelve")
    looks = """lines => lines.map(line => {
      const end = document.querySelector(line.getAttribute("marker-end").slice(4, -1));
      const form = end.firstElementChild.getAttribute("d");
      return [line.parentNode.classList[1], line.getAttribute("stroke-dasharray"), form];
    })"""
    seen = {kind: (dash, head) for kind, dash, head in page.locator(".stage.wide .line").evaluate_all(looks)}
    assert len(seen) == len(set(seen.values())) == 9


def test_the_legend_tells_kinds_apart_without_colour(opened) -> None:
    page = opened("twelve")
    keys = """keys => keys.map(key => [...key.querySelectorAll("path")].map(path =>
      [path.getAttribute("d"), path.getAttribute("stroke-dasharray"), path.getAttribute("fill") === "none"]).join())"""
    looks = page.locator(".legend svg").evaluate_all(keys)
    assert len(looks) == len(set(looks)) == 9


def test_what_is_counted_is_what_the_cards_tell(opened) -> None:
    page = opened("thirty")
    page.get_by_role("button", name="is a", exact=True).click()
    left = sum(relation.kind != "is-a" for relation in named("thirty").relations)
    assert status(page) == f"{left} relations shown"
