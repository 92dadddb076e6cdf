"""SKOS: the Turtle is read by rdflib and by pyoxigraph, asked in SPARQL, and held to SKOS's own conditions."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS

from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Relation
from mapgen.render import skos
from mapgen.render.identity import map_iri, part_iri
from mapgen.render.jsonld import kind_term
from mapgen.render.view import Options
from mapgen.text import clean
from tests.render.hostile import hostile_map, surrogate_map
from tests.render.telling import missing, seen

OWN = Namespace("urn:mapgen:vocabulary:")
RELATIONS = """
PREFIX m: <urn:mapgen:vocabulary:> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?r ?from ?to ?kind ?label ?explanation WHERE {
  ?r a m:Relation ; m:source ?source ; m:target ?target ; m:kind ?kind ; m:label ?label .
  OPTIONAL { ?source skos:prefLabel ?a } OPTIONAL { ?target skos:prefLabel ?b }
  OPTIONAL { ?r m:explanation ?explanation }
  BIND (COALESCE(?a, IF(isLiteral(?source), ?source, "")) AS ?from)
  BIND (COALESCE(?b, IF(isLiteral(?target), ?target, "")) AS ?to)
}
"""


def graph(map: KnowledgeMap) -> Graph:
    return Graph().parse(data=skos.render(map, Options()), format="turtle")


def chain(*kinds: str, ends: str = "abcdefgh") -> KnowledgeMap:
    """Concepts a, b, c … of which each is related to the next by those kinds."""
    concepts = tuple(
        Concept(id=id, name=id.upper(), definition=f"D {id}.", relevance=f"R {id}.", rank=n)
        for n, id in enumerate(dict.fromkeys(ends[: len(kinds) + 1]), start=1)
    )
    relations = tuple(
        Relation(source=a, target=b, kind=kind, label=f"{kind}!", explanation="Because.")
        for (a, b), kind in zip(pairwise(ends), kinds, strict=False)
    )
    return KnowledgeMap(query="q", title="T", language="en", concepts=concepts, relations=relations)


def pairs(facts: Graph, predicate: URIRef) -> set[tuple[str, str]]:
    """The ends of each triple with that predicate, by the last part of their IRIs."""
    return {(str(s).rsplit(":", 1)[1], str(o).rsplit(":", 1)[1]) for s, o in facts.subject_objects(predicate)}


@pytest.fixture(params=["hostile", "surrogate", "rich", "source"])
def any_map(request, rich_map, source_map):
    maps = {"hostile": hostile_map(), "surrogate": surrogate_map(), "rich": rich_map, "source": source_map}
    return maps[request.param]


def test_every_text_is_found(any_map):
    values = {str(value) for value in graph(any_map).objects() if isinstance(value, Literal)}
    assert missing(any_map, "\n".join(sorted(values))) == []


def test_a_strict_parser_of_another_make_reads_the_same_triples(any_map):
    text = skos.render(any_map, Options())
    store = pyoxigraph.Store()
    store.load(text.encode("utf-8"), format=pyoxigraph.RdfFormat.TURTLE)
    theirs = {(str(quad.subject), str(quad.predicate), quad.object.value) for quad in store}
    ours = {(f"<{s}>", f"<{p}>", str(o)) for s, p, o in graph(any_map)}
    assert theirs == ours


def test_sparql_finds_each_relation(any_map):
    rows = {
        str(row.r): tuple(str(value or "") for value in (row["from"], row.to, row.kind, row.label, row.explanation))
        for row in graph(any_map).query(RELATIONS)
    }
    told = {
        part_iri(any_map.query, "relation", n): (t.source, t.target, t.kind, t.label, t.explanation)
        for n, t in enumerate(seen(any_map).relations, start=1)
    }
    assert rows == told


def test_each_concept_with_its_texts_in_the_maps_language(any_map):
    facts, scheme, tag = graph(any_map), URIRef(map_iri(any_map.query)), skos.short_tag(any_map.language)
    assert (scheme, RDF.type, SKOS.ConceptScheme) in facts
    for concept, card in zip(any_map.concepts, seen(any_map).cards, strict=True):
        node = URIRef(part_iri(any_map.query, "concept", card.anchor))
        assert (node, RDF.type, SKOS.Concept) in facts
        assert (node, SKOS.inScheme, scheme) in facts
        texts = (
            (SKOS.prefLabel, concept.name),
            (SKOS.definition, concept.definition),
            (SKOS.scopeNote, concept.relevance),
        )
        for predicate, text in texts:
            assert list(facts.objects(node, predicate)) == ([Literal(text, lang=tag)] if text else [])
        assert facts.value(node, OWN.rank).toPython() == concept.rank
        assert str(facts.value(node, OWN.status)) == concept.status
        quotes = [str(facts.value(note, OWN.quote)) for note in facts.objects(node, OWN.citation)]
        assert sorted(quotes) == sorted(citation.quote for citation in concept.citations)
    assert len(set(facts.subjects(RDF.type, SKOS.Concept))) == len(any_map.concepts)


def test_a_citation_leads_to_its_source():
    map = hostile_map()
    facts = graph(map)
    concept = part_iri(map.query, "concept", seen(map).cards[0].anchor)
    source = URIRef(part_iri(map.query, "source", 1))
    assert facts.value(URIRef(f"{concept}:citation:1"), DCTERMS.source) == source
    assert facts.value(URIRef(f"{concept}:citation:2"), DCTERMS.source) is None
    assert str(facts.value(source, DCTERMS.title)) == 'Friedman on "lags" [1]'
    assert str(facts.value(source, DCTERMS.identifier)) == "https://example.org/a?b=1&c=<2>#d"
    assert (URIRef(map_iri(map.query)), DCTERMS.source, source) in facts


def test_hierarchy_comes_of_is_a_and_part_of_and_the_rest_is_related():
    facts = graph(chain("is-a", "part-of", "causes"))
    assert pairs(facts, SKOS.broader) == {("a", "b"), ("b", "c")}
    assert pairs(facts, SKOS.narrower) == {("b", "a"), ("c", "b")}
    assert pairs(facts, SKOS.related) == {("c", "d")}
    assert {end for _, end in pairs(facts, SKOS.hasTopConcept)} == {"c", "d"}


@pytest.mark.parametrize("kind", sorted(set(RELATION_KINDS) - {"is-a", "part-of"}))
def test_what_is_above_is_not_related(kind):
    facts = graph(chain("is-a", "is-a", kind, ends="abca"))
    assert pairs(facts, SKOS.related) == set()
    assert pairs(facts, OWN[kind_term(kind)]) == {("c", "a")}


def test_a_concept_is_not_related_to_itself_though_the_relation_is_told():
    map = chain("causes", ends="aa")
    facts = graph(map)
    assert pairs(facts, SKOS.related) == set()
    assert facts.value(URIRef(part_iri("q", "relation", 1)), OWN.kind) == Literal("causes")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from(RELATION_KINDS)), max_size=9)
)
def test_related_and_broader_are_apart_in_any_graph(links):
    concepts = tuple(Concept(id=c, name=c, definition="d", relevance="r", rank=1) for c in "abcde")
    relations = tuple(Relation(source=a, target=b, kind=k, label="l", explanation="e") for a, b, k in links)
    facts = graph(KnowledgeMap(query="q", title="t", language="en", concepts=concepts, relations=relations))
    for one, other in facts.subject_objects(SKOS.related):
        assert other not in set(facts.transitive_objects(one, SKOS.broader))
        assert one not in set(facts.transitive_objects(other, SKOS.broader))
    assert len(set(facts.subjects(RDF.type, OWN.Relation))) == len(links)


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("en", "en"),
        ("en-GB", "en-GB"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH"),
        ("en-x-y", "en"),
        ("en-a", "en"),
        ("", "und"),
        ("English", "und"),
        ("en_GB", "und"),
        ("<x>", "und"),
        ("e\x00n", "und"),
    ],
)
def test_language_tags_are_such_as_every_parser_takes(language, tag):
    assert skos.short_tag(language) == tag
    map = chain("causes").model_copy(update={"language": language})
    text = skos.render(map, Options())
    assert f'skos:prefLabel "A"@{tag} ;' in text
    pyoxigraph.Store().load(text.encode("utf-8"), format=pyoxigraph.RdfFormat.TURTLE)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=20), st.text(max_size=40), st.text(max_size=12))
def test_any_text_identifier_and_language_is_valid_turtle(id, text, language):
    name = clean(text)
    concept = Concept(id=id, name=name, definition=name, relevance="r", rank=1)
    relation = Relation(source=id, target=text, kind="is-a", label=name, explanation=name)
    map = KnowledgeMap(query=name, title="t", language=language, concepts=(concept,), relations=(relation,))
    turtle = skos.render(map, Options())
    pyoxigraph.Store().load(turtle.encode("utf-8"), format=pyoxigraph.RdfFormat.TURTLE)
    values = [str(value) for value in Graph().parse(data=turtle, format="turtle").objects()]
    assert not name or name in values


def test_it_is_the_same_under_every_hash_seed():
    code = (
        "from tests.render.hostile import hostile_map; from mapgen.render import skos;"
        "from mapgen.render.view import Options; import hashlib;"
        "print(hashlib.sha256(skos.render(hostile_map(), Options()).encode()).hexdigest())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(results) == 1


def test_no_blank_node_needs_a_name(any_map):
    assert "[" not in skos.render(chain("is-a"), Options())
    assert all(isinstance(subject, URIRef) for subject in graph(any_map).subjects())
