"""A finished map that cannot be written or printed is kept, and the error says where; what can be had again is not."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.cli.test_process import shell
from tests.scripts import QUERY, good_map, script

Run = Any


def kept() -> list[Path]:
    """The maps that are kept in the user's own folder."""
    return sorted(Path.home().rglob("map.json"))


def broken(*_: object, **__: object) -> str:
    raise ZeroDivisionError("division by zero")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("form", [(), ("--format", "md")])
def test_a_map_that_cannot_be_printed_is_kept(tmp_path: Path, process: Run, form: tuple[str, ...]) -> None:
    made = f"$MAPGEN '{QUERY}' --model {script(tmp_path)} --no-cache -q {shlex.join(form)}"
    done = shell(f"{made} > /dev/full", tmp_path)
    (place,) = kept()
    command = shlex.join(["mapgen", "render", str(place), *form])
    assert (done.returncode, done.stderr.decode().splitlines()) == (
        74,
        [
            "mapgen: The result could not be written: No space left on device.",
            f"  Is the disk full? The map is kept in {place}: `{command}` writes it.",
        ],
    )
    assert KnowledgeMap.load(place).concepts == good_map().concepts
    assert process(*shlex.split(command)[1:]).out


def test_a_closed_pipe_has_taken_what_it_wanted(tmp_path: Path) -> None:
    made = f"$MAPGEN '{QUERY}' --model {script(tmp_path)} --no-cache -q"
    done = shell(f"{{ {made}; echo code $? >&2; }} | :", tmp_path)
    assert done.stderr == b"code 0\n"
    assert kept() == []


@pytest.mark.parametrize("output", [("-o", "map.md"), ("--format", "md")])
def test_a_bug_of_a_format_costs_no_map(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: tuple[str, ...]
) -> None:
    monkeypatch.setattr("mapgen.render.markdown.render", broken)
    done = mapgen(QUERY, "--model", script(tmp_path), "--no-cache", "-q", *output)
    (place,) = kept()
    assert done.code == 70
    first, second, third = done.err.splitlines()
    assert first == f"mapgen: The map is kept in {place}: `mapgen render {place} {' '.join(output)}` writes it."
    assert second == "mapgen: Unexpected ZeroDivisionError: division by zero"
    assert "please report it" in third
    assert KnowledgeMap.load(place).concepts == good_map().concepts


@pytest.mark.parametrize(("ended", "code"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143)])
@pytest.mark.parametrize("output", [("-o", "map.md", "-o", "map.txt"), ("--format", "md")])
def test_a_signal_while_the_map_is_written_costs_no_map(
    mapgen: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: tuple[str, ...],
    ended: BaseException,
    code: int,
) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise ended

    monkeypatch.setattr("mapgen.render.markdown.render", interrupted)
    done = mapgen(QUERY, "--model", script(tmp_path), "--no-cache", "-q", *output)
    (place,) = kept()
    assert done.code == code
    told = f"mapgen: The map is kept in {place}: `mapgen render {place} {' '.join(output)}` writes it."
    assert done.err.splitlines()[0] == told
    assert KnowledgeMap.load(place).concepts == good_map().concepts


def test_a_map_that_is_in_a_file_already_is_not_kept(mapgen: Run, map_file: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("mapgen.render.markdown.render", broken)
    for arguments in (("render", "map.json", "-o", "map.md"), ("resume", "map.json", "-o", "map.md")):
        done = mapgen(*arguments)
        assert done.code == 70
        assert "kept" not in done.err
    assert kept() == []
