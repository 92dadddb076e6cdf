"""What a watcher sees while a map is made, in the order in which it happens.

Events are frozen values; they know nothing of who makes or shows them.
"""

from __future__ import annotations

from typing import Literal

from mapgen.model import Concept, Count, KnowledgeMap, Passage, Plan, Problem, Relation, Source, Value


class Preparing(Value):
    """Something is fetched or started first: ``done`` of ``total`` bytes, or 0 of 0 where that is not known."""

    kind: Literal["preparing"] = "preparing"
    what: str
    done: Count = 0
    total: Count = 0


class Grounded(Value):
    """What the sources say of the query, or of the concept of that id, is found; there may be no passage."""

    kind: Literal["grounded"] = "grounded"
    concept: str = ""
    passages: tuple[Passage, ...]
    sources: tuple[Source, ...]


class Planned(Value):
    """The skeleton stands: the title and the concepts to be written."""

    kind: Literal["planned"] = "planned"
    plan: Plan


class ConceptWritten(Value):
    """One concept has its texts; concepts land in any order."""

    kind: Literal["concept_written"] = "concept_written"
    concept: Concept


class Related(Value):
    """The relations between the concepts are there."""

    kind: Literal["related"] = "related"
    relations: tuple[Relation, ...]


class Checked(Value):
    """The rules were run; ``problems`` is what they found."""

    kind: Literal["checked"] = "checked"
    problems: tuple[Problem, ...]


class Repaired(Value):
    """Faulty parts were asked anew, or cut; ``round`` counts from 1, ``parts`` says how many so far."""

    kind: Literal["repaired"] = "repaired"
    round: int
    parts: Count


class Spent(Value):
    """An answer came in: the sums of this run so far."""

    kind: Literal["spent"] = "spent"
    calls: Count
    input_tokens: Count
    output_tokens: Count


class Done(Value):
    """The map is finished; always the last event."""

    kind: Literal["done"] = "done"
    map: KnowledgeMap


Event = Preparing | Grounded | Planned | ConceptWritten | Related | Checked | Repaired | Spent | Done
