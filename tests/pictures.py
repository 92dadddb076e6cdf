"""Makes the examples anew: a PDF of their notes; from their maps pages, texts and formats; README's two screenshots.

Run as a program, with Debian's chromium. tests/test_examples.py holds that the texts are as they would be made.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from mapgen.model import KnowledgeMap
from mapgen.render import FORMATS, save

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MAPS, EVERY, NOTES = EXAMPLES / "maps", EXAMPLES / "formats", EXAMPLES / "sources" / "notes"
SHOWN = "interest-rates"
"""The map that is shown in every format and in the screenshots."""


def texts() -> None:
    """The page and the Markdown of every map, and one map in every format."""
    for path in MAPS.glob("*.json"):
        for suffix in (".html", ".md"):
            save(KnowledgeMap.load(path), path.with_suffix(suffix))
    EVERY.mkdir(exist_ok=True)
    for format in FORMATS.values():
        save(KnowledgeMap.load(MAPS / f"{SHOWN}.json"), EVERY / f"{SHOWN}{format.suffixes[0]}")


def paper() -> None:
    """The notes of the examples as one PDF, a page for each."""
    from fpdf import FPDF

    pdf = FPDF(format=(148, 210))
    pdf.set_creation_date(datetime(2026, 11, 26, tzinfo=UTC))
    pdf.set_title("Rates, prices and oil")
    for note in sorted(NOTES.iterdir()):
        title, *paragraphs = [part.strip() for part in note.read_text("utf-8").split("\n\n")]
        pdf.add_page()
        pdf.set_font("Times", "B", 15)
        pdf.multi_cell(0, 9, title.lstrip("# "), new_x="LMARGIN", new_y="NEXT")
        for paragraph in paragraphs:
            pdf.set_font("Times", "B" if paragraph.startswith("#") else "", 11)
            pdf.multi_cell(0, 5.5, " ".join(paragraph.lstrip("# ").split()), new_x="LMARGIN", new_y="NEXT")
            pdf.ln(2)
    pdf.output(str(NOTES.parent / "rates.pdf"))


def screenshots() -> None:
    """The page on a desk, in light colours, and on a phone, in dark ones."""
    from playwright.sync_api import sync_playwright

    page = (MAPS / f"{SHOWN}.html").as_uri()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        desk = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        desk.goto(page)
        desk.screenshot(path=MAPS / "page.png")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", device_scale_factor=1.5)
        phone.goto(page)
        phone.locator(".graph").scroll_into_view_if_needed()
        phone.evaluate("document.querySelector('.graph').scrollIntoView()")
        phone.screenshot(path=MAPS / "phone.png")
        browser.close()


if __name__ == "__main__":
    paper()
    texts()
    screenshots()
