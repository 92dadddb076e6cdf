"""Counts what is asked of models: calls, tokens, money, and what was asked twice.

It limits nothing (limited.py does) and knows no answers. Prices are those of genai-prices; an endpoint or model
that it does not list has no price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from mapgen.errors import BadAnswer, ContentRefused, EndpointError
from mapgen.llm.base import LLM, Endpoint, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)
Counter = Literal["calls", "retries", "reasked", "cache_hits"]


@dataclass
class Reused:
    """What answers from a store took when they were first made."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    reasked: int = 0


@dataclass
class Meter:
    """The sums of one map; ``parent`` sums several. ``cost`` is in US dollars, None once a price is unknown.

    ``watch`` is called after every change. ``reused`` is apart from the sums: it was spent in other runs.
    """

    parent: Meter | None = None
    watch: Callable[[], None] = lambda: None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    retries: int = 0
    reasked: int = 0
    cache_hits: int = 0
    reused: Reused = field(default_factory=Reused)

    @property
    def tokens(self) -> int:
        """Tokens sent and received."""
        return self.input_tokens + self.output_tokens

    def count(self, what: Counter) -> None:
        """One more of ``what``."""
        setattr(self, what, getattr(self, what) + 1)
        if self.parent is not None:
            self.parent.count(what)
        self.watch()

    def reuse(self, outcome: Reply[Any] | BadAnswer | ContentRefused) -> None:
        """Count an answer or a failure from a store, with what it took when it was first made."""
        self.reused.calls += 1 + outcome.reasked
        self.reused.input_tokens += outcome.input_tokens
        self.reused.output_tokens += outcome.output_tokens
        self.reused.reasked += outcome.reasked
        self.count("cache_hits")

    def spend(self, endpoint: Endpoint, *, input_tokens: int, output_tokens: int) -> None:
        """Add the tokens of one call, and their price."""
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        paid = price(endpoint, input_tokens=input_tokens, output_tokens=output_tokens)
        self.cost = None if self.cost is None or paid is None else self.cost + paid
        if self.parent is not None:
            self.parent.spend(endpoint, input_tokens=input_tokens, output_tokens=output_tokens)
        self.watch()


class Metered:
    """An LLM whose calls are counted, failed ones too."""

    def __init__(self, inner: LLM, meter: Meter, *, endpoint: Endpoint) -> None:
        self._inner = inner
        self._meter = meter
        self._endpoint = endpoint

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer, counted."""
        self._meter.count("calls")
        try:
            reply = await self._inner.ask(filled)
        except (EndpointError, ContentRefused) as error:
            self._spend(error.input_tokens, error.output_tokens)
            raise
        self._spend(reply.input_tokens, reply.output_tokens)
        return reply

    def _spend(self, input_tokens: int, output_tokens: int) -> None:
        if input_tokens or output_tokens:
            self._meter.spend(self._endpoint, input_tokens=input_tokens, output_tokens=output_tokens)


def price(endpoint: Endpoint, *, input_tokens: int, output_tokens: int) -> float | None:
    """What so many tokens cost at this endpoint, in US dollars; None where no price is known; 0.0 locally."""
    if endpoint.kind != "hosted":
        return 0.0
    if not _has_price(endpoint.model, endpoint.base_url):
        return None
    return _price(endpoint.model, endpoint.base_url, tokens=(input_tokens, output_tokens))


def _price(model: str, base_url: str | None, *, tokens: tuple[int, int]) -> float:
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=tokens[0], output_tokens=tokens[1])
    return float(calc_price(usage, model, provider_api_url=base_url).total_price)


@cache
def _has_price(model: str, base_url: str | None) -> bool:
    try:
        _price(model, base_url, tokens=(1, 1))
    except LookupError:
        return False
    return True
