"""PDFs that tests make: by fpdf2 where a real writer matters, by hand where each operator does."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod


def written(pages: Sequence[str], *, head: str = "", title: str = "", password: str | None = None) -> bytes:
    """A PDF with a text on each page, a running head and page numbers; with a password where one is given."""

    class Numbered(FPDF):
        def header(self) -> None:
            self.cell(0, 10, head, new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-15)
            self.cell(0, 10, f"Page {self.page_no()}")

    pdf = Numbered()
    pdf.set_font("Helvetica", size=12)
    pdf.set_title(title)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    if password is not None:
        pdf.set_encryption("owner", password, EncryptionMethod.RC4, AccessPermission.all())
    return bytes(pdf.output())


_LOOKS = b"""/ExtGState << /Clear << /ca 0 >> /Solid << /ca 1 >> /Wide << /LW 2 >> >> /ColorSpace <<
/Ink [/Separation /Black /DeviceGray << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>]
/Palette [/Indexed /DeviceGray 1 <00FF>] >>"""


def drawn(*contents: bytes, extra: bytes = b"") -> bytes:
    """A PDF of pages that are drawn by these operators; F is its font, X a form that draws ``extra``.

    Ink and Palette are spaces of colours, Clear, Solid and Wide looks of what is drawn.
    """
    first = 5
    kids = b" ".join(b"%d 0 R" % (first + 2 * at) for at in range(len(contents)))
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> %s >>" % _LOOKS
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(extra, form),
    ]
    for at, content in enumerate(contents):
        used = b"/Resources << /Font << /F 3 0 R >> /XObject << /X 4 0 R >> %s >>" % _LOOKS
        box = b"/MediaBox [0 0 600 800] /Contents %d 0 R" % (first + 2 * at + 1)
        objects += [b"<< /Type /Page /Parent 2 0 R %s %s >>" % (box, used), stream(content)]
    return assembled(objects)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream as an object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def assembled(objects: Sequence[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first is its root."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return data + head + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
