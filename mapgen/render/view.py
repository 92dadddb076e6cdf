"""What every format shows of a map: cards with the relations seen from each, problems and sources in words.

It knows what is shown, and in which order; it knows no format and escapes nothing. A saved map may say
anything, so that identifiers may be repeated, dangle, or hold any character: anchors are made anew from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mapgen.model import Citation, Concept, KnowledgeMap, Problem, Relation, RelationKind
from mapgen.render.contrast import Contrast, contrast
from mapgen.render.wording import KINDS, facts, place, title_line
from mapgen.text import clean, unique_slugs

Cited = Literal["definition", "relevance"]
"""A text of a card that a quote may stand behind."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may choose about a rendering; a format that does not show a thing ignores its option."""

    brand: str = "mapgen"


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation as it is told on one of its two cards: a sentence of source, label and target."""

    kind: RelationKind
    tag: str
    source: str
    label: str
    target: str
    explanation: str
    outgoing: bool
    source_anchor: str  # empty where the end is no concept of the map
    target_anchor: str

    @property
    def other(self) -> str:
        """The anchor of the card at its other end; empty where there is none."""
        return self.target_anchor if self.outgoing else self.source_anchor


@dataclass(frozen=True, slots=True)
class Note:
    """A quote that a card's text ``of`` stands on; None: the card as a whole, or a text that is empty."""

    n: int  # its place among the map's quotes, from 1
    number: int  # of its source, from 1; 0: not among the map's sources
    quote: str
    of: Cited | None
    page: int | None
    heading: str

    @property
    def place(self) -> str:
        """Where it stands in its source, in words; empty where that is not known."""
        return place(self.page, self.heading)

    @property
    def told(self) -> str:
        """The quote, and behind it which text it is for and where it stands, as far as that is known."""
        aside = ", ".join(filter(None, (self.of or "", self.place)))
        return f"“{self.quote}”" + (f" ({aside})" if aside else "")


@dataclass(frozen=True, slots=True)
class Card:
    """One concept as shown."""

    anchor: str
    name: str
    definition: str
    relevance: str
    incomplete: bool
    ties: tuple[Tie, ...]
    notes: tuple[Note, ...]

    def behind(self, text: Cited) -> tuple[Note, ...]:
        """The quotes of that text, in their order."""
        return tuple(note for note in self.notes if note.of == text)

    @property
    def loose(self) -> tuple[Note, ...]:
        """The quotes of no one text."""
        return tuple(note for note in self.notes if note.of is None)

    @property
    def stands(self) -> Literal["sourced", "definition", "relevance", "own"]:
        """What of it stands on sources: all of its texts, one, or none."""
        cited = {note.of for note in self.notes}
        if not cited:
            return "own"
        texts: dict[Cited, str] = {"definition": self.definition, "relevance": self.relevance}
        bare = [name for name, text in texts.items() if text and name not in cited]
        if None in cited or not bare:
            return "sourced"
        return "relevance" if bare == ["definition"] else "definition"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the map, where that is in words, and the anchor of the card concerned, if any."""

    place: str
    message: str
    anchor: str


@dataclass(frozen=True, slots=True)
class View:
    """A map as shown, in the order of the page; ``subtitle`` is empty where it would repeat the query."""

    chips: tuple[str, ...]
    brand: str
    title_line: str
    query: str
    subtitle: str
    cards: tuple[Card, ...]
    relations: tuple[Tie, ...]
    contrast: Contrast | None
    faults: tuple[Fault, ...]
    sources: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def loose(self) -> tuple[Tie, ...]:
        """The relations that stand on no card, since neither of their ends is a concept of the map."""
        return tuple(tie for tie in self.relations if not tie.source_anchor and not tie.target_anchor)


def view(map: KnowledgeMap, options: Options) -> View:
    """``map`` as every format shows it."""
    ends = _Ends(map.concepts)
    cards = tuple(_card(map, index, ends=ends) for index in range(len(map.concepts)))
    relations = tuple(ends.tie(relation) for relation in map.relations)
    return View(
        chips=map.related,
        brand=clean(options.brand),
        title_line=title_line(map.query),
        query=map.query,
        subtitle="" if map.title.casefold() == map.query.casefold() else map.title,
        cards=cards,
        relations=relations,
        contrast=contrast(map.query, map.language, cards=cards, ties=relations),
        faults=tuple(ends.fault(problem) for problem in map.problems),
        sources=tuple((source.title, source.location) for source in map.sources),
        facts=facts(map.made),
    )


class _Ends:
    """The cards that identifiers lead to: of several concepts with one identifier, the first."""

    def __init__(self, concepts: tuple[Concept, ...]) -> None:
        self.anchors = unique_slugs(tuple(concept.id for concept in concepts))
        self._first = {c.id: (c.name, a) for c, a in reversed(list(zip(concepts, self.anchors, strict=True)))}

    def of(self, id: str) -> tuple[str, str]:
        """The name and the anchor that ``id`` leads to; the identifier itself and no anchor for none."""
        return self._first.get(id, (clean(id), ""))

    def leads_to(self, id: str, anchor: str) -> bool:
        return self.of(id)[1] == anchor

    def tie(self, relation: Relation, *, outgoing: bool = True) -> Tie:
        (source, source_anchor), (target, target_anchor) = self.of(relation.source), self.of(relation.target)
        there, back = KINDS[relation.kind]
        return Tie(
            kind=relation.kind,
            tag=there if outgoing else back,
            source=source,
            label=relation.label or there,
            target=target,
            explanation=relation.explanation,
            outgoing=outgoing,
            source_anchor=source_anchor,
            target_anchor=target_anchor,
        )

    def fault(self, problem: Problem) -> Fault:
        head, _, rest = problem.where.partition(".")
        stem, _, field = rest.rpartition(".")
        for id, part in ((rest, ""), (stem, field)):
            name, anchor = self.of(id)
            if head == "concepts" and anchor:
                return Fault(", ".join(filter(None, (name, clean(part)))), problem.message, anchor)
        return Fault(clean(problem.where), problem.message, "")


def _card(map: KnowledgeMap, index: int, *, ends: _Ends) -> Card:
    concept, anchor = map.concepts[index], ends.anchors[index]
    outgoing = [r for r in map.relations if ends.leads_to(r.source, anchor)]
    incoming = [r for r in map.relations if ends.leads_to(r.target, anchor) and r not in outgoing]
    first = 1 + sum(len(before.citations) for before in map.concepts[:index])
    numbers = {source.id: number for number, source in reversed(list(enumerate(map.sources, start=1)))}
    return Card(
        anchor=anchor,
        name=concept.name,
        definition=concept.definition,
        relevance=concept.relevance,
        incomplete=concept.status == "incomplete",
        ties=(*(ends.tie(r) for r in outgoing), *(ends.tie(r, outgoing=False) for r in incoming)),
        notes=tuple(
            _note(concept, citation, n=n, number=numbers.get(citation.source, 0))
            for n, citation in enumerate(concept.citations, start=first)
        ),
    )


def _note(concept: Concept, citation: Citation, *, n: int, number: int) -> Note:
    of = citation.of if citation.of and getattr(concept, citation.of) else None
    return Note(n, number, citation.quote, of, citation.page, citation.heading)
