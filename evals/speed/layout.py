"""How long the graph takes to draw, both shapes together, in this process: a small map, and a full one.

Every run begins with nothing remembered; the views are made beforehand.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from measure import ROOT, Figure

if TYPE_CHECKING:
    from mapgen.render.view import View

TIMES = 7


def figures() -> list[Figure]:
    """The rows: seconds for six concepts with eight relations, and for twelve with twenty."""
    sys.path.insert(0, str(ROOT))
    return [
        Figure("graph of 6 concepts, 8 relations, wide and tall", _fastest(6, 8), "s", 0.06),
        Figure("graph of 12 concepts, 20 relations, wide and tall", _fastest(12, 20), "s", 0.5),
    ]


def _fastest(concepts: int, relations: int) -> float:
    from mapgen.render.graph import draw
    from mapgen.render.graph.draw import forget

    seen = _view(concepts, relations)
    took = []
    for _ in range(TIMES):
        forget()
        began = time.perf_counter()
        draw(seen, "wide")
        draw(seen, "tall")
        took.append(time.perf_counter() - began)
    return min(took)


def _view(concepts: int, relations: int) -> View:
    """A map whose concepts are joined in a chain, and then across it."""
    from mapgen.model import RELATION_KINDS, Concept, KnowledgeMap, Relation
    from mapgen.render.view import Options, view

    pairs = [(n, n + 1) for n in range(concepts - 1)]
    across = [(n % concepts, (5 * n + 3) % concepts) for n in range(4 * relations)]
    pairs += [(a, b) for a, b in across if a != b]
    map = KnowledgeMap(
        query="Speed",
        title="Speed",
        language="en",
        concepts=tuple(
            Concept(id=f"c{n}", name=f"Key concept {n}", definition="D.", relevance="R.", rank=n + 1)
            for n in range(concepts)
        ),
        relations=tuple(
            Relation(
                source=f"c{a}", target=f"c{b}", kind=RELATION_KINDS[n % 9], label="raises the cost of", explanation=""
            )
            for n, (a, b) in enumerate(pairs[:relations])
        ),
    )
    return view(map, Options())


if __name__ == "__main__":
    print("".join(f"{row.row()}\n" for row in figures()))
