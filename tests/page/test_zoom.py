"""Zoom by buttons and by the wheel with Ctrl; a plain wheel scrolls the page, always."""

from __future__ import annotations

from tests.page.looking import STAGE, in_view, node, shown_part, status


def over_the_graph(page) -> None:
    box = page.locator(STAGE).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)


def test_buttons_zoom_and_fit_restores(opened) -> None:
    page = opened("six")
    whole = shown_part(page)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    closer = shown_part(page)
    assert closer[2] < whole[2] * 0.7
    assert status(page) == "Zoom 156 %"
    page.get_by_role("button", name="Zoom out").click()
    assert closer[2] < shown_part(page)[2] < whole[2]
    page.get_by_role("button", name="Fit").click()
    assert shown_part(page) == whole


def test_zoom_has_bounds(opened) -> None:
    page = opened("six")
    whole = shown_part(page)
    for _ in range(12):
        page.get_by_role("button", name="Zoom in").click()
    left, top, width, height = shown_part(page)
    assert abs(width - whole[2] / 4) < 0.2
    assert min(left, top) >= 0
    assert left + width <= whole[2] + 0.2
    assert top + height <= whole[3] + 0.2
    for _ in range(12):
        page.get_by_role("button", name="Zoom out").click()
    assert shown_part(page) == whole


def test_the_wheel_with_ctrl_zooms_at_the_pointer_and_does_not_scroll(opened) -> None:
    page = opened("six")
    whole = shown_part(page)
    over_the_graph(page)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.wait_for_function("width => document.querySelector('.stage.wide').viewBox.baseVal.width < width", arg=whole[2])
    page.keyboard.up("Control")
    left, top, width, height = shown_part(page)
    assert abs(left + width / 2 - whole[2] / 2) < 1
    assert top + height / 2 < whole[3] / 2
    assert page.evaluate("scrollY") == 0


def test_a_plain_wheel_scrolls_the_page_zoomed_or_not(opened) -> None:
    page = opened("six")
    for _ in range(2):
        over_the_graph(page)
        before = page.evaluate("scrollY"), shown_part(page)
        page.mouse.wheel(0, 120)
        page.wait_for_function("from => scrollY > from", arg=before[0])
        assert shown_part(page) == before[1]
        page.get_by_role("button", name="Zoom in").click()


def test_a_drag_moves_what_is_zoomed(opened) -> None:
    page = opened("six")
    page.get_by_role("button", name="Zoom in").click()
    before = shown_part(page)
    box = page.locator(STAGE).bounding_box()
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 66, box["y"] + 26)
    page.mouse.up()
    page.mouse.move(box["x"] + 166, box["y"] + 126)
    after = shown_part(page)
    assert after[0] < before[0]
    assert after[2:] == before[2:]
    assert "#" not in page.url


def test_focus_brings_a_box_into_the_zoomed_view(opened) -> None:
    page = opened("twelve")
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    for rank in range(1, 13):
        node(page, f"c{rank}").focus()
        stage = page.locator(STAGE).bounding_box()
        box = node(page, f"c{rank}").locator("rect").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert stage["x"] <= middle[0] <= stage["x"] + stage["width"]
        assert stage["y"] <= middle[1] <= stage["y"] + stage["height"]
    assert in_view(page, page.locator(STAGE))
