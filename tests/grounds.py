"""Passages for tests of grounded maps: a shelf that knows some concepts of the good map, and what quotes them.

It is a Finder as the pipeline sees one; real sources are tested in tests/sources.
"""

from __future__ import annotations

from typing import Any

from mapgen.model import Passage, Source
from mapgen.sources.base import NOTHING, Found, Wanted
from tests.scripts import QUERY, SCOPES, Line, write_answer

RISE = "a general and lasting rise of prices in an economy"
PRICES = f"In economics, inflation is {RISE}. Central banks answer it with higher rates of interest."
CRUDE = "The price of oil is what a barrel of crude costs on the spot market. It moves with demand for fuel."


def source(id: str) -> Source:
    """The source of that id."""
    return Source(id=id, title=id.title(), location=f"https://example.org/{id}")


def found(*texts: tuple[str, str]) -> Found:
    """Passages of sources, as pairs of source id and text; each under a heading and on a page."""
    passages = tuple(Passage(source=id, heading="Prices", page=3, offset=0, text=text) for id, text in texts)
    return Found(passages=passages, sources=tuple(source(id) for id in dict.fromkeys(id for id, _ in texts)))


class Shelf:
    """A Finder of what it is given by concepts' names, the query under an empty one; it notes what is wanted."""

    name = "shelf"

    def __init__(self, by_name: dict[str, Found] | None = None) -> None:
        self.by_name = {"Inflation": found(("economics", PRICES))} if by_name is None else by_name
        self.wanted: list[Wanted] = []
        self.closed = False

    async def find(self, wanted: Wanted) -> Found:
        """What is on the shelf of that name."""
        self.wanted.append(wanted)
        return self.by_name.get(wanted.name, NOTHING)

    def fingerprint(self) -> str | None:
        """It never changes."""
        return "shelf"

    def close(self) -> None:
        """Note that it is closed."""
        self.closed = True


def quoting(*quotes: tuple[int, str]) -> list[dict[str, Any]]:
    """Quotes as a model gives them."""
    return [{"passage": number, "quote": quote} for number, quote in quotes]


def sourced_line(name: str, *, definition: Any = (), relevance: Any = (), match: str | None = None) -> Line:
    """The line of one concept's write that quotes passages."""
    texts = write_answer(name)
    answer = {
        "definition_quotes": quoting(*definition),
        "definition": texts["definition"],
        "relevance_quotes": quoting(*relevance),
        "relevance": texts["relevance"],
    }
    return {"prompt": "write", "match": SCOPES[name] if match is None else match, "answer": answer}


WANTED = Wanted(query=QUERY, language="en", name="Inflation", scope=SCOPES["Inflation"])
