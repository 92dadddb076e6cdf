"""The table of a query that compares: both sides with their definitions, and what is said to contrast them."""

from __future__ import annotations

import pytest

from tests.page.looking import NARROW, WIDE, focused, words
from tests.page.maps import named

SIDES = ("JEPA World Models", "Autoregressive LLMs")


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["script", "none"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_table_holds_both_sides(opened, size, settings) -> None:
    page = opened("compared", size=size, **settings)
    table = page.get_by_role("table")
    assert [words(text) for text in table.get_by_role("columnheader").all_inner_texts()] == list(SIDES)
    definitions = {concept.name: concept.definition for concept in named("compared").concepts}
    assert [words(text) for text in table.get_by_role("cell").all_inner_texts()][:2] == [definitions[s] for s in SIDES]
    assert words(table.get_by_role("cell").nth(2).inner_text()) == (
        "JEPA World Models predicts unlike Autoregressive LLMs. One predicts representations, the other tokens."
    )


def test_the_table_is_named_by_its_heading_and_leads_to_the_cards(opened) -> None:
    page = opened("compared")
    region = page.get_by_role("region", name="Side by Side")
    assert region.get_by_role("table").count() == 1
    region.get_by_role("link", name=SIDES[0]).click()
    page.wait_for_url("**#*")
    assert focused(page) == next(c.id for c in named("compared").concepts if c.name == SIDES[0])


@pytest.mark.parametrize("name", ["six", "arabic", "empty"])
def test_a_query_that_does_not_compare_has_none(opened, name) -> None:
    assert opened(name).locator("table").count() == 0
