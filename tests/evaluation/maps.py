"""Small maps of human quality on eight topics, with the cases that ask for them; the metrics are tried on these.

Two of the cases are phrasings of one topic, and so are of one cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from mapgen.evaluation.metrics import Arm, Sample
from mapgen.model import Concept, KnowledgeMap, Made, Relation
from mapgen.text import unique_slugs
from tests.servers.maps import QUERY, plan_answer, relate_answer, write_answers

TEXTS = Path(__file__).with_name("maps.txt")
RATES_AGAIN = "What happens to consumer prices and oil when central banks raise interest rates?"


@dataclass(frozen=True)
class Ref:
    """A reference concept of a case."""

    name: str
    aliases: tuple[str, ...] = ()
    gloss: str = ""


@dataclass(frozen=True)
class Ask:
    """A case of a suite, as the metrics see it."""

    id: str
    query: str
    language: str = "en"
    cluster: str = ""
    domain: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[Ref, ...] = ()
    must_facts: tuple[str, ...] = ()


@dataclass
class Block:
    """What is read of one map of maps.txt."""

    head: tuple[str, ...]
    concepts: list[list[str]] = field(default_factory=list)
    relations: list[tuple[str, ...]] = field(default_factory=list)
    references: list[tuple[str, ...]] = field(default_factory=list)


def made(*, reasked: int = 0, repairs: int = 0, calls: int = 7, dropped: int = 0) -> Made:
    """How a map may have been made."""
    return Made.model_validate_json(
        '{"model":"m","planner":"m","endpoint":"e","prompts":"p","mapgen":"0","created":"2026-11-22T20:00:00Z",'
        f'"seconds":12.5,"calls":{calls},"input_tokens":3000,"output_tokens":900,"cost":null,"retries":0,'
        f'"reasked":{reasked},"repairs":{repairs},"cache_hits":0,"dropped":{dropped}}}'
    )


def map_of(
    query: str,
    title: str,
    texts: Iterable[tuple[str, str, str]],
    *,
    relations: Iterable[tuple[str, ...]] = (),
    language: str = "en",
) -> KnowledgeMap:
    """A map of (name, definition, relevance) and of (source, kind, target, label, explanation) by names."""
    told = tuple(texts)
    ids = unique_slugs(tuple(name for name, _, _ in told))
    of = {name: id for id, (name, _, _) in zip(ids, told, strict=True)}
    concepts = tuple(
        Concept(id=id, name=name, definition=definition, relevance=relevance, rank=at)
        for at, (id, (name, definition, relevance)) in enumerate(zip(ids, told, strict=True), 1)
    )
    edges = tuple(
        Relation.model_validate(
            {"source": of[a], "kind": kind, "target": of[b], "label": label, "explanation": explanation}
        )
        for a, kind, b, label, explanation in relations
    )
    return KnowledgeMap(query=query, title=title, language=language, concepts=concepts, relations=edges, made=made())


@cache
def _blocks() -> tuple[Block, ...]:
    found: list[Block] = []
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        mark, rest = (line[0], line[2:]) if line[1:2] == " " and line[0] in "=+>?" else ("", line)
        parts = tuple(part.strip() for part in rest.split("|"))
        if mark == "=":
            found.append(Block(head=parts))
        elif mark == ">":
            found[-1].relations.append(parts)
        elif mark == "?":
            found[-1].references.append(parts)
        elif mark == "+":
            found[-1].concepts.append([rest])
        else:
            found[-1].concepts[-1].append(line)
    return tuple(found)


def _written(block: Block) -> Sample:
    id, domain, query, title = block.head
    references = tuple(
        Ref(name, tuple(one.strip() for one in aliases.split(";")), gloss) for name, aliases, gloss in block.references
    )
    texts = tuple((name, definition, relevance) for name, definition, relevance in block.concepts)
    ask = Ask(id=id, query=query, cluster=id, domain=domain, references=references)
    return Sample(case=ask, repeat=0, map=map_of(query, title, texts, relations=block.relations))


def _rates(id: str, query: str, *, places: slice) -> Sample:
    told = tuple((name, one["definition"], one["relevance"]) for name, one in write_answers(12).items())[places]
    names = {name for name, _, _ in told}
    edges = tuple(
        (one["source"], one["kind"], one["target"], one["label"], one["explanation"])
        for one in relate_answer(12)["relations"]
        if {one["source"], one["target"]} <= names
    )
    ask = Ask(id=id, query=query, cluster="rates", domain="macroeconomics")
    return Sample(case=ask, repeat=0, map=map_of(query, str(plan_answer()["title"]), told, relations=edges))


@cache
def good() -> Arm:
    """Nine good maps of eight clusters."""
    written = tuple(map(_written, _blocks()))
    asked = (_rates("rates", QUERY, places=slice(0, 6)), _rates("rates-2", RATES_AGAIN, places=slice(0, 5)))
    return Arm(samples=(*asked, *written))


def sample(id: str) -> Sample:
    """The sample of one case of the good arm."""
    return next(one for one in good().samples if one.case.id == id)


Edit = Callable[[KnowledgeMap], KnowledgeMap]


def edited(arm: Arm, edit: Edit, *, ids: Iterable[str] | None = None) -> Arm:
    """The arm with ``edit`` made on every map, or on those of the cases named."""
    chosen = None if ids is None else frozenset(ids)
    samples = tuple(
        replace(one, map=edit(one.map)) if one.map and (chosen is None or one.case.id in chosen) else one
        for one in arm.samples
    )
    return replace(arm, samples=samples)


def with_concepts(map: KnowledgeMap, change: Callable[[Concept], Mapping[str, object]]) -> KnowledgeMap:
    """The map with ``change`` made on every concept; it gives the fields that are new."""
    concepts = tuple(one.model_copy(update=dict(change(one))) for one in map.concepts)
    return map.model_copy(update={"concepts": concepts})


def with_concept(map: KnowledgeMap, at: int, **fields: object) -> KnowledgeMap:
    """The map with fields of one concept replaced."""
    concepts = list(map.concepts)
    concepts[at] = concepts[at].model_copy(update=fields)
    return map.model_copy(update={"concepts": tuple(concepts)})
