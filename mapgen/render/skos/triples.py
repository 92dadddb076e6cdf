"""What a map states in SKOS, as triples: a subject, a predicate such as ``skos:broader``, and a value.

SKOS has no place for what a relation is called and why it holds; mapgen's own vocabulary has. It knows no syntax.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mapgen.model import KnowledgeMap
from mapgen.render.identity import map_iri, part_iri
from mapgen.render.jsonld import kind_term
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.render.wording import footer
from mapgen.text import clean

_BROADER = {"is-a", "part-of"}


class Ref(NamedTuple):
    """A resource."""

    iri: str


class Text(NamedTuple):
    """A text; ``language`` is empty where it is in none."""

    text: str
    language: str = ""


Triple = tuple[str, str, Ref | Text | int]


def triples(map: KnowledgeMap, language: str) -> Iterator[Triple]:
    """All that ``map`` states, its texts tagged with that language; what is empty is not stated."""
    seen = view(map, Options())
    for subject, predicate, value in _all(map, seen):
        if isinstance(value, str):
            value = Text(value, language)
        if not isinstance(value, Text) or value.text:
            yield subject, predicate, value


def _all(map: KnowledgeMap, seen: View) -> Iterator[tuple[str, str, Ref | Text | int | str]]:
    """Every triple; a text in the map's language is a plain string here."""
    yield from _scheme(map, seen)
    for number, (title, location) in enumerate(seen.sources, start=1):
        iri = part_iri(map.query, "source", number)
        yield iri, "rdf:type", Ref("dcterms:BibliographicResource")
        yield iri, "dcterms:title", Text(title)
        yield iri, "dcterms:identifier", Text(location)
    for concept, card in zip(map.concepts, seen.cards, strict=True):
        iri = part_iri(map.query, "concept", card.anchor)
        yield iri, "mapgen:rank", concept.rank
        yield iri, "mapgen:status", Text(concept.status)
        yield from _concept(map, card, iri=iri)
    for number, tie in enumerate(seen.relations, start=1):
        yield from _relation(map, tie, iri=part_iri(map.query, "relation", number))
    yield from _hierarchy(map, seen)


def _scheme(map: KnowledgeMap, seen: View) -> Iterator[tuple[str, str, Ref | Text | str]]:
    iri = map_iri(map.query)
    yield iri, "rdf:type", Ref("skos:ConceptScheme")
    yield iri, "skos:prefLabel", map.title or map.query
    yield iri, "mapgen:query", map.query
    yield iri, "mapgen:status", Text(map.status)
    yield iri, "dcterms:language", Text(clean(map.language))
    yield iri, "dcterms:created", Text(map.made.created.isoformat() if map.made else "")
    yield iri, "skos:historyNote", Text(footer(seen.facts))
    for topic in seen.chips:
        yield iri, "mapgen:relatedTopic", topic
    for fault in seen.faults:
        yield iri, "skos:editorialNote", Text(f"{fault.place}: {fault.message}")
    for number in range(1, len(seen.sources) + 1):
        yield iri, "dcterms:source", Ref(part_iri(map.query, "source", number))


def _concept(map: KnowledgeMap, card: Card, *, iri: str) -> Iterator[tuple[str, str, Ref | Text | int | str]]:
    yield iri, "rdf:type", Ref("skos:Concept")
    yield iri, "skos:inScheme", Ref(map_iri(map.query))
    yield iri, "skos:prefLabel", card.name
    yield iri, "skos:definition", card.definition
    yield iri, "skos:scopeNote", card.relevance
    for number, note in enumerate(card.notes, start=1):
        citation = f"{iri}:citation:{number}"
        yield iri, "mapgen:citation", Ref(citation)
        yield citation, "rdf:type", Ref("mapgen:Citation")
        yield citation, "mapgen:quote", Text(note.quote)
        yield citation, "mapgen:of", Text(note.of or "")
        yield citation, "mapgen:heading", Text(note.heading)
        if note.page is not None:
            yield citation, "mapgen:page", note.page
        if note.number:
            yield citation, "dcterms:source", Ref(part_iri(map.query, "source", note.number))


def _relation(map: KnowledgeMap, tie: Tie, *, iri: str) -> Iterator[tuple[str, str, Ref | Text | str]]:
    """The relation as a resource and, where both its ends are concepts, as a triple between them."""
    source, target = _end(map, tie.source, anchor=tie.source_anchor), _end(map, tie.target, anchor=tie.target_anchor)
    yield iri, "rdf:type", Ref("mapgen:Relation")
    yield iri, "mapgen:source", source
    yield iri, "mapgen:kind", Text(tie.kind)
    yield iri, "mapgen:label", tie.label
    yield iri, "mapgen:target", target
    yield iri, "mapgen:explanation", tie.explanation
    if isinstance(source, Ref) and isinstance(target, Ref):
        yield source.iri, f"mapgen:{kind_term(tie.kind)}", target


def _end(map: KnowledgeMap, name: str, *, anchor: str) -> Ref | Text:
    """A concept; what is no concept of the map as its name."""
    return Ref(part_iri(map.query, "concept", anchor)) if anchor else Text(name)


def _hierarchy(map: KnowledgeMap, seen: View) -> Iterator[tuple[str, str, Ref]]:
    """Broader, narrower, top and related; by SKOS, what is above or below a concept is not related to it."""
    iris = {card.anchor: part_iri(map.query, "concept", card.anchor) for card in seen.cards}
    pairs = [(tie.source_anchor, tie.target_anchor, tie.kind in _BROADER) for tie in seen.relations]
    pairs = [(one, other, steep) for one, other, steep in pairs if one and other and one != other]
    above = _above({(one, other) for one, other, steep in pairs if steep}, tuple(iris))
    for one, other, steep in pairs:
        if steep:
            yield iris[one], "skos:broader", Ref(iris[other])
            yield iris[other], "skos:narrower", Ref(iris[one])
        elif other not in above[one] and one not in above[other]:
            yield iris[one], "skos:related", Ref(iris[other])
    for anchor, iri in iris.items():
        if not above[anchor]:
            yield map_iri(map.query), "skos:hasTopConcept", Ref(iri)


def _above(steps: set[tuple[str, str]], anchors: tuple[str, ...]) -> dict[str, set[str]]:
    """Of each concept, all those that steps upwards lead to, however many."""
    above: dict[str, set[str]] = {}
    for anchor in anchors:
        reached: set[str] = set()
        front = {anchor}
        while front:
            front = {high for low, high in steps if low in front} - reached
            reached |= front
        above[anchor] = reached
    return above
