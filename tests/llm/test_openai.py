"""The adapter on real TCP: what it sends, which form it settles on, and what it makes of good answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from mapgen.errors import BadAnswer, ConfigError, FormatUnsupported, UnknownModel, WrongProtocol
from mapgen.llm.base import Endpoint
from mapgen.llm.openai import FORMS, Dialect, OpenAIEndpoint, _certificates, _known
from tests.llm.asking import GOOD, NOTE, filled
from tests.servers.fake import FakeServer, Request, completion, error
from tests.servers.http import Answer

KEY = "sk-verysecretkey0123456789"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    _known.clear()
    yield
    _known.clear()


def note(request: Request) -> dict[str, Any]:
    """The good answer to every asking of these tests."""
    assert request.properties == {"text", "score"}
    return GOOD


@asynccontextmanager
async def endpoint(*script: Answer, **changed: Any) -> AsyncIterator[tuple[OpenAIEndpoint, FakeServer]]:
    """An adapter and the server behind it; all connections are closed in the end."""
    async with FakeServer(script, good=note) as server:
        told: dict[str, Any] = {"kind": "hosted", "model": "m", "base_url": server.url, "api_key": SecretStr(KEY)}
        model = OpenAIEndpoint(Endpoint(**(told | changed)), base_url=server.url, api_key=KEY)
        try:
            yield model, server
        finally:
            await model.aclose()
            assert await server.closed()


async def test_a_request_says_what_was_asked_and_no_more() -> None:
    async with endpoint(temperature=0.2) as (model, server):
        reply = await model.ask(filled())
    assert (reply.value, reply.input_tokens, reply.output_tokens) == (NOTE, 100, 50)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Write notes."}, {"role": "user", "content": "On bread."}],
        "max_tokens": 100,
        "temperature": 0.2,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "note", "schema": filled().schema, "strict": True},
        },
    }


async def test_no_temperature_is_sent_where_none_is_set() -> None:
    async with endpoint() as (model, server):
        await model.ask(filled())
    assert "temperature" not in server.requests[0].body


REFUSED = Answer(error("This endpoint does not support this response_format"), status=400)


async def test_the_ladder_is_taken_one_request_a_step_and_remembered() -> None:
    forms = ["strict json_schema", "json_schema", "json_object", "prompt only"]
    async with endpoint(REFUSED, REFUSED, REFUSED) as (model, server):
        for _ in range(3):
            with pytest.raises(FormatUnsupported):
                await model.ask(filled())
        assert (await model.ask(filled())).value == NOTE
        assert [request.form for request in server.requests] == forms == list(FORMS)
        again = OpenAIEndpoint(model._endpoint, base_url=server.url, api_key=KEY)
        assert (await again.ask(filled())).value == NOTE
        await again.aclose()
        assert server.requests[-1].form == "prompt only"


async def test_the_ladder_is_remembered_for_that_model_only() -> None:
    async with endpoint(REFUSED) as (model, server):
        with pytest.raises(FormatUnsupported):
            await model.ask(filled())
        told = model._endpoint.model_copy(update={"model": "other"})
        other = OpenAIEndpoint(told, base_url=server.url, api_key=KEY)
        await other.ask(filled())
        await other.aclose()
        await model.ask(filled())
    assert [request.form for request in server.requests] == [FORMS[0], FORMS[0], FORMS[1]]


async def test_below_the_last_step_is_another_protocol() -> None:
    async with endpoint(*[REFUSED] * 4) as (model, server):
        for kind in (FormatUnsupported, FormatUnsupported, FormatUnsupported, WrongProtocol):
            with pytest.raises(kind):
                await model.ask(filled())
    assert len(server.requests) == 4


async def test_without_a_schema_field_the_schema_is_told_in_words_before_what_differs() -> None:
    async with endpoint(REFUSED, REFUSED) as (model, server):
        for _ in range(2):
            with pytest.raises(FormatUnsupported):
                await model.ask(filled())
        await model.ask(filled())
    system, user = server.requests[-1].messages
    assert system.startswith("Write notes.\n\nAnswer with one JSON object")
    assert json.loads(system.rsplit("\n", 1)[1]) == filled().schema
    assert user == "On bread."


@pytest.mark.parametrize(
    ("said", "gone", "there"),
    [
        ("'max_tokens' is not supported. Use 'max_completion_tokens' instead.", "max_tokens", "max_completion_tokens"),
        ("Unsupported value: 'temperature' does not support 0.2", "temperature", "max_tokens"),
    ],
)
async def test_a_refused_parameter_is_left_out(said: str, gone: str, there: str) -> None:
    async with endpoint(Answer(error(said), status=400), temperature=0.2) as (model, server):
        with pytest.raises(FormatUnsupported):
            await model.ask(filled())
        await model.ask(filled())
    body = server.requests[-1].body
    assert gone not in body
    assert body[there] == 100
    assert server.requests[-1].form == FORMS[0]


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ("max_tokens is too large: 100. This model supports at most 80 completion tokens.", 80),
        ("max_completion_tokens: must be less than or equal to `64`, the maximum value is 64", 64),
        ("`max_tokens` exceeds what the model may write", 50),
    ],
)
async def test_an_answer_that_may_be_shorter_only_is_asked_for_so_and_that_is_remembered(said: str, most: int) -> None:
    async with endpoint(Answer(error(said), status=400)) as (model, server):
        with pytest.raises(FormatUnsupported if most >= 64 else WrongProtocol):
            await model.ask(filled())
        if most >= 64:
            await model.ask(filled())
            assert server.requests[-1].body["max_tokens"] == most
            assert server.requests[-1].form == FORMS[0]


def test_a_dialect_ends_whatever_is_said() -> None:
    for said in ("max_tokens", "temperature", "max_tokens temperature", "strict", "max_tokens: at most 900"):
        steps = [Dialect()]
        while (after := steps[-1].next(said, asked=steps[-1].room or 1_000)) is not None:
            steps.append(after)
        assert len(steps) == len(set(steps)) <= 6


@pytest.mark.parametrize(
    "message",
    [
        {"content": f"<think>Bread.</think>```json\n{json.dumps(GOOD)}\n```"},
        {"content": "", "reasoning_content": json.dumps(GOOD)},
        {"content": [{"type": "text", "text": json.dumps(GOOD)}]},
        {"content": f"\ufeffHere: {json.dumps(GOOD)} Done."},
    ],
)
async def test_an_answer_in_odd_clothes_needs_no_second_request(message: dict[str, Any]) -> None:
    body = completion("", choices=[{"message": message, "finish_reason": "stop"}])
    async with endpoint(Answer(body)) as (model, server):
        assert (await model.ask(filled())).value == NOTE
    assert len(server.requests) == 1


async def test_a_bad_answer_knows_its_tokens_and_that_it_was_cut() -> None:
    cut = completion("", choices=[{"message": {"content": '{"text": "pl'}, "finish_reason": "length"}])
    async with endpoint(Answer(completion('{"text": 1}')), Answer(cut)) as (model, _):
        with pytest.raises(BadAnswer) as wrong:
            await model.ask(filled())
        with pytest.raises(BadAnswer) as short:
            await model.ask(filled())
    assert (wrong.value.input_tokens, wrong.value.output_tokens, wrong.value.cut) == (100, 50, False)
    assert wrong.value.problems[0].startswith("text: ")
    assert (short.value.input_tokens, short.value.output_tokens, short.value.cut) == (100, 50, True)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed_and_the_prompt_not_sent_on(status: int) -> None:
    async with FakeServer(good=note) as elsewhere:
        moved = Answer(status=status, headers={"Location": f"{elsewhere.url}/chat/completions"})
        async with endpoint(moved) as (model, server):
            with pytest.raises(UnknownModel, match=str(status)) as caught:
                await model.ask(filled())
    assert caught.value.exit_code == 78
    assert len(server.requests) == 1
    assert elsewhere.requests == []


@pytest.mark.parametrize("url", ["http://[::1", "http://user:secretpass/x@host/v1", "http://host:port/v1"])
async def test_an_impossible_url_is_a_setting_not_a_traceback(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OpenAIEndpoint(Endpoint(kind="hosted", model="m", base_url=url), base_url=url, api_key=KEY)
    assert "secretpass" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "gopher://me:secretpass@127.0.0.1:1"),
        ("ALL_PROXY", "socks5://me:secretpass@127.0.0.1:1"),
        ("SSL_CERT_FILE", "/nowhere/secretpass.pem"),
    ],
)
async def test_a_broken_proxy_or_certificate_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    _certificates.cache_clear()
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        OpenAIEndpoint(Endpoint(kind="hosted", model="m"), base_url="http://127.0.0.1:1/v1", api_key=KEY)
    _certificates.cache_clear()
    assert name.split("_")[-1] in caught.value.hint
    assert "secretpass" not in f"{caught.value} {caught.value.hint}"


async def test_the_embedded_engine_is_not_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeServer(good=note) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with endpoint(kind="embedded", base_url=None, api_key=None) as (model, server):
            assert (await model.ask(filled())).value == NOTE
    assert (len(server.requests), len(proxy.requests)) == (1, 0)
