"""Markdown: headings, definitions as quotes, relations as lists, footnotes, fit for GitHub, Obsidian and CommonMark.

What a model wrote is text here and nothing else: no link, image, HTML, list, table or address comes of it; only a
source's location, where it is nothing but a web address, is one.
It knows no file and no link between notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mapgen.model import KnowledgeMap
from mapgen.render.contrast import Contrast
from mapgen.render.view import Card, Note, Options, Tie, View, view
from mapgen.render.wording import EXPLORE, INCOMPLETE, KEY_CONCEPTS, RELATIONS, SIDE_BY_SIDE, SOURCES, footer

_ESCAPED = re.compile(
    r"""
      [\\`*_\[\]<|~$^{@]                    # code, emphasis, links, HTML, tables, maths, attributes, mentions
    | ^[>+\-=:!?] | (?:^|(?<=[ ]))\#        # at a line's start: quote, list, rule, heading; tags
    | &(?=\#?\w+;) | =(?==) | %(?=%)        # entities, highlights, comments
    | /(?=/) | \.(?=[^\W\d_]{2}) | (?<=www)\.    # addresses: //host, example.org, www.
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ITEM = re.compile(r"^(\d{1,9})([.)])(?= |$)")
# GitHub makes a link of an address even when its @ is escaped; a word joiner, which nobody sees, prevents it.
_MAIL = re.compile(r"(?<=[\w.+-])@(?=[\w-])")
_WEB = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#][\w\-.~:/?#@!&'()*+,;=%]*)?")
_NO_PLAIN_WEB = re.compile(r"&#?\w+;|%%|==|~~|__")  # what an entity, or markup of Obsidian, may come of


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as Markdown: query, topics, then each concept with its definition, relevance and relations."""
    return "\n\n".join("\n".join(block) for block in _blocks(view(map, options)) if any(block)) + "\n"


def escaped(text: str) -> str:
    """``text`` (one line) such that Markdown shows it as it is, wherever in a line it stands."""
    joined = _MAIL.sub("@\u2060", text)
    return _ITEM.sub(r"\1\\\2", _ESCAPED.sub(r"\\\g<0>", joined))


def source(title: str, location: str, *, place: str = "") -> str:
    """A source: its title, a place in it, and where it is, which leads there if it is nothing but a web address."""
    plain = _WEB.fullmatch(location) and not _NO_PLAIN_WEB.search(location)
    address = f"<{location}>" if plain else escaped(location)
    return ", ".join(filter(None, (escaped(title), escaped(place), address)))


def cited(note: Note, sources: tuple[tuple[str, str], ...]) -> str:
    """What a quote is from: its source, where that is known, and its place there."""
    return source(*(sources[note.number - 1] if note.number else ("", "")), place=note.place)


def _blocks(seen: View) -> Iterator[list[str]]:
    yield [f"# {escaped(seen.query)}"]
    yield [_emphasised(seen.subtitle)]
    yield [" — ".join(filter(None, (_strong(seen.brand), _explore(seen.chips))))]
    if seen.contrast:
        yield from _contrast(seen.contrast)
    yield [f"## {KEY_CONCEPTS}"]
    footnotes: list[str] = []
    for card in seen.cards:
        yield from _concept(card)
        footnotes += [_footnote(note, seen.sources) for note in card.notes]
    if seen.loose:
        yield [f"## {RELATIONS}"]
        yield [_relation(tie) for tie in seen.loose]
    if seen.sources:
        yield [f"## {SOURCES}"]
        yield [f"- {source(*pair)}" for pair in seen.sources]
    if seen.faults:
        yield [f"## {INCOMPLETE}"]
        yield [f"- {_strong(fault.place)}: {escaped(fault.message)}" for fault in seen.faults]
    if seen.facts:
        yield ["---"]
        yield [escaped(footer(seen.facts))]
    yield from ([f"[^{number}]: {note}"] for number, note in enumerate(footnotes, start=1))


def _explore(chips: tuple[str, ...]) -> str:
    return f"{EXPLORE.replace('|', '').strip()}: {' · '.join(map(escaped, chips))}" if chips else ""


def _contrast(both: Contrast) -> Iterator[list[str]]:
    yield [f"## {SIDE_BY_SIDE}"]
    yield [
        _row(" · ".join(_strong(card.name) for card in cards) for cards in (both.left, both.right)),
        _row(("---", "---")),
        _row(map(_cell, (both.left, both.right))),
    ]
    yield [_relation(tie) for tie in both.ties]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cards: tuple[Card, ...]) -> str:
    """The definitions of one side's cards; with several, each behind its name."""
    several = len(cards) > 1
    return "<br>".join(
        f"{_strong(card.name)}: {escaped(card.definition)}" if several else escaped(card.definition) for card in cards
    )


def _concept(card: Card) -> Iterator[list[str]]:
    definition = f"> {escaped(card.definition)}{_markers(card.behind('definition'))}" if card.definition else ""
    yield [f"### {escaped(card.name)}{' *(incomplete)*' if card.incomplete else ''}".rstrip()]
    yield [definition]
    yield [escaped(card.relevance) + _markers(card.behind("relevance") + card.loose)]
    yield [_relation(tie) for tie in card.ties]


def _markers(notes: Iterable[Note]) -> str:
    return "".join(f"[^{note.n}]" for note in notes)


def _footnote(note: Note, sources: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(filter(None, (f"“{escaped(note.quote)}”", cited(note, sources))))


def _relation(tie: Tie) -> str:
    sentence = " ".join(filter(None, (escaped(tie.source), _emphasised(tie.label), escaped(tie.target))))
    once = tie.outgoing or not tie.source_anchor
    explanation = f" {escaped(tie.explanation)}" if once and tie.explanation else ""
    return f"- {_strong(tie.tag)}: {sentence}.{explanation}"


def _strong(text: str) -> str:
    return f"**{escaped(text)}**" if text else ""


def _emphasised(text: str) -> str:
    return f"*{escaped(text)}*" if text else ""
