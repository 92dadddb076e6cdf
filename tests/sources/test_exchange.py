"""The address that is dialled is the one that was judged; over TLS the host proves its name."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import trustme

from mapgen.errors import SourceError
from mapgen.sources.guard import Guard
from mapgen.sources.url import LIMITS, fetch
from tests.servers.site import HOST, Site, moved, page

SOON = replace(LIMITS, seconds=0.3)


@dataclass
class Names:
    """A resolver that gives its answers one after the other, the last one for ever; it counts who asks."""

    answers: list[tuple[str, ...]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site({"/a": page("Hello."), "/to-a": moved("/a")}) as site:
        yield site


def guarded(site: Site, *answers: tuple[str, ...]) -> tuple[Guard, Names]:
    """The site's guard, with a resolver of its own."""
    names = Names(list(answers))
    return replace(site.guard(), resolve=names), names


async def test_a_name_is_looked_up_once_and_that_address_dialled(site: Site) -> None:
    guard, names = guarded(site, ("127.0.0.1",), ("169.254.169.254",))
    assert (await fetch(site.at("/a"), guard=guard)).raw.data == b"Hello."
    assert names.asked == [HOST]


async def test_a_name_that_leads_elsewhere_at_the_next_redirect_is_refused(site: Site) -> None:
    guard, names = guarded(site, ("127.0.0.1",), ("169.254.169.254",))
    with pytest.raises(SourceError, match=r"169\.254\.169\.254 is refused"):
        await fetch(site.at("/to-a"), guard=guard)
    assert names.asked == [HOST, HOST]
    assert site.paths == ["/to-a"]


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1", "10.0.0.1"), ("10.0.0.1", "127.0.0.1"), ("127.0.0.1", "::1"), ("127.0.0.1", "::ffff:127.0.0.1")],
)
async def test_one_private_address_among_others_refuses_them_all(site: Site, addresses: tuple[str, ...]) -> None:
    with pytest.raises(SourceError, match="is refused"):
        await fetch(site.at("/a"), guard=guarded(site, addresses)[0])
    assert site.requests == []


async def test_where_one_address_does_not_answer_the_next_is_dialled(site: Site) -> None:
    guard, _ = guarded(site, ("127.0.0.2", "127.0.0.1"))
    guard = replace(guard, allowed=guard.allowed | {("127.0.0.2", site.port)})
    assert (await fetch(site.at("/a"), guard=guard)).raw.data == b"Hello."


async def test_a_name_without_an_address_is_an_error(site: Site) -> None:
    def none(host: str) -> tuple[str, ...]:
        raise OSError("no such name")

    for resolve in (none, lambda host: ()):
        with pytest.raises(SourceError, match=f"{HOST} has no address"):
            await fetch(site.at("/a"), guard=replace(site.guard(), resolve=resolve))


def test_a_look_up_that_hangs_holds_up_neither_the_deadline_nor_the_end() -> None:
    go_on = threading.Event()

    def hangs(host: str) -> tuple[str, ...]:
        go_on.wait(60)
        return ("93.184.216.34",)

    with pytest.raises(SourceError, match=r"within 0\.3 seconds"):
        asyncio.run(fetch("http://site.example/", limits=SOON, guard=Guard(resolve=hangs)))
    waiting = [thread for thread in threading.enumerate() if thread.name == "mapgen-resolve"]
    assert [thread.daemon for thread in waiting] == [True]
    go_on.set()
    waiting[0].join(10)
    assert not waiting[0].is_alive()


async def test_no_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Site() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await fetch(site.at("/a"), guard=site.guard())).raw.data == b"Hello."
        assert proxy.requests == []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is among those that the environment says are trusted."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def secured(authority: trustme.CA, *names: str) -> Site:
    """A site over TLS that can prove those names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return Site({"/a": page("Hello."), "/down": moved("http://site.example:{port}/a"), "/b": moved("/a")}, tls=context)


@pytest.mark.usefixtures("trusted")
async def test_over_tls_the_name_is_proved_though_an_address_is_dialled(authority: trustme.CA) -> None:
    async with secured(authority, HOST) as site:
        found = await fetch(site.at("/b"), guard=site.guard())
        assert (found.raw.data, found.url) == (b"Hello.", site.at("/a"))
        assert site.requests[0].headers["host"] == f"{HOST}:{site.port}"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("proved", ["other.example", "127.0.0.1"])
async def test_another_name_or_the_bare_address_proves_nothing(authority: trustme.CA, proved: str) -> None:
    async with secured(authority, proved) as site:
        with pytest.raises(SourceError, match="does not prove who it is") as caught:
            await fetch(site.at("/a"), guard=site.guard())
        assert "never accepted" in caught.value.hint
        assert site.requests == []


async def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    async with secured(authority, HOST) as site:
        with pytest.raises(SourceError, match="does not prove who it is"):
            await fetch(site.at("/a"), guard=site.guard())
        assert site.requests == []


@pytest.mark.usefixtures("trusted")
async def test_a_redirect_does_not_lead_from_https_to_http(authority: trustme.CA) -> None:
    async with Site({"/a": page("Hello.")}) as plain, secured(authority, HOST) as site:
        site.pages["/down"] = moved(plain.at("/a?key=secret"))
        guard = replace(site.guard(), allowed=site.guard().allowed | plain.guard().allowed)
        with pytest.raises(SourceError, match="from https to http") as caught:
            await fetch(site.at("/down"), guard=guard)
        assert "secret" not in caught.value.message
        assert plain.requests == []


async def test_certificates_that_cannot_be_read_are_an_error(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with pytest.raises(SourceError, match="trusted certificates cannot be read") as caught:
        await fetch(site.at("/a").replace("http:", "https:"), guard=site.guard())
    assert "SSL_CERT_FILE" in caught.value.hint


@asynccontextmanager
async def saying(said: bytes, *, asked: bytes = b"\r\n\r\n") -> AsyncIterator[Site]:
    """What looks like a site, and says those bytes whatever it is asked, as soon as it read ``asked``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(asked)
        writer.write(said)
        writer.close()

    site = Site()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site


@pytest.mark.parametrize("said", [b"\x00\xff" * 50 + b"\r\n\r\n", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b""])
async def test_what_is_not_http_is_an_error(said: bytes) -> None:
    async with saying(said) as site:
        with pytest.raises(SourceError, match="does not speak HTTP"):
            await fetch(site.at("/"), guard=site.guard())


async def test_headers_without_end_are_not_taken() -> None:
    async with saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000) as site:
        with pytest.raises(SourceError, match="broke off"):
            await fetch(site.at("/"), guard=site.guard())


async def test_a_server_that_speaks_no_tls_is_an_error() -> None:
    async with saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", asked=b"\x16") as site:
        with pytest.raises(SourceError, match="No safe connection"):
            await fetch(site.at("/").replace("http:", "https:"), guard=site.guard())
