"""The notes of a map as Obsidian reads them: front matter, Markdown, and [[links]] to each other's files.

It knows no disk. A link shows a concept's own name, whatever its file is called, unless the name holds what Markdown
would read: then the file's. The own name is the note's heading and alias in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mapgen.model import KnowledgeMap
from mapgen.render import prose
from mapgen.render.canvas import document
from mapgen.render.markdown import escaped
from mapgen.render.obsidian.names import file_names
from mapgen.render.view import Card, Options, Tie, View, view
from mapgen.render.wording import KEY_CONCEPTS, RELATIONS, SOURCES


def vault(map: KnowledgeMap, options: Options) -> dict[str, str]:
    """The files of the folder, by name."""
    notes = _Notes(map, view(map, options))
    cards = {f"{notes.files[card.anchor]}.md": notes.concept(place) for place, card in enumerate(notes.seen.cards)}
    canvas = {f"{notes.home}.canvas": document(notes.seen, link=notes.link)}
    return {f"{notes.home}.md": notes.index(), **cards, **canvas}


class _Notes:
    """The notes of one map, whose files are named once for all links."""

    def __init__(self, map: KnowledgeMap, seen: View) -> None:
        self.map, self.seen = map, seen
        self.home, *rest = file_names((map.title or map.query, *(card.name for card in seen.cards)))
        self.files = {card.anchor: file for card, file in zip(seen.cards, rest, strict=True)}

    def link(self, name: str, anchor: str) -> str:
        """A link to a concept's note; for what is no concept, its name."""
        return _link(self.files[anchor], name) if anchor else escaped(name)

    def concept(self, place: int) -> str:
        """The note of the concept at that place, from 0."""
        card = self.seen.cards[place]
        body = [
            f"# {escaped(card.name)}".rstrip(),
            *prose.texts(card),
            prose.section(RELATIONS, (self._relation(tie, card.anchor) for tie in card.ties)),
            prose.section(SOURCES, prose.citations(card, self.seen)),
            "---",
            " · ".join(self._ways(place)),
        ]
        return _note(self._properties(card, place), body)

    def index(self) -> str:
        """The note that leads to all others."""
        entries = (f"{n}. {self._entry(card)}" for n, card in enumerate(self.seen.cards, start=1))
        body = [
            prose.about(self.seen),
            f"## {KEY_CONCEPTS}",
            "\n".join(entries),
            f"![[{self.home}.canvas]]",
            prose.loose(self.seen),
            prose.sources(self.seen),
            prose.faults(self.seen),
            *(["---", prose.made(self.seen)] if self.seen.facts else []),
        ]
        properties = {"aliases": [self.seen.query], "tags": ["mapgen/map"], "status": self.map.status}
        return _note(properties | {"language": self.map.language}, body)

    def _relation(self, tie: Tie, here: str) -> str:
        """A relation as the note ``here`` tells it, which is not linked to itself."""
        return prose.relation(tie, link=lambda name, anchor: self.link(name, "" if anchor == here else anchor))

    def _entry(self, card: Card) -> str:
        return " — ".join(filter(None, (self.link(card.name, card.anchor), escaped(card.definition))))

    def _ways(self, place: int) -> Iterator[str]:
        cards = self.seen.cards
        yield _link(self.home, self.seen.query)
        if place:
            yield f"← {self.link(cards[place - 1].name, cards[place - 1].anchor)}"
        if place + 1 < len(cards):
            yield f"{self.link(cards[place + 1].name, cards[place + 1].anchor)} →"

    def _properties(self, card: Card, place: int) -> dict[str, Any]:
        """Front matter; each kind of relation is a property that lists the notes it leads to."""
        targets: dict[str, list[str]] = {}
        for tie in card.ties:
            if tie.outgoing and tie.target_anchor:
                targets.setdefault(tie.kind, []).append(f"[[{self.files[tie.target_anchor]}]]")
        return {
            "aliases": [card.name],
            "tags": ["mapgen/concept", *(["mapgen/incomplete"] if card.incomplete else [])],
            "rank": self.map.concepts[place].rank,
            "status": self.map.concepts[place].status,
            "map": f"[[{self.home}]]",
            **{kind: list(dict.fromkeys(files)) for kind, files in targets.items()},
        }


def _link(file: str, name: str) -> str:
    return f"[[{file}|{name}]]" if name and name != file and name == escaped(name) else f"[[{file}]]"


def _note(properties: dict[str, Any], body: list[str]) -> str:
    import yaml

    matter = yaml.safe_dump(properties, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{matter}---\n\n{prose.joined(body)}\n"
