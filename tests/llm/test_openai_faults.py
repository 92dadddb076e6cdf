"""The adapter against an endpoint that misbehaves on real TCP: typed errors, bounded, and without the key."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from mapgen.errors import (
    EndpointError,
    FormatUnsupported,
    Garbled,
    KeyRefused,
    MapgenError,
    RateLimited,
    Unavailable,
    WrongProtocol,
)
from mapgen.llm.base import Endpoint
from mapgen.llm.limited import Budget, Limited, Limits
from mapgen.llm.metered import Meter
from mapgen.llm.openai import BODY_LIMIT, OpenAIEndpoint
from tests.llm.asking import GOOD, NOTE, filled
from tests.servers.fake import FakeServer, completion, error
from tests.servers.http import Answer

KEY = "sk-verysecret/key+0123456789="
GOOD_BODY = completion(GOOD)
PARTIAL = len(json.dumps(GOOD_BODY)) // 2
HUGE = Answer(b" " * 20_000_000)


def _escaped(json: str) -> str:
    """The same JSON with the key's letters written as escapes."""
    return json.replace(KEY, "".join(f"\\u{ord(letter):04x}" for letter in KEY))


FAULTS: dict[str, tuple[Answer, type[MapgenError]]] = {
    "html": (Answer("<!doctype html><h1>Welcome</h1>", headers={"Content-Type": "text/html"}), WrongProtocol),
    "empty": (Answer(b""), Garbled),
    "null": (Answer(b"null"), Garbled),
    "broken json": (Answer(b'{"choices": [{"mess'), Garbled),
    "invalid utf-8": (Answer(b'{"choices": "\xff\xfe"}'), Garbled),
    "20 MB": (HUGE, Garbled),
    "20 MB error": (Answer(HUGE.body, status=500), Garbled),
    "20 MB in one gzip": (Answer(gzip.compress(HUGE.body), headers={"Content-Encoding": "gzip"}), Garbled),
    "no gzip": (Answer(b"plain", headers={"Content-Encoding": "gzip"}), Garbled),
    "401 that is no gzip": (Answer(b"plain", status=401, headers={"Content-Encoding": "gzip"}), KeyRefused),
    "401 of 20 MB": (Answer(HUGE.body, status=401), KeyRefused),
    "401 that breaks off": (Answer(error("who?"), status=401, stop_after=3), KeyRefused),
    "cut body": (Answer(GOOD_BODY, stop_after=PARTIAL), Unavailable),
    "reset in the body": (Answer(GOOD_BODY, stop_after=PARTIAL, then="reset"), Unavailable),
    "reset before the body": (Answer(GOOD_BODY, stop_after=0, then="reset"), Unavailable),
    "cut error": (Answer(error("busy"), status=503, stop_after=3), Unavailable),
    "bad header": (Answer(GOOD_BODY, headers={"Content-Length": "many"}), Unavailable),
    "error in a 200": (Answer(error("slow down", code=429)), RateLimited),
    "key echoed": (Answer(error(f"Incorrect API key provided: {KEY}."), status=401), KeyRefused),
    "key echoed late": (Answer(error("x" * 195 + f" {KEY}"), status=500), Unavailable),
    "key echoed in escapes": (Answer(_escaped(f'{{"error": "\\\\ no {KEY}"}}'), status=401), KeyRefused),
    "key echoed in a URL": (Answer(error(f"/who?key={quote(KEY, safe='')} is unknown"), status=401), KeyRefused),
    "key echoed in html": (Answer(f"<p>{KEY}</p>", status=502), Unavailable),
    "key echoed in a 200": (Answer(error(f"who is {KEY}?", code="invalid_api_key")), KeyRefused),
    "format and key": (Answer(error(f"response_format is not for {KEY}"), status=400), FormatUnsupported),
}


