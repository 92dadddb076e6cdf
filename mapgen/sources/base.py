"""What every kind of source is turned into, a document of blocks of text, and what every source can be asked.

It knows no kind of file and no address; passages are cut from documents elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Protocol

from pydantic import AfterValidator, Field

from mapgen.errors import SourceError
from mapgen.model import Passage, Source, Text, Value
from mapgen.text import clean, shorten

TITLE = 300  # characters

Line = Annotated[str, AfterValidator(clean)]
"""One line of any length, without what no reader sees."""


class Block(Value):
    """A paragraph, list or table of a document; it is under the headings of ``heading``, outermost first."""

    heading: tuple[Line, ...] = ()
    page: Annotated[int, Field(ge=1)] | None = None
    text: Line


class Document(Value):
    """A source as text; ``location`` is its URL, or the path that was given."""

    id: Annotated[str, Field(pattern=r"^[\w-]+$")]
    title: Text
    location: Text
    blocks: tuple[Block, ...]


class Raw(Value):
    """What a file or an answer holds: ``name`` is for messages, ``charset`` what an answer says of itself."""

    name: str
    data: bytes
    charset: str | None = None


class Extracted(Value):
    """The blocks that are in a file, and its own title where it has one."""

    title: str = ""
    blocks: tuple[Block, ...] = ()

    def whole(self, name: str) -> Extracted:
        """The same without empty blocks. Raises SourceError where there are no others."""
        blocks = tuple(block for block in self.blocks if block.text)
        if not blocks:
            raise SourceError(f"{name} has no text.", hint="Name a source that has text which a reader can see.")
        return Extracted(title=shorten(clean(self.title), TITLE), blocks=blocks)


class Wanted(Value):
    """What passages are asked for: a query, or one concept of its map, with what matters of it (``scope``).

    ``language`` is a BCP 47 code, that of the query or of the map.
    """

    query: Line
    language: str
    name: Line = ""
    scope: Line = ""


class Found(Value):
    """Passages, best first, and the sources that they are from, each once."""

    passages: tuple[Passage, ...] = ()
    sources: tuple[Source, ...] = ()


NOTHING = Found()


class Finder(Protocol):
    """A source that is open. It finds no passage where none is near enough to what is wanted."""

    @property
    def name(self) -> str:
        """The source for people, as its user named it."""
        ...

    async def find(self, wanted: Wanted) -> Found:
        """The passages for that. Raises SourceError."""
        ...

    def fingerprint(self) -> str | None:
        """What changes with its passages; None where that cannot be told, as of what lives elsewhere."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


Reader = Callable[[Raw], Extracted]
"""One kind of file: its bytes in, its blocks out. Raises SourceError where they cannot be read."""


def needs(package: str, *, extra: str) -> SourceError:
    """The error of a kind whose package is not installed."""
    hint = f"pip install 'mapgen[{extra}]'"
    return SourceError(f"Reading {extra} needs {package}, which is not installed.", hint=hint)


class Outline:
    """The headings above the place that a reader has come to."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above this place, outermost first."""
        return tuple(text for _, text in self._open)

    def enter(self, level: int, text: str) -> None:
        """Come to a heading; it ends the ones of its level and below. All text under it has it: a long one is cut."""
        self._open = [(above, title) for above, title in self._open if above < level]
        if text := shorten(clean(text), TITLE):
            self._open.append((level, text))
