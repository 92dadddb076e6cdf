"""How large the page of a six-concept map is, how soon it is painted, and what it asks the network for.

Painted in headless Chromium from its file; first paint is what the browser itself reports of it.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from measure import ROOT, Figure

from mapgen.model import KnowledgeMap

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TIMES = 11
SIZE, PAINT = 60.0, 250.0
MAPS = {
    "a map of 6 concepts": ROOT / "examples" / "maps" / "interest-rates.json",
    "6 concepts at length, 9 relations": ROOT / "evals" / "speed" / "six.json",
}
PAINTED = """new Promise(resolve => new PerformanceObserver(list => {
  const found = list.getEntriesByName("first-contentful-paint");
  if (found.length) resolve(found[0].startTime);
}).observe({ type: "paint", buffered: true }))"""


def figures() -> list[Figure]:
    """The rows: kilobytes (10^3 bytes), milliseconds to the first paint of content, and requests."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        for what, saved in MAPS.items():
            page = KnowledgeMap.load(saved).save(Path(folder) / f"{saved.stem}.html")
            content = page.read_bytes()
            painted, asked = _loads(browser, page)
            rows += [
                Figure(f"page of {what}", len(content) / 1e3, "KB", SIZE),
                Figure(f"page of {what}, gzipped", len(gzip.compress(content, mtime=0)) / 1e3, "KB"),
                Figure(f"page of {what}, first paint (median of {TIMES})", painted, "ms", PAINT),
                Figure(f"page of {what}, requests beside the file", asked, "requests", 0),
            ]
    return rows


@contextmanager
def _browser() -> Iterator[Browser]:
    """Debian's Chromium, without a head."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def _loads(browser: Browser, file: Path) -> tuple[float, int]:
    """Milliseconds to the first paint, the median of so many loads after one to warm up, and requests in all."""
    times, asked = [], []
    for _ in range(TIMES + 1):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        times.append(float(page.evaluate(PAINTED)))
        context.close()
    return median(times[1:]), len([url for url in asked if url != file.as_uri()])
