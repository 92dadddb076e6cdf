"""A valid map that wants out of every format: hostile names, texts and identifiers, for all tests of formats.

Its texts are what the model keeps (NFC, one line, no control characters); its identifiers are raw, as they are read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mapgen.model import Citation, Concept, KnowledgeMap, Made, Problem, Relation, Source
from mapgen.render.wording import KINDS
from mapgen.text import clean

NAMES = (
    'Quotes " \' ` ” and \\ backslashes \\n \\" \\',
    "[[Wikilink|alias]] ![embed](x.png) {curly} (round) [square]",
    "<script>alert('name')</script> &amp; &lt;b&gt; </title>",
    "end",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1+1)",
    "＝full-width",
    "]]> --> <!-- ?> <?x",
    "%% comment %%{init: {}}%% #quot; #35; ; ;; &#35;",
    "👩‍👩‍👧 👍🏽 🏳️‍🌈",
    "Long " + "name " * 38 + "Done.",
    "x" * 200,
    "Case",
    "case",
    "Café",
    "Cafe\u0301",
    "التضخم والأسعار",
    "通貨膨脹，利率",
    "../../etc/passwd",
    "CON",
    "a/b\\c:d*e?f",
    "yes",
    "key: value",
    "- item",
    "~~no~~ **bold** _under_ $maths$ ^x^ ==mark== #tag",
    "| pipe | table |",
    "style linkStyle click subgraph graph",
    "{{ 7*7 }} {% raw %} ${x} $(id) `rm` %s {0}",
    ".",
)
"""One concept each; Café stands twice, since NFC makes the two spellings one."""

IDS = (
    "line\nbreak",
    "tab\there\r\n",
    "nul\x00bell\x07esc\x1b[31mred",
    "zero\u200bwidth\ufeff",
    "]]>",
    "<&\"'>",
    "end",
    "=1+1",
    "+1",
    "\ufffe\uffff",
    "../../x",
    "#anchor;%%",
    "",
    " ",
    "Case",
    "case",
    "Café",
    "Cafe\u0301",
    "twice",
    "twice",
    "\u202ertl\u2028",
)
"""Identifiers in the order of the concepts; those after them are plain. One stands twice."""

PARALLEL = ("enables", "limits", "causes")
ROOT = Path(__file__).parent.parent.parent


def maps() -> dict[str, KnowledgeMap]:
    """The maps that every format is read back with: two hostile ones, the source document's, and the examples."""
    files = [ROOT / "tests" / "data" / "source-map.json", *sorted((ROOT / "examples" / "maps").glob("*.json"))]
    return {
        "hostile": hostile_map(),
        "surrogates": surrogate_map(),
        **{path.stem: KnowledgeMap.load(path) for path in files},
    }


def told(map: KnowledgeMap) -> list[tuple[str, str, str, str, str]]:
    """Every relation as its source's name, kind, label, target's name and explanation."""
    names = {concept.id: concept.name for concept in reversed(map.concepts)}
    return [
        (
            names.get(relation.source, clean(relation.source)),
            relation.kind,
            relation.label or KINDS[relation.kind][0],
            names.get(relation.target, clean(relation.target)),
            relation.explanation,
        )
        for relation in map.relations
    ]


def small_map(text: str, *, id: str = "b") -> KnowledgeMap:
    """Two concepts and a relation, every text of which is ``text``."""
    concepts = tuple(
        Concept(id=id, name=text, definition=text, relevance=text, rank=rank, citations=_cited(text))
        for rank, id in enumerate(("a", id), start=1)
    )
    relation = Relation(source="a", target=id, kind="limits", label=text, explanation=text)
    source = Source(id="s", title=text, location=text)
    return KnowledgeMap(
        query=text,
        title=text,
        language="en",
        concepts=concepts,
        relations=(relation,),
        related=(text,),
        sources=(source,),
    )


def _cited(text: str) -> tuple[Citation, ...]:
    return (Citation(source="s", quote=text),)


def surrogate_map() -> KnowledgeMap:
    """The hostile map with a lone surrogate in each identifier, which Python can hold and JSON cannot."""
    map = hostile_map()
    concepts = tuple(c.model_copy(update={"id": f"{c.id}\ud800"}) for c in map.concepts)
    relations = tuple(
        r.model_copy(update={"source": f"{r.source}\ud800", "target": f"{r.target}\ud800"}) for r in map.relations
    )
    return map.model_copy(update={"concepts": concepts, "relations": relations})


