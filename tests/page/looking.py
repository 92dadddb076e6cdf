"""What the tests of the page look at, in words: boxes on the shown stage, cards, what is dimmed, what is seen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

WIDE, NARROW = (1280, 800), (390, 844)
STAGE = ".graph > svg:visible"
_FAINT = """nodes => nodes.filter(node => [node, ...node.querySelectorAll('*')].some(
  part => +getComputedStyle(part).opacity < 1)).map(node => node.dataset.anchor)"""
_LOOKS = """cards => Object.fromEntries(cards.map(card => {
  const style = getComputedStyle(card);
  return [card.id, style.borderColor + style.boxShadow];
}))"""
_BOXES = """shapes => shapes.map(shape => shape.getBoundingClientRect())
  .map(({ x, y, width, height }) => [x, y, width, height])"""


def node(page: Page, anchor: str) -> Locator:
    """The box of a concept on the stage that is shown first."""
    return page.locator(f'.graph > svg:visible .node[href$="#{anchor}"]')


def nodes(page: Page) -> Locator:
    """All boxes on that stage."""
    return page.locator(".graph > svg:visible .node")


def edges(page: Page) -> Locator:
    """All lines on that stage that are shown."""
    return page.locator(".graph > svg:visible .edge:visible")


def card(page: Page, anchor: str) -> Locator:
    """The card of a concept."""
    return page.locator(f'article[id="{anchor}"]')


def faint(page: Page) -> set[str]:
    """The anchors of the dimmed boxes."""
    return set(nodes(page).evaluate_all(_FAINT))


def bright(page: Page) -> set[str]:
    """The anchors of the boxes that are not."""
    return set(nodes(page).evaluate_all("nodes => nodes.map(node => node.dataset.anchor)")) - faint(page)


def marked(page: Page) -> list[str]:
    """The anchors of the cards whose frame differs from an ordinary card's."""
    looks: dict[str, str] = page.locator("article").evaluate_all(_LOOKS)
    usual = max(looks.values(), key=list(looks.values()).count)
    return [anchor for anchor, look in looks.items() if look != usual]


def focused(page: Page) -> str:
    """The id of the focused card, the anchor of the focused box, or else the tag that has the focus."""
    return str(page.evaluate("(({ id, dataset, tagName }) => id || dataset.anchor || tagName)(document.activeElement)"))


def boxes(shown: Locator) -> list[list[float]]:
    """The left, top, width and height of each, in pixels of the window."""
    found: list[list[float]] = shown.evaluate_all(_BOXES)
    return found


def in_view(page: Page, shown: Locator) -> bool:
    """Whether all of it, or its top in the upper half of the window, is to be seen."""
    ((_, top, _, height),) = boxes(shown)
    window = page.evaluate("innerHeight")
    return top >= -1 and (top + height <= window + 1 or top < window / 2)


def status(page: Page) -> str:
    """What is announced."""
    return page.locator(".status").inner_text().strip()


def words(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def saved(page: Page, kind: str) -> tuple[str, bytes]:
    """The name that is proposed for the file, and what is in it."""
    button = page.get_by_role("button", name=kind, exact=True)
    if not button.is_visible():
        page.get_by_text("Save", exact=True).click()
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def shown_part(page: Page) -> list[float]:
    """The part of the stage that is shown: left, top, width and height in its own units."""
    return [float(number) for number in (page.locator(STAGE).get_attribute("viewBox") or "").split()]
