"""Suites: the queries that prompts are judged by, with what a good map of each may be held against.

A suite is a YAML file; its content hash is its version. This module reads, checks and finds suites. It knows no
metric (their ids are names to it), no run and no model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mapgen.errors import InputError
from mapgen.evaluation.plainyaml import SCHEMA_HINT, children, line_of, read
from mapgen.files import read_text
from mapgen.languages import code_of
from mapgen.model import MAX_CONCEPTS, MIN_CONCEPTS, QUERY_LIMIT, Query, Value
from mapgen.text import clean, shorten

if TYPE_CHECKING:
    from yaml import Node

FOLDER = Path("evals/suites")
LIMIT = 1_000_000  # bytes of a suite's file
_SAID = {
    "missing": ("is missing", "Add it."),
    "extra_forbidden": ("there is no such field", SCHEMA_HINT),
    "string_type": ("is not text", 'YAML reads words such as no, on and 1.5 as something else: put "…" around them.'),
    "tuple_type": ("is not a list", "Put each item on a line of its own, after a hyphen."),
    "too_short": ("needs one item at least", "Add one."),
    "model_type": ("is not a mapping of fields", SCHEMA_HINT),
}


def _fault(message: str, hint: str, *at: int | str) -> PydanticCustomError:
    """An error whose place is ``at``, counted from where it is raised."""
    return PydanticCustomError("suite", "{message}", {"message": message, "hint": hint, "at": at})


def _said(text: str) -> str:
    if not (cleaned := clean(text)):
        raise _fault("is empty", "Write it, or leave the field out where it may be.")
    return cleaned


def _asked(text: str) -> str:
    try:
        return Query.of(text).text
    except InputError as error:
        hint = f"A case asks what a user would type, in at most {QUERY_LIMIT:,} characters."
        raise _fault(error.message.rstrip(".").replace("The", "the", 1), hint) from error


def _language(text: str) -> str:
    try:
        return code_of(text)
    except InputError as error:
        raise _fault(error.message.rstrip("."), error.hint) from error


def _differ(texts: Iterable[tuple[str, tuple[int | str, ...]]], verb: str) -> None:
    """Raise at the place of the first text that has come before; case does not tell texts apart."""
    seen: set[str] = set()
    for text, at in texts:
        if (folded := text.casefold()) in seen:
            raise _fault(f"{shorten(text, 80)!r} {verb} twice", "Keep one of the two, or make them differ.", *at)
        seen.add(folded)


def _different(texts: tuple[str, ...]) -> tuple[str, ...]:
    _differ(((text, (at,)) for at, text in enumerate(texts)), "stands")
    return texts


Line = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_said)]
"""One line of text that says something."""
Slug = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""Lower case letters and digits, with hyphens between them."""
MetricId = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Lines = Annotated[tuple[Line, ...], AfterValidator(_different)]
Slugs = Annotated[tuple[Slug, ...], AfterValidator(_different)]
MetricIds = Annotated[tuple[MetricId, ...], Field(min_length=1), AfterValidator(_different)]
Language = Annotated[str, AfterValidator(_language)]
Margin = Annotated[float, Field(gt=0, le=1)]
Number = Annotated[int, Field(ge=MIN_CONCEPTS, le=MAX_CONCEPTS)]


class Reference(Value):
    """A concept that a good map of the query has."""

    name: Line
    aliases: tuple[Line, ...] = Field(default=(), description="Other names of the same concept.")
    gloss: Line = Field(description="What it is, in one line.")


class Case(Value):
    """A query of the suite, and what is known of its answer."""

    id: Slug = Field(description="Unique in the suite; runs and reports name the case by it.")
    query: Annotated[str, Field(min_length=1), AfterValidator(_asked)]
    language: Language = Field(default="en", description="BCP 47 code or English name.")
    cluster: Slug = Field(default_factory=lambda case: case["id"], description="Phrasings of one topic; default: id.")
    domain: Slug = Field(default="general", description="The field of knowledge.")
    tags: Slugs = Field(default=(), description="The form of the query, or whatever reports shall group by.")
    references: tuple[Reference, ...] = Field(default=(), description="Concepts that a good map has.")
    must_facts: Lines = Field(default=(), description="Short true sentences that a good map agrees with.")

    @field_validator("references")
    @classmethod
    def _references_differ(cls, references: tuple[Reference, ...]) -> tuple[Reference, ...]:
        """No name or alias stands for two references, and no gloss explains two."""
        _differ(((name, (at,)) for at, one in enumerate(references) for name in (one.name, *one.aliases)), "is named")
        _differ(((one.gloss, (at, "gloss")) for at, one in enumerate(references)), "stands")
        return references


