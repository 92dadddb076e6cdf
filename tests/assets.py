"""Writes the style and script of the pages in the short form that pages carry, from their sources beside them.

Run as a program it writes them anew; tests/test_docs.py holds that they are as they would be written.
"""

from __future__ import annotations

from pathlib import Path

import minify

ASSETS = Path(__file__).resolve().parent.parent / "mapgen"
"""The folder that the names below count from."""
MAP, REPORT = "render/assets", "evaluation/reports/assets"
SHORT = {
    f"{MAP}/page.min.css": ("text/css", ("page.css", "graph.css")),
    f"{MAP}/page.min.js": ("text/javascript", ("page.js",)),
    f"{MAP}/citations.min.css": ("text/css", ("citations.css",)),
    f"{MAP}/citations.min.js": ("text/javascript", ("citations.js",)),
    f"{REPORT}/report.min.css": ("text/css", ("report.css",)),
    f"{REPORT}/report.min.js": ("text/javascript", ("report.js",)),
}
"""What is written, in which language, and from what beside it."""


def shortened(name: str) -> str:
    """The short form of that name."""
    language, sources = SHORT[name]
    folder = (ASSETS / name).parent
    text: str = minify.string(language, "\n".join((folder / source).read_text("utf-8") for source in sources))
    return text


if __name__ == "__main__":
    for name in SHORT:
        (ASSETS / name).write_text(shortened(name), "utf-8")
