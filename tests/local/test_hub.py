"""The file from a hub over real HTTP on loopback: resumed, redirected, refused, broken off, silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import WeightsError
from mapgen.local import Weights
from mapgen.local.hub import fetch


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "tiny.gguf.part"


def test_a_whole_file_is_fetched_from_the_pinned_address(tiny: Weights, hub: Any, part: Path) -> None:
    told: list[tuple[int, int, str]] = []
    fetch(tiny, part, hub=hub.url + "/", progress=lambda *what: told.append(what))
    assert part.read_bytes() == hub.data
    assert hub.paths == ["/someone/tiny/resolve/abc123/tiny.gguf"]
    assert hub.seen == [None]
    assert told[-1] == (tiny.size, tiny.size, "fetching tiny.gguf from 127.0.0.1")


def test_it_goes_on_where_an_earlier_try_stopped(tiny: Weights, hub: Any, part: Path) -> None:
    part.write_bytes(hub.data[:1000])
    fetch(tiny, part, hub=hub.url, progress=quiet)
    assert part.read_bytes() == hub.data
    assert hub.seen == ["bytes=1000-"]


def test_a_hub_that_ignores_the_range_is_read_from_the_start(tiny: Weights, hub: Any, part: Path) -> None:
    part.write_bytes(b"x" * 1000)
    hub.mode = "no range"
    fetch(tiny, part, hub=hub.url, progress=quiet)
    assert part.read_bytes() == hub.data


def test_a_range_that_was_not_asked_for_is_refused(tiny: Weights, hub: Any, part: Path) -> None:
    part.write_bytes(hub.data[:1000])
    hub.mode = "wrong range"
    with pytest.raises(WeightsError, match="something else"):
        fetch(tiny, part, hub=hub.url, progress=quiet)
    assert part.read_bytes() == hub.data[:1000]


def test_a_complete_part_asks_nothing(tiny: Weights, hub: Any, part: Path) -> None:
    part.write_bytes(hub.data)
    fetch(tiny, part, hub=hub.url, progress=quiet)
    assert hub.seen == []


def test_a_redirect_is_followed_with_its_range(tiny: Weights, hub: Any, part: Path) -> None:
    hub.mode = "redirect"
    part.write_bytes(hub.data[:500])
    fetch(tiny, part, hub=hub.url, progress=quiet)
    assert part.read_bytes() == hub.data
    assert hub.paths[1].startswith("/cdn/")
    assert hub.seen == ["bytes=500-", "bytes=500-"]


def test_connections_that_drop_are_taken_up_again(tiny: Weights, hub: Any, part: Path) -> None:
    hub.mode = "drops"
    fetch(tiny, part, hub=hub.url, progress=quiet)
    assert part.read_bytes() == hub.data
    assert hub.seen == [None, "bytes=700-", "bytes=1400-", "bytes=2100-"]


def test_another_file_at_the_address_is_refused_before_it_is_read(tiny: Weights, hub: Any, part: Path) -> None:
    hub.data = b"<html>Please log in</html>"
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1 did not give the file: it answered with something else"):
        fetch(tiny, part, hub=hub.url, progress=quiet)
    assert not part.exists()


def test_a_missing_file_says_its_status(tiny: Weights, hub: Any, part: Path) -> None:
    hub.mode = "missing"
    with pytest.raises(WeightsError, match="HTTP 404"):
        fetch(tiny, part, hub=hub.url, progress=quiet)


def test_a_hub_that_never_answers_is_given_up(tiny: Weights, hub: Any, part: Path) -> None:
    hub.mode = "silent"
    with pytest.raises(WeightsError, match="no answer in time"):
        fetch(tiny, part, hub=hub.url, progress=quiet, timeout=0.1)


def test_a_hub_that_hangs_keeps_what_it_gave(tiny: Weights, hub: Any, part: Path) -> None:
    hub.mode = "hangs"

    def end_it(done: int, total: int, what: str) -> None:
        hub.mode = "silent"

    with pytest.raises(WeightsError, match="no answer in time"):
        fetch(tiny, part, hub=hub.url, progress=end_it, timeout=0.1)
    assert part.read_bytes() == hub.data[:700]


def test_a_refused_connection_says_so(tiny: Weights, hub: Any, part: Path) -> None:
    with pytest.raises(WeightsError, match="refused"):
        fetch(tiny, part, hub="http://127.0.0.1:1", progress=quiet)


@pytest.mark.parametrize("address", ["file:///etc", "ftp://127.0.0.1", "", "no address"])
def test_an_address_that_is_not_http_is_refused(tiny: Weights, part: Path, address: str) -> None:
    with pytest.raises(WeightsError, match="https://"):
        fetch(tiny, part, hub=address, progress=quiet)


def test_what_progress_raises_stops_it_and_keeps_the_part(tiny: Weights, hub: Any, part: Path) -> None:
    def interrupted(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    hub.mode = "hangs"
    with pytest.raises(KeyboardInterrupt):
        fetch(tiny, part, hub=hub.url, progress=interrupted)
    assert part.read_bytes() == hub.data[:700]
