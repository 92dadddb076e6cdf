"""The page without its script: every text, the drawn graph, working links, and no button that would do nothing."""

from __future__ import annotations

import pytest

from mapgen.render.view import Options, view
from tests.page.looking import NARROW, WIDE, boxes, card, edges, in_view, node, nodes, words
from tests.page.maps import ALL, named


def texts(name: str) -> list[str]:
    """Every text of a map that a reader is to see."""
    seen = view(named(name), Options(brand="Kinapse"))
    found = [seen.query, seen.subtitle, seen.brand, *seen.chips, *(value for _, value in seen.facts)]
    for one in seen.cards:
        found += [one.name, one.definition, one.relevance, *(note.quote for note in one.notes)]
        found += [part for tie in one.ties for part in (tie.source, tie.label, tie.target, tie.explanation)]
    found += [part for source in seen.sources for part in source]
    return found + [part for fault in seen.faults for part in (fault.place, fault.message)]


@pytest.mark.parametrize("name", ALL)
def test_every_text_is_there(opened, name) -> None:
    page = opened(name, java_script_enabled=False)
    shown = words(page.locator("body").inner_text())
    assert [text for text in texts(name) if words(text) not in shown] == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["one", "interest-rates", "thirty", "arabic"])
def test_the_graph_is_drawn(opened, name, size) -> None:
    page = opened(name, java_script_enabled=False, size=size)
    map = named(name)
    assert nodes(page).count() == min(len(map.concepts), 15)
    assert page.locator(".graph > svg:visible").count() == 1
    if len(map.concepts) <= 15:
        assert edges(page).count() == len(map.relations)
    assert all(width + height > 10 for _, _, width, height in boxes(nodes(page)) + boxes(edges(page)))


def test_no_button_of_the_script_is_shown(opened) -> None:
    page = opened("interest-rates", java_script_enabled=False)
    page.locator(".chips summary").first.click()
    assert page.locator("button:visible, input:visible, .save:visible").count() == 0


def test_links_lead_to_cards_and_chips_open(opened) -> None:
    page = opened("six", java_script_enabled=False)
    node(page, "c4").click()
    assert page.url.endswith("#c4")
    assert in_view(page, card(page, "c4"))
    page.get_by_text("Immune Memory", exact=True).click()
    assert page.get_by_text("mapgen make 'Immune Memory'").is_visible()


def test_a_map_without_concepts_is_a_page_too(opened) -> None:
    page = opened("empty", java_script_enabled=False)
    assert page.locator("h1").inner_text() == named("empty").query
    assert page.locator("svg").count() == 0
