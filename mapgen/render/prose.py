"""Pieces of Markdown that a note and a canvas share: a concept's text, its relations, what the map stands on.

It knows no file and no place; how a concept is linked to is its caller's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mapgen.render.markdown import cited, escaped, source
from mapgen.render.view import Card, Note, Tie, View
from mapgen.render.wording import EXPLORE, INCOMPLETE, RELATIONS, SOURCES, footer

Link = Callable[[str, str], str]
"""From a concept's name and its anchor (empty where it is no concept) to the Markdown that stands for it."""


def plain(name: str, anchor: str) -> str:
    """The name alone."""
    return escaped(name)


def joined(blocks: Iterable[str]) -> str:
    """Those blocks with an empty line between them; empty ones are left out."""
    return "\n\n".join(filter(None, blocks))


def bullets(items: Iterable[str]) -> str:
    """Those items as a list; empty for none."""
    return "\n".join(f"- {item}" for item in items)


def section(heading: str, items: Iterable[str]) -> str:
    """A heading over a list; empty for no items."""
    listed = bullets(items)
    return f"## {heading}\n\n{listed}" if listed else ""


def texts(card: Card) -> list[str]:
    """A concept's own texts: whether it is incomplete, its definition as a quote, its relevance."""
    return [
        f"*({INCOMPLETE.lower()})*" if card.incomplete else "",
        f"> {escaped(card.definition)}" if card.definition else "",
        escaped(card.relevance),
    ]


def relation(tie: Tie, *, link: Link) -> str:
    """A relation as a sentence, after its kind and before its explanation."""
    ends = link(tie.source, tie.source_anchor), link(tie.target, tie.target_anchor)
    sentence = " ".join(filter(None, (ends[0], f"*{escaped(tie.label)}*", ends[1])))
    return f"**{escaped(tie.tag)}**: {sentence}." + (f" {escaped(tie.explanation)}" if tie.explanation else "")


def citations(card: Card, seen: View) -> list[str]:
    """A concept's quotes: number of the source, the text that a quote is for, title and place, as far as known."""
    return [_citation(note, seen) for note in card.notes]


def about(seen: View) -> str:
    """What the map answers, and what it leads to."""
    return joined(
        [
            f"# {escaped(seen.query)}",
            f"*{escaped(seen.subtitle)}*" if seen.subtitle else "",
            f"**{escaped(seen.brand)}**" if seen.brand else "",
            section(EXPLORE.removesuffix(" |"), map(escaped, seen.chips)),
        ]
    )


def made(seen: View) -> str:
    """How the map was made."""
    return escaped(footer(seen.facts))


def sources(seen: View) -> str:
    """The map's sources, numbered."""
    return section(SOURCES, (f"{_number(n)} {source(*pair)}" for n, pair in enumerate(seen.sources, start=1)))


def faults(seen: View) -> str:
    """What is wrong with the map."""
    return section(INCOMPLETE, (f"**{escaped(f.place)}**: {escaped(f.message)}" for f in seen.faults))


def loose(seen: View) -> str:
    """The relations that no concept of the map can tell, since both their ends are missing from it."""
    return section(RELATIONS, (relation(tie, link=plain) for tie in seen.loose))


def _citation(note: Note, seen: View) -> str:
    aside = f" *({note.of})*" if note.of else ""
    origin = cited(note, seen.sources)
    return f"{_number(note.number)} “{escaped(note.quote)}”{aside}" + (f" — {origin}" if origin else "")


def _number(number: int) -> str:
    return rf"\[{number or '?'}\]"