class Range(Value):
    """How many concepts a map of the suite may have."""

    min: Number = MIN_CONCEPTS
    max: Number = MAX_CONCEPTS

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.min > self.max:
            raise _fault(f"{self.min} to {self.max} is no range", "Put the smaller number under min.")
        return self


class Suite(Value):
    """Queries that stand for what users ask, and how maps of them are judged; clusters are the statistics' units."""

    name: Slug
    description: Line = Field(description="What the suite is for, and why its primary metrics were chosen.")
    concepts: Range = Range()
    primary: MetricIds = Field(description="Ids of the metrics that gate; all others are told.")
    margins: Mapping[MetricId, Margin] = Field(
        default={}, description="By metric id, the least difference that matters."
    )
    cases: tuple[Case, ...] = Field(min_length=1)

    @field_validator("cases")
    @classmethod
    def _cases_differ(cls, cases: tuple[Case, ...]) -> tuple[Case, ...]:
        """No two cases have one id, or ask the same in the same language."""
        _differ(((one.id, (at, "id")) for at, one in enumerate(cases)), "is the id")
        _differ(((f"{one.language}: {one.query}", (at, "query")) for at, one in enumerate(cases)), "is asked")
        return cases


_FIELDS = [field for kind in (Suite, Range, Case, Reference) for field in kind.model_fields]


def load(path: str | Path) -> Suite:
    """The suite of a YAML file. Raises ReadError; InputError, which names the lines of at most three faults."""
    try:
        text = read_text(Path(path), limit=LIMIT)
    except InputError as error:
        raise InputError(error.message, hint=f"A suite is UTF-8 text of at most {LIMIT:,} bytes.") from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str = "The suite") -> Suite:
    """The suite that YAML says; ``name`` is what errors call it. Raises InputError."""
    data, root = read(text, name)
    try:
        return Suite.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise _input_error(error, root, name=name) from error


def find(name: str | Path) -> Path:
    """The file of a suite given by path, or by name: evals/suites/NAME.yaml. Raises InputError, with near names."""
    if found := next((path for path in (Path(name), FOLDER / f"{name}.yaml") if isfile(path)), None):
        return found
    there = sorted(file.stem for file in FOLDER.glob("*.yaml"))
    near = get_close_matches(Path(name).stem, there, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    hint += f"In {FOLDER.as_posix()} there are: {', '.join(there)}." if there else "Name a suite's YAML file."
    raise InputError(f"There is no suite {shorten(clean(str(name)), 80)!r}.", hint=hint)


def fingerprint(suite: Suite) -> str:
    """The suite's version: 12 hex digits of its content, the order of cases included.

    Fields at their default are left out, so that a field added to a later mapgen changes no suite's version.
    """
    data = suite.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def schema() -> dict[str, Any]:
    """The JSON Schema of a suite's file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Suite.model_json_schema()}


def _input_error(error: ValidationError, root: Node, *, name: str) -> InputError:
    """The first three faults; what only follows from another fault, such as a list without sound items, is none."""
    items = error.errors(include_url=False)
    around = {item["loc"][:at] for item in items for at in range(1, len(item["loc"]))}
    items = [one for one in items if one["type"] != "default_factory_not_called" and one["loc"] not in around]
    told = sorted((_told(item, root) for item in items[:10]), key=lambda one: one[0])
    more = "" if len(items) <= 3 else f" (and {len(items) - 3} more)"
    return InputError(f"{name}, {'; '.join(message for _, message, _ in told[:3])}{more}.", hint=told[0][2])


def _told(item: Any, root: Node) -> tuple[int, str, str]:
    """The line of one fault, the fault as ``line 7, cases.oil.query: is missing``, and its hint."""
    context, steps = item.get("ctx", {}), item["loc"]
    message, hint = _SAID.get(item["type"], (item["msg"], SCHEMA_HINT))
    if item["type"] == "extra_forbidden" and (near := get_close_matches(str(steps[-1]), _FIELDS, n=1)):
        hint = f"Did you mean {near[0]}?"
    line, path = _place(root, (*steps, *context.get("at", ())))
    return line, f"line {line}, {shorten(clean(path), 120)}: {shorten(clean(message), 200)}", context.get("hint", hint)


def _place(root: Node, steps: tuple[int | str, ...]) -> tuple[int, str]:
    """Line and path of a value, or of the nearest one around it; a case or a reference goes by its id or name."""
    node, line, parts = root, line_of(root), []
    for step in steps:
        found = next(((key, value) for field, key, value in children(node) if field == step), None)
        if found:
            line, node = line_of(found[0]), found[1]
        named = {field: value.value for field, _, value in children(node) if found and isinstance(step, int)}
        parts.append(next((text for field in ("id", "name") if isinstance(text := named.get(field), str)), str(step)))
    return line, ".".join(parts) or "the document"
