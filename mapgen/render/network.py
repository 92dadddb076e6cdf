"""A map as a network: its concepts as nodes, its relations as edges, and all that is said of each as texts.

An end of a relation that is no concept of the map becomes a node of its own, so that no relation is lost. It knows
no format and escapes nothing; what the formats of networkx and of XML have in common is here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element, indent, tostring

from mapgen.model import Concept, KnowledgeMap
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.render.wording import KINDS, footer
from mapgen.text import clean, unique_slugs, xml_text

MISSING = "missing"
"""The status of a node that is no concept of the map."""

Texts = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Node:
    """A concept with its relations, or an end of relations that is no concept of the map."""

    anchor: str
    name: str
    ties: tuple[Tie, ...]
    card: Card | None = None
    concept: Concept | None = None

    @property
    def status(self) -> str:
        """``complete``, ``incomplete`` or ``missing``."""
        return self.concept.status if self.concept else MISSING

    @property
    def quotes(self) -> tuple[str, ...]:
        """Its quotes, each with the number of its source, with which text it is for, and with its place."""
        return tuple(f"[{note.number or '?'}] {note.told}" for note in self.card.notes) if self.card else ()

    def texts(self) -> Texts:
        """All that is known of it, by name; what is empty is left out."""
        if self.card is None or self.concept is None:
            return {"name": self.name, "status": MISSING}
        texts: Texts = {
            "name": self.name,
            "definition": self.card.definition,
            "relevance": self.card.relevance,
            "rank": self.concept.rank,
            "status": self.status,
            "concept": clean(self.concept.id),
            "citations": "\n".join(self.quotes),
        }
        return {name: text for name, text in texts.items() if text}


@dataclass(frozen=True, slots=True)
class Network:
    """A map's nodes, concepts first, and its relations, each of whose ends is the anchor of a node."""

    seen: View
    nodes: tuple[Node, ...]
    edges: tuple[Tie, ...]
    texts: Texts


def network(map: KnowledgeMap, options: Options) -> Network:
    """``map`` as a network. Two ends that are no concepts and have the same name are one node."""
    seen = view(map, options)
    cards = tuple(
        Node(card.anchor, card.name, ties=card.ties, card=card, concept=concept)
        for card, concept in zip(seen.cards, map.concepts, strict=True)
    )
    missing = _missing(seen)
    others = tuple(Node(anchor, name, ties=_ties(seen, name)) for name, anchor in missing.items())
    edges = tuple(
        replace(
            tie,
            source_anchor=tie.source_anchor or missing[tie.source],
            target_anchor=tie.target_anchor or missing[tie.target],
        )
        for tie in seen.relations
    )
    return Network(seen, (*cards, *others), edges, _texts(map, seen))


def edge_texts(tie: Tie) -> Texts:
    """All that is known of a relation, by name; what is empty is left out."""
    texts: Texts = {"kind": tie.kind, "label": tie.label, "explanation": tie.explanation}
    return {name: text for name, text in texts.items() if text}


def source_lines(seen: View) -> tuple[str, ...]:
    """The map's sources, each with its number, title and location."""
    return tuple(
        " ".join(filter(None, (f"[{number}]", title, f"<{place}>" if place else "")))
        for number, (title, place) in enumerate(seen.sources, start=1)
    )


def multigraph(net: Network) -> Any:
    """A network as networkx has it, a MultiDiGraph with texts that XML allows."""
    from networkx import MultiDiGraph

    graph = MultiDiGraph(**_allowed(net.texts))
    for node in net.nodes:
        graph.add_node(node.anchor, label=allowed(node.name), **_allowed(node.texts()))
    for number, tie in enumerate(net.edges):
        graph.add_edge(tie.source_anchor, tie.target_anchor, key=f"e{number}", **_allowed(edge_texts(tie)))
    return graph


def xml(root: Element) -> str:
    """A document of XML as indented text, with letters as they are."""
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def allowed(text: str) -> str:
    """``text`` without the characters that XML 1.0 does not allow, not even escaped."""
    return xml_text(text, instead="")


def _allowed(texts: Texts) -> dict[str, str | int]:
    return {name: allowed(text) if isinstance(text, str) else text for name, text in texts.items()}


def _missing(seen: View) -> dict[str, str]:
    """The anchor of each end that is no concept, by its name."""
    ends = [(tie.source, tie.source_anchor) for tie in seen.relations]
    ends += [(tie.target, tie.target_anchor) for tie in seen.relations]
    names = tuple(dict.fromkeys(name for name, anchor in ends if not anchor))
    anchors = unique_slugs((*(card.anchor for card in seen.cards), *names))
    return dict(zip(names, anchors[len(seen.cards) :], strict=True))


def _ties(seen: View, name: str) -> tuple[Tie, ...]:
    """The relations of an end that is no concept, as they are told there."""
    outgoing = [tie for tie in seen.relations if (tie.source, tie.source_anchor) == (name, "")]
    incoming = [tie for tie in seen.relations if (tie.target, tie.target_anchor) == (name, "")]
    others = (tie for tie in incoming if tie not in outgoing)
    return (*outgoing, *(replace(tie, tag=KINDS[tie.kind][1], outgoing=False) for tie in others))


def _texts(map: KnowledgeMap, seen: View) -> Texts:
    texts: Texts = {
        "query": map.query,
        "title": map.title,
        "language": clean(map.language),
        "status": map.status,
        "related": "\n".join(map.related),
        "sources": "\n".join(source_lines(seen)),
        "problems": "\n".join(f"{fault.place}: {fault.message}" for fault in seen.faults),
        "made": footer(seen.facts),
    }
    return {name: text for name, text in texts.items() if text}
