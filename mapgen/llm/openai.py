"""The adapter to every OpenAI-compatible endpoint; the only importer of openai.

It sends one request per asking, in the form of structured output that the endpoint was found to take, and reads the
answer's bytes itself: retries, limits and caches are others'.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
import openai
from pydantic import BaseModel

from mapgen.errors import (
    BadAnswer,
    ConfigError,
    FormatUnsupported,
    Garbled,
    MapgenError,
    Unavailable,
    UnknownModel,
    WrongProtocol,
)
from mapgen.llm import phrases
from mapgen.llm.answers import read_answer
from mapgen.llm.base import Endpoint, Reply
from mapgen.llm.classify import Completion, completion, failure
from mapgen.llm.listed import models, naming
from mapgen.prompting import Filled, Message

Out = TypeVar("Out", bound=BaseModel)

BODY_LIMIT = 4_000_000  # bytes of an answer that are read
_LISTING = 5.0  # seconds that a list of models may take
_SAYING = 5.0  # seconds that the words of a refusal may take
_LEAST = 64  # tokens; an answer that may have fewer holds nothing
_MOST = re.compile(r"(?:at most|maximum|less than or equal to|up to|limit|<=)\D{0,40}(\d[\d,]*)", re.I)
_SECRET = 8  # characters; a shorter key is a placeholder such as "none"
# What JSON may escape and need not: a key would hide behind it.
_ESCAPED = re.compile(rb"(?<!\\)((?:\\\\)*)\\(?:u00(?!22|5[cC])([2-7][0-9a-fA-F])|(/))")


@dataclass(frozen=True)
class Dialect:
    """What an endpoint and model were found to take.

    ``form`` is the step of the ladder of structured output, ``room`` the most tokens that an answer may have.
    """

    form: int = 0
    tokens: str = "max_tokens"
    temperature: bool = True
    room: int | None = None

    def next(self, said: str, *, asked: int) -> Dialect | None:
        """The dialect to try after a refusal in those words of a request for ``asked`` tokens.

        None where there is nothing left to leave out.
        """
        words = said.lower()
        if phrases.ROOM.search(said):
            most = [int(n.replace(",", "")) for n in _MOST.findall(said)]
            room = min((n for n in most if n < asked), default=asked // 2)
            return replace(self, room=room) if room >= _LEAST else None
        if "max_tokens" in words and self.tokens == "max_tokens":
            return replace(self, tokens="max_completion_tokens")
        if "temperature" in words and self.temperature:
            return replace(self, temperature=False)
        return replace(self, form=self.form + 1) if self.form < len(FORMS) - 1 else None


FORMS = ("strict json_schema", "json_schema", "json_object", "prompt only")
_known: dict[tuple[str | None, str], Dialect] = {}


class OpenAIEndpoint:
    """An LLM at ``base_url``. The dialect is remembered for the process, by endpoint and model."""

    def __init__(self, endpoint: Endpoint, *, base_url: str, api_key: str) -> None:
        self._endpoint = endpoint
        self._key = api_key
        try:
            http = httpx2.AsyncClient(
                follow_redirects=False,
                timeout=endpoint.timeout,
                verify=_certificates(),
                trust_env=endpoint.kind == "hosted",  # the embedded engine is here, not behind a proxy
                event_hooks={"response": [self._refuse]},
            )
            self._client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key, max_retries=0, http_client=http)
        except (httpx2.InvalidURL, OSError, ValueError, ImportError) as error:
            hint = "Check --base-url, and the environment's proxies (HTTPS_PROXY …) and certificates (SSL_CERT_FILE)."
            raise ConfigError(f"A connection for {endpoint.model} cannot be set up.", hint=hint) from error

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The endpoint's answer to one request. Raises EndpointError and InputError by what it said."""
        key = (self._endpoint.base_url, self._endpoint.model)
        dialect = _known.get(key, Dialect())
        try:
            found = completion(await self._body(self._request(filled, dialect)))
        except FormatUnsupported as error:
            asked = min(filled.max_tokens, dialect.room or filled.max_tokens)
            if (after := dialect.next(error.message, asked=asked)) is None:
                raise WrongProtocol(error.message, hint="The endpoint refuses every form of request.") from error
            if _known.get(key, Dialect()) == dialect:
                _known[key] = after
            raise
        except UnknownModel as error:
            names = await self._models() if "model" in error.message.lower() else ()
            raise naming(error, names) if names else error from error.__cause__
        return _reply(found, filled)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _request(self, filled: Filled[Any], dialect: Dialect) -> dict[str, Any]:
        messages = filled.messages if dialect.form < 2 else _with_schema(filled)
        request: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [message.model_dump() for message in messages],
            dialect.tokens: min(filled.max_tokens, dialect.room or filled.max_tokens),
        }
        if dialect.temperature and self._endpoint.temperature is not None:
            request["temperature"] = self._endpoint.temperature
        if dialect.form < 2:
            schema = {"name": filled.prompt, "schema": filled.schema}
            strict = {"strict": True} if dialect.form == 0 else {}
            request["response_format"] = {"type": "json_schema", "json_schema": schema | strict}
        elif dialect.form == 2:
            request["response_format"] = {"type": "json_object"}
        return request

    async def _body(self, request: dict[str, Any]) -> bytes:
        try:
            async with self._client.chat.completions.with_streaming_response.create(**request) as response:
                return await self._read(response.http_response)
        except httpx2.DecodingError as error:
            raise Garbled("The endpoint's answer is not packed as it says.", hint="Try again later.") from error
        except (openai.APIError, httpx2.HTTPError, httpx2.InvalidURL, OSError, ExceptionGroup) as error:
            raise _unreachable(error, self._endpoint.host) from error

    async def _models(self) -> tuple[str, ...]:
        """The models that the endpoint lists; none where it does not, or not soon."""
        with suppress(MapgenError, openai.APIError, httpx2.HTTPError, OSError):
            async with asyncio.timeout(min(_LISTING, self._endpoint.timeout / 4)):
                async with self._client.models.with_streaming_response.list() as response:
                    return models(await self._read(response.http_response), like=self._endpoint.model)
        return ()

    async def _refuse(self, response: httpx2.Response) -> None:
        """Judge every status here: the client would read an error's body whole, however long it is."""
        if response.status_code != 200:
            raise failure(response.status_code, await self._said(response), headers=response.headers)

    async def _said(self, response: httpx2.Response) -> bytes:
        """The words of a refusal; none where they cannot be read, for what a 4xx means, its number says alone."""
        try:
            async with asyncio.timeout(_SAYING):
                return await self._read(response)
        except (Garbled, httpx2.HTTPError, OSError):
            if response.status_code >= 500:
                raise
            return b""

    async def _read(self, response: httpx2.Response) -> bytes:
        """The body, up to BODY_LIMIT, without the key, which some endpoints repeat in what they refuse."""
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > BODY_LIMIT:
                raise Garbled(f"The endpoint's answer is larger than {BODY_LIMIT:,} bytes.", hint="Try again later.")
        if len(self._key) < _SECRET:
            return bytes(body)
        plain = _ESCAPED.sub(_unescaped, body)
        for secret in (self._key, quote(self._key, safe="")):
            plain = plain.replace(secret.encode(), b"[key]")
        return plain


