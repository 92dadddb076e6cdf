"""JSON Canvas 1.0: a card for each concept where the page's drawing has it, an arrow for each relation.

It knows the format, and which cards there are; what they say is prose.py's, where they lie place.py's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mapgen.model import KnowledgeMap
from mapgen.render import prose
from mapgen.render.canvas.place import Box, around, concepts, facing, stacked
from mapgen.render.graph import KIND_STYLE
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.render.wording import KEY_CONCEPTS, KINDS


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as a canvas of text cards; an incomplete concept's card is red."""
    return document(view(map, options), link=prose.plain)


def document(seen: View, *, link: prose.Link) -> str:
    """The canvas of what is seen of a map; ``link`` makes the headings and the names in relations."""
    cards = {card.anchor: _text(number, card, seen=seen, link=link) for number, card in enumerate(seen.cards, start=1)}
    stages = concepts(seen, cards)
    red = {_id(card.anchor) for card in seen.cards if card.incomplete}
    nodes = [
        *(_group(number, boxes, count=len(stages)) for number, boxes in enumerate(stages, start=1)),
        *(_node(box) for box in stacked(_side(seen))),
        *(_node(box) | ({"color": "1"} if box.id in red else {}) for boxes in stages for box in boxes),
    ]
    edges = list(_edges(seen.relations, {box.id: box for boxes in stages for box in boxes}))
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, indent=2) + "\n"


def _id(anchor: str) -> str:
    return f"concept-{anchor}"


def _text(number: int, card: Card, *, seen: View, link: prose.Link) -> str:
    """A card: the relations that no other card tells are told on it."""
    told = [tie for tie in card.ties if tie.outgoing or not tie.source_anchor]
    return prose.joined(
        [
            f"## {number}. {link(card.name, card.anchor)}".rstrip(),
            *prose.texts(card),
            prose.bullets(prose.citations(card, seen)),
            prose.bullets(prose.relation(tie, link=link) for tie in told),
        ]
    )


def _side(seen: View) -> dict[str, str]:
    texts = {
        "about": prose.joined([prose.about(seen), prose.made(seen)]),
        "sources": prose.sources(seen),
        "incomplete": prose.faults(seen),
        "relations": prose.loose(seen),
    }
    return {id: text for id, text in texts.items() if text}


def _node(box: Box) -> dict[str, Any]:
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    return {"id": box.id, "type": "text", **place, "text": box.text}


def _group(number: int, boxes: list[Box], *, count: int) -> dict[str, Any]:
    node = _node(around(f"group-{number}", boxes))
    del node["text"]
    return node | {"type": "group", "label": KEY_CONCEPTS + (f" {number}/{count}" if count > 1 else "")}


def _edges(ties: tuple[Tie, ...], boxes: dict[str, Box]) -> Iterator[dict[str, Any]]:
    """An edge for each relation between two cards; of several between the same two, each takes other sides."""
    pairs: Counter[frozenset[str]] = Counter()
    for number, tie in enumerate(ties, start=1):
        if not tie.source_anchor or not tie.target_anchor:
            continue
        source, target = boxes[_id(tie.source_anchor)], boxes[_id(tie.target_anchor)]
        pair = frozenset((source.id, target.id))
        sides = facing(source, target, turned=bool(pairs[pair] % 2))
        pairs[pair] += 1
        yield {
            "id": f"relation-{number}",
            "fromNode": source.id,
            "fromSide": sides[0],
            "toNode": target.id,
            "toSide": sides[1],
            "fromEnd": "arrow" if KIND_STYLE[tie.kind].both else "none",
            "toEnd": "arrow",
            "label": _label(tie),
        }


def _label(tie: Tie) -> str:
    kind = KINDS[tie.kind][0]
    return tie.label if tie.label == kind else f"{tie.label} ({kind})"
