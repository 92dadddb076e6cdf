"""The values that flow through mapgen, from the query to the finished KnowledgeMap; all frozen.

They know how to be valid, read and saved. They know no model, no prompt and no format: to_html() and its kin
call up to render/ when asked.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mapgen.errors import InputError
from mapgen.files import read_bytes, utf8
from mapgen.languages import code_of
from mapgen.text import clean, encodable, shorten, shown_json

RelationKind = Literal[
    "is-a", "part-of", "depends-on", "enables", "causes", "limits", "contrasts-with", "example-of", "measures"
]
RELATION_KINDS: tuple[RelationKind, ...] = get_args(RelationKind)
Status = Literal["complete", "incomplete"]

QUERY_LIMIT = 4_000  # characters
MAP_LIMIT = 20_000_000  # bytes of a saved map
TEXT_LIMIT = 10_000  # characters
MIN_CONCEPTS, MAX_CONCEPTS = 3, 12

Text = Annotated[str, AfterValidator(clean), Field(max_length=TEXT_LIMIT)]
"""One line of Unicode text, NFC, without control or bidirectional characters."""
Id = Annotated[str, AfterValidator(encodable)]
Count = Annotated[int, Field(ge=0)]


class Value(BaseModel):
    """The base of every value: frozen, strict, and without unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)


class Query(Value):
    """What the user asked: the text, and what they fixed about the answer."""

    text: Annotated[str, AfterValidator(clean), Field(max_length=QUERY_LIMIT)]
    language: str | None = Field(default=None, description="BCP 47 code; None: the language of the text.")
    concepts: Annotated[int, Field(ge=MIN_CONCEPTS, le=MAX_CONCEPTS)] | None = None

    @classmethod
    def of(cls, text: str, *, language: str | None = None, concepts: int | None = None) -> Self:
        """A query from what a user gave. Raises InputError where it is empty, too long, or out of range."""
        cleaned = clean(text)
        if (length := max(len(text), len(cleaned))) > QUERY_LIMIT:
            raise InputError(
                f"The query has {length:,} characters; at most {QUERY_LIMIT:,} are taken.",
                hint="Ask the question itself; long texts belong in a source, not in the query.",
            )
        if not any(character.isalnum() for character in cleaned):
            raise InputError("The query is empty.", hint='For example: mapgen "How do vaccines work?"')
        if concepts is not None and not MIN_CONCEPTS <= concepts <= MAX_CONCEPTS:
            raise InputError(f"{concepts} concepts are out of range.", hint=f"Choose {MIN_CONCEPTS} to {MAX_CONCEPTS}.")
        return cls(text=cleaned, language=None if language is None else code_of(language), concepts=concepts)


class Source(Value):
    """A document that a map stands on."""

    id: Id
    title: Text
    location: Text = Field(description="URL or file name.")


class Place(Value):
    """Where in a passage a section or a page begins that is another one than that before it."""

    start: Annotated[int, Field(ge=0)] = Field(description="Characters of the passage before it.")
    heading: str = ""
    page: Annotated[int, Field(ge=1)] | None = None


class Passage(Value):
    """A stretch of a source's text, 80 to 200 words where the text has as many, with its place in it.

    ``heading`` and ``page`` are of all of it; where it is of several sections or pages they are all of its headings and
    its first page, and ``places`` tells each of them.
    """

    source: Id = Field(description="The id of its source.")
    heading: str = Field(default="", description="The headings above it, outermost first, parted by ' > '.")
    page: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Page, from 1, where the source has pages."
    )
    offset: Annotated[int, Field(ge=0)] = Field(description="Characters of the source's text before it.")
    text: Text
    places: tuple[Place, ...] = Field(default=(), description="In order, the first at 0; empty where there is one.")

    def place(self, at: int) -> Place:
        """The heading and page of its character ``at``."""
        before = (place for place in reversed(self.places) if place.start <= at)
        return next(before, Place(start=0, heading=self.heading, page=self.page))


class Citation(Value):
    """A short quote from a source that a text stands on, with its place there."""

    source: Id = Field(description="The id of one of the map's sources.")
    quote: Text
    of: Literal["definition", "relevance"] | None = Field(
        default=None, description="The text of the concept that stands on it; null: the concept as a whole."
    )
    heading: Text = Field(
        default="",
        description="The headings above the place at which the quote begins, outermost first, parted by ' > '.",
    )
    page: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Page of the source, from 1, on which the quote begins."
    )


class Outline(Value):
    """A concept as planned: its identifier, its name, and in one line what of it matters to the query."""

    id: Id
    name: Text
    scope: Text


class Plan(Value):
    """The skeleton of a map, its concepts in reading order."""

    title: Text
    language: str
    concepts: tuple[Outline, ...]
    related: tuple[Text, ...]


class Draft(Value):
    """What was written about one concept."""

    definition: Text
    relevance: Text
    citations: tuple[Citation, ...] = ()
    dropped: Count = Field(default=0, description="Quotes left out because they do not stand in their passage.")


class Concept(Value):
    """One key concept: what it is, and what it does in this query."""

    id: Id = Field(description="Unique in the map; fit for an anchor.")
    name: Text
    definition: Text = Field(description="One sentence that stands without the query.")
    relevance: Text = Field(description="2 to 4 sentences: the concept's part in this query.")
    rank: Annotated[int, Field(ge=1)] = Field(description="Place in the reading order, from 1.")
    status: Status = "complete"
    citations: tuple[Citation, ...] = ()


