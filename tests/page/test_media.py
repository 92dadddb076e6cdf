"""Forced colours, less motion, and print: the page follows what its reader asked of the system."""

from __future__ import annotations

import pytest

from tests.page.looking import NARROW, card, edges, faint, node, nodes, shown_part
from tests.page.maps import named

SEEN = "all => all.map(one => { const s = getComputedStyle(one); return [s.fill, s.stroke] })"


def test_in_forced_colours_boxes_lines_and_words_take_the_system_s(opened) -> None:
    page = opened("six", forced_colors="active", color_scheme="dark")
    system = page.evaluate("""() => {
      const probe = document.createElement("p");
      document.body.append(probe);
      const found = ["Canvas", "CanvasText"].map(name => {
        probe.style.color = name;
        return getComputedStyle(probe).color;
      });
      probe.remove();
      return found;
    }""")
    canvas, text = system
    assert {fill for fill, _ in page.locator(".stage.wide .node rect").evaluate_all(SEEN)} == {canvas}
    assert {fill for fill, _ in page.locator(".stage.wide .node text, .stage.wide .label text").evaluate_all(SEEN)} == {
        text
    }
    assert {stroke for _, stroke in page.locator(".stage.wide .line").evaluate_all(SEEN)} == {text}


def test_in_forced_colours_a_filter_off_and_the_card_at_hand_can_be_told(opened) -> None:
    page = opened("six", forced_colors="active", at="#c2")
    assert card(page, "c2").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    off, on = page.locator(".legend button").all()[:2]
    off.click()
    look = "one => { const s = getComputedStyle(one); return s.borderStyle + s.textDecorationLine }"
    assert off.evaluate(look) != on.evaluate(look)


@pytest.mark.parametrize(
    ("motion", "behaviour", "lasts"), [("reduce", "auto", False), ("no-preference", "smooth", True)]
)
def test_nothing_moves_for_who_wants_less_motion(opened, motion, behaviour, lasts) -> None:
    page = opened("six", reduced_motion=motion)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
    moving = page.evaluate("""[...document.all].map(one => getComputedStyle(one))
      .some(style => parseFloat(style.transitionDuration) > 0 || style.animationName !== "none")""")
    assert moving is lasts


@pytest.mark.parametrize("size", [(1280, 800), NARROW], ids=["wide", "narrow"])
def test_print_shows_all_whatever_was_filtered_or_dimmed(opened, size) -> None:
    page = opened("six", size=size, color_scheme="dark", at="#c2")
    page.locator(".legend button").first.click()
    page.get_by_role("searchbox").fill("marker3")
    assert page.locator("article:visible").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".graph > .stage.wide").is_visible()
    assert not page.locator(".graph > .stage.tall").is_visible()
    assert page.locator("article:visible").count() == 6
    assert edges(page).count() == len(named("six").relations)
    assert page.locator("article .relations > li:visible").count() == 2 * len(named("six").relations)
    assert faint(page) == set()
    assert (
        page.locator("button:visible, input:visible, .chips:visible, .path:visible").count()
        == page.locator(".legend button:visible").count()
    )


def test_print_is_dark_on_white(opened) -> None:
    page = opened("six", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert {fill for fill, _ in nodes(page).locator("rect").evaluate_all(SEEN)} == {"rgb(255, 255, 255)"}
    inks = [fill for fill, _ in page.locator(".graph > svg:visible text").evaluate_all(SEEN)]
    inks += [stroke for _, stroke in page.locator(".graph > svg:visible .line").evaluate_all(SEEN)]
    assert max(_brightness(ink) for ink in inks) < 0.5


def _brightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_print_shows_the_whole_drawing_of_a_zoomed_graph(opened) -> None:
    page = opened("six")
    whole = shown_part(page)
    page.get_by_role("button", name="Zoom in").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown_part(page) == whole


def test_dark_follows_the_system(opened) -> None:
    looks = []
    for scheme in ("light", "dark"):
        page = opened("six", color_scheme=scheme)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        box = node(page, "c1").locator("rect").evaluate("one => getComputedStyle(one).fill")
        ink = page.evaluate("getComputedStyle(document.body).color")
        looks.append([_brightness(colour) > 0.5 for colour in (paper, box, ink)])
    assert looks == [[True, True, False], [False, False, True]]
