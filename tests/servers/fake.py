"""A fake OpenAI-compatible endpoint on real TCP: good answers by the prompt's name, faults as scripted.

    async with FakeServer(latency=0.3) as server: ... base_url=server.url ...

It records every request. It knows the answers of maps.py and nothing of mapgen itself.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.servers import maps
from tests.servers.http import Answer, read_request, write_answer

MODEL = "fake-model"


@dataclass(frozen=True)
class Request:
    """One request as it came: ``at`` in monotonic seconds, ``in_flight`` with itself counted."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float
    in_flight: int

    @property
    def body(self) -> dict[str, Any]:
        """The request's JSON."""
        body: dict[str, Any] = json.loads(self.raw)
        return body

    @property
    def form(self) -> str:
        """The form of structured output that is asked for."""
        wanted = self.body.get("response_format", {"type": "prompt only"})
        strict = "strict " if wanted.get("json_schema", {}).get("strict") else ""
        return f"{strict}{wanted['type']}"

    @property
    def properties(self) -> set[str]:
        """The names of the fields that the answer shall have."""
        wanted = self.body.get("response_format", {}).get("json_schema")
        schema = wanted["schema"] if wanted else json.loads(self.messages[0].rsplit("JSON Schema:\n", 1)[-1])
        return set(schema["properties"])

    @property
    def messages(self) -> tuple[str, ...]:
        """The contents of the messages."""
        return tuple(message["content"] for message in self.body["messages"])


Good = Callable[[Request], dict[str, Any]]


def completion(answer: Any, **more: Any) -> dict[str, Any]:
    """The body of a good chat completion; ``answer`` is its text, or a value sent as JSON. 100 tokens in, 50 out."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
    } | more


def error(message: str, **more: Any) -> dict[str, Any]:
    """The body of an error in OpenAI's form."""
    return {"error": {"message": message, "type": None, "param": None, "code": None} | more}


def good_map(n: int = 5) -> Good:
    """The answers of a complete map of ``n`` concepts, and of its repair, by what is asked."""

    def answer(request: Request) -> dict[str, Any]:
        if "concepts" in request.properties:
            return maps.plan_answer(n)
        if "relations" in request.properties:
            return maps.relate_answer(n)
        if "name" in request.properties:
            return maps.new_concept(request.messages[1], n)
        found = maps.write_answers(n)[maps.asked_concept(request.messages[1])]
        quotes = maps.quotes(request.messages[1])
        return {name: quotes if name.endswith("_quotes") else found[name] for name in request.properties}

    return answer


class FakeServer:
    """The endpoint. ``script`` answers the first requests, one each; ``good`` every later one after ``latency`` s.

    ``requests`` are those that came, ``peak`` the most at once, ``open`` the connections that still stand.
    """

    def __init__(
        self, script: Iterable[Answer] = (), *, concepts: int = 5, latency: float = 0.0, good: Good | None = None
    ) -> None:
        self._script = list(script)
        self._good = good or good_map(concepts)
        self._latency = latency
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.in_flight = self.peak = self.open = 0

    @property
    def url(self) -> str:
        """The root of the API, for --base-url."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def asked(self) -> list[Request]:
        """The requests for a completion; a list of models is asked for apart."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def then(self, *answers: Answer) -> None:
        """Append to the script."""
        self._script.extend(answers)

    async def closed(self) -> bool:
        """Whether all connections are closed by their clients, within a second."""
        for _ in range(100):
            if not self.open:
                return True
            await asyncio.sleep(0.01)
        return False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        again = True
        while again:
            path, headers, body = await read_request(reader)
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            self.requests.append(Request(path, headers, body, time.monotonic(), self.in_flight))
            try:
                again = await self._answered(reader, writer)
            finally:
                self.in_flight -= 1

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer the last request, unless the client goes away first; whether another may come."""
        sending = asyncio.ensure_future(write_answer(writer, self._next(self.requests[-1])))
        leaving = asyncio.ensure_future(_left(reader))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
            return sending.done() and await sending
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    def _next(self, request: Request) -> Answer:
        if self._script:
            return self._script.pop(0)
        if not request.path.endswith("/chat/completions"):
            return Answer(error("no such path"), status=404)
        return Answer(completion(self._good(request)), before=self._latency)


async def _left(reader: asyncio.StreamReader) -> None:
    """Return when the client closed its side; a request's body is read whole before this waits."""
    while not reader.at_eof():  # noqa: ASYNC110 - a read would take the next request's first byte
        await asyncio.sleep(0.01)
