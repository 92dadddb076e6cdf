"""What a page of a PDF draws so that it is seen."""

from __future__ import annotations

import pytest

from mapgen.sources.pdf import parse_pdf
from tests.sources.pdfs import drawn
from tests.sources.reading import blocks, read

SEEN = b"q BT /F 12 Tf 72 700 Td (Oil is dear.) Tj ET Q "
TEXT = b"BT /F 12 Tf 72 600 Td (SECRET) Tj ET "


@pytest.mark.parametrize(
    "hidden",
    [
        b"3 Tr " + TEXT,
        b"7 Tr " + TEXT,
        b"1 g " + TEXT,
        b"1 1 1 rg " + TEXT,
        b"0 0 0 0 k " + TEXT,
        b"/DeviceRGB cs 1 .99 1 sc " + TEXT,
        b"1 g BT /F 12 Tf 72 600 Td [(SEC) -20 (RET)] TJ ET",
        b"1 g BT /F 12 Tf 72 600 Td (SECRET) ' ET",
        b'1 g BT /F 12 Tf 72 600 Td 0 0 (SECRET) " ET',
        b"q 0 g Q 1 g q " + TEXT + b" Q",
        b"0 g 300 300 50 50 re f 1 g " + TEXT,
        b"1 g 50 550 200 200 re f " + TEXT,
        b"BT /F 0.1 Tf 72 600 Td (SECRET) Tj ET",
        b"BT /F 12 Tf .01 0 0 .01 72 600 Tm (SECRET) Tj ET",
        b".01 0 0 .01 72 600 cm BT /F 12 Tf (SECRET) Tj ET",
        b"BT /F 12 Tf 72 6000 Td (SECRET) Tj ET",
        b"BT /F 12 Tf -3000 600 Td (SECRET) Tj ET",
        b"3 Tr /X Do",
        b"1 g /X Do",
        b"/Ink cs 0 scn " + TEXT,
        b"/Ink cs 1 scn 1 g " + TEXT,
        b"/Clear gs " + TEXT,
        b"/Clear gs /Wide gs " + TEXT,
        b"/Clear gs /X Do",
    ],
)
def test_what_is_not_seen_is_not_passed_on(hidden: bytes) -> None:
    found = read(parse_pdf, drawn(SEEN + b"q " + hidden + b" Q", extra=TEXT))
    assert blocks(found) == [("", "Oil is dear.")]


@pytest.mark.parametrize(
    "seen",
    [
        TEXT,
        b"0 Tr 1 g 0 g " + TEXT,
        b"q 3 Tr 1 g Q " + TEXT,
        b"1 g 1 Tr " + TEXT,
        b"0 0 .5 rg 50 550 200 200 re f 1 g " + TEXT,
        b"0 g 50 550 m 250 550 l 250 750 l 50 750 l f 1 g " + TEXT,
        b"1 g 0 0 0 1 k " + TEXT,
        b"/Pattern cs /P scn " + TEXT,
        b"/Ink cs 1 scn " + TEXT,
        b"/Ink cs " + TEXT,
        b"/Ink cs 1 scn /X Do",
        b"/Palette cs 1 sc " + TEXT,
        b"1 g /Nothing cs " + TEXT,
        b"/Clear gs /Solid gs " + TEXT,
        b"/Clear gs 1 Tr " + TEXT,
        b"12 0 0 12 0 0 cm BT /F 1 Tf 6 50 Td (SECRET) Tj ET",
        b"/X Do",
        b"q 200 0 0 200 50 550 cm /X Do Q 1 g " + TEXT,
    ],
)
def test_what_is_seen_stays(seen: bytes) -> None:
    assert "SECRET" in read(parse_pdf, drawn(SEEN + b" q " + seen + b" Q", extra=TEXT)).model_dump_json()


def test_a_form_has_colours_of_its_own() -> None:
    assert "SECRET" in read(parse_pdf, drawn(SEEN + b"/X Do", extra=b"/Ink cs 1 scn " + TEXT)).model_dump_json()


def test_what_a_form_sets_ends_with_it() -> None:
    found = read(parse_pdf, drawn(b"/X Do " + TEXT, extra=b"q q 3 Tr 1 g"))
    assert blocks(found) == [("", "SECRET")]
