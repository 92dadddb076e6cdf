"""A page carries its map: what the browser shows and what mapgen reads back are the same."""

from __future__ import annotations

import pytest

from mapgen.model import KnowledgeMap
from tests.page.maps import ALL, named


@pytest.mark.parametrize("name", ALL)
def test_a_page_is_read_back_as_its_map(pages, name) -> None:
    assert KnowledgeMap.load(pages(name)) == named(name)


def test_a_page_that_the_browser_saved_is_read_back_too(opened, tmp_path) -> None:
    page = opened("hostile")
    page.get_by_role("searchbox").fill("case")
    path = tmp_path / "saved.html"
    path.write_text(page.content(), "utf-8")
    assert KnowledgeMap.load(path) == named("hostile")
    again = opened(path)
    assert again.locator("article").count() == len(named("hostile").concepts)
