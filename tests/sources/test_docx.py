"""DOCX: headings, lists and tables as another writer makes them; hidden text; archives that are broken or too much."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.docx import BYTES, read_docx
from tests.sources.reading import blocks, read, refusal

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="m"'
STYLES = f"""<w:styles {SPACE}><w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="V"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="B"><w:basedOn w:val="V"/></w:style>
<w:style w:styleId="L"><w:basedOn w:val="L"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>"""


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    with BytesIO() as stream:
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return stream.getvalue()


def made(body: str, *, before: str = "") -> bytes:
    """A DOCX with this body."""
    document = f"{before}<w:document {SPACE}><w:body>{body}</w:body></w:document>"
    return zipped({"word/document.xml": document, "word/styles.xml": STYLES})


def run(text: str, properties: str = "") -> str:
    """A run of text that looks so."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "", *, style: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run(text, properties)}</w:p>'


def box(text: str) -> str:
    """What a box of text holds."""
    return f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"


def test_a_whole_document() -> None:
    document = docx.Document()
    document.add_heading("Oil prices", 0)
    document.add_paragraph("What oil ").add_run("costs.").bold = True
    document.add_heading("Causes", 1)
    for item in ("Supply falls.", "Demand rises."):
        document.add_paragraph(item, style="List Bullet")
    document.add_heading("Numbers", 2)
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Year", "Price", "1973", "12"), strict=True
    ):
        cell.text = text
    document.add_paragraph("One\tline\nends.")
    document.add_heading("Effects", 1)
    document.add_paragraph("It slows.")
    document.sections[0].header.paragraphs[0].text = "SECRET"
    document.add_comment(document.paragraphs[1].runs, text="SECRET")
    with BytesIO() as stream:
        document.save(stream)
        found = read(read_docx, stream.getvalue())
    assert found.title == "Oil prices"
    assert blocks(found) == [
        ("Oil prices", "What oil costs."),
        ("Oil prices > Causes", "Supply falls. Demand rises."),
        ("Oil prices > Causes > Numbers", "Year Price 1973 12"),
        ("Oil prices > Causes > Numbers", "One line ends."),
        ("Oil prices > Effects", "It slows."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        paragraph("SECRET", "<w:vanish/>"),
        paragraph("SECRET", '<w:vanish w:val="true"/>'),
        paragraph("SECRET", '<w:color w:val="FFFFFF"/>'),
        paragraph("SECRET", '<w:color w:val="fefefe"/><w:shd w:fill="FFFFFF"/>'),
        paragraph("SECRET", '<w:sz w:val="2"/>'),
        paragraph("SECRET", '<w:rStyle w:val="V"/>'),
        paragraph("SECRET", style="B"),
        paragraph("SECRET", "<w:vanish/>", style="H"),
        "<w:p><w:r><w:t>SECRET</w:t><w:rPr><w:vanish/></w:rPr></w:r></w:p>",
        f"<w:p><w:del>{run('SECRET')}<w:r><w:delText>SECRET</w:delText></w:r></w:del></w:p>",
        f"<w:p><w:moveFrom>{run('SECRET')}</w:moveFrom></w:p>",
        "<w:p><w:r><w:instrText>SECRET</w:instrText></w:r></w:p>",
        f"<w:p><mc:AlternateContent><mc:Fallback>{run('SECRET')}</mc:Fallback></mc:AlternateContent></w:p>",
        "<!-- SECRET --><?SECRET SECRET?>",
        "<w:p>SECRET<w:r>SECRET</w:r></w:p>",
        f"<w:tbl><w:tr><w:tc>{paragraph('SECRET', '<w:vanish/>')}</w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr>{box('SECRET')}</w:r></w:p>",
        f'<w:p><w:r><w:anchor><w:docPr hidden="1"/>{box("SECRET")}</w:anchor></w:r></w:p>',
        f'<w:p><w:r><w:shape style="visibility:hidden">{box("SECRET")}</w:shape></w:r></w:p>',
    ],
)
def test_what_no_reader_sees_is_not_passed_on(hidden: str) -> None:
    found = read(read_docx, made(paragraph("Before.") + hidden + paragraph("After.")))
    assert blocks(found) == [("", "Before."), ("", "After.")]


