"""JSON-LD: expanded by pyld and read as a graph by rdflib, both without a network; nothing is lost on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as processor
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Relation, Source
from mapgen.render import jsonld
from mapgen.render.identity import map_iri, part_iri
from mapgen.render.view import Options
from mapgen.text import clean
from tests.render.hostile import hostile_map, surrogate_map
from tests.render.telling import missing, seen, texts

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own

SCHEMA, OWN = Namespace("https://schema.org/"), Namespace("urn:mapgen:vocabulary:")
IRI = re.compile(r"urn:mapgen:[0-9a-f]{32}(:([A-Za-z0-9._~-]|%[0-9A-F]{2})+)*")


def no_network(url: str, options: dict) -> None:
    raise AssertionError(f"{url} was asked for")


def expanded(map: KnowledgeMap) -> list[dict[str, Any]]:
    return processor.expand(json.loads(jsonld.render(map, Options())), {"documentLoader": no_network})


def graph(map: KnowledgeMap) -> Graph:
    return Graph().parse(data=jsonld.render(map, Options()), format="json-ld")


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in strings(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in strings(item))


def one(facts: Graph, subject: Any, predicate: URIRef) -> str:
    """The one text that is said there; empty for none."""
    values = list(facts.objects(subject, predicate))
    assert len(values) < 2
    return str(values[0]) if values else ""


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    maps = {"hostile": hostile_map(), "surrogate": surrogate_map(), "rich": rich_map, "source": source_map}
    return maps[request.param]


def test_a_processor_finds_every_text_word_for_word(any_map):
    found = set(strings(expanded(any_map)))
    assert [text for text in texts(any_map) if text and text not in found] == []


def test_a_graph_holds_every_text(any_map):
    values = {str(value) for value in graph(any_map).objects() if isinstance(value, Literal)}
    assert missing(any_map, "\n".join(sorted(values))) == []


def test_every_term_is_of_schema_org_or_our_own(any_map):
    facts = graph(any_map)
    rdf = str(RDF)
    assert {str(p).startswith((str(SCHEMA), str(OWN), rdf)) for p in facts.predicates()} == {True}
    assert {str(t) for t in facts.objects(None, RDF.type)} <= {
        *(str(SCHEMA[name]) for name in ("DefinedTermSet", "DefinedTerm", "Quotation", "CreativeWork")),
        *(str(SCHEMA[name]) for name in ("PropertyValue", "SoftwareApplication")),
        str(OWN.Relation),
    }


def test_each_relation_is_a_node_with_all_that_it_is(any_map):
    facts, found = graph(any_map), []
    for number, tie in enumerate(seen(any_map).relations, start=1):
        node = URIRef(part_iri(any_map.query, "relation", number))
        assert (URIRef(map_iri(any_map.query)), OWN.relation, node) in facts
        ends = [facts.value(node, OWN.source), facts.value(node, OWN.target)]
        names = [one(facts, end, SCHEMA.name) for end in ends]
        found.append((*names, *(one(facts, node, OWN[name]) for name in ("kind", "label", "explanation"))))
        assert [isinstance(end, URIRef) for end in ends] == [bool(tie.source_anchor), bool(tie.target_anchor)]
        if tie.source_anchor and tie.target_anchor:
            assert (ends[0], OWN[jsonld.kind_term(tie.kind)], ends[1]) in facts
    assert found == [(t.source, t.target, t.kind, t.label, t.explanation) for t in seen(any_map).relations]


def test_each_concept_is_a_term_of_the_set(any_map):
    facts, terms = graph(any_map), URIRef(map_iri(any_map.query))
    for concept, card in zip(any_map.concepts, seen(any_map).cards, strict=True):
        node = URIRef(part_iri(any_map.query, "concept", card.anchor))
        assert (terms, SCHEMA.hasDefinedTerm, node) in facts
        assert (node, SCHEMA.inDefinedTermSet, terms) in facts
        assert (node, RDF.type, SCHEMA.DefinedTerm) in facts
        assert one(facts, node, SCHEMA.name) == concept.name
        assert one(facts, node, SCHEMA.description) == concept.definition
        assert one(facts, node, OWN.relevance) == concept.relevance
        assert one(facts, node, OWN.status) == concept.status
        assert one(facts, node, SCHEMA.position) == str(concept.rank)
        quotes = {str(facts.value(quote, SCHEMA.text)) for quote in facts.objects(node, SCHEMA.citation)}
        assert quotes == {citation.quote for citation in concept.citations}


def test_quotations_are_part_of_their_sources():
    facts, map = graph(hostile_map()), hostile_map()
    node = URIRef(part_iri(map.query, "concept", seen(map).cards[0].anchor))
    works = {
        str(facts.value(quote, SCHEMA.text))[:3]: facts.value(quote, SCHEMA.isPartOf)
        for quote in facts.objects(node, SCHEMA.citation)
    }
    first = URIRef(part_iri(map.query, "source", 1))
    assert works == {"Q1:": first, "=Q1": None}
    assert one(facts, first, SCHEMA.url) == "https://example.org/a?b=1&c=<2>#d"
    assert one(facts, URIRef(part_iri(map.query, "source", 2)), OWN.location) == "C:\\files\\lags.txt"


def test_identifiers_are_iris_and_no_two_are_one(any_map):
    data = jsonld.data(any_map)
    ids = [node["@id"] for field in ("hasDefinedTerm", "relation", "citation") for node in data.get(field, [])]
    assert len(ids) == len(set(ids))
    assert all(IRI.fullmatch(id) for id in [data["@id"], *ids])


def test_topics_keep_their_order_and_repeats():
    map = KnowledgeMap(query="q", title="t", language="en", concepts=(), related=("b", "a", "b"))
    facts = graph(map)
    topics = facts.value(URIRef(map_iri("q")), SCHEMA.keywords)
    assert [str(topic) for topic in facts.items(topics)] == ["b", "a", "b"]


def test_how_it_was_made(rich_map):
    data = jsonld.data(rich_map)
    assert data["dateCreated"] == datetime(2026, 11, 22, 18, 30, tzinfo=UTC).isoformat()
    assert data["creator"] == {"@type": "SoftwareApplication", "name": "mapgen", "softwareVersion": "0.1.0"}
    assert {"@type": "PropertyValue", "name": "model", "value": "gpt-<4>"} in data["additionalProperty"]
    assert data["inLanguage"] == "en-GB"


def test_a_small_map_as_it_is_written():
    map = KnowledgeMap(
        query="Q?",
        title="",
        language="en",
        concepts=(Concept(id="a b", name="A", definition="D.", relevance="R.", rank=1),),
        relations=(Relation(source="a b", target="x", kind="depends-on", label="", explanation=""),),
        sources=(Source(id="s", title="", location="f.txt"),),
    )
    root = map_iri("Q?")
    data = jsonld.data(map)
    assert data.pop("@context")["@vocab"] == "https://schema.org/"
    assert data == {
        "@id": root,
        "@type": "DefinedTermSet",
        "name": "Q?",
        "query": "Q?",
        "inLanguage": "en",
        "status": "complete",
        "hasDefinedTerm": [
            {
                "@id": f"{root}:concept:a-b",
                "@type": "DefinedTerm",
                "name": "A",
                "description": "D.",
                "relevance": "R.",
                "position": 1,
                "status": "complete",
                "inDefinedTermSet": {"@id": root},
            }
        ],
        "relation": [
            {
                "@id": f"{root}:relation:1",
                "@type": "Relation",
                "source": {"@id": f"{root}:concept:a-b"},
                "kind": "depends-on",
                "label": "depends on",
                "target": {"@type": "DefinedTerm", "name": "x"},
            }
        ],
        "citation": [{"@id": f"{root}:source:1", "@type": "CreativeWork", "location": "f.txt"}],
    }


def test_the_context_names_every_kind_and_fetches_nothing(any_map):
    context = jsonld.data(any_map)["@context"]
    assert isinstance(context, dict)
    assert {jsonld.kind_term(kind) for kind in RELATION_KINDS} <= set(context)
    assert jsonld.kind_term("contrasts-with") == "contrastsWith"


def test_it_is_text_that_every_writer_can_encode(any_map):
    text = jsonld.render(any_map, Options())
    assert json.loads(text.encode("utf-8")) == jsonld.data(any_map)
    assert text.endswith("}\n")
    assert text == jsonld.render(any_map, Options(brand="another"))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_and_identifier_comes_back(id, text):
    name = clean(text)
    concept = Concept(id=id, name=name, definition=name, relevance=name, rank=1)
    relation = Relation(source=id, target=text, kind="causes", label=name, explanation=name)
    map = KnowledgeMap(query=name, title="t", language=text, concepts=(concept,), relations=(relation,))
    facts = graph(map)
    node = URIRef(part_iri(name, "concept", seen(map).cards[0].anchor))
    assert IRI.fullmatch(str(node))
    assert one(facts, node, SCHEMA.name) == name
    assert one(facts, URIRef(part_iri(name, "relation", 1)), OWN.explanation) == name
