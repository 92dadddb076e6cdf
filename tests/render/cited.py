"""A map with citations of each sort: of one text, of a whole concept; on the web, in a file, of no listed source."""

from __future__ import annotations

from mapgen.model import Citation, Concept, KnowledgeMap, Relation, Source

WEB, PAPER, FILE = "wikipedia-inflation", "paper", "notes"
LONG = (
    "When the general price level rises, each unit of currency buys fewer goods and services; consequently, "
    "inflation corresponds to a reduction in the purchasing power of money"
)
HOSTILE = '"><img src=x onerror="alert(1)"> {{ 7*7 }} [x](javascript:1) </title>'


def cited_map(extra: str = HOSTILE) -> KnowledgeMap:
    """That map; ``extra`` is the quote, the heading and the title of a source of its last concept."""
    return KnowledgeMap(
        query="How do interest rates affect inflation?",
        title="Interest rates and inflation",
        language="en",
        concepts=_concepts(extra),
        relations=(
            Relation(
                source="policy-rate",
                target="inflation",
                kind="limits",
                label="restrains",
                explanation="Dearer credit cools the demand that drives prices.",
            ),
        ),
        sources=(
            Source(id=WEB, title="Inflation", location="https://en.wikipedia.org/wiki/Inflation"),
            Source(id=PAPER, title="Long and variable lags", location="https://example.org/files/lags.pdf?v=2"),
            Source(id=FILE, title="Lecture notes", location="lectures/money.pdf"),
            Source(id="extra", title=extra, location=f"javascript:alert(1) {extra}"),
        ),
    )


def _concepts(extra: str) -> tuple[Concept, ...]:
    return (
        Concept(
            id="inflation",
            name="Inflation",
            definition="Inflation is a lasting rise of the general level of prices.",
            relevance="It is what a central bank answers when it raises its rate. Expectations carry it on.",
            rank=1,
            citations=(
                Citation(source=WEB, quote=LONG, of="definition", heading="Background > Terminology"),
                Citation(source=FILE, quote="expected inflation feeds on itself", of="relevance", page=12),
                Citation(source=PAPER, quote="a rise in the general price level", of="definition", page=3),
                Citation(source=PAPER, quote="as a rule, 12 to 18 months", of="relevance", page=4, heading="Results"),
            ),
        ),
        Concept(
            id="policy-rate",
            name="Policy Rate",
            definition="The policy rate is the rate at which a central bank lends to commercial banks.",
            relevance="Raising it makes credit dearer, which cools demand. It acts with a delay.",
            rank=2,
            citations=(Citation(source=WEB, quote="the central bank's lending rate", of="definition"),),
        ),
        Concept(
            id="demand",
            name="Aggregate Demand",
            definition="Aggregate demand is all spending on an economy's goods and services.",
            relevance="Dearer credit lowers it. Less demand slows the rise of prices.",
            rank=3,
            citations=(Citation(source=FILE, quote="demand follows credit"),),
        ),
        Concept(
            id="expectations",
            name="Expectations",
            definition="Expectations are what people think that prices will do.",
            relevance="They move wages before prices move. A bank that is believed needs smaller steps.",
            rank=4,
        ),
        Concept(
            id="money",
            name="Money Supply",
            definition="",
            relevance="Higher rates slow its growth. It is no longer steered directly.",
            rank=5,
            status="complete",
            citations=(
                Citation(source="extra", quote=extra, of="relevance", heading=extra),
                Citation(source="nowhere", quote="of no source", of="relevance", page=1),
                Citation(source=FILE, quote="for a text that is empty", of="definition"),
            ),
        ),
    )
