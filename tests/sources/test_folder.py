"""A folder: which of its files may be read, in which order, what is left out, and that it is never left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources.folder import Bounds, Survey, survey


def filled(folder: Path, files: dict[str, str | bytes]) -> Path:
    """The folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def left(found: Survey) -> dict[str, str]:
    """Why each thing was left out."""
    return {one.path: one.why for one in found.left}


def test_files_of_known_kinds_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ("b.txt", "a/z.md", "a/c.HTM", "c/d.pdf", "e.docx", "a-z.md")
    found = survey(filled(tmp_path, dict.fromkeys(names, "x")))
    assert found.files == (*(os.path.join("a", name) for name in ("c.HTM", "z.md")), "a-z.md", "b.txt",
                           os.path.join("c", "d.pdf"), "e.docx")  # fmt: skip
    assert found.left == ()
    assert survey(tmp_path) == found


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    outside = filled(tmp_path / "outside", {"x.txt": "SECRET", "sub/y.txt": "SECRET"})
    files: dict[str, str | bytes] = {
        "a.txt": "Oil.",
        ".hidden.txt": "SECRET",
        ".git/x.txt": "SECRET",
        "~$a.docx": "x",
        "p.png": b"x",
        "sub/big.txt": "x" * 101,
    }
    folder = filled(tmp_path / "folder", files)
    (folder / "out.txt").symlink_to(outside / "x.txt")
    (folder / "outdir").symlink_to(outside)
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe.txt")
    found = survey(folder, bounds=Bounds(each=100))
    assert found.files == ("a.txt",)
    assert left(found) == {
        ".git": "is hidden",
        ".hidden.txt": "is hidden",
        "gone.txt": "is a link to what is in the folder",
        "in.txt": "is a link to what is in the folder",
        "loop": "is a link to what is in the folder",
        "out.txt": "is a link that leads out of the folder",
        "outdir": "is a link that leads out of the folder",
        "p.png": "is of no kind that is read",
        "pipe.txt": "is no plain file",
        "sub/big.txt": "has more than 100 bytes",
        "~$a.docx": "is hidden",
    }


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
    found = survey(filled(tmp_path, {f"{name}.txt": "Oil." for name in ("a", "b", "c", "d/e")}), bounds=bounds)
    assert len(found.files) == read
    assert found.left[-1].why == why


@pytest.mark.parametrize("name", ["none", "file.txt", "nul\x00", "x" * 300])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    filled(tmp_path, {"file.txt": "x"})
    with pytest.raises(SourceError, match="is not a folder") as caught:
        survey(tmp_path / name)
    assert caught.value.hint.startswith("Name a folder")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("mapgen.sources.folder.os.scandir", scandir)
    assert left(survey(tmp_path)) == {"The folder itself": "cannot be opened: Permission denied"}


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff\x1b[31m.txt")
    found = survey(filled(tmp_path, {name: "Oil.", "\u202eb.txt": "Gas.", "c\n.png": ""}))
    assert found.files == (name, "\u202eb.txt")
    assert left(found) == {"c .png": "is of no kind that is read"}
