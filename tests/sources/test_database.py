"""A kept database: private, begun anew where it is broken, in memory where it cannot be kept, shared by processes."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources.database import opened
from mapgen.sources.index import SCHEMA, VERSION, Index
from tests.processes import running
from tests.sources.test_index import RATES, document, found, quiet

PROCESS = """
import sys
from pathlib import Path
from mapgen.sources.index import Index
from mapgen.sources.base import Block, Document

def warn(message):
    raise SystemExit(message)

def read(path, data):
    return Document(id=path.stem, title=path.name, location=str(path), blocks=(Block(text=data.decode()),))

index = Index.open(Path(sys.argv[1]), warn=warn)
print(index.update(sorted(Path(sys.argv[2]).iterdir()), read, reader="1").failed, index.size())
"""


def modes(place: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in place.parent.glob(f"{place.name}*") if path.suffix != ".lock"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "cache" / "i.db"
    index = Index.open(place, warn=quiet)
    index.put([document("a", RATES)])
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert modes(place) == {0o600}
    index.close()
    place.chmod(0o644)
    Index.open(place, warn=quiet).close()
    assert modes(place) == {0o600}


@pytest.mark.parametrize("content", [b"no database", b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 9000])
def test_a_broken_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "i.db"
    place.write_bytes(content)
    index = Index.open(place, warn=quiet)
    index.put([document("a", RATES)])
    assert found(index, "interest") == ["a"]
    index.close()
    again = Index.open(place, warn=quiet)
    assert found(again, "interest") == ["a"]
    again.close()


def test_a_page_that_is_spoiled_is_seen_and_the_index_begun_anew(tmp_path: Path) -> None:
    place = tmp_path / "i.db"
    index = Index.open(place, warn=quiet)
    index.put(document(f"d{at}", RATES) for at in range(60))
    index.close()
    data = bytearray(place.read_bytes())
    data[4096 * 2 : 4096 * 4] = b"\xa5" * 8192
    place.write_bytes(data)
    index = Index.open(place, warn=quiet)
    assert index.size() == (0, 0)
    index.close()


def test_what_breaks_while_it_is_open_is_an_error_once_and_then_begun_anew(tmp_path: Path) -> None:
    place = tmp_path / "i.db"
    index = Index.open(place, warn=quiet)
    index.put([document("a", RATES)])
    with sqlite3.connect(place) as other:
        other.execute("DROP TABLE documents")
    with pytest.raises(SourceError, match="index of the sources failed"):
        index.search("interest")
    anew = Index.open(place, warn=quiet)
    assert anew.size() == (0, 0)
    anew.close()


def test_another_versions_tables_are_not_used(tmp_path: Path) -> None:
    place = tmp_path / "i.db"
    for version in (VERSION + 1, VERSION):
        connection = opened(place, schema=SCHEMA, version=version, warn=quiet)
        index = Index(connection)
        assert index.size() == (0, 0)
        index.put([document("a", RATES)])
        index.close()


def test_what_cannot_be_kept_is_in_memory_and_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "i.db").mkdir(parents=True)
    for place in (tmp_path / "file" / "i.db", tmp_path / "folder" / "i.db"):
        said: list[str] = []
        index = Index.open(place, warn=said.append)
        index.put([document("a", RATES)])
        assert found(index, "interest") == ["a"]
        assert len(said) == 1
        assert said[0].startswith(f"The index in {place.parent} cannot be kept (")
        index.close()


def test_several_processes_at_once_make_one_whole_index(tmp_path: Path) -> None:
    files, place = tmp_path / "files", tmp_path / "cache" / "i.db"
    files.mkdir()
    for at in range(40):
        (files / f"f{at}.txt").write_text(f"{RATES} Number {at}.")
    with ExitStack() as stack:
        arguments = [sys.executable, "-c", PROCESS, str(place), str(files)]
        processes = [stack.enter_context(running(arguments)) for _ in range(3)]
        said = [process.communicate() for process in processes]
    assert said == [("() (40, 40)\n", "")] * 3
    index = Index.open(place, warn=quiet)
    assert index.size() == (40, 40)
    assert found(index, "interest number 7")[0] == "f7"
    index.close()


def test_threads_share_an_index(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    index = Index.open(tmp_path / "i.db", warn=quiet)
    index.put([document("a", RATES)])
    with ThreadPoolExecutor(4) as pool:
        puts = [pool.submit(index.put, [document(f"d{at}", RATES)]) for at in range(8)]
        finds = [pool.submit(found, index, "interest") for _ in range(20)]
        assert all(one.result()[0] == "a" for one in finds)
        assert [one.result() for one in puts] == [None] * 8
    assert index.size() == (9, 9)
    index.close()
