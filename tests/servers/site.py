"""A site on real TCP, in the clear or over TLS: an answer for each path, 404 for others; it records what was asked.

    async with Site({"/a": page("Hello.")}) as site: await fetch(site.at("/a"), guard=site.guard())

It is known by the names that its guard resolves; nothing but such a guard leads to it.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Self

from mapgen.sources.guard import Guard
from tests.servers.fake import FakeServer, Request
from tests.servers.http import Answer

HOST = "site.example"


def page(body: str | bytes, *, type: str = "text/plain", **headers: str) -> Answer:
    """A good answer; an underscore in the names of ``headers`` stands for a hyphen."""
    return Answer(body, headers={"Content-Type": type, **{name.replace("_", "-"): headers[name] for name in headers}})


def moved(to: str, *, status: int = 302) -> Answer:
    """A redirect."""
    return Answer("moved", status=status, headers={"Location": to, "Content-Type": "text/html"})


class Site(FakeServer):
    """The site; ``pages`` may be added to while it runs. With ``tls`` it speaks that only."""

    def __init__(self, pages: Mapping[str, Answer] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.pages = dict(pages or {})
        self._tls = tls

    def at(self, path: str, *, host: str = HOST) -> str:
        """The URL of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def guard(self) -> Guard:
        """A guard that lets this site alone through, whatever name it is called by."""
        return Guard(resolve=lambda host: ("127.0.0.1",), allowed=frozenset({("127.0.0.1", self.port)}))

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [request.path for request in self.requests]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def _next(self, request: Request) -> Answer:
        return self.pages.get(request.path, Answer("no such page", status=404, headers={"Content-Type": "text/html"}))
