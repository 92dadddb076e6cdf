"""Kinds of files: which one a file is, and who reads it."""

from __future__ import annotations

import pytest

from mapgen.errors import SourceError
from mapgen.sources import kinds
from mapgen.sources.apart import Apart
from mapgen.sources.base import Raw
from mapgen.sources.kinds import DOCX, HTML, KINDS, LARGE, MARKDOWN, PDF, TEXT, Kind, by_name, extracted, kind_of
from tests.sources.pdfs import drawn
from tests.sources.test_docx import made, paragraph

PAPER = drawn(b"BT /F 12 Tf 72 700 Td (Oil in a paper.) Tj ET")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", PAPER, PDF),
        ("a.pdf", b"<!DOCTYPE html><p>Please log in", HTML),
        ("a.txt", b"\xef\xbb\xbf \n<!-- c --><HTML lang=en>", HTML),
        ("a.md", made(paragraph("x")), DOCX),
        ("a.docx", b"PK\x03\x04", None),
        ("a.txt", b"The sign %PDF- begins a PDF.", TEXT),
        ("a.md", b"<p>Markdown may begin so.", MARKDOWN),
        ("a.MD", b"", MARKDOWN),
        ("a.pdf", b"plain", PDF),
        ("a", b"plain", None),
        (".txt", b"plain", TEXT),
        ("txt", b"plain", None),
        ("a.txt", b"<!---->" * 500, TEXT),
    ],
)
def test_the_content_decides_where_the_ending_lies(name: str, data: bytes, kind: Kind | None) -> None:
    assert kind_of(Raw(name=name, data=data)) == kind


@pytest.mark.parametrize(
    ("data", "said", "kind"),
    [
        (b"# Oil", MARKDOWN, MARKDOWN),
        (b"Oil", HTML, HTML),
        (PAPER, TEXT, PDF),
        (b"<html><p>Oil", TEXT, HTML),
        (b"PK\x03\x04", TEXT, None),
        (b"Oil", None, None),
    ],
)
def test_what_a_server_says_counts_where_the_content_does_not_tell(
    data: bytes, said: Kind | None, kind: Kind | None
) -> None:
    assert kind_of(Raw(name="site.example/oil", data=data), said=said) == kind


def test_kinds_have_names() -> None:
    assert [by_name(kind.name.upper()) for kind in KINDS] == list(KINDS)
    assert by_name("zip") is None


@pytest.mark.parametrize(
    ("kind", "lacks", "extra"), [(PDF, "pypdf", "pdf"), (HTML, "selectolax", "html"), (HTML, "cssselect2", "html")]
)
def test_a_kind_tells_the_package_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, lacks: str, extra: str
) -> None:
    kind.check()
    assert f"{lacks} " in kinds.packages()
    monkeypatch.setattr(kinds, "find_spec", lambda name: None if name == lacks else True)
    with pytest.raises(SourceError, match=f"Reading {extra} needs {lacks}, which is not installed") as caught:
        kind.check()
    assert caught.value.hint == f"pip install 'mapgen[{extra}]'"
    for other in {TEXT, MARKDOWN, DOCX, PDF, HTML} - {kind}:
        other.check()


def test_a_large_file_of_any_kind_is_read_apart() -> None:
    with Apart() as process:
        process.stop()
        assert extracted(Raw(name="a.txt", data=b"x" * LARGE), process=process).blocks
        with pytest.raises(SourceError, match="too much for its parser"):
            extracted(Raw(name="a.txt", data=b"x" * (LARGE + 1)), process=process)


def test_a_file_of_no_kind_is_refused_with_the_kinds_that_are_read() -> None:
    with Apart() as process, pytest.raises(SourceError, match="is of no kind that is read") as caught:
        extracted(Raw(name="a.xyz", data=b"x"), process=process)
    assert caught.value.hint.startswith("Name a file of one of these: text, Markdown, HTML, PDF, DOCX. One of text")


def test_archives_are_read_apart_however_small_they_are() -> None:
    with Apart() as process:
        process.stop()
        with pytest.raises(SourceError, match="too much for its parser"):
            extracted(Raw(name="a.docx", data=made(paragraph("x"))), process=process)
