"""Sweeps over the disk of what is no page: a folder, archives and a picture being written.

The invariant: what is written is whole or not there, what stood there stands there still, nothing else is left; the
map that is read is untouched.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.cli.test_disk_sweep import OLD, OPERATIONS
from tests.scripts import good_map
from tests.servers.disk import Disk

Run = Any
OUTPUTS = {
    "folder": ("notes", "--format", "obsidian"),
    "zip": ("vault.zip",),
    "apkg": ("deck.apkg",),
    "png": ("map.png",),
}
CLEARING = {"os.unlink", "os.rmdir", "os.scandir", "os.listdir", "os.lstat", "os.open"}  # of a folder that is half made


def is_whole(path: Path, sound: Path) -> bool:
    """Whether an output is what it was where nothing failed."""
    if path.is_dir():
        return contents(path) == contents(sound)
    if path.suffix == ".png":
        return KnowledgeMap.load(path) == KnowledgeMap.load(sound)
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(sound) as other:
        return archive.testzip() is None and archive.namelist() == other.namelist()


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", OPERATIONS)
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_operation_of_a_rendering_may_fail(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, kind: str
) -> None:
    name, *options = OUTPUTS[output]
    ever, code = OPERATIONS[kind]
    before = good_map().save(tmp_path / "map.json").read_bytes()
    assert mapgen("render", "map.json", "-o", name, *options).code == 0
    number = 0
    while True:
        number += 1
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        (folder / "map.json").write_bytes(before)
        if output != "folder":
            (folder / name).write_text(OLD)
        monkeypatch.chdir(folder)
        with Disk(folder, nth=number, ever=ever, code=code) as disk:
            done = mapgen("render", "map.json", "-o", name, *options)
        at = f"operation {number}: {disk.failed[:1]}", done
        assert (done.code in {0, 66, 73, 74}, done.out) == (True, ""), at
        assert len(done.err.splitlines()) == (2 if done.code else 1), at
        assert (folder / "map.json").read_bytes() == before, at
        left = {path.name for path in folder.iterdir()} - {"map.json", name}
        assert not left or (output == "folder" and set(disk.failed) & CLEARING), (left, at)
        is_old = not (folder / name).exists() if output == "folder" else (folder / name).read_bytes() == OLD.encode()
        assert is_whole(folder / name, tmp_path / name) if done.code == 0 or not is_old else is_old, at
        shutil.rmtree(folder)
        if len(disk.operations) < number:
            break
    assert (done.code, disk.failed) == (0, [])
    assert number > (40 if output == "folder" else 10)
