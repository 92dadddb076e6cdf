"""Under a host's policy that forbids every style and script, the drawing keeps its colours and the page its text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.page.maps import named

POLICY = "default-src 'none'; style-src 'none'"
COLOURS = """svg => [...svg.querySelectorAll("rect, text, path.line")].map(shape => {
  const style = getComputedStyle(shape);
  return [shape.closest(".node, .edge")?.classList[0] ?? "paper", shape.tagName, style.fill, style.stroke];
})"""
WHITE, INK, PAPER = "rgb(255, 255, 255)", "rgb(33, 32, 29)", "rgb(250, 249, 246)"


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder's files under the policy, and writes no log."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def strict(browser, pages) -> Iterator[Any]:
    """Opens a map's page from a host with that policy."""
    folder = pages("six").parent
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=folder)) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        context = browser.new_context()

        def opening(name: str) -> Any:
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/{pages(name).name}")
            return page

        yield opening
        context.close()
        server.shutdown()


def test_no_shape_becomes_a_black_box(strict) -> None:
    page = strict("six")
    assert page.evaluate("document.styleSheets.length") == 0
    shapes = page.locator(".graph > svg:visible").evaluate(COLOURS)
    assert {fill for where, tag, fill, _ in shapes if (where, tag) == ("node", "rect")} == {WHITE}
    assert {fill for where, tag, fill, _ in shapes if tag == "rect" and where != "node"} == {PAPER}
    assert INK in {fill for where, tag, fill, _ in shapes if (where, tag) == ("node", "text")}
    assert {fill for _, tag, fill, _ in shapes if tag == "path"} == {"none"}
    assert "none" not in {stroke for _, tag, _, stroke in shapes if tag == "path"}
    assert not {WHITE, PAPER} & {fill for _, tag, fill, _ in shapes if tag == "text"}


def test_one_drawing_is_shown_and_every_text(strict) -> None:
    page = strict("thirty")
    assert page.locator(".graph > svg:visible").count() == 1
    shown = page.locator("body").inner_text()
    for concept in named("thirty").concepts:
        assert concept.name in shown
        assert concept.definition in shown
    assert page.locator("button:visible").count() == 0
