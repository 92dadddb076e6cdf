"""Targets that a finger finds, no sideways scrolling from 320 to 1920 px, and no text cut at twice its size."""

from __future__ import annotations

import pytest

from tests.page.maps import ALL

WIDTHS = (320, 390, 768, 1024, 1280, 1920)
SMALL = """() => {
  const shown = [...document.querySelectorAll("a, button, summary, input, label:has(input[type=checkbox])")]
    .filter(one => one.checkVisibility() && !one.matches(".skip, label > [type=checkbox]"));
  const targets = shown.map(one => ({ one, box: (one.querySelector("rect") ?? one).getBoundingClientRect() }));
  const sentence = one => getComputedStyle(one).display === "inline" &&
    [...one.parentNode.childNodes].some(node => node !== one && node.textContent.trim());
  const small = ({ one, box }) => (box.width < 24 || box.height < 24) && !sentence(one);
  const crowded = ({ one, box }) => {
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    return targets.some(other => {
      if (other.one === one) return false;
      const b = other.box, dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
      const apart = small(other) ? Math.hypot(b.x + b.width / 2 - x, b.y + b.height / 2 - y) - 12 : Math.hypot(dx, dy);
      return apart < 12;
    });
  };
  return targets.filter(target => small(target) && crowded(target))
    .map(({ one, box }) => `${one.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`);
}"""
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
  const { overflowX, overflowY, clipPath } = getComputedStyle(one);
  if (!one.checkVisibility() || one.closest("svg") || clipPath !== "none" || !one.textContent.trim()) return false;
  return (overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) ||
    (overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1);
}).map(one => one.outerHTML.slice(0, 120))"""
OVERLAID = """() => [...document.querySelectorAll("article, section > h2, footer, .legend, .graph > svg, table")]
  .filter(one => one.checkVisibility()).map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
  .filter(([, a], place, all) => all.some(([, b], other) => other > place &&
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1))
  .map(([html]) => html)"""
MENUS = """() => [...document.querySelectorAll(".chips details, .save")].map(menu => {
  menu.open = true;
  const { left, right } = menu.querySelector(".pop").getBoundingClientRect();
  menu.open = menu.matches(".save");
  return [left, right];
})"""
SHOWN_SIZES = """all => all.map(one =>
  parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a)"""
SIDEWAYS = "document.scrollingElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("name", ["interest-rates", "rich", "hostile", "arabic", "compared", "thirty"])
def test_targets_are_24_pixels_or_have_room_around(opened, name) -> None:
    page = opened(name)
    page.get_by_text("Save", exact=True).click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SMALL) == [], width


@pytest.mark.parametrize("name", ALL)
def test_nothing_scrolls_sideways_or_lies_over_another(opened, name) -> None:
    page = opened(name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) <= 0, width
        assert page.evaluate(OVERLAID) == [], width


@pytest.mark.parametrize("name", ["interest-rates", "hostile", "arabic"])
def test_open_menus_stay_within_the_window(opened, name) -> None:
    page = opened(name)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        for left, right in page.evaluate(MENUS):
            assert left >= 0
            assert right <= width
        assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("name", ["interest-rates", "rich", "hostile", "compared"])
def test_text_at_twice_its_size_is_not_cut(opened, name) -> None:
    page = opened(name)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SIDEWAYS) <= 0, width
        assert page.evaluate(CUT) == [], width


@pytest.mark.parametrize("name", ["interest-rates", "twelve"])
def test_words_in_the_graph_can_be_read(opened, name) -> None:
    page = opened(name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        names = page.locator(".graph > svg:visible .node text:not(.number)")
        assert min(names.evaluate_all(SHOWN_SIZES)) >= 10, width
