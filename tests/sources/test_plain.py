"""Plain files: what is opened, and all that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources.plain import LARGEST, plain_bytes, status


def refusal(path: Path, *, most: int = LARGEST) -> str:
    """The words in which a file is refused; they come with a hint and without its folder."""
    with pytest.raises(SourceError) as caught:
        plain_bytes(path, most=most)
    assert caught.value.hint
    assert str(path.parent) not in caught.value.message
    return caught.value.message


def test_a_plain_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"Oil\r\n\x00")
    assert plain_bytes(file) == plain_bytes(file, most=6) == b"Oil\r\n\x00"
    assert refusal(file, most=5) == "a.txt has more than 5 bytes."
    assert status(file).st_size == 6


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(10**12)
    assert refusal(tmp_path / "a.txt") == "a.txt has more than 50,000,000 bytes."


def test_what_is_no_plain_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Oil")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert refusal(tmp_path / "pipe.txt") == "pipe.txt is no plain file."
    assert refusal(tmp_path / "link.txt").startswith("link.txt cannot be opened: ")
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "folder") == "folder cannot be opened: Is a directory."


@pytest.mark.parametrize("name", ["gone", "x" * 300, "nul\x00.txt", "\x1b[31m", "\ud800"])
def test_what_is_not_there_is_an_error_for_people(tmp_path: Path, name: str) -> None:
    message = refusal(tmp_path / name)
    assert " cannot be opened: " in message
    assert message.isprintable()
    with pytest.raises(SourceError):
        status(tmp_path / name)
