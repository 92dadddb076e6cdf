"""A folder: what is read of it, in which order, what is left out, and that it is never left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources.base import Raw
from mapgen.sources.folder import Bounds, Folder, read_folder
from mapgen.sources.kinds import DOCX, HTML, MARKDOWN, PDF, TEXT, Kind, kind_of
from tests.sources.pdfs import drawn
from tests.sources.test_docx import made, paragraph

PAPER = drawn(b"BT /F 12 Tf 72 700 Td (Oil in a paper.) Tj ET")


def filled(folder: Path, files: dict[str, str | bytes]) -> Path:
    """The folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def texts(found: Folder) -> list[tuple[str, str]]:
    """Each document's id and first block."""
    return [(document.id, document.blocks[0].text) for document in found.documents]


def left(found: Folder) -> dict[str, str]:
    """Why each thing was left out."""
    return {one.path: one.why for one in found.left}


def test_files_of_every_kind_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "b.txt": "Oil in a text.",
        "a/z.md": "# Oil\n\nOil in Markdown.",
        "a/c.HTM": "<title>A page</title><p>Oil in a page.",
        "c/d.pdf": PAPER,
        "e.docx": made(paragraph("Oil in a document.")),
        "a-z.md": "Oil in another.",
    }
    found = read_folder(filled(tmp_path, files))
    assert texts(found) == [
        ("a-c-htm", "Oil in a page."),
        ("a-z-md", "Oil in Markdown."),
        ("a-z-md-2", "Oil in another."),
        ("b-txt", "Oil in a text."),
        ("c-d-pdf", "Oil in a paper."),
        ("e-docx", "Oil in a document."),
    ]
    assert [document.title for document in found.documents] == ["A page", "Oil", "a-z", "b", "d", "e"]
    assert found.documents[3].location == str(tmp_path / "b.txt")
    assert found.left == ()
    assert read_folder(tmp_path) == found


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    outside = filled(tmp_path / "outside", {"x.txt": "SECRET", "sub/y.txt": "SECRET"})
    files: dict[str, str | bytes] = {
        "a.txt": "Oil.",
        ".hidden.txt": "SECRET",
        ".git/x.txt": "SECRET",
        "~$a.docx": "x",
        "p.png": b"x",
        "q.zip.txt": b"PK\x03\x04",
        "empty.md": "",
        "broken.pdf": "x",
        "sub/big.txt": "x" * 101,
    }
    folder = filled(tmp_path / "folder", files)
    (folder / "out.txt").symlink_to(outside / "x.txt")
    (folder / "outdir").symlink_to(outside)
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe.txt")
    found = read_folder(folder, bounds=Bounds(each=100))
    assert texts(found) == [("a-txt", "Oil.")]
    assert left(found) == {
        ".git": "is hidden",
        ".hidden.txt": "is hidden",
        "broken.pdf": "was refused: broken.pdf is not a PDF. Name a file that a PDF reader opens.",
        "empty.md": "was refused: empty.md has no text. Name a source that has text which a reader can see.",
        "gone.txt": "is a link to what is in the folder",
        "in.txt": "is a link to what is in the folder",
        "loop": "is a link to what is in the folder",
        "out.txt": "is a link that leads out of the folder",
        "outdir": "is a link that leads out of the folder",
        "p.png": "is of no kind that is read",
        "pipe.txt": "is no plain file",
        "q.zip.txt": "was refused: q.zip.txt is of no kind that is read. "
        "Name a file of one of these: text, Markdown, HTML, PDF, DOCX.",
        "sub/big.txt": "has more than 100 bytes",
        "~$a.docx": "is hidden",
    }


def test_a_page_that_takes_too_long_holds_up_no_other(tmp_path: Path) -> None:
    slow = "<p " + " ".join(f"a{number}" for number in range(200_000)) + ">Oil."
    found = read_folder(filled(tmp_path, {"a.html": slow, "b.html": "<p>Gas."}), bounds=Bounds(seconds=1))
    assert texts(found) == [("b-html", "Gas.")]
    assert left(found)["a.html"].startswith("was refused: Reading a.html took longer than 1 seconds.")


@pytest.mark.parametrize(
    ("bounds", "read", "why"),
    [
        (Bounds(files=2), 2, "comes after the first 2 files"),
        (Bounds(total=11), 2, "would make more than 11 bytes of the files together"),
        (Bounds(entries=2), 2, "comes after the first 2 files and folders, as may others"),
        (Bounds(depth=0), 3, "is too deep in the folder"),
    ],
)
def test_a_folder_is_read_up_to_its_bounds(tmp_path: Path, bounds: Bounds, read: int, why: str) -> None:
    found = read_folder(filled(tmp_path, {f"{name}.txt": "Oil." for name in ("a", "b", "c", "d/e")}), bounds=bounds)
    assert len(found.documents) == read
    assert found.left[-1].why == why


def test_folders_that_are_refused(tmp_path: Path) -> None:
    filled(tmp_path, {"a/x.png": b"x", "file.txt": "x"})
    (tmp_path / "b").mkdir()
    for name, message, hint in (
        ("none", "is not a folder.", "Name a folder"),
        ("file.txt", "is not a folder.", "Name a folder"),
        ("b", "has no file that can be read.", "Put files of text"),
        ("a", "has no file that can be read.", "x.png is of no kind that is read."),
    ):
        with pytest.raises(SourceError) as caught:
            read_folder(tmp_path / name)
        assert caught.value.message.endswith(message)
        assert caught.value.hint.startswith(hint)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff\x1b[31m.txt")
    found = read_folder(filled(tmp_path, {name: "Oil.", "\u202eb.txt": "Gas.", "c\n.png": ""}))
    assert [document.location for document in found.documents] == [f"{tmp_path}/a .txt", f"{tmp_path}/b.txt"]
    assert left(found) == {"c .png": "is of no kind that is read"}
    assert "\\u001b" not in found.model_dump_json()


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
        ("a.txt", b"<!---->" * 500, TEXT),
    ],
)
def test_the_content_decides_where_the_ending_lies(name: str, data: bytes, kind: Kind | None) -> None:
    assert kind_of(Raw(name=name, data=data)) == kind
