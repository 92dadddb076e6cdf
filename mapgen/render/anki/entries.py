"""What a deck asks of a map: its kinds of notes, each note's fields as HTML, and the identity that a note keeps.

A note is known by the query and by its concept's identifier, or its relation's ends and kind, and so is the same
in a later version of the map. It knows no package and no database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from typing import NamedTuple

from mapgen.model import KnowledgeMap
from mapgen.render.identity import fingerprint
from mapgen.render.view import Card, Note, Tie, View
from mapgen.render.wording import EXPLORE, INCOMPLETE, SOURCES, footer

# Anki typesets what stands between \( and \) as maths everywhere but in these classes.
_PLAIN = '<div dir="auto" class="mathjax_ignore tex2jax_ignore">{}</div>'
_SMALL = '<div class="small">{}</div>'


class Kind(NamedTuple):
    """A type of note: templates are name, front and back. To change its fields is to give it another number."""

    number: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]


class Entry(NamedTuple):
    """A note: of which kind, by what it is known again, and what its fields hold."""

    kind: Kind
    guid: str
    fields: list[str]
    tags: tuple[str, ...]


def _template(name: str, front: str, *, back: str) -> tuple[str, str, str]:
    return name, _PLAIN.format(front), "{{FrontSide}}<hr id=answer>" + _PLAIN.format(back)


_REST = "<p>{{Relevance}}</p>" + _SMALL.format("{{Citations}}") + _SMALL.format("{{Query}}")
CONCEPT = Kind(
    1_704_219_301,
    "mapgen concept",
    ("Name", "Definition", "Riddle", "Relevance", "Citations", "Query"),
    (
        _template("What is it?", "<b>{{Name}}</b>", back="{{Definition}}" + _REST),
        _template("What is it called?", "{{Riddle}}", back="<b>{{Name}}</b><p>{{Definition}}</p>" + _REST),
    ),
)
RELATION = Kind(
    1_704_219_302,
    "mapgen relation",
    ("Source", "Target", "Kind", "Label", "Explanation", "Query"),
    (
        _template(
            "How are they related?",
            "How does <b>{{Source}}</b> relate to <b>{{Target}}</b>?" + _SMALL.format("{{Query}}"),
            back="{{Source}} <i>{{Label}}</i> {{Target}} ({{Kind}})<p>{{Explanation}}</p>",
        ),
    ),
)


def entries(map: KnowledgeMap, seen: View) -> Iterator[Entry]:
    """Each note in the order of learning; no two have one identity."""
    guids = _guids(map)
    for card in seen.cards:
        tags = ("mapgen::incomplete",) if card.incomplete else ("mapgen",)
        yield Entry(CONCEPT, next(guids), _concept(card, seen), tags)
    for tie in seen.relations:
        yield Entry(RELATION, next(guids), _relation(tie, seen), ("mapgen",))


def about(seen: View) -> str:
    """The deck's description, as HTML."""
    faults = (f"{fault.place}: {fault.message}" for fault in seen.faults)
    sources = (f"[{number}] {_source(pair)}" for number, pair in enumerate(seen.sources, start=1))
    parts = (
        [seen.query],
        [f"{EXPLORE.removesuffix(' |')}: {' · '.join(seen.chips)}"] if seen.chips else [],
        [f"{SOURCES}:", *sources] if seen.sources else [],
        [f"{INCOMPLETE}:", *faults] if seen.faults else [],
        [footer(seen.facts)],
    )
    return "<br><br>".join(_lines(part) for part in parts if any(part))


def _concept(card: Card, seen: View) -> list[str]:
    texts = (card.name or "?", card.definition, _riddle(card), card.relevance)
    return [*map(_html, texts), _lines(_citation(note, seen) for note in card.notes), _html(seen.query)]


def _relation(tie: Tie, seen: View) -> list[str]:
    texts = (tie.source or "?", tie.target or "?", tie.kind, tie.label, tie.explanation, seen.query)
    return list(map(_html, texts))


def _riddle(card: Card) -> str:
    """The definition with a gap where it names what it defines."""
    return re.sub(re.escape(card.name), "…", card.definition, flags=re.IGNORECASE) if card.name else card.definition


def _citation(note: Note, seen: View) -> str:
    title, location = seen.sources[note.number - 1] if note.number else ("", "")
    aside = f" ({note.of})" if note.of else ""
    origin = ", ".join(filter(None, (title, note.place, location)))
    return f"[{note.number or '?'}] “{note.quote}”{aside}" + (f" — {origin}" if origin else "")


def _source(pair: tuple[str, str]) -> str:
    return ", ".join(filter(None, pair))


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(_html, texts))


def _html(text: str) -> str:
    """``text`` as HTML in which Anki finds no [sound:…] and no [latex] either."""
    return escape(text).replace("[", "&#91;")


def _guids(map: KnowledgeMap) -> Iterator[str]:
    """The identities of the concepts, then of the relations; where two would be one, the second is counted."""
    times: Counter[tuple[str, ...]] = Counter()
    concepts = (("concept", concept.id) for concept in map.concepts)
    relations = (("relation", relation.source, relation.kind, relation.target) for relation in map.relations)
    for key in chain[tuple[str, ...]](concepts, relations):
        times[key] += 1
        yield fingerprint(map.query, *key, times[key])[:20]