def hostile_map() -> KnowledgeMap:
    """A map with every trouble that a saved map can bring, and all that a map can have."""
    return KnowledgeMap(
        query='Why do "quotes" <and> [brackets] `break` & what; %% =cmd() ]]> --> end',
        title="Hostile: '; DROP TABLE maps; -- </title>",
        language="en",
        status="incomplete",
        concepts=tuple(_concept(rank) for rank in range(1, len(NAMES) + 1)),
        relations=tuple(_relations()),
        related=("=HYPERLINK(1)", "C:\\temp", "]]> & <b>", "end", "👩‍👩‍👧 family", "a; b | c"),
        sources=(
            Source(id="s1\n\x00", title='Friedman on "lags" [1]', location="https://example.org/a?b=1&c=<2>#d"),
            Source(id="s1\n\x00", title="The same identifier again", location="C:\\files\\lags.txt"),
            Source(id="-1", title="", location="=file(1)"),
        ),
        problems=(
            Problem(code="empty", where="concepts.end.definition", message="The definition is <missing> ]]>."),
            Problem(code="unsound", where="relations.\x1b[31m\n3", message='=Its "target" is no concept; %% end'),
        ),
        made=_made(),
    )


def _concept(rank: int) -> Concept:
    name, hostile = NAMES[rank - 1], rank <= len(IDS)
    return Concept(
        id=IDS[rank - 1] if hostile else f"c{rank}",
        name=name,
        definition=""
        if name == "end"
        else f'D{rank}: {name} — "so" <it> is; 50 % & [more] \\ #35; %% end {{d}} |{rank}|.',
        relevance=f"R{rank}: it `matters`, **here**: {name}. It's 1 < 2 && 3 > 2; ]]> --> end of R{rank}",
        rank=rank,
        status="incomplete" if name == "end" else "complete",
        citations=tuple(_citations(rank)),
    )


def _citations(rank: int) -> list[Citation]:
    if rank % 7 == 2:
        heading = f'H{rank} > "<i>lags</i>" [=1+1] | end'
        return [
            Citation(source="s1\n\x00", quote=f"-Q{rank}: <b>so</b>", of="definition", heading=heading, page=rank),
            Citation(source="-1", quote=f"@Q{rank}b ]]> `x`", of="relevance", page=1_000_000),
        ]
    if rank % 7 != 1:
        return []
    return [
        Citation(source="s1\n\x00", quote=f'Q{rank}: "a lag" of <12> to 18 months; #quot; | end'),
        Citation(source="nowhere\x1b", quote=f"=Q{rank}b: from a source that is [not] listed"),
    ]


def _relations() -> list[Relation]:
    parallel = [_relation(IDS[0], IDS[1], kind=kind, text=f"parallel {kind}") for kind in PARALLEL]
    chain = [
        _relation(IDS[n], IDS[n + 1], kind="depends-on", text=f'={n} |"label"| <b> --> ; ]]> end')
        for n in range(2, len(IDS) - 1)
    ]
    return [
        *parallel,
        _relation(IDS[0], IDS[1], kind="enables", text="parallel enables"),
        _relation(IDS[1], IDS[0], kind="contrasts-with", text="@back"),
        _relation("c25", "c25", kind="part-of", text="itself"),
        _relation("c26", "no such\n<concept>\x00", kind="measures", text="dangling `target`"),
        _relation("end\x7f", "c27", kind="example-of", text="-dangling source"),
        _relation("gone", "gone too", kind="is-a", text="both ends gone"),
        Relation(source="c28", target="c29", kind="causes", label="", explanation=""),
        *chain,
    ]


def _relation(source: str, target: str, *, kind: str, text: str) -> Relation:
    return Relation.model_validate(
        {"source": source, "target": target, "kind": kind, "label": text, "explanation": f"X {text}: \\because\\."}
    )


def _made() -> Made:
    return Made(
        model="gpt-<4>\x1b[31m",
        planner='planner "p"\n',
        endpoint="api.example.org",
        prompts="3f2a91c0",
        mapgen="0.1.0",
        created=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
        seconds=12.34,
        calls=7,
        input_tokens=4210,
        output_tokens=1873,
        cost=0.01234,
        retries=1,
        reasked=0,
        repairs=2,
        cache_hits=0,
    )
