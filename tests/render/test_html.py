"""The page: self-contained, closed by its policy, and a text in it is a text, whatever it says."""

from __future__ import annotations

import json
import re
import shlex
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapgen.model import Citation, Concept, KnowledgeMap, Problem, Relation, Source
from mapgen.render import notebook, render
from mapgen.render.html import command, direction, language_tag
from mapgen.render.reading import unpack
from mapgen.text import clean

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</style><b>", "</title>",
    "{{ 7*7 }}", "{% include 'x' %}", "{# c #}", "&lt;b&gt;", "&amp;", "&#60;", "javascript:alert(1)", "]]>", "<!--",
    "-->", "$(id)", "`id`", "%s", "\\", "https://a.bc", "@import url(//a.bc)", "التضخم", "通貨膨脹", "👩‍👩‍👧",
    "__", "#",
]  # fmt: skip
VOID = {"meta", "br", "img", "link", "input", "hr"}
TEXTS = st.one_of(
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join),
    st.text(min_size=1, max_size=40),
    st.text(st.sampled_from("<>&\"'=/{%}#;- ab"), min_size=1, max_size=30),
)


class Page(HTMLParser):
    """A page as an independent parser reads it: its tags with their attributes, and the text of each element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def all(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def said(self, tag: str) -> list[str]:
        return [text for where, text in self.texts if where == tag]

    def skeleton(self) -> list[tuple[str, list[str], str | None]]:
        return [(tag, list(attributes), attributes.get("class")) for tag, attributes in self.tags]


def a_map(text: str, ids: tuple[str, str]) -> KnowledgeMap:
    one, two = ids
    cited = (Citation(source="s", quote=text), Citation(source="s", quote=text, of="relevance", heading=text))
    concepts = (
        Concept(id=one, name=text, definition=text, relevance=text, rank=1, citations=cited),
        Concept(id=two, name=text, definition=text, relevance=text, rank=2, status="incomplete"),
    )
    return KnowledgeMap(
        query=text,
        title=f"title {text}",
        language="en",
        status="incomplete",
        concepts=concepts,
        relations=(Relation(source=one, target=two, kind="limits", label=text, explanation=text),),
        related=(text,),
        sources=(Source(id="s", title=text, location=f"in {text}"),),
        problems=(Problem(code=text, where=f"concepts.{one}.name", message=text),),
    )


STAGE = re.compile(r'<svg class="stage (?:wide|tall)".*?</svg>', re.DOTALL)
MARK = "Zqxj"


def undrawn(text: str) -> Page:
    """The page without its drawings, which depend on the length of words."""
    return Page(STAGE.sub("", render(a_map(text, ("a", "b")), "html", brand=text)))


@settings(max_examples=40)
@given(TEXTS.map(clean).filter(bool))
@example('" onfocus="alert(1)" autofocus="')
@example("</script><script>alert(1)</script>")
@example("</svg></style></textarea>")
def test_no_text_changes_the_page_around_it(text):
    page, plain = undrawn(text), undrawn(MARK)
    assert page.skeleton() == plain.skeleton()
    assert page.others == plain.others == ["doctype html"]
    assert page.open == []
    seen, expected = ([one for one in shown.texts if one[0] != "script"] for shown in (page, plain))
    assert seen == [(tag, command(text) if tag == "code" else words.replace(MARK, text)) for tag, words in expected]


@settings(max_examples=40)
@given(TEXTS, TEXTS, TEXTS)
@example("x", "x", "X")
@example("", "_concepts", "_key")
@example("a b", "a-b", "a\u0000b")
def test_no_identifier_breaks_out_or_leads_astray(one, two, elsewhere):
    map = a_map("x", (one, two))
    dangling = Relation(source=elsewhere, target=two, kind="is-a", label="x", explanation="x")
    page = Page(render(map.model_copy(update={"relations": (*map.relations, dangling)}), "html"))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w-]+", id) for id in ids)
    assert {href.removeprefix("#") for href in page.all("href")} <= set(ids)
    assert [a["id"] for tag, a in page.tags if tag == "article"] == [id for id in ids if not id.startswith("_")]


def test_identifiers_stay_when_they_are_fit_for_an_anchor(source_map):
    page = Page(render(source_map, "html"))
    assert [a["id"] for tag, a in page.tags if tag == "article"] == [c.id for c in source_map.concepts]


def test_the_page_holds_all_that_it_needs(rich_map):
    page = Page(render(rich_map, "html"))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"link", "img", "iframe", "object", "form", "base"}
    assert not {name for _, attributes in page.tags for name in attributes if name.startswith(("on", "src", "style"))}
    assert not re.search(r"url\(|@import|expression\(", page.said("style")[0])
    led = {href.partition("#")[0] for href in page.all("href") if not href.startswith("#")}
    assert led == {source.location for source in rich_map.sources}


@pytest.mark.parametrize(
    "location",
    ["javascript:alert(1)", "data:text/html,x", "//a.bc", "book, p. 3", "http://a b", 'https://"x', "file:///x"],
)
def test_only_an_address_on_the_web_is_a_link(rich_map, location):
    source = rich_map.sources[0].model_copy(update={"location": location})
    page = Page(render(rich_map.model_copy(update={"sources": (source,)}), "html"))
    assert all(href.startswith("#") for href in page.all("href"))
    assert location in [text for _, text in page.texts]


def test_a_page_of_six_concepts_is_small(root):
    for path in (*(root / "examples" / "maps").glob("*.json"), root / "evals" / "speed" / "six.json"):
        map = KnowledgeMap.load(path)
        assert len(map.to_html().encode()) <= 10_000 * max(6, len(map.concepts))


def test_the_policy_allows_the_pages_own_style_and_script_only(rich_map):
    text = render(rich_map, "html")
    style, script = (
        b64encode(sha256(re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1].encode()).digest()).decode()
        for tag in ("style", "script")
    )
    metas = [attributes for tag, attributes in Page(text).tags if tag == "meta"]
    assert [m["content"] for m in metas if "http-equiv" in m] == [
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    ]
    kinds = [attributes.get("type") for tag, attributes in Page(text).tags if tag == "script"]
    assert kinds == ["application/ld+json", "text/plain", None]


def test_search_engines_find_the_terms(rich_map, source_map):
    for map in (rich_map, source_map):
        terms = json.loads(Page(render(map, "html")).said("script")[0])
        assert (terms["@context"], terms["@type"]) == ("https://schema.org", "DefinedTermSet")
        assert [(term["name"], term["description"]) for term in terms["hasDefinedTerm"]] == [
            (concept.name, concept.definition) for concept in map.concepts
        ]


def test_the_page_carries_the_texts_of_the_formats_that_it_saves(rich_map):
    texts = unpack(Page(render(rich_map, "html", brand="B")).said("script")[1])
    formats = {"json": "json", "md": "md", "mmd": "mermaid"}
    assert texts == {name: render(rich_map, format, brand="B") for name, format in formats.items()}


def test_the_page_has_the_documents_words_in_its_order(source_map, source_page):
    page = Page(render(source_map, "html", brand="Kinapse"))
    words = iter([text for where, text in page.texts if where not in {"title", "style", "a"}])
    document = [line for line in source_page.splitlines() if line.strip()]
    assert [line for line in document if line not in words] == []


def test_titles_and_headings(source_map):
    page = Page(render(source_map, "html"))
    assert page.said("title") == [f"{source_map.query} — Interactive Knowledge Map"]
    assert page.said("h1") == [source_map.query]
    assert page.said("h2") == ["Map", "Side by Side", "Key Concepts"]
    assert [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2", "h2", *["h3"] * 5]


def test_a_relation_is_told_on_both_cards(rich_map):
    articles = render(rich_map, "html").split("<article ")[1:]
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", article)) for article in articles]
    assert "limits Policy Rate restrains Inflation &amp; &lt;b&gt;Prices&lt;/b&gt; Dearer credit" in told[0]
    assert "limited by Policy Rate restrains Inflation &amp; &lt;b&gt;Prices&lt;/b&gt;" in told[1]
    assert "Dearer credit" not in told[1]
    assert 'href="#inflation"' in articles[0]
    assert 'href="#policy-rate"' in articles[1]
    assert "no such &lt;concept&gt;" in told[2]
    assert "href" not in articles[2].partition("relations")[2].partition("</ul>")[0]
    assert 'class="relations"' not in articles[3].partition("</article>")[0]


def test_what_is_faulty_is_marked_told_and_linked(rich_map, source_map):
    page = Page(render(rich_map, "html"))
    assert {"This map is incomplete.", "See what is faulty.", "incomplete"} <= {text for _, text in page.texts}
    assert "The definition is <missing>." in page.said("li")
    assert page.all("href").count("#_problems") == 2
    assert not [
        text for where, text in Page(render(source_map, "html")).texts if "ncomplete" in text and where != "style"
    ]


def test_how_the_map_was_made_stands_in_the_footer(rich_map):
    page = Page(render(rich_map, "html"))
    facts = dict(zip(page.said("dt"), page.said("dd"), strict=True))
    assert facts["model"] == "gpt-<4>"
    assert facts["prompts"] == "3f2a91c0"
    assert facts["tokens"] == "4,210 in, 1,873 out"
    assert facts["date"] == "2026-11-22 18:30 UTC"
    assert facts["made with"] == "mapgen 0.1.0"


@pytest.mark.parametrize(
    ("language", "lang", "dir", "own_words"),
    [
        ("en", "en", "ltr", None),
        ("en-GB", "en-GB", "ltr", None),
        ("ar", "ar", "rtl", "en"),
        ("he-IL", "he-IL", "rtl", "en"),
        ("fa", "fa", "rtl", "en"),
        ("UR", "UR", "rtl", "en"),
        ("az-Arab", "az-Arab", "rtl", "en"),
        ("ar-Latn", "ar-Latn", "ltr", "en"),
        ("zh-Hant-TW", "zh-Hant-TW", "ltr", "en"),
        ('x" onload="y', "und", "ltr", "en"),
        ("", "und", "ltr", "en"),
        ("عربي", "und", "ltr", "en"),
    ],
)
def test_language_and_direction(source_map, language, lang, dir, own_words):
    page = Page(render(source_map.model_copy(update={"language": language}), "html"))
    assert page.tags[0] == ("html", {"lang": lang, "dir": dir})
    assert {a.get("lang") for tag, a in page.tags if tag == "h2"} == {own_words}
    assert (language_tag(language), direction(lang)) == (lang, dir)


@given(TEXTS.map(clean).filter(bool))
@example("-rf")
@example("it's")
def test_the_command_of_a_chip_is_one_word_for_the_shell(topic):
    words = shlex.split(command(topic))
    assert words[:2] == ["mapgen", "make"]
    assert words[2:] == (["--", topic] if topic.startswith("-") else [topic])


def test_a_notebook_gets_one_closed_frame(rich_map):
    frame = Page(notebook(rich_map, brand="B"))
    assert [tag for tag, _ in frame.tags] == ["iframe"]
    _, attributes = frame.tags[0]
    assert attributes["srcdoc"] == render(rich_map, "html", brand="B").replace('href="#', 'href="about:srcdoc#')
    assert attributes["sandbox"] == "allow-scripts allow-downloads"
    assert (attributes["width"], attributes["height"]) == ("100%", "640")
    assert attributes["title"] == f"Knowledge map: {rich_map.query}"
    assert frame.texts == []


def test_a_map_shows_itself_in_a_notebook(rich_map):
    assert rich_map._repr_html_() == notebook(rich_map)
    with pytest.raises(TypeError, match="no render option"):
        notebook(rich_map, height=3)
