"""A real browser for the tests of the page, and a watch on what a page asks for and complains of.

The browser is closed after this folder's tests: its asyncio loop would be in the way of others in this process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from tests.page.looking import WIDE
from tests.page.maps import page_of

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, without a head and with a home of its own."""
    program = shutil.which("chromium")
    if program is None:
        told = "the page's tests need Debian's chromium: apt-get install chromium"
        pytest.fail(told) if os.environ.get("MAPGEN_TEST_COMPLETE") else pytest.skip(told)
    env: dict[str, str | float | bool] = os.environ | {"HOME": str(tmp_path_factory.mktemp("browser"))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], env=env)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of the page of the map of that name."""
    folder = tmp_path_factory.mktemp("pages")

    def written(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(page_of(name), "utf-8")
        return path

    return written


class Tab:
    """A page with a watch on what it asks for beside itself, on what it says to the console, and on its dialogs."""

    def __init__(self, context: BrowserContext, *, script: str) -> None:
        self._asked: list[str] = []
        self._said: list[str] = []
        context.set_default_timeout(5000)
        context.on("request", lambda request: self._asked.append(request.url))
        context.on("console", lambda message: self._said.append(message.text))
        context.on("weberror", lambda error: self._said.append(str(error.error)))
        context.on("dialog", self._dialog)
        if script:
            context.add_init_script(script)
        self.page = context.new_page()

    def _dialog(self, dialog: Dialog) -> None:
        self._said.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def go(self, url: str, *, size: tuple[int, int]) -> Page:
        """Show that page, as if for the first time."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.mouse.move(0, 0)
        self.page.goto(url)
        return self.page

    def leave(self) -> None:
        """Forget what was done; nothing must have been asked for or said."""
        self.page.emulate_media(media="null")
        self.page.evaluate("() => { try { localStorage.clear() } catch { } }")
        self.page.goto("about:blank")
        asked, said = list(self._asked), list(self._said)
        self._asked.clear()
        self._said.clear()
        assert [url for url in asked if not url.startswith(("file:", "blob:", "about:"))] == []
        assert len({url.split("#")[0] for url in asked if url.startswith("file:")}) <= 1
        assert said == []


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> Callable[..., Tab]:
    """Tabs by the settings that they were opened with, each kept for the next test that asks for its like."""
    kept: dict[str, Tab] = {}

    def like(taken: list[Tab], *, script: str, settings: dict[str, Any]) -> Tab:
        key = repr((script, sorted(settings.items())))
        if key not in kept or kept[key] in taken:
            kept[key] = Tab(browser.new_context(**settings), script=script)
        return kept[key]

    return like


@pytest.fixture
def opened(tabs: Callable[..., Tab], pages: Callable[[str], Path]) -> Iterator[Open]:
    """Opens a page from its file: whatever a test does with it, it asks for nothing and has nothing to complain of."""
    taken: list[Tab] = []

    def opening(
        what: str | Path, *, at: str = "", size: tuple[int, int] = WIDE, script: str = "", **settings: Any
    ) -> Page:
        tab = tabs(taken, script=script, settings={"reduced_motion": "reduce"} | settings)
        taken.append(tab)
        path = pages(what) if isinstance(what, str) else what
        return tab.go(f"{path.as_uri()}{at}", size=size)

    yield opening
    for tab in taken:
        tab.leave()
