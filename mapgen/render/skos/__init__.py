"""SKOS in Turtle: a concept scheme, its hierarchy from is-a and part-of, and every relation as a resource.

It knows Turtle and language tags; which statements a map makes is triples.py's. rdflib is imported when the
first graph is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mapgen.model import KnowledgeMap
from mapgen.render.identity import VOCABULARY
from mapgen.render.skos.triples import Ref, Text, Triple, triples
from mapgen.render.view import Options

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "mapgen": VOCABULARY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(?=-|$)", re.IGNORECASE | re.ASCII)


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as Turtle, the same text for the same map."""
    return _turtle(triples(map, short_tag(map.language)))


def short_tag(language: str) -> str:
    """Language, script and region of a BCP 47 tag; ``und`` for what does not begin like one."""
    found = _TAG.match(language)
    return found.group() if found else "und"


def _turtle(statements: Iterable[Triple]) -> str:
    from rdflib import Graph, Literal, URIRef

    graph = Graph(bind_namespaces="none")
    for prefix, iri in _PREFIXES.items():
        graph.bind(prefix, iri)
    for subject, predicate, value in statements:
        if isinstance(value, Ref):
            object: URIRef | Literal = URIRef(_full(value.iri))
        else:
            object = Literal(value.text, lang=value.language or None) if isinstance(value, Text) else Literal(value)
        graph.add((URIRef(subject), URIRef(_full(predicate)), object))
    return graph.serialize(format="turtle")


def _full(name: str) -> str:
    """``skos:broader`` written out; what has no prefix of ours as it is."""
    prefix, _, rest = name.partition(":")
    return _PREFIXES[prefix] + rest if prefix in _PREFIXES else name
