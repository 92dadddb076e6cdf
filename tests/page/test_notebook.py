"""The page in a notebook's cell: framed, its script at work, its links its own, and the notebook out of its reach."""

from __future__ import annotations

import pytest

from mapgen.render import notebook
from tests.page.maps import named

REACH = """() => [() => parent.document.title, () => top.secret, () => localStorage.length].map(
  reach => { try { return String(reach()); } catch (error) { return error.name; } })"""


@pytest.fixture
def cell(opened, tmp_path):
    """A notebook with the map of six in a cell: its page, and the cell's frame."""
    path = tmp_path / "notebook.html"
    framed = notebook(named("six"), brand="Kinapse")
    path.write_text(f"<!doctype html><title>Notebook</title><script>secret = 1</script><h1>Mine</h1>{framed}", "utf-8")
    page = opened(path)
    return page, page.frames[1]


def test_the_script_runs_in_the_frame(cell) -> None:
    _, frame = cell
    assert frame.get_by_role("searchbox").is_visible()
    frame.get_by_role("searchbox").fill("marker3")
    assert frame.locator("article:visible").count() == 1
    frame.locator("article:visible input").check()
    assert frame.locator(".progress").inner_text() == "1 of 6 read"


def test_links_stay_in_the_frame(cell) -> None:
    page, frame = cell
    before = page.url
    frame.locator('.graph > svg:visible .node[data-anchor="c5"]').click()
    frame.wait_for_function("() => location.hash === '#c5'")
    assert frame.evaluate("document.activeElement.id") == "c5"
    assert frame.locator("article").count() == 6
    assert page.url == before
    assert page.locator("h1").inner_text() == "Mine"


def test_the_frame_reaches_nothing_of_the_notebook(cell) -> None:
    _, frame = cell
    assert frame.evaluate(REACH) == ["SecurityError"] * 3


def test_no_style_of_the_page_reaches_the_notebook(cell) -> None:
    page, _ = cell
    assert page.evaluate("document.styleSheets.length") == 0
    assert page.locator("iframe").get_attribute("title") == f"Knowledge map: {named('six').query}"


def test_the_frame_saves_files(cell) -> None:
    page, frame = cell
    frame.get_by_text("Save", exact=True).click()
    with page.expect_download() as waiting:
        frame.get_by_role("button", name="JSON").click()
    assert waiting.value.suggested_filename == "how-do-vaccines-lead-to-herd-immunity.json"