@pytest.mark.parametrize(
    "seen",
    [
        paragraph("Seen", '<w:vanish w:val="0"/>'),
        paragraph("Seen", '<w:rStyle w:val="V"/><w:vanish w:val="false"/>'),
        paragraph("Seen", '<w:color w:val="FFFFFF"/><w:shd w:fill="000080"/>'),
        paragraph("Seen", '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>'),
        paragraph("Seen", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"),
        f"<w:p><w:ins>{run('Seen')}</w:ins></w:p>",
        f"<w:p><w:hyperlink><w:r><w:t>Se</w:t></w:r></w:hyperlink>{run('en')}</w:p>",
        f"<w:sdt><w:sdtPr>{run('no')}</w:sdtPr><w:sdtContent>{paragraph('Seen')}</w:sdtContent></w:sdt>",
        f"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{run('Seen')}</w:p>",
        f"<w:p><w:r>{box('Seen')}</w:r></w:p>",
        f'<w:p><w:r><w:anchor><w:docPr hidden="1"/></w:anchor></w:r>{run("Seen")}</w:p>',
        f'<w:p><w:r><w:shape style="width:9pt">{box("Seen")}</w:shape></w:r></w:p>',
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="222222"/></w:tcPr>'
        + f"""{paragraph("Seen", '<w:color w:val="FFFFFF"/>')}</w:tc></w:tr></w:tbl>""",
    ],
)
def test_what_is_seen_stays(seen: str) -> None:
    assert blocks(read(read_docx, made(seen))) == [("", "Seen")]


def test_what_is_too_long_for_a_heading_is_text() -> None:
    long = "Oil is dear. " * 30
    assert blocks(read(read_docx, made(paragraph(long, style="H")))) == [("", long.strip())]


def test_styles_make_headings() -> None:
    body = paragraph("A", style="L") + paragraph("B", style="H") + paragraph("C") + paragraph("D", style="nothing")
    assert blocks(read(read_docx, made(body))) == [("A > B", "C"), ("A > B", "D")]


def test_files_that_are_refused() -> None:
    assert refusal(read_docx, b"") == refusal(read_docx, b"PK\x03\x04") == "a is a broken DOCX."
    assert refusal(read_docx, made("<w:p>")) == "a is a broken DOCX."
    assert refusal(read_docx, zipped({"a.txt": "x"})) == "a is not a DOCX."
    assert refusal(read_docx, made("")) == "a has no text."
    assert refusal(read_docx, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 EncryptedPackage") == "a is encrypted, or an old DOC."
    assert refusal(read_docx, b" " * (BYTES + 1)) == "a has more than 50,000,000 bytes."
    locked = made(paragraph("Oil")).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )
    assert refusal(read_docx, locked) == "a is encrypted."


def test_archives_made_to_be_too_much() -> None:
    assert refusal(read_docx, made(" " * 50_000_001)) == "a unpacks to more than 50,000,000 bytes."
    many = {f"{number}": "" for number in range(10_001)}
    assert refusal(read_docx, zipped(dict(many))) == "a has more than 10,000 parts."
    entity = '<!DOCTYPE w [<!ENTITY a "SECRET"><!ENTITY b "&a;&a;">]>'
    assert refusal(read_docx, made("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", before=entity)) == "a is a broken DOCX."
    assert blocks(read(read_docx, made("<w:p>" * 100_000 + run("x") + "</w:p>" * 100_000))) == [("", "x")]
    assert blocks(read(read_docx, made("<w:tbl>" * 50_000 + paragraph("x") + "</w:tbl>" * 50_000))) == [("", "x")]


WHOLE = made(paragraph("Oil", style="H") + paragraph("Gas"))
NAMES = st.sampled_from(
    ["p", "r", "t", "tbl", "tr", "tc", "tcPr", "rPr", "pPr", "numPr", "vanish", "shd", "del", "tab"]
)
SOUP = st.recursive(
    st.sampled_from(["x", ""]),
    lambda inner: st.builds(
        lambda name, parts: f"<w:{name}>{''.join(parts)}</w:{name}>", NAMES, st.lists(inner, max_size=3)
    ),
)


@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 60), SOUP)
def test_any_bytes_are_read_or_refused(data: bytes, at: int, length: int, soup: str) -> None:
    for file in (
        data,
        b"PK\x03\x04" + data,
        WHOLE[:at] + data + WHOLE[at + length :],
        made(soup),
        made(paragraph("Oil") + soup),
    ):
        with suppress(SourceError):
            assert read(read_docx, file).blocks
