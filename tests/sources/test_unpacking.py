"""Bodies unpacked piece by piece: the same as at once, and never more than they may be."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.sources.unpacking import Body, TooLarge

PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare": lambda data: zlib.compress(data, wbits=-15),
    "": bytes,
}


def unpacked(pieces: Iterable[bytes], packing: str, *, most: int = 1_000_000) -> bytes:
    """The pieces through a body of that packing."""
    body = Body("deflate" if packing == "bare" else packing, most=most)
    for piece in pieces:
        body.take(piece)
    return body.whole()


@given(st.binary(max_size=5_000), st.sampled_from(sorted(PACKERS)), st.integers(1, 700))
def test_what_was_packed_comes_out_whatever_the_pieces(data: bytes, packing: str, size: int) -> None:
    packed = PACKERS[packing](data)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert unpacked(pieces, packing) == data


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_any_bytes_give_a_body_or_a_value_error(data: bytes, packing: str) -> None:
    try:
        assert len(unpacked([data], packing, most=100)) <= 100
    except ValueError:
        return


@given(st.integers(0, 50), st.sampled_from(sorted(PACKERS)))
def test_a_body_may_be_as_large_as_the_bound_and_no_larger(more: int, packing: str) -> None:
    data = bytes(range(256)) * 4
    assert unpacked([PACKERS["gzip"](bytes(1_000))], "gzip", most=1_000) == bytes(1_000)
    with pytest.raises(TooLarge):
        unpacked([PACKERS[packing](data + bytes(more + 1))], packing, most=len(data))


def test_a_small_answer_that_stands_for_a_huge_text_is_dropped_as_it_comes() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    body = Body("gzip", most=10_000)
    with pytest.raises(TooLarge):
        body.take(bomb[:1_000])
    assert len(body._text) == 10_001


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "x", "gzip;q=1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="is not unpacked"):
        Body(encoding, most=1)


def test_an_empty_body_is_empty() -> None:
    assert unpacked([], "gzip") == unpacked([b""], "deflate") == b""
