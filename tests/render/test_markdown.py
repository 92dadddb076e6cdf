"""Markdown: what it looks like, and that no text of a model becomes markup, by an independent parser."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from mapgen.model import Citation, Concept, KnowledgeMap, Made, Problem, Relation, Source
from mapgen.render import render
from mapgen.render.markdown import escaped
from mapgen.text import clean

FORBIDDEN = {
    "html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "fence", "table_open", "s_open",
}  # fmt: skip
HOSTILE = [
    "# heading", "## h ##", "C #", "C#", "- item", "+ item", "* item", "1. item", "23) item", "1.", "> quote",
    "---", "===", "***", "___", "```", "~~~", "    code", "`code`", "``", "*em*", "**b**", "_em_", "__b__",
    "~~gone~~", "[x](javascript:alert(1))", "[x][y]", "[x]: http://a.bc", "[^1]: note", "![i](http://a.bc/i.png)",
    "<script>alert(1)</script>", "<!-- c -->", "<http://a.bc>", "<a@b.cc>", "&lt;", "&#60;", "&amp;amp;", "&copy",
    "http://a.bc", "https://example.org/a?b=c#d", "ftp://a.bc", "//example.org", "www.example.org", "WWW.a.bc",
    "example.org", "me@example.org", "mailto:me@example.org", "a.b@c-d.org", "| a | b |", "|-|-|", "a | b",
    "\\", "\\*", "\\\\`", "==mark==", "%%c%%", "$x$", "$$", "{{ 7*7 }}", "{% x %}", "{#id .c}", "#tag", "@user",
    ":smile:", "!!! note", "a  ", "*", "_", "**", "a*b*c", "snake_case_name", "é_x_", "通貨_膨_脹", "👩‍👩‍👧",
    "x*", "*x", "'q'", '"q"', "://", "http:///x", "!", "[ ] todo", "- [x] done", "http://localhost:8000",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map(" ".join),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4).map("".join),
    st.text(max_size=60),
    st.text(st.sampled_from("ab1 .#*_`[]()<>!|~&;:/\\@-+=$wé"), max_size=40),
)
TEXTS = TEXTS.map(clean).filter(bool)


def parser() -> MarkdownIt:
    linkify = find_spec("linkify_it") is not None
    rules = ["table", "strikethrough", *(["linkify"] if linkify else [])]
    return MarkdownIt("commonmark", {"linkify": linkify}).enable(rules).use(footnote_plugin)


def read(markdown: str, md: MarkdownIt) -> tuple[list[str], set[str]]:
    """What a reader sees, a string per block, and the types of all tokens."""
    seen, types = [], set()
    for token in md.parse(markdown):
        types.add(token.type)
        if token.type == "inline":
            types.update(child.type for child in token.children if child.markup != "autolink")
            text = "".join(c.content if not c.type.endswith("break") else "\n" for c in token.children)
            seen.append(text.replace("\u2060", ""))
    return seen, types


def hostile_map(text: str) -> KnowledgeMap:
    concept = Concept(
        id="a",
        name=text,
        definition=text,
        relevance=text,
        rank=1,
        status="incomplete",
        citations=(Citation(source="s", quote=text),),
    )
    return KnowledgeMap(
        query=text,
        title=f"title {text}",
        language=text,
        status="incomplete",
        concepts=(concept,),
        relations=(Relation(source="a", target=text, kind="causes", label=text, explanation=text),),
        related=(text, text),
        sources=(Source(id="s", title=text, location=text),),
        problems=(Problem(code=text, where="concepts.a", message=text),),
    )


def expected(text: str, target: str) -> list[str]:
    return [
        text,
        f"title {text}",
        f"{text} — Explore: {text} · {text}",
        "Key Concepts",
        f"{text} (incomplete)",
        text,
        text,
        f"causes: {text} {text} {target}. {text}",
        "Sources",
        f"{text}, {text}",
        "Incomplete",
        f"{text}: {text}",
        f"“{text}”, {text}, {text}",
    ]


@given(TEXTS)
@example("a. www.x.yz")
@example("1.")
@example("# #")
@example("-")
@example("a \\")
def test_a_parser_reads_back_the_same_text_and_no_markup(text):
    seen, types = read(render(hostile_map(text), "md", brand=text), parser())
    target = text if text != "a" else seen[7].split(" ")[-2].rstrip(".")
    assert seen == expected(text, target)
    assert not types & FORBIDDEN
    assert "footnote_ref" in types


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("lead", ["", "word ", "(", "é"])
def test_each_trick_is_text_wherever_it_stands(text, lead):
    text = clean(lead + text)
    for markdown in (escaped(text), f"# {escaped(text)}", f"- {escaped(text)}", f"**{escaped(text)}** x"):
        seen, types = read(markdown, parser())
        assert seen[0].removesuffix(" x") == text
        assert not types & FORBIDDEN
        assert len(seen) == 1


LINKED = ["https://example.org", "http://localhost:8000", "https://example.org/a_b/(c)?d=e&f=%20#g", "http://a.bc:80?x",
          "https://de.example.org/wiki/Müll"]  # fmt: skip
NOT_LINKED = [
    "ftp://a.bc", "javascript:alert(1)", "//a.bc", "http:///x", "https://", "https://a.bc/<b>", "https://a.bc b",
    "see https://a.bc", "https://a.bc/`x`", "https://a.bc/[x]", "https://a.bc/&lt;", "https://a.bc/\\", "https://-",
    "https://a.bc/%%x%%", "https://a.bc/$x$", "https://a.bc\"", "https://u:p@a.bc", "https://a.bc/|",
]  # fmt: skip


@pytest.mark.parametrize("location", [*LINKED, *NOT_LINKED])
def test_a_sources_location_leads_there_if_it_is_nothing_but_a_web_address(location):
    map = hostile_map("x").model_copy(update={"sources": (Source(id="s", title="T", location=location),)})
    tokens = [child for token in parser().parse(render(map, "md")) for child in token.children or ()]
    links = [token.attrs["href"].replace("%C3%BC", "ü") for token in tokens if token.type == "link_open"]
    assert links == [location] * (2 if location in LINKED else 0)


@given(TEXTS)
@example("https://example.org")
def test_no_other_text_is_a_link(text):
    map = hostile_map(text).model_copy(update={"sources": (Source(id="s", title=text, location="book"),)})
    tokens = [child for token in parser().parse(render(map, "md", brand=text)) for child in token.children or ()]
    assert "link_open" not in {token.type for token in tokens}


def test_only_footnotes_are_numbered():
    text = render(hostile_map("x"), "md")
    assert text.endswith("\n\n[^1]: “x”, x, x\n")
    assert "\n\n## Sources\n\n- x, x\n\n" in text
    assert "ordered_list_open" not in read(text, parser())[1]


def test_links_are_looked_for_where_the_parser_can():
    if find_spec("linkify_it") is None:
        pytest.skip("linkify-it-py is not installed")
    assert "link_open" in read("see example.org", parser())[1]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Plain text, with (brackets), 3.5 and e.g. this.", "Plain text, with (brackets), 3.5 and e.g. this."),
        ("A cause - an effect; C# & D", "A cause - an effect; C# & D"),
        ("x < y > z", r"x \< y > z"),
        ("https://example.org/a/b", r"https:/\/example\.org/a/b".replace(r":/\/", r":\//")),
        ("me@example.org", "me\\@\u2060example\\.org"),
        ("- 1. [x]", r"\- 1. \[x\]"),
        ("1. x", r"1\. x"),
        ("AT&T & R&D &amp;", r"AT&T & R&D \&amp;"),
        ("{{ 7*7 }}", r"\{\{ 7\*7 }}"),
    ],
)
def test_only_what_must_be_is_escaped(text, markdown):
    assert escaped(text) == markdown


def test_a_concept_with_its_relations_in_both_directions():
    made = KnowledgeMap(
        query="Q",
        title="Q",
        language="en",
        concepts=(
            Concept(id="a", name="Alpha", definition="D a.", relevance="R a.", rank=1),
            Concept(id="b", name="Beta", definition="D b.", relevance="R b.", rank=2),
        ),
        relations=(Relation(source="a", target="b", kind="part-of", label="sits in", explanation="Because."),),
    )
    assert render(made, "md").partition("## Key Concepts\n\n")[2] == (
        "### Alpha\n\n> D a.\n\nR a.\n\n- **part of**: Alpha *sits in* Beta. Because.\n\n"
        "### Beta\n\n> D b.\n\nR b.\n\n- **has as a part**: Alpha *sits in* Beta.\n"
    )


def comparing(*, left: str, right: str) -> KnowledgeMap:
    names = (left, "Latency", right)
    return KnowledgeMap(
        query=f"{left} vs {right}",
        title="Both",
        language="en",
        concepts=tuple(
            Concept(id=f"c{n}", name=name, definition=f"It is | {name}.", relevance="R.", rank=n)
            for n, name in enumerate(names, start=1)
        ),
        relations=(
            Relation(
                source="c3", target="c1", kind="contrasts-with", label="is lighter than", explanation="No streams."
            ),
            Relation(source="c1", target="c2", kind="contrasts-with", label="is not", explanation="Another."),
        ),
    )


def test_what_is_compared_stands_side_by_side_with_what_contrasts_it():
    text = render(comparing(left="TCP", right="UDP"), "md", brand="")
    assert text.partition("## Key Concepts")[0].partition("## Side by Side")[2] == (
        "\n\n| **TCP** | **UDP** |\n| --- | --- |\n| It is \\| TCP. | It is \\| UDP. |\n\n"
        "- **contrasts with**: UDP *is lighter than* TCP. No streams.\n\n"
    )
    seen, types = read(text, parser())
    assert "table_open" in types
    assert {"It is | TCP.", "It is | UDP."} <= set(seen)


def test_a_query_that_compares_nothing_has_no_table(source_map):
    assert "Side by Side" in render(source_map, "md")
    assert "Side by Side" not in render(source_map.model_copy(update={"query": "JEPA world models"}), "md")


def test_the_footer_stands_apart(rich_map):
    assert isinstance(rich_map.made, Made)
    head, _, foot = render(rich_map, "md").partition("\n\n---\n\n")
    assert foot.startswith("Made with mapgen 0.1.0 · model gpt-\\<4> ·")
    assert "Made with" not in head
    assert "---" not in render(rich_map.model_copy(update={"made": None}), "md")
