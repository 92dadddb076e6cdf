"""Connections are found by the address at which they end, and only those are shut down."""

from __future__ import annotations

import socket
import sys

import pytest

from mapgen.local.connections import drop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="lists no descriptors")


def test_connections_to_the_address_end_and_others_live() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_server(("127.0.0.1", 0)) as other,
        socket.create_connection(ours.getsockname()) as client,
        socket.create_connection(other.getsockname()) as stranger,
        ours.accept()[0] as accepted,
        other.accept()[0] as spared,
    ):
        client.settimeout(5)
        assert drop(ours.getsockname()) >= 1
        assert client.recv(1) == b""
        assert accepted.fileno() > 0
        stranger.sendall(b"x")
        assert spared.recv(1) == b"x"


def test_an_address_without_connections_is_left_alone() -> None:
    assert drop(("127.0.0.1", 1)) == 0
