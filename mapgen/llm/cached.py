"""Answers kept between runs, wherever texts can be kept by key: in a store, or in a recording.

The key is all that changes an answer and nothing else; only validated values are stored, as JSON, and they are
validated again when read. It knows no disk; that is store.py's.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from mapgen.errors import BadAnswer, ContentRefused, MapgenError
from mapgen.llm.base import LLM, Endpoint, Reply
from mapgen.llm.kept import read, written
from mapgen.llm.metered import Meter
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)

_VERSION = 2  # of the stored form; part of every key


class Answers(Protocol):
    """Texts by key: a store on disk, a recording, or several of them in layers.

    ``failures`` says whether askings that the model failed at are kept, too: a recording gives back what happened,
    while a cache gives the model another chance.
    """

    @property
    def failures(self) -> bool:
        """Whether failed askings are kept."""
        ...

    def get(self, key: str) -> str | None:
        """The text of ``key``, or None."""
        ...

    def put(self, key: str, text: str) -> None:
        """Keep ``text``."""
        ...


class Unread:
    """A store that is only written to: what is asked is asked anew, and kept in the place of what was there."""

    failures = False

    def __init__(self, store: Answers) -> None:
        self.put = store.put

    def get(self, key: str) -> None:
        """Nothing."""


class Cached:
    """An LLM that remembers another one's answers."""

    def __init__(self, inner: LLM, *, store: Answers, endpoint: Endpoint, meter: Meter) -> None:
        self._inner = inner
        self._store = store
        self._endpoint = endpoint
        self._meter = meter

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The stored answer where there is a valid one, with what it took at first; else the inner one's, stored."""
        key = answer_key(filled, self._endpoint)
        if (found := read(self._store.get(key), filled.out)) is not None:
            self._meter.reuse(found)
            if isinstance(found, MapgenError):
                raise found
            return found
        try:
            reply = await self._inner.ask(filled)
        except (BadAnswer, ContentRefused) as error:
            if self._store.failures:
                self._store.put(key, written(error))
            raise
        if not reply.partial or self._store.failures:
            self._store.put(key, written(reply))
        return reply


def answer_key(filled: Filled[Any], endpoint: Endpoint) -> str:
    """The key of one answer: messages, model, endpoint, schema, sampling and repeat, hashed."""
    return digest(
        "answer",
        [message.model_dump() for message in filled.messages],
        filled.schema,
        endpoint.kind,
        endpoint.model,
        endpoint.base_url,
        endpoint.file,
        endpoint.temperature,
        filled.repeat,
    )


def digest(kind: str, *parts: Any) -> str:
    """A key from JSON values: equal parts, equal key (SHA-256 of their canonical JSON)."""
    text = json.dumps([_VERSION, *parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"
