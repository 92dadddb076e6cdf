"""One exchange of HTTP/1.1 with the very address that the guard judged; the only importer of httpcore2.

It follows no redirect, keeps no cookie, and goes through no proxy, whatever the environment says: a proxy would find
the host's address by itself, and the guard's judgement would be of another one.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import httpcore2

from mapgen.errors import SourceError
from mapgen.sources.guard import Guard, Place
from mapgen.sources.unpacking import ENCODINGS, Body, TooLarge

_CONNECTING = 5.0  # seconds for one address, of which a host may have several
_AGAIN = "Try again later, or save the page as a file, and name that."
_NETWORK = "Check the network; mapgen uses no proxy for sources. A page that is saved as a file can be named, too."
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came: names of ``headers`` are in lower case; ``body`` is unpacked, and empty unless ``status`` is 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


async def exchange(place: Place, *, headers: Mapping[str, str], guard: Guard, most: int) -> Answer:
    """The answer to GET, its body of at most ``most`` bytes. Raises SourceError; its deadline is the caller's."""
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=_certificates(ssl.get_default_verify_paths()) if place.scheme == "https" else None,
        network_backend=_Dial(guard),
    )
    url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    sent = {"Host": _host(place), "Accept-Encoding": ENCODINGS, "Connection": "close", **headers}
    try:
        async with pool, pool.stream("GET", url, headers=[*sent.items()], extensions=_TIMEOUT) as response:
            return await _read(response, place.host, most=most)
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
        raise _broken(error, place.host) from error


_TIMEOUT = {"timeout": {"connect": _CONNECTING}}


def _host(place: Place) -> str:
    """The host as its header has it, with a port that is not the scheme's own."""
    return place.url.split("/")[2]


class _Dial(httpcore2.AsyncNetworkBackend):
    """Connects to an address that the guard let through, and looks no name up a second time."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *more: Any, **options: Any) -> httpcore2.AsyncNetworkStream:
        """A connection to the first of the host's addresses that takes it."""
        failed: Exception | None = None
        for address in await _apart(lambda: self._guard.addresses(host, port)):
            try:
                return await self._network.connect_tcp(address, port, *more, **options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore2.ConnectError("there is no address")


async def _apart(call: Callable[[], Result]) -> Result:
    """The result of a call in a thread of its own, which no one waits for when the process ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def work() -> None:
        try:
            result = call()
        except Exception as error:
            tell(future.set_exception, error)
        else:
            tell(future.set_result, result)

    def tell(setter: Callable[[Any], None], value: object) -> None:
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(lambda: None if future.done() else setter(value))

    threading.Thread(target=work, daemon=True, name="mapgen-resolve").start()
    return await future


@cache
def _certificates(paths: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    """The trusted certificates, loaded once for where the environment says that they are: that takes 100 ms."""
    try:
        return httpcore2.default_ssl_context()
    except OSError as error:
        hint = "Check SSL_CERT_FILE and SSL_CERT_DIR."
        raise SourceError(f"The trusted certificates cannot be read: {error}", hint=hint) from error


async def _read(response: httpcore2.Response, host: str, *, most: int) -> Answer:
    headers = {name.decode("latin-1").lower(): _decoded(value) for name, value in response.headers}
    if response.status != 200:
        return Answer(response.status, headers)
    length = headers.get("content-length", "")
    try:
        body = Body(headers.get("content-encoding", ""), most=most)
        if length.isdecimal() and len(length) < 20 and int(length) > most:
            raise TooLarge(length)
        async for piece in response.aiter_stream():
            body.take(piece)
        return Answer(response.status, headers, body.whole())
    except TooLarge as error:
        hint = "Save the part that matters as a file, and name that."
        raise SourceError(f"What {host} sends is larger than {most:,} bytes.", hint=hint) from error
    except ValueError as error:
        raise SourceError(f"What {host} sends cannot be unpacked: {error}.", hint=_AGAIN) from error


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _broken(error: Exception, host: str) -> SourceError:
    """What went wrong on the way, in words that hold nothing of what was sent."""
    causes = (error, error.__cause__, error.__context__)
    if refused := next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None):
        hint = "Check its address and the clock of this machine; a certificate that is not trusted is never accepted."
        return SourceError(f"{host} does not prove who it is: {refused.verify_message}.", hint=hint)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return SourceError(f"No safe connection to {host} can be made.", hint=_NETWORK)
    if isinstance(error, (httpcore2.ConnectError, httpcore2.TimeoutException)):
        return SourceError(f"{host} cannot be reached.", hint=_NETWORK)
    return SourceError(f"{host} broke off, or does not speak HTTP.", hint=_AGAIN)
