"""axe finds nothing on the page: light and dark, wide and narrow, at rest and in use."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.page.looking import NARROW, WIDE

MAPS = ("interest-rates", "compared", "cited", "rich", "hostile", "arabic", "thirty")
AXE = Axe()


def violations(page: Page, **options: object) -> list[str]:
    """What axe's rules find, all that it runs by default: the rule, the element, and what to mend."""
    found = AXE.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def use(page: Page) -> None:
    """Put the page into all its states at once: lit, searched, filtered, read, every stage and menu open."""
    page.evaluate("location.hash = document.querySelector('article').id")
    page.get_by_role("searchbox").fill(page.locator("h3 > span").last.inner_text().split()[0])
    page.locator(".legend button").first.click()
    page.locator("article:visible input").first.check()
    page.evaluate(
        "document.querySelectorAll('.more, .save, .chips li:last-child details').forEach(one => one.open = true)"
    )


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", MAPS)
def test_axe_finds_nothing(opened, name, size) -> None:
    assert violations(opened(name, size=size)) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", MAPS)
def test_in_the_dark_only_colours_differ_and_axe_finds_nothing(opened, name, size) -> None:
    page = opened(name, size=size, color_scheme="dark")
    assert violations(page, runOnly=["color-contrast", "link-in-text-block"]) == []


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["light wide", "dark narrow"])
@pytest.mark.parametrize("name", ["interest-rates", "rich", "hostile", "arabic", "thirty"])
def test_axe_finds_nothing_in_use(opened, name, scheme, size) -> None:
    page = opened(name, size=size, color_scheme=scheme)
    use(page)
    assert violations(page) == []
