"""What a map tells, for tests that ask whether a format's reader finds all of it."""

from __future__ import annotations

from collections.abc import Iterator

from mapgen.model import Concept, KnowledgeMap
from mapgen.render.view import Options, Tie, View, view


def seen(map: KnowledgeMap) -> View:
    """The map as formats see it."""
    return view(map, Options())


def texts(map: KnowledgeMap) -> Iterator[str]:
    """Every text of the map that is not empty, save identifiers."""
    for concept in map.concepts:
        yield from (concept.name, concept.definition, concept.relevance)
        for citation in concept.citations:
            yield from (citation.quote, citation.heading)
    for tie in ties(map):
        yield from (tie.source, tie.label, tie.target, tie.explanation)
    yield from (map.query, map.title, *map.related)
    for source in map.sources:
        yield from (source.title, source.location)
    yield from (problem.message for problem in map.problems)


def quotes(concept: Concept) -> list[str]:
    """Each of its quotes, with the text that it is for and its place in the source in brackets."""
    told = []
    for citation in concept.citations:
        page = f"p. {citation.page}" if citation.page else ""
        aside = ", ".join(filter(None, (citation.of, page, citation.heading)))
        told.append(f"“{citation.quote}” ({aside})" if aside else f"“{citation.quote}”")
    return told


def ties(map: KnowledgeMap) -> tuple[Tie, ...]:
    """Its relations, with their ends in words."""
    return seen(map).relations


def missing(map: KnowledgeMap, read: str) -> list[str]:
    """The texts of the map that a reader's text does not have, word for word."""
    return [text for text in texts(map) if text and text not in read]
