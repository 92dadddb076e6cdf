"""The little of HTTP/1.1 that a fake endpoint needs: reading a request, and writing an answer as badly as asked.

Real sockets: it can reset, stall, drip and break off, which no mock transport does. It knows no models.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_CHUNK = 65_536


@dataclass(frozen=True)
class Answer:
    """What the server does with one request. ``body``: a value is sent as JSON, bytes and text as they are.

    ``before`` are seconds before the headers; ``hang`` sends nothing for ever; ``drop`` closes or resets the connection
    before the headers; ``stop_after`` so many bytes of the body it is ``then`` stalled, closed or reset; ``drip`` are
    seconds between single bytes; ``endless`` is sent again and again after the body, in chunks, and never ends.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    before: float = 0.0
    hang: bool = False
    drop: str = ""
    stop_after: int | None = None
    then: str = "close"
    drip: float = 0.0
    endless: bytes = b""

    @property
    def payload(self) -> bytes:
        """The bytes of the body."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


async def read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """Path, headers (names in lower case) and body of the next request. Raises IncompleteReadError at the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return first.split(" ")[1], headers, body


async def write_answer(writer: asyncio.StreamWriter, answer: Answer) -> bool:
    """Send ``answer``; whether the connection can serve another request."""
    await asyncio.sleep(answer.before)
    if answer.hang:
        await asyncio.Event().wait()
    if answer.drop == "reset":
        reset(writer)
    if answer.drop:
        return False
    writer.write(_head(answer))
    await writer.drain()
    payload = _chunk(answer.payload) if answer.endless else answer.payload[: answer.stop_after]
    await (_dripped(writer, payload, answer.drip) if answer.drip else _sent(writer, payload))
    while answer.endless:
        await _sent(writer, _chunk(answer.endless))
        await asyncio.sleep(0.005)
    if answer.stop_after is None:
        return "location" not in {name.lower() for name in answer.headers}
    if answer.then == "stall":
        await asyncio.Event().wait()
    if answer.then == "reset":
        reset(writer)
    return False


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _head(answer: Answer) -> bytes:
    length = {"Transfer-Encoding": "chunked"} if answer.endless else {"Content-Length": str(len(answer.payload))}
    headers = {"Content-Type": "application/json", **length, **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _sent(writer: asyncio.StreamWriter, payload: bytes) -> None:
    for start in range(0, len(payload), _CHUNK):
        writer.write(payload[start : start + _CHUNK])
        await writer.drain()


async def _dripped(writer: asyncio.StreamWriter, payload: bytes, pause: float) -> None:
    for byte in payload:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(pause)


def _chunk(payload: bytes) -> bytes:
    """One chunk of a chunked body; of nothing none, as an empty chunk would end the body."""
    return f"{len(payload):x}\r\n".encode() + payload + b"\r\n" if payload else b""
