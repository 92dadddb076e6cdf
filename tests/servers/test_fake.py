"""The fake endpoint itself: what it records, how it misbehaves, and that a whole map comes from it."""

from __future__ import annotations

import asyncio
import time

import pytest

from mapgen.session import Session
from tests.servers import maps
from tests.servers.fake import FakeServer, error
from tests.servers.http import Answer


async def exchange(server: FakeServer, *, path: str = "/v1/chat/completions") -> bytes:
    """All bytes that one bare request gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode())
    found = bytearray()
    try:
        async with asyncio.timeout(0.1):
            while piece := await reader.read(65_536):
                found += piece
    except (TimeoutError, ConnectionResetError) as fault:
        found += type(fault).__name__.encode()
    finally:
        writer.close()
    return bytes(found)


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (Answer(b"12345678", stop_after=4), b"\r\n\r\n1234"),
        (Answer(b"12345678", stop_after=4, then="stall"), b"\r\n\r\n1234TimeoutError"),
        (Answer(hang=True), b"TimeoutError"),
        (Answer(b"1234", status=503, headers={"Retry-After": "1"}), b"Retry-After: 1\r\n\r\n1234TimeoutError"),
    ],
)
async def test_it_misbehaves_as_told(answer: Answer, ends: bytes) -> None:
    async with FakeServer([answer]) as server:
        found = await exchange(server)
    assert found.endswith(ends)
    assert found.startswith(b"HTTP/1.1 " if ends != b"TimeoutError" else b"TimeoutError")


async def test_it_resets() -> None:
    async with FakeServer([Answer(b"12345678", stop_after=4, then="reset")]) as server:
        assert (await exchange(server)).endswith(b"ConnectionResetError")


@pytest.mark.parametrize(("drop", "found"), [("close", b""), ("reset", b"ConnectionResetError")])
async def test_it_drops_a_connection_before_the_headers(drop: str, found: bytes) -> None:
    async with FakeServer([Answer(drop=drop)]) as server:
        assert await exchange(server) == found


async def test_it_drips_and_never_ends() -> None:
    async with FakeServer([Answer(b"x" * 100, drip=0.01), Answer(endless=b": ping\n\n")]) as server:
        assert 2 <= (await exchange(server)).count(b"x") <= 15
        assert 2 <= (await exchange(server)).count(b"8\r\n: ping\n\n\r\n") <= 25


async def test_another_path_is_not_found() -> None:
    async with FakeServer() as server:
        assert b"404" in await exchange(server, path="/v1/models")
        assert [request.path for request in server.requests] == ["/v1/models"]


@pytest.mark.parametrize("concepts", [3, 5, 12])
async def test_a_whole_map_comes_from_it(concepts: int) -> None:
    async with FakeServer(concepts=concepts, latency=0.02) as server:
        began = time.monotonic()
        async with Session(model="m", base_url=server.url, cache=False) as session:
            map = await session.generate(maps.QUERY, concepts=concepts)
        assert await server.closed()
    assert (map.status, map.problems, len(map.concepts)) == ("complete", (), concepts)
    assert [concept.name for concept in map.concepts] == list(maps.write_answers(concepts))
    assert len(server.requests) == concepts + 2
    assert server.peak == concepts + 1
    assert all(began <= request.at <= time.monotonic() for request in server.requests)
    assert server.requests[0].in_flight == 1


async def test_a_map_is_made_without_structured_output_too() -> None:
    refused = Answer(error("response_format is not supported"), status=400)
    async with FakeServer([refused] * 3) as server:
        async with Session(model="plain", base_url=server.url, cache=False) as session:
            map = await session.generate(maps.QUERY)
        assert [request.form for request in server.requests[3:]] == ["prompt only"] * 7
    assert map.status == "complete"
    assert map.made is not None
    assert (map.made.calls, map.made.retries) == (10, 0)


def test_the_concept_asked_for_is_read_from_the_question() -> None:
    asked = "Query: a: b\nConcept to explain: Oil (crude: cost)\nEND 1\n\nExplain this concept in English: Oil\nWrite."
    assert maps.asked_concept(asked) == "Oil"
