"""What a run leaves behind: its head, one record a map, and the run that they are together; all frozen values.

A record carries the answers that made its map, so that a run is also a recording. These know how to be read from
lines and written as lines; runfile.py puts them on disk. They know no suite's content, no metric and no model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError

from mapgen.errors import InputError
from mapgen.llm.base import Endpoint
from mapgen.llm.metered import price
from mapgen.model import Count, KnowledgeMap, Value
from mapgen.text import clean, shorten

Key = tuple[str, int]
"""A case's id and a repeat, which together name one map of a run."""
Asked = Literal["planner", "writer"]
_SHOWN = 200  # characters of the names of sources
_DRIVE = re.compile(r"[A-Za-z]:")


def template_path(name: str) -> str:
    """The path of a template in its folder, relative, in POSIX form. Raises ValueError for a path of anything else."""
    parts = name.split("/")
    if {"", ".", ".."} & set(parts) or {"\\", "\0"} & set(name) or _DRIVE.match(name) or not name.endswith(".j2"):
        raise ValueError(f"{name!r} is no path of a template in its folder")
    return name


class Head(Value):
    """What a run is of. ``asked`` are the endpoints by role, without their keys: what replaying needs to know."""

    version: Literal[1] = Field(default=1, description="Version of the run file's form.")
    suite: str = Field(description="Name of the suite.")
    suite_fingerprint: str
    prompts: str = Field(description="Fingerprint of the prompt set.")
    templates: Mapping[Annotated[str, AfterValidator(template_path)], str] = Field(
        description="The prompt set: its templates' texts, by path in the folder."
    )
    model: str = Field(description="The model that wrote.")
    planner: str = Field(description="The model that planned and related.")
    endpoint: str = Field(description="Host of the endpoint, or 'embedded' or 'scripted'.")
    temperature: float | None = None
    mapgen: str = Field(description="Version of mapgen.")
    created: datetime
    repeats: Annotated[int, Field(ge=1)] = 1
    label: str = Field(default="", description="The prompts for people: 'git:HEAD', 'prompts/', 'baseline'.")
    sources: tuple[str, ...] = Field(default=(), description="What the maps stand on, as it was named; may be none.")
    asked: Mapping[Asked, Endpoint] = {}

    def identity(self) -> str:
        """Twelve hexadecimal digits, equal where two runs are the same experiment: the same command resumes it.

        Sources count by their names, and not by what they hold.
        """
        parts = [self.suite_fingerprint, self.prompts, self.model, self.planner, self.endpoint, self.temperature]
        sources = [self.sources] if self.sources else []  # runs of before there were any keep their identity
        return hashlib.sha256(json.dumps([*parts, self.mapgen, *sources]).encode()).hexdigest()[:12]

    def differs(self, other: Head) -> tuple[str, ...]:
        """In words, why the maps of two runs cannot be held against each other; nothing where they can."""
        found = {
            "suite": (self.suite, other.suite),
            "version of the suite": (self.suite_fingerprint, other.suite_fingerprint),
            "model": (self.model, other.model),
            "planner": (self.planner, other.planner),
            "temperature": (self.temperature, other.temperature),
        }
        return tuple(f"{what}: {one} and {two}" for what, (one, two) in found.items() if one != two)


class Record(Value):
    """One map of a run, and what it took as it was first made: answers from a store count as their first asking did.

    ``passing`` says that the endpoint failed, not the prompts: such a map is missing, and the same command asks for
    it again. Without it, no map means that none was usable, which scores 0. ``seconds`` is None where some answers
    were at hand, so that no time was measured.
    """

    case: str
    repeat: Count = 0
    map: KnowledgeMap | None = None
    error: str = ""
    passing: bool = False
    calls: Count = 0
    reasked: Count = 0
    repairs: Count = 0
    retries: Count = 0
    input_tokens: Count = 0
    output_tokens: Count = 0
    seconds: Annotated[float, Field(ge=0)] | None = None
    asked: Count = Field(default=0, description="Requests really sent in this run.")
    answers: Mapping[str, str] = Field(default={}, description="The stored answers that made the map, by key.")
    passages: Mapping[str, str] = Field(
        default={}, description="By source id, the passages that its concepts were shown, and could quote."
    )

    @property
    def key(self) -> Key:
        """The case and the repeat."""
        return self.case, self.repeat

    @property
    def usable(self) -> bool:
        """Whether there is a map."""
        return self.map is not None


class Run(Value):
    """A prompt set's maps of a suite by one model. ``records`` has one of each case and repeat, in that order.

    ``torn`` says that the file's last line was broken off and left out.
    """

    head: Head
    records: tuple[Record, ...] = ()
    torn: bool = False

    @classmethod
    def of(cls, head: Head, records: Iterable[Record], *, torn: bool = False) -> Self:
        """A run of records in any order; a later one of the same case and repeat stands for an earlier one."""
        latest = {record.key: record for record in records}
        repeats = max([head.repeats, *(repeat + 1 for _, repeat in latest)])
        whole = head.model_copy(update={"repeats": repeats})
        return cls(head=whole, records=tuple(latest[key] for key in sorted(latest)), torn=torn)

    @classmethod
    def parse(cls, text: str, *, name: str = "The run") -> Self:
        """A run from its lines: the head, then records; a broken last line is left out. Raises InputError."""
        first, *rest = text.split("\n")
        if (head := _head(first)) is None:
            raise InputError(f"{name} is no run of an evaluation.", hint="`mapgen eval run SUITE` makes one.")
        rest = [line for line in rest if line.strip()]
        records, torn = [], False
        for number, line in enumerate(rest, start=1):
            try:
                records.append(Record.model_validate_json(line))
            except ValidationError as error:
                if number < len(rest):
                    raise _broken(name, number + 1, error=error) from error
                torn = True
        return cls.of(head, records, torn=torn)

    def lines(self) -> Iterator[str]:
        """The lines of the run's file, without their ends."""
        yield line(self.head)
        yield from map(line, self.records)

    @cached_property
    def by_key(self) -> Mapping[Key, Record]:
        """The records by case and repeat."""
        return {record.key: record for record in self.records}

    @cached_property
    def answers(self) -> Mapping[str, str]:
        """The answers of all records."""
        return {key: text for record in self.records for key, text in record.answers.items()}


def cost(asked: Mapping[Any, Endpoint], *, input_tokens: int, output_tokens: int) -> float | None:
    """What so many tokens cost in US dollars; None where no price is known, or two models share them."""
    planner, writer = asked.get("planner"), asked.get("writer")
    if writer is None or planner is None or planner.model != writer.model:
        return None
    return price(writer, input_tokens=input_tokens, output_tokens=output_tokens)


def told_sources(sources: Iterable[str]) -> str:
    """Sources for people: their names, or that there are none."""
    return shorten(clean(", ".join(sources)), _SHOWN) or "no sources"


def line(value: Head | Record) -> str:
    """One line of a run file, without its end."""
    return value.model_dump_json(exclude_defaults=True)


def _head(text: str) -> Head | None:
    try:
        return Head.model_validate_json(text)
    except ValidationError:
        return None


def _broken(name: str, number: int, *, error: ValidationError) -> InputError:
    fault = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in fault["loc"]) or "the line"
    return InputError(
        shorten(clean(f"{name}, line {number}: {where}: {fault['msg']}."), 300),
        hint="Only the last line of a run may be broken off; remove this one to go on without its map.",
    )
