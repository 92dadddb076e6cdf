"""Citations: what a model is shown of passages, and which of the quotes that it gives stand in them.

A quote that does not is left out and counted. What does not fit a model's context is asked with fewer passages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import Field

from mapgen.errors import TooLong
from mapgen.model import Citation, Passage, Text
from mapgen.prompting import Answer, Schema, nonce
from mapgen.sources.base import Found
from mapgen.sources.quotes import located

T = TypeVar("T")
Of = Literal["definition", "relevance"]
MOST: Mapping[Of, int] = {"definition": 1, "relevance": 2}
"""How many quotes a text may stand on."""


class Quote(Answer):
    """Words of a passage, by the number under which it was shown, from 1."""

    passage: int
    quote: Text


Quotes = Annotated[tuple[Quote, ...], Field(max_length=12)]


class Cited(NamedTuple):
    """The quotes that stand in their passages, and how many were dropped because they do not."""

    citations: tuple[Citation, ...] = ()
    dropped: int = 0


async def fitting(found: Found, ask: Callable[[Found], Awaitable[T]]) -> T:
    """What ``ask`` gives with as many of the passages as the model's context holds: all, half of them … none.

    Raises what it raises.
    """
    while True:
        try:
            return await ask(found)
        except TooLong:
            if not found.passages:
                raise
            found = found.model_copy(update={"passages": found.passages[: len(found.passages) // 2]})


def shown(found: Found) -> tuple[tuple[str, str], ...]:
    """The passages as a prompt shows them: the title and headings above each, and its text."""
    titles = {source.id: source.title for source in found.sources}
    return tuple(
        (" > ".join(filter(None, (titles.get(one.source, ""), one.heading))), one.text) for one in found.passages
    )


def mark(query: str, found: Found) -> str:
    """The mark between which the passages stand; none of them can hold it. Empty where there is none."""
    return nonce(query, *(part for passage in shown(found) for part in passage)) if found.passages else ""


def narrowed(schema: Schema, passages: int) -> Schema:
    """The schema of an answer with quotes, for that many passages."""
    for of, most in MOST.items():
        if quotes := schema["properties"].get(f"{of}_quotes"):
            quotes |= {"minItems": 0, "maxItems": most}
            quotes["items"]["properties"]["passage"] = {"type": "integer", "enum": list(range(1, passages + 1))}
    return schema


def cited(quotes: Mapping[Of, tuple[Quote, ...]], found: Found) -> Cited:
    """The citations that these quotes are, in the passages' own words, each once, and of a text the first MOST.

    A wrong number is a slip where the words stand in another of the passages: that one is cited.
    """
    kept: list[Citation] = []
    dropped = 0
    for of, given in quotes.items():
        citations = [_citation(one, of, passages=found.passages) for one in given if one.quote]
        dropped += citations.count(None)
        kept += list(dict.fromkeys(filter(None, citations)))[: MOST[of]]
    return Cited(tuple(kept), dropped)


def _citation(given: Quote, of: Of, *, passages: tuple[Passage, ...]) -> Citation | None:
    numbered = passages[given.passage - 1 : given.passage] if given.passage > 0 else ()
    for passage in (*numbered, *passages):
        if words := located(given.quote, passage.text):
            place = passage.place(words.start)
            return Citation(
                source=passage.source, quote=words.text, of=of, heading=place.heading[:10_000], page=place.page
            )
    return None
