"""The one door to every model: ask(Filled[Out]) -> Reply[Out], and what stands at its other side.

Whatever wraps a model (cache, retries, limits …) has the same shape. It knows no particular model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, SecretStr

from mapgen.model import Value
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)
Kind = Literal["hosted", "embedded", "scripted"]


@dataclass(frozen=True)
class Reply(Generic[Out]):
    """A validated answer, the tokens that it took, and how often it was asked again before it was valid.

    ``partial`` says that faulty items had to be left out of it.
    """

    value: Out
    input_tokens: int = 0
    output_tokens: int = 0
    reasked: int = 0
    partial: bool = False


@dataclass(frozen=True)
class Engine:
    """An embedded model's server: its address and key, and how to have it ready for a system message."""

    base_url: str
    api_key: str
    warm: Callable[[str], None]


class LLM(Protocol):
    """Anything that can be asked."""

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The model's answer, valid. Raises EndpointError, LimitReached, ContentRefused, ConfigError."""
        ...


class Endpoint(Value):
    """Where a model is reached, and what is sent with every request.

    ``base_url`` of a hosted endpoint is the API's root; ``file`` is the weights of an embedded model or the
    answers of a scripted one. ``temperature`` None leaves it to the endpoint.
    """

    kind: Kind
    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    file: str | None = None
    temperature: float | None = None
    timeout: float = 180.0

    @property
    def host(self) -> str:
        """The endpoint for people: the host of its URL, or its kind."""
        if self.kind != "hosted":
            return self.kind
        return host_of(self.base_url or "")


def host_of(url: str) -> str:
    """The host and port of a URL, without the credentials that may stand in it."""
    return re.split(r"[/?#\\]", url.split("://")[-1].rsplit("@", 1)[-1], maxsplit=1)[0]
