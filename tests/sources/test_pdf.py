"""PDF: pages and paragraphs, running heads, hyphens, and files that are broken, locked, scanned or too much."""

from __future__ import annotations

import sys
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.base import Raw
from mapgen.sources.pdf import BYTES, PAGES, paragraphs, parse_pdf, read_pdf
from tests.sources.pdfs import assembled, drawn, stream, written
from tests.sources.reading import read, refusal

TEXTS = [
    "Oil prices rise when supply falls, and they fall when demand does; both may happen in one year or in "
    "another.\n\nIn 1973 an embargo raised them.",
    "Interest rates are what borrowing costs.",
    "Inflation is a rise of all prices.",
]


def pages(data: bytes) -> list[tuple[int | None, str]]:
    """The blocks of a PDF as page and text."""
    return [(block.page, block.text) for block in read(parse_pdf, data).blocks]


def test_a_whole_document() -> None:
    data = written(TEXTS, head="The Journal of Prices 12", title="On prices")
    found = read_pdf(Raw(name="a", data=data))
    assert found == parse_pdf(Raw(name="a", data=data))
    assert found.title == "On prices"
    assert pages(data) == [
        (1, TEXTS[0].split("\n")[0]),
        (1, "In 1973 an embargo raised them."),
        (2, TEXTS[1]),
        (3, TEXTS[2]),
    ]


def test_what_stands_on_one_page_alone_is_no_running_head() -> None:
    assert pages(written(["One.", "Two."], head="Prices"))[0][1].startswith("Prices One.")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Infla-", "tion rises."], ["Inflation rises."]),
        (["infla\u00ad", "tion rises"], ["inflation rises"]),
        (["the years 1973-", "1974 and A-", "Z"], ["the years 1973- 1974 and A- Z"]),
        (["One.", "", "Two", " ", "Three"], ["One.", "Two", "Three"]),
        (["A line that is as long as others.", "It ends.", "A line that is as long as others."], None),
        (["", " "], []),
        ([], []),
    ],
)
def test_paragraphs(lines: list[str], expected: list[str] | None) -> None:
    first = "A line that is as long as others."
    assert list(paragraphs(lines)) == (expected if expected is not None else [f"{first} It ends.", first])


def test_files_that_are_refused() -> None:
    assert refusal(parse_pdf, written(TEXTS, password="secret")) == "a is encrypted."
    assert refusal(parse_pdf, drawn(b"0 0 100 100 re f")) == "a has no text: it may be a scan."
    scan = "a has only text that is not seen, as a scan with recognised text has."
    assert refusal(parse_pdf, drawn(b"BT /F 12 Tf 3 Tr 72 700 Td (SECRET) Tj ET")) == scan
    assert refusal(parse_pdf, b"") == refusal(parse_pdf, b"plain text") == "a is not a PDF."
    assert refusal(parse_pdf, b"%PDF-1.7\n%%EOF") == "a is a broken PDF."
    assert refusal(parse_pdf, b"%PDF-" + b" " * BYTES) == "a has more than 50,000,000 bytes."
    kids = b" ".join([b"3 0 R"] * (PAGES + 1))
    many = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (PAGES + 1, kids)]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    assert refusal(parse_pdf, assembled([*many, page])) == "a has more than 2,000 pages."


def test_one_that_is_only_protected_from_changes_is_read() -> None:
    assert pages(written(["Oil is dear."], password=""))[0][1].startswith("Oil is dear.")


def test_a_file_that_unpacks_to_much_more(capfd: pytest.CaptureFixture[str]) -> None:
    packed = stream(zlib.compress(b" " * 200_000_000), b"/Filter /FlateDecode")
    box = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", box, packed]
    assert refusal(read_pdf, assembled(parts)) == "a has no text: it may be a scan."
    deep = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (at + 3) for at in range(200)]
    assert refusal(read_pdf, assembled([parts[0], *deep, box])) == "a unpacks to more than it may."
    assert capfd.readouterr() == ("", "")


def test_a_broken_file_says_nothing_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with suppress(SourceError):
        read(read_pdf, written(TEXTS)[200:-100].replace(b"endobj", b"x") + b"%PDF-")
    assert read(read_pdf, written(TEXTS).replace(b"startxref\n", b"startxref\n9")).blocks
    assert capfd.readouterr() == ("", "")


def test_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(SourceError) as caught:
        read(parse_pdf, b"%PDF-")
    assert caught.value.hint == "pip install 'mapgen[pdf]'"


WHOLE = drawn(b"BT /F 12 Tf 72 700 Td (Oil is dear.) Tj ET /X Do", extra=b"BT /F 9 Tf (Gas) Tj ET")


@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 60))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_read_or_refused(data: bytes, at: int, length: int) -> None:
    for file in (data, b"%PDF-1.4\n" + data, WHOLE[:at] + data + WHOLE[at + length :]):
        with suppress(SourceError):
            assert read(parse_pdf, file).blocks