def adapter(url: str, *, timeout: float = 5.0) -> OpenAIEndpoint:
    """The adapter to a URL."""
    told = Endpoint(kind="hosted", model="m", base_url=url, api_key=SecretStr(KEY), timeout=timeout)
    return OpenAIEndpoint(told, base_url=url, api_key=KEY)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_one_request_and_one_typed_error(name: str) -> None:
    answer, kind = FAULTS[name]
    async with FakeServer([answer]) as server:
        model = adapter(server.url)
        with pytest.raises(MapgenError) as caught:
            await model.ask(filled())
        assert type(caught.value) is kind
        told = f"{caught.value} {caught.value.hint} {caught.value!r}"
        assert KEY[:8] not in told
        assert "On bread" not in told
        assert len(server.requests) == 1
        server.then(Answer(GOOD_BODY))
        assert (await model.ask(filled())).value == NOTE
        await model.aclose()
        assert await server.closed()


async def test_a_body_beyond_the_cap_is_not_read_on() -> None:
    async with FakeServer([Answer(b" " * 1_000_000, endless=b" " * 60_000)]) as server:
        model = adapter(server.url)
        with pytest.raises(Garbled, match=f"{BODY_LIMIT:,}"):
            await model.ask(filled())
        assert await server.closed()
        await model.aclose()


STALLS = {
    "hang": Answer(hang=True),
    "stall in the body": Answer(GOOD_BODY, stop_after=PARTIAL, then="stall"),
    "stall in an error": Answer(error("busy"), status=500, stop_after=5, then="stall"),
    "a byte every 5 ms": Answer(GOOD_BODY, drip=0.005),
    "endless comments": Answer(b"", endless=b": keep-alive\n\n"),
    "endless comments in an error": Answer(b"", status=503, endless=b": keep-alive\n\n"),
}


@pytest.mark.parametrize("name", STALLS)
async def test_what_never_ends_is_ended(name: str) -> None:
    async with FakeServer([STALLS[name]]) as server:
        model = adapter(server.url)
        budget = Budget(Limits(deadline=60.0), Meter(), time.monotonic)
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"No answer within 0\.08 s"):
            await Limited(model, budget, timeout=0.08).ask(filled())
        assert time.monotonic() - began < 1.0
        assert await server.closed()
        await model.aclose()


async def test_what_a_number_says_needs_no_words_that_do_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.llm.openai._SAYING", 0.05)
    async with FakeServer([Answer(error("who?"), status=401, stop_after=5, then="stall")]) as server:
        model = adapter(server.url)
        with pytest.raises(KeyRefused, match="401"):
            await model.ask(filled())
        assert await server.closed()
        await model.aclose()


async def test_a_refused_connection_names_the_host_and_a_hint() -> None:
    async with FakeServer() as server:
        url, port = server.url, server.port
    model = adapter(url)
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port} cannot be reached") as caught:
        await model.ask(filled())
    await model.aclose()
    assert "--base-url" in caught.value.hint
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("host", ["a..b", "x" * 70])
async def test_a_name_that_leads_nowhere_is_unavailable(host: str) -> None:
    model = adapter(f"http://{host}:1/v1")
    with pytest.raises(EndpointError, match="cannot be reached"):
        await model.ask(filled())
    await model.aclose()


async def test_credentials_in_the_url_are_not_told() -> None:
    async with FakeServer() as server:
        url = server.url.replace("http://", "http://me:secretpass@")
    model = adapter(url)
    with pytest.raises(Unavailable) as caught:
        await model.ask(filled())
    await model.aclose()
    assert "secretpass" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "proxy", [f"http://me:secretpass@{place}" for place in ("[:1", "127.0.0.1:99999", "127.0.0.1:{port}")]
)
async def test_a_proxy_that_does_not_work_is_not_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    async with FakeServer() as server:
        port = server.port
    monkeypatch.setenv("HTTP_PROXY", proxy.format(port=port))
    model = adapter("http://127.0.0.1:1/v1")
    with pytest.raises(Unavailable, match="cannot be reached") as caught:
        await model.ask(filled())
    await model.aclose()
    assert "secretpass" not in f"{caught.value} {caught.value.hint}"


async def test_an_asking_that_is_cancelled_closes_its_connection() -> None:
    async with FakeServer([Answer(hang=True)]) as server:
        model = adapter(server.url)
        task = asyncio.create_task(model.ask(filled()))
        while not server.requests:  # noqa: ASYNC110 - the server is another party
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await server.closed()
        await model.aclose()
