"""The notes as a folder: written whole or not at all, and never over what is there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mapgen.errors import DiskError, OutputError
from mapgen.render import obsidian
from mapgen.render.view import Options
from tests.render.hostile import hostile_map, surrogate_map
from tests.render.test_obsidian import files, two_concepts


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    maps = {"hostile": hostile_map(), "surrogate": surrogate_map(), "rich": rich_map, "source": source_map}
    return maps[request.param]


def test_the_folder_holds_the_files_of_the_archive(tmp_path, any_map):
    path = tmp_path / "notes"
    obsidian.write_folder(any_map, path, options=Options(brand="B"))
    written = {file.name: file.read_text("utf-8") for file in path.iterdir()}
    assert written == files(any_map, brand="B")
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "notes").mkdir()
    obsidian.write_folder(two_concepts(), tmp_path / "notes", options=Options())
    assert len(list((tmp_path / "notes").iterdir())) == 4


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    path = tmp_path / "notes"
    path.mkdir()
    (path / "mine.md").write_text("mine")
    with pytest.raises(OutputError) as caught:
        obsidian.write_folder(two_concepts(), path, options=Options())
    assert caught.value.hint
    assert [(file.name, file.read_text()) for file in path.iterdir()] == [("mine.md", "mine")]
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes"]


@pytest.mark.parametrize("target", ["empty", "nowhere", "file"])
def test_a_symbolic_link_is_refused(tmp_path, target):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / target)
    with pytest.raises(OutputError) as caught:
        obsidian.write_folder(two_concepts(), tmp_path / "link", options=Options())
    assert caught.value.hint
    assert (tmp_path / "link").is_symlink()
    assert list((tmp_path / "empty").iterdir()) == []
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("place", ["file", "missing/notes"])
def test_where_no_folder_can_be_there_is_none(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError) as caught:
        obsidian.write_folder(two_concepts(), tmp_path / place, options=Options())
    assert caught.value.hint
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("after", [0, 2])
def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch, after):
    opened = 0
    real = Path.open

    def full(self: Path, mode: str = "r", *args, **kwargs):
        nonlocal opened
        if "b" in mode and ("x" in mode or "w" in mode):
            opened += 1
            if opened > after:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(DiskError, match="No space left"):
        obsidian.write_folder(two_concepts(), tmp_path / "notes", options=Options())
    assert opened == after + 1
    assert list(tmp_path.iterdir()) == []
