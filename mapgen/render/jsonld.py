"""JSON-LD: a schema.org DefinedTermSet, its concepts as DefinedTerms, each relation a node of its own.

The context is inside, so that nothing is fetched to read it. What schema.org has no term for is in mapgen's own
vocabulary. It knows no page, though a page may carry it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from mapgen.model import RELATION_KINDS, KnowledgeMap, Made
from mapgen.render.identity import VOCABULARY, map_iri, part_iri
from mapgen.render.view import Card, Note, Options, Tie, View, view
from mapgen.text import clean

_OWN = ("query", "status", "relevance", "kind", "explanation", "location", "problem", "place")
_NODES = ("relation", "source", "target")
_WEB = re.compile("https?://", re.IGNORECASE)


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as JSON-LD, in UTF-8, with a newline at its end."""
    return json.dumps(data(map), ensure_ascii=False, indent=2) + "\n"


def data(map: KnowledgeMap) -> dict[str, Any]:
    """``map`` as JSON-LD, a value fit for json.dumps; what is empty is left out."""
    seen = view(map, Options())
    return {"@context": _context()} | _full(
        {
            "@id": map_iri(map.query),
            "@type": "DefinedTermSet",
            "name": map.title or map.query,
            "query": map.query,
            "inLanguage": clean(map.language),
            "status": map.status,
            "keywords": list(map.related),
            "hasDefinedTerm": [_concept(map, index, seen=seen) for index in range(len(seen.cards))],
            "relation": [_relation(map, number, tie=tie) for number, tie in enumerate(seen.relations, start=1)],
            "citation": [_source(map, number) for number in range(1, len(map.sources) + 1)],
            "problem": [_full({"place": fault.place, "description": fault.message}) for fault in seen.faults],
            **_made(map.made, seen),
        }
    )


def kind_term(kind: str) -> str:
    """The vocabulary's name for a kind of relation: ``dependsOn`` for ``depends-on``."""
    first, *rest = kind.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _context() -> dict[str, Any]:
    """Terms of schema.org as they are, and our own; lists keep their order, and what stands in them twice."""
    nodes = {name: {"@id": f"mapgen:{name}", "@type": "@id"} for name in (*_NODES, *map(kind_term, RELATION_KINDS))}
    return {
        "@vocab": "https://schema.org/",
        "mapgen": VOCABULARY,
        "keywords": {"@container": "@list"},
        "label": "mapgen:label",
        "Relation": "mapgen:Relation",
        **{name: f"mapgen:{name}" for name in _OWN},
        **nodes,
    }


def _concept(map: KnowledgeMap, index: int, *, seen: View) -> dict[str, Any]:
    card, concept = seen.cards[index], map.concepts[index]
    return _full(
        {
            "@id": part_iri(map.query, "concept", card.anchor),
            "@type": "DefinedTerm",
            "name": card.name,
            "description": card.definition,
            "relevance": card.relevance,
            "position": concept.rank,
            "status": concept.status,
            "inDefinedTermSet": {"@id": map_iri(map.query)},
            "citation": [_quotation(map, note) for note in card.notes],
            **_targets(map, card),
        }
    )


def _targets(map: KnowledgeMap, card: Card) -> dict[str, list[str]]:
    """The concepts that this one leads to, by the kind of the relation."""
    targets: dict[str, dict[str, None]] = {}
    for tie in card.ties:
        if tie.outgoing and tie.target_anchor:
            targets.setdefault(kind_term(tie.kind), {})[part_iri(map.query, "concept", tie.target_anchor)] = None
    return {term: list(iris) for term, iris in targets.items()}


def _relation(map: KnowledgeMap, number: int, *, tie: Tie) -> dict[str, Any]:
    return _full(
        {
            "@id": part_iri(map.query, "relation", number),
            "@type": "Relation",
            "source": _end(map, tie.source, anchor=tie.source_anchor),
            "kind": tie.kind,
            "label": tie.label,
            "target": _end(map, tie.target, anchor=tie.target_anchor),
            "explanation": tie.explanation,
        }
    )


def _end(map: KnowledgeMap, name: str, *, anchor: str) -> dict[str, str]:
    """A concept by its IRI; what is no concept of the map by its name."""
    return {"@id": part_iri(map.query, "concept", anchor)} if anchor else {"@type": "DefinedTerm", "name": name}


def _quotation(map: KnowledgeMap, note: Note) -> dict[str, Any]:
    part = {"@id": part_iri(map.query, "source", note.number)} if note.number else None
    place = {"mapgen:of": note.of, "mapgen:page": note.page, "mapgen:heading": note.heading}
    return _full({"@type": "Quotation", "text": note.quote, "isPartOf": part, **place})


def _source(map: KnowledgeMap, number: int) -> dict[str, Any]:
    source = map.sources[number - 1]
    place = "url" if _WEB.match(source.location) else "location"
    iri = part_iri(map.query, "source", number)
    return _full({"@id": iri, "@type": "CreativeWork", "name": source.title, place: source.location})


def _made(made: Made | None, seen: View) -> dict[str, Any]:
    if made is None:
        return {}
    return {
        "dateCreated": made.created.isoformat(),
        "creator": {"@type": "SoftwareApplication", "name": "mapgen", "softwareVersion": clean(made.mapgen)},
        "additionalProperty": [{"@type": "PropertyValue", "name": name, "value": value} for name, value in seen.facts],
    }


def _full(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", None, [])}