@cache
def _certificates() -> ssl.SSLContext:
    """The trusted certificates, loaded once in a process: that takes 30 ms."""
    return httpx2.create_ssl_context()


def _unescaped(found: re.Match[bytes]) -> bytes:
    return found[1] + (found[3] or bytes([int(found[2], 16)]))


def _unreachable(error: Exception, host: str) -> Unavailable:
    cause: BaseException = error.__cause__ or error
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    reason = str(cause) or type(cause).__name__
    return Unavailable(f"{host} cannot be reached: {reason}", hint="Check --base-url and the network.")


def _reply(found: Completion, filled: Filled[Out]) -> Reply[Out]:
    try:
        value = read_answer(found.text, filled.out)
    except BadAnswer as bad:
        bad.input_tokens, bad.output_tokens = found.input_tokens, found.output_tokens
        bad.cut = found.cut
        raise
    return Reply(value, input_tokens=found.input_tokens, output_tokens=found.output_tokens)


def _with_schema(filled: Filled[Any]) -> tuple[Message, ...]:
    """The messages with the schema told in words, for endpoints that take none."""
    told = f"\n\nAnswer with one JSON object of this JSON Schema:\n{json.dumps(filled.schema, ensure_ascii=False)}"
    first, *rest = filled.messages
    return (Message(role=first.role, content=first.content + told), *rest)