class Relation(Value):
    """A typed, directed relation: the concept ``source`` does ``kind`` to the concept ``target``."""

    source: Id = Field(description="The id of a concept.")
    target: Id = Field(description="The id of another concept.")
    kind: RelationKind
    label: Text = Field(description="A few words, such as 'raises the cost of'.")
    explanation: Text = Field(description="One sentence.")


def _in_bounds(message: Any) -> Any:
    """A rule quotes what it found, however long that is."""
    return shorten(clean(message), TEXT_LIMIT) if isinstance(message, str) else message


class Problem(Value):
    """What a rule found: its code, the place (such as ``concepts.inflation.definition``), and a sentence."""

    code: Id
    where: Id
    message: Annotated[Text, BeforeValidator(_in_bounds)]


class Made(Value):
    """How a map was made, and what that cost."""

    model: str = Field(description="The model that wrote the texts.")
    planner: str = Field(description="The model that planned and related.")
    endpoint: str = Field(description="Host of the endpoint, or 'embedded' or 'scripted'.")
    prompts: str = Field(description="Fingerprint of the prompt set.")
    mapgen: str = Field(description="Version of mapgen.")
    created: datetime = Field(description="When the map was first made, UTC.")
    seconds: Annotated[float, Field(ge=0)] = Field(description="Wall time of this run.")
    calls: Count = Field(description="Requests sent to a model in this run.")
    input_tokens: Count
    output_tokens: Count
    cost: Annotated[float, Field(ge=0)] | None = Field(description="US dollars; None: no price is known.")
    retries: Count = Field(description="Requests repeated after a fault of the endpoint.")
    reasked: Count = Field(description="Answers asked again because they were not valid.")
    repairs: Count = Field(description="Parts asked anew, or cut, because a rule found them faulty.")
    cache_hits: Count = Field(description="Answers taken from the cache.")
    dropped: Count = Field(default=0, description="Quotes left out because they do not stand in their passage.")


class KnowledgeMap(Value):
    """A finished map. Incomplete when ``problems`` is not empty: then they say what is faulty, and where."""

    version: Literal[1] = Field(default=1, description="Version of this schema.")
    query: Text
    title: Text
    language: str = Field(description="BCP 47 code of the map's texts.")
    status: Status = "complete"
    concepts: tuple[Concept, ...] = Field(description="In reading order.")
    relations: tuple[Relation, ...] = ()
    related: tuple[Text, ...] = Field(default=(), description="Topics to explore next.")
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    made: Made | None = Field(default=None, description="None: the map was not made by mapgen.")

    @model_validator(mode="after")
    def _status_is_told(self) -> Self:
        if (self.status == "incomplete") != bool(self.problems):
            raise ValueError("a map is incomplete if, and only if, it lists problems")
        return self

    def concept(self, id: str) -> Concept:
        """The concept of that id. Raises KeyError."""
        return next((c for c in self.concepts if c.id == id), None) or _missing(id)

    @classmethod
    def parse(cls, text: str | bytes, *, name: str = "The map") -> Self:
        """A map from its JSON. Raises InputError, naming at most three faults."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            faults = [_fault(item) for item in error.errors(include_url=False, include_input=False)[:3]]
            more = "" if error.error_count() <= 3 else f" (and {error.error_count() - 3} more)"
            raise InputError(
                f"{name} is not a knowledge map: {'; '.join(faults)}{more}.",
                hint="`mapgen schema` prints the schema that it must follow.",
            ) from error

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A map from its JSON file, or from a page or picture that carries it. Raises ReadError, InputError."""
        return cls.read(read_bytes(Path(path), limit=MAP_LIMIT), name=str(path))

    @classmethod
    def read(cls, data: bytes, *, name: str = "The map") -> Self:
        """A map from the bytes of such a file; ``name`` is what it is called in errors. Raises InputError."""
        from mapgen.render import carried, is_picture
        from mapgen.render.reading import embedded, is_markup

        if is_picture(data):
            return cls.parse(carried(data, limit=MAP_LIMIT, name=name), name=name)
        text = utf8(data, name=name)
        return cls.parse(embedded(text, name=name) if is_markup(text) else text, name=name)

    def save(self, path: str | Path, *, format: str | None = None, **options: Any) -> Path:
        """Write the map to ``path``, in the format of its suffix or the one named; whole or not at all.

        ``options`` go to the format (``brand="…"``). Raises InputError for an unknown format, OutputError.
        """
        from mapgen.render import save

        return save(self, Path(path), format=format, **options)

    def to_json(self) -> str:
        """The map as JSON, lossless and safe to print: KnowledgeMap.parse reads it back."""
        return shown_json(self.model_dump_json(indent=2)) + "\n"

    def to_text(self, **options: Any) -> str:
        """The map as plain text for a terminal or a mail."""
        return self._rendered("txt", options)

    def to_markdown(self, **options: Any) -> str:
        """The map as Markdown."""
        return self._rendered("md", options)

    def to_html(self, **options: Any) -> str:
        """The map as one self-contained page."""
        return self._rendered("html", options)

    def _rendered(self, format: str, options: dict[str, Any]) -> str:
        from mapgen.render import render

        return str(render(self, format, **options))

    def _repr_html_(self) -> str:
        from mapgen.render import notebook

        return notebook(self)


def _missing(id: str) -> Concept:
    raise KeyError(id)


def _fault(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"]) or "the document"
    return shorten(clean(f"{where}: {item['msg']}"), 160)
