"""Files whole or not at all: what stood there stays on any fault, and nothing half-written is left behind."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import DiskError, InputError, OutputError, ReadError
from mapgen.files import check_new_folder, check_place, check_room, read_text, write_atomic, write_folder


def raising(code: int):  # type: ignore[no-untyped-def]
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_text_and_bytes_are_written(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.txt", "通貨 é\n")
    write_atomic(tmp_path / "b.bin", b"\0\xff")
    assert (tmp_path / "a.txt").read_bytes() == "通貨 é\n".encode()
    assert (tmp_path / "b.bin").read_bytes() == b"\0\xff"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.bin"]


def test_a_lone_surrogate_is_replaced_not_raised(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.txt", "a\ud800b")
    assert (tmp_path / "a.txt").read_text("utf-8") == "a?b"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskError),
        (errno.EIO, DiskError),
        (errno.EDQUOT, DiskError),
        (errno.EFBIG, DiskError),
        (errno.EPERM, OutputError),
    ],
)
def test_a_fault_in_the_middle_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[OutputError]
) -> None:
    path = tmp_path / "map.md"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", raising(code))
    with pytest.raises(OutputError) as caught:
        write_atomic(path, "new" * 100_000)
    assert type(caught.value) is kind
    assert caught.value.exit_code == (74 if kind is DiskError else 73)
    assert os.strerror(code) in caught.value.message
    assert caught.value.hint
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["map.md"]


@pytest.mark.parametrize("name", ["chmod", "replace"])
def test_a_fault_after_writing_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(Path, name, raising(errno.EACCES))
    with pytest.raises(OutputError, match="Permission denied"):
        write_atomic(tmp_path / "map.md", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_cannot_be_removed_does_not_hide_the_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", raising(errno.ENOSPC))
    monkeypatch.setattr(Path, "unlink", raising(errno.EROFS))
    with pytest.raises(DiskError, match="No space left on device"):
        write_atomic(tmp_path / "map.md", "new")


def test_room_is_tried_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_room(tmp_path / "map.md")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match="No such file"):
        check_room(tmp_path / "none" / "map.md")
    for code, kind in ((errno.ENOSPC, DiskError), (errno.EACCES, OutputError)):
        monkeypatch.setattr("tempfile.TemporaryFile", raising(code))
        with pytest.raises(OutputError, match=os.strerror(code)) as caught:
            check_room(tmp_path / "map.md")
        assert type(caught.value) is kind


def test_an_interrupt_in_the_middle_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "map.md", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_cannot_be_created_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.mkstemp", raising(errno.EROFS))
    with pytest.raises(OutputError, match="Read-only file system") as caught:
        write_atomic(tmp_path / "map.md", "new")
    assert type(caught.value) is OutputError


def test_links_folders_and_devices_are_refused(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("old")
    link, folder, pipe = tmp_path / "link", tmp_path / "folder", tmp_path / "pipe"
    link.symlink_to(precious)
    folder.mkdir()
    os.mkfifo(pipe)
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    for path, what in ((link, "symbolic link"), (folder, "folder"), (pipe, "device")):
        for act in (check_place, lambda path: write_atomic(path, "new")):
            with pytest.raises(OutputError, match=f"is a {what}"):
                act(path)
    with pytest.raises(OutputError, match="symbolic link"):
        write_atomic(tmp_path / "dangling", "new")
    assert precious.read_text() == "old"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_missing_folder_a_file_as_folder_and_a_long_name_are_output_errors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "no" / "map.md", tmp_path / "file" / "map.md", tmp_path / ("x" * 300 + ".md")):
        for act in (check_place, lambda path: write_atomic(path, "new")):
            with pytest.raises(OutputError) as caught:
                act(path)
            assert type(caught.value) is OutputError
            assert "cannot be created" in caught.value.message


def test_a_folder_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="is not writable"):
        check_place(tmp_path / "map.md")


def test_modes_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    private, new = tmp_path / "private", tmp_path / "new"
    private.write_text("old")
    private.chmod(0o640)
    before = os.umask(0o027)
    try:
        write_atomic(private, "new")
        write_atomic(new, "new")
    finally:
        mask = os.umask(before)
    assert mask == 0o027
    assert stat.S_IMODE(private.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


def test_a_name_of_the_longest_length_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("通" * 84)
    write_atomic(path, "x")
    assert path.read_text() == "x"


@given(content=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_written_is_read_back(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "round"
    write_atomic(path, content)
    assert read_text(path, limit=10_000) == content.removeprefix("\ufeff")


def test_reading_names_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("é".encode("latin-1"))
    (tmp_path / "long").write_text("x" * 11)
    (tmp_path / "bom").write_bytes(b"\xef\xbb\xbfx")
    for path, kind, word in (
        (tmp_path / "none", ReadError, "No such file"),
        (tmp_path, ReadError, "Is a directory"),
        (tmp_path / "latin", InputError, "not UTF-8"),
        (tmp_path / "long", InputError, "larger than 10 bytes"),
    ):
        with pytest.raises(kind, match=word):
            read_text(path, limit=10)
    assert read_text(tmp_path / "long", limit=11) == "x" * 11
    assert read_text(tmp_path / "bom", limit=10) == "x"


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_a_path_that_no_system_has_is_told(name: str) -> None:
    with pytest.raises(ReadError, match="is no path of a file") as caught:
        read_text(Path(name), limit=10)
    assert str(caught.value).isprintable()


def test_a_folder_is_written_with_all_its_files(tmp_path: Path) -> None:
    write_folder(tmp_path / "vault", {"a.md": "é", "sub/b.bin": b"\0"})
    assert (tmp_path / "vault" / "a.md").read_text("utf-8") == "é"
    assert (tmp_path / "vault" / "sub" / "b.bin").read_bytes() == b"\0"
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    write_folder(tmp_path / "vault", {"a.md": "a"})
    assert [path.name for path in (tmp_path / "vault").iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ("files", "is a folder with files in it."),
        ("file", "is a file."),
        ("link", "is a symbolic link."),
        ("parent", "there is no folder"),
    ],
)
def test_no_folder_is_written_over_what_stands_there(tmp_path: Path, made: str, message: str) -> None:
    path = tmp_path / "vault"
    if made == "files":
        path.mkdir()
        (path / "mine.md").write_text("mine")
    elif made == "file":
        path.write_text("mine")
    elif made == "link":
        (tmp_path / "else").mkdir()
        path.symlink_to(tmp_path / "else")
    else:
        path = path / "deep"
    before = sorted(str(file) for file in tmp_path.rglob("*"))
    for refused in (lambda: check_new_folder(path), lambda: write_folder(path, {"mine.md": "new"})):
        with pytest.raises(OutputError) as caught:
            refused()
        assert message in caught.value.message
        assert caught.value.hint
    assert sorted(str(file) for file in tmp_path.rglob("*")) == before


def test_a_fault_in_the_middle_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", raising(errno.ENOSPC))
    with pytest.raises(DiskError):
        write_folder(tmp_path / "vault", {"a.md": "a", "b.md": "b"})
    assert list(tmp_path.iterdir()) == []
