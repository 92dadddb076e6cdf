"""Files whose passages an index has: what is read again when they change, and what of those that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

from mapgen.errors import ReaderLost, SourceError
from mapgen.sources.base import Document
from mapgen.sources.index import Index, Update
from tests.sources.test_index import FRENCH, OIL, RATES, Reads, found, memory, quiet


def test_only_what_changed_is_read_again_and_what_is_gone_vanishes(tmp_path: Path) -> None:
    for name, text in {"rates.txt": RATES, "oil.txt": OIL, "fr.txt": FRENCH}.items():
        (tmp_path / name).write_text(text)
    place, files = tmp_path / "cache" / "i.db", [tmp_path / name for name in ("rates.txt", "oil.txt", "fr.txt")]
    read = Reads()
    index = Index.open(place, warn=quiet)
    assert index.update(files, read, reader="text-1") == Update(3, 0, 0, ())
    index.close()
    index = Index.open(place, warn=quiet)
    assert index.update(files, read, reader="text-1") == Update(0, 3, 0, ())
    (tmp_path / "oil.txt").write_text("Uranium.")
    assert index.update(files[:2], read, reader="text-1") == Update(1, 1, 1, ())
    assert read.names == ["rates.txt", "oil.txt", "fr.txt", "oil.txt"]
    assert (found(index, "uranium"), found(index, "barrels"), found(index, "directeurs")) == (["oil"], [], [])
    index.close()


def test_a_file_that_was_only_touched_is_not_read_and_one_changed_in_secret_is(tmp_path: Path) -> None:
    file, read = tmp_path / "a.txt", Reads()
    file.write_text("barrels")
    index = memory()
    index.update([file], read, reader="text-1")
    before = file.stat()
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 10**9))
    assert index.update([file], read, reader="text-1").kept == 1
    file.write_text("uranium")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 10**9))
    assert index.update([file], read, reader="text-1").read == 1
    assert found(index, "uranium") == ["a"]


def test_another_reader_reads_everything_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RATES)
    index, read = memory(), Reads()
    index.update([tmp_path / "a.txt"], read, reader="text-1")
    assert index.update([tmp_path / "a.txt"], read, reader="text-2").read == 1


def test_a_file_that_fails_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    good, bad, missing = (tmp_path / name for name in ("good.txt", "bad.txt", "missing.txt"))
    good.write_text(RATES)
    bad.write_text(OIL)
    index, read = memory(), Reads()
    index.update([good, bad], read, reader="text-1")
    bad.write_bytes(b"\x00\x01")
    done = index.update([good, bad, missing], read, reader="text-1")
    assert done[:3] == (0, 1, 0)
    assert [(name, type(error)) for name, error in done.failed] == [
        (str(bad), SourceError),
        (str(missing), SourceError),
    ]
    assert (found(index, "interest"), found(index, "barrels")) == (["good"], [])
    bad.write_text(OIL)
    assert index.update([good, bad], read, reader="text-1").read == 1


def test_a_file_that_was_refused_is_told_each_time_and_read_again_only_where_that_may_help(tmp_path: Path) -> None:
    file, place, read = tmp_path / "a.txt", tmp_path / "i.db", Reads()
    file.write_bytes(b"\x00\x01")

    def updated(reader: str = "1", packages: str = "") -> tuple[int, str]:
        """How often it was read, and the words in which it was refused, in a run of its own."""
        index, before = Index.open(place, warn=quiet), len(read.names)
        done = index.update([file], read, reader=reader, packages=lambda: packages)
        assert (done.kept, done.removed, index.size()) == (0, 0, (done.read, done.read))
        index.close()
        return len(read.names) - before, "".join(f"{error.message} {error.hint}"[:18] for _, error in done.failed)

    assert updated() == (1, "a.txt is not text.")
    assert updated() == updated() == (0, "a.txt is not text.")
    os.utime(file, ns=(1, 1))
    assert updated() == (0, "a.txt is not text.")
    assert updated(packages="pypdf 7") == (1, "a.txt is not text.")
    assert updated("2", "pypdf 7") == (1, "a.txt is not text.")
    assert updated("2", "pypdf 7") == (0, "a.txt is not text.")
    file.write_text(RATES)
    assert updated("2", "pypdf 7") == (1, "")
    index = Index.open(place, warn=quiet)
    assert index.update([file], read, reader="2") == Update(0, 1, 0, ())
    index.close()
    file.write_bytes(b"\x00\x01")
    assert updated("2") == (1, "a.txt is not text.")
    index = Index.open(place, warn=quiet)
    assert index.update([], read, reader="2") == Update(0, 0, 0, ())
    index.close()
    assert updated("2") == (1, "a.txt is not text.")


def test_a_file_whose_reader_was_lost_is_read_again(tmp_path: Path) -> None:
    file, index, read = tmp_path / "a.txt", memory(), Reads()
    file.write_text(RATES)

    def lost(path: Path, data: bytes) -> Document:
        raise ReaderLost("It ended.")

    assert [type(error) for _, error in index.update([file], lost, reader="1").failed] == [ReaderLost]
    assert index.update([file], read, reader="1") == Update(1, 0, 0, ())
