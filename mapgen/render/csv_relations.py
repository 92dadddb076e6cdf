"""CSV: the map's relations as a table, one row each, for spreadsheets; csv.py has the concepts' table.

It is written as that one is: byte-order mark, CR LF, and an apostrophe before what would be a formula.
"""

from __future__ import annotations

from mapgen.model import KnowledgeMap
from mapgen.render.csv import table
from mapgen.render.network import network
from mapgen.render.view import Options

HEADER = ("source id", "source name", "kind", "label", "target id", "target name", "explanation")


def render(map: KnowledgeMap, options: Options) -> str:
    """``map``'s relations as a table; the ids are those of the concepts' table."""
    edges = network(map, options).edges
    return table(
        HEADER,
        (
            (tie.source_anchor, tie.source, tie.kind, tie.label, tie.target_anchor, tie.target, tie.explanation)
            for tie in edges
        ),
    )
