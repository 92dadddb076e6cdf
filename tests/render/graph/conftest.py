"""Maps for the graph's tests: any graph by hypothesis, and a few as people would make them."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Relation
from mapgen.render.view import Options, View, view
from mapgen.text import clean

NAMES = [
    "Inflation", "Policy rate", "Basic reproduction number", "W" * 200, "Pneumono" * 20, "e\u0301" * 90, "A",
    "通貨膨脹と政策金利の関係について", "التضخم وارتفاع الأسعار (CPI)", "מדיניות מוניטרית", "महंगाई और ब्याज दर",
    "👩‍👩‍👧🇩🇪", "<b>&\"'`]]>",
]  # fmt: skip
LABELS = ["", "raises", "sets the height of", "引き起こす", "يؤدي إلى رفع", "x" * 200, "many words " * 20]
Ends = tuple[int, int, str, str]


def make_view(names: list[str], relations: list[Ends], *, incomplete: tuple[int, ...] = ()) -> View:
    """The view of a map of concepts c0, c1, …; a relation is source, target, kind and label."""
    concepts = tuple(
        Concept(
            id=f"c{place}",
            name=name,
            definition=f"Definition {place}.",
            relevance=f"Relevance {place}.",
            rank=place + 1,
            status="incomplete" if place in incomplete else "complete",
        )
        for place, name in enumerate(names)
    )
    ties = tuple(
        Relation(source=f"c{a}", target=f"c{b}", kind=kind, label=label, explanation="Because.")
        for a, b, kind, label in relations
    )
    return view(KnowledgeMap(query="Q", title="Q", language="en", concepts=concepts, relations=ties), Options())


@st.composite
def views(draw: st.DrawFn, most: int = 12) -> View:
    """Any graph of 1 to ``most`` concepts: sparse, complete, in pieces, with parallel relations and loops."""
    size = draw(st.integers(1, most))
    name = st.sampled_from(NAMES) | st.text(max_size=40).map(clean)
    names = draw(st.lists(name, min_size=size, max_size=size))
    place = st.integers(0, size)  # one beyond the last: no such concept
    relation = st.tuples(place, place, st.sampled_from(RELATION_KINDS), st.sampled_from(LABELS))
    relations = draw(st.lists(relation, max_size=24))
    if draw(st.integers(0, 9)) == 0:
        relations += [(a, b, "causes", "causes") for a in range(size) for b in range(a)]
    return make_view(names, relations)


TWELVE = (
    "Policy rate", "Inflation", "Aggregate demand", "Exchange rate", "Oil price", "Energy costs", "Supply shock",
    "Inflation expectations", "Real interest rate", "Credit channel", "Central bank credibility", "Commodity futures",
)  # fmt: skip
EIGHTEEN: tuple[Ends, ...] = (
    (0, 8, "causes", "raises"), (8, 2, "limits", "dampens"), (2, 1, "causes", "pushes up"),
    (0, 3, "causes", "strengthens"), (3, 4, "limits", "lowers the local price of"),
    (4, 5, "part-of", "makes up much of"), (5, 1, "causes", "feeds into"), (6, 4, "causes", "drives spikes in"),
    (6, 1, "causes", "raises at once"), (7, 1, "causes", "make persistent"), (10, 7, "limits", "anchors"),
    (0, 9, "enables", "works through"), (9, 2, "causes", "changes spending in"),
    (11, 4, "measures", "signal the expected"), (1, 0, "causes", "triggers rises of"),
    (8, 7, "depends-on", "is reckoned from"), (6, 2, "contrasts-with", "differs from a fall in"),
    (9, 8, "example-of", "is one path of"),
)  # fmt: skip
SIX = (
    "Basic reproduction number",
    "Herd immunity threshold",
    "Vaccine efficacy",
    "Immune memory",
    "Antigen",
    "Adjuvant",
)
EIGHT: tuple[Ends, ...] = (
    (0, 1, "causes", "sets the height of"), (2, 1, "enables", "decides whether we reach"),
    (4, 3, "causes", "is stored by"), (5, 3, "enables", "strengthens"), (3, 2, "part-of", "underlies"),
    (1, 0, "limits", "brings effective value below one"), (5, 4, "depends-on", "is mixed with"),
    (2, 0, "measures", "is estimated against"),
)  # fmt: skip


@pytest.fixture
def twelve() -> View:
    """Twelve concepts and eighteen relations on inflation."""
    return make_view(list(TWELVE), list(EIGHTEEN))


@pytest.fixture
def six() -> View:
    """Six concepts and eight relations on vaccines, the fifth concept incomplete."""
    return make_view(list(SIX), list(EIGHT), incomplete=(4,))
