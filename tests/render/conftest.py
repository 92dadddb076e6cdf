"""The maps that every format is tried with: the source document's own, and a rich one made by hand.

Run as a program it writes the golden files anew: look at the difference before you keep it.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mapgen.model import Citation, Concept, KnowledgeMap, Made, Problem, Relation, Source
from mapgen.render import FORMATS, render
from mapgen.text import unique_slugs
from tests.render.cited import cited_map

DATA = Path(__file__).parent.parent / "data"
GOLDEN = DATA / "golden"


def paragraphs(text: str) -> list[str]:
    """The lines of a text, blank ones aside."""
    return [line for line in text.splitlines() if line.strip()]


def parse_source_page(text: str) -> KnowledgeMap:
    """The map that the source document shows, read from its text."""
    lines = paragraphs(text)
    explore = lines.index("Explore |")
    heading = lines.index("Key Concepts")
    chips, query, rest = lines[: explore - 1], lines[explore + 2], lines[heading + 1 :]
    names = tuple(rest[0::3])
    ids = unique_slugs(names)
    return KnowledgeMap(
        query=query,
        title=query,
        language="en",
        related=tuple(chips),
        concepts=tuple(
            Concept(id=id, name=name, definition=definition, relevance=relevance, rank=rank)
            for rank, (id, name, definition, relevance) in enumerate(
                zip(ids, names, rest[1::3], rest[2::3], strict=True), start=1
            )
        ),
    )


def make_rich_map() -> KnowledgeMap:
    """A map with all that a map can have, and with texts and identifiers that want out of their place."""
    concepts = (
        Concept(
            id="policy-rate",
            name="Policy Rate",
            definition="The policy rate is the rate at which a central bank lends to commercial banks.",
            relevance="Raising it makes credit dearer, which cools demand and, with it, inflation. "
            "It acts with a delay of a year or more.",
            rank=1,
            citations=(Citation(source="s1", quote="a lag of 12 to 18 months"), Citation(source="?", quote="q")),
        ),
        Concept(
            id="inflation",
            name="Inflation & <b>Prices</b>",
            definition="1. *Inflation* is a rise of prices; see https://example.org or me@example.org.",
            relevance='| a | b |<img src=x onerror="alert(1)"> {{ 7*7 }} {% raw %} %s $(id) `rm` [x](javascript:1) '
            "&lt;script&gt; # tag == mark == ~~no~~",
            rank=2,
        ),
        Concept(
            id='"><script>alert(1)</script>',
            name="<script>alert(1)</script>",
            definition="",
            relevance="# not a heading",
            rank=3,
            status="incomplete",
        ),
        Concept(
            id="inflation",
            name="التضخم 通貨膨脹 👩‍👩‍👧",
            definition="التضخم هو ارتفاع الأسعار.",
            relevance="通貨膨脹是物價持續上漲。",
            rank=4,
        ),
    )
    relations = (
        Relation(
            source="policy-rate",
            target="inflation",
            kind="limits",
            label="restrains",
            explanation="Dearer credit cools the demand that drives prices.",
        ),
        Relation(source="inflation", target="policy-rate", kind="causes", label="", explanation="Banks answer it."),
        Relation(
            source='"><script>alert(1)</script>',
            target="no such <concept>",
            kind="contrasts-with",
            label="<i>versus</i>",
            explanation="",
        ),
    )
    return KnowledgeMap(
        query="How do interest rates affect <inflation> & oil?",
        title="Rates, inflation and oil",
        language="en-GB",
        status="incomplete",
        concepts=concepts,
        relations=relations,
        related=("Central Banks", "$(reboot) 'quoted'", "-rf", "</li><script>"),
        sources=(Source(id="s1", title="Friedman on [lags]", location="https://example.org/lags?a=1&b=2"),),
        problems=(
            Problem(
                code="empty",
                where='concepts."><script>alert(1)</script>.definition',
                message="The definition is <missing>.",
            ),
            Problem(code="unsound", where="relations.2", message="Its target is not a concept."),
            Problem(code="thin", where="concepts.policy-rate", message="Only two sentences."),
        ),
        made=Made(
            model="gpt-<4>",
            planner="planner_model",
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
            dropped=3,
        ),
    )


# Formats whose text is kept; those with a drawing in them depend on the last bit of the machine's sines.
KEPT = tuple(name for name, format in FORMATS.items() if not format.binary and name not in ("svg", "canvas"))
_BULK = re.compile(
    r'(<style>)[^<]*(</style>)|(<script>).*?(</script>)|(<svg class="stage (?:wide|tall)").*?(</svg>)'
    r'|(id="_map">).*?(</script>)|(<meta http-equiv[^>]*content=")[^"]*(")',
    re.DOTALL,
)


def golden_text(map: KnowledgeMap, format: str) -> str:
    """``map`` in that format, without the page's style, script and drawings."""
    text = str(render(map, format, brand="Kinapse"))
    return _BULK.sub(lambda found: "…".join(filter(None, found.groups())), text) if format == "html" else text


def golden_files() -> dict[str, str]:
    """The text that each golden file holds, by its name."""
    maps = {"source": make_source_map(), "rich": make_rich_map(), "cited": cited_map()}
    return {
        f"{name}{FORMATS[format].suffixes[0]}": golden_text(map, format)
        for name, map in maps.items()
        for format in KEPT
    }


def make_source_map() -> KnowledgeMap:
    """The source document's own map, from its file."""
    return KnowledgeMap.load(DATA / "source-map.json")


@pytest.fixture
def source_page() -> str:
    return (DATA / "source-page.txt").read_text("utf-8")


@pytest.fixture
def parsed_source_page(source_page: str) -> KnowledgeMap:
    return parse_source_page(source_page)


@pytest.fixture
def source_map() -> KnowledgeMap:
    return make_source_map()


@pytest.fixture
def rich_map() -> KnowledgeMap:
    return make_rich_map()


if __name__ == "__main__":
    page = (DATA / "source-page.txt").read_text("utf-8")
    (DATA / "source-map.json").write_text(parse_source_page(page).to_json(), "utf-8")
    GOLDEN.mkdir(exist_ok=True)
    for name, text in golden_files().items():
        (GOLDEN / name).write_text(text, "utf-8", newline="")
        sys.stdout.write(f"{GOLDEN / name}\n")
