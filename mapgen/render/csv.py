"""CSV: the map's concepts as a table, one row each, for spreadsheets; csv_relations.py has the relations' table.

It starts with a byte-order mark, so that Excel reads it as UTF-8. A cell that a spreadsheet would take for a formula
starts with an apostrophe more than it had: whoever reads the file by program takes it off again with ``plain``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from mapgen.model import KnowledgeMap
from mapgen.render.network import Node, network
from mapgen.render.view import Note, Options, Tie, View

HEADER = ("rank", "id", "name", "definition", "relevance", "status", "relations", "citations")
_BOM = "\ufeff"
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def render(map: KnowledgeMap, options: Options) -> str:
    """``map``'s concepts as a table, then what its relations lead to without being a concept of it."""
    net = network(map, options)
    return table(HEADER, (_row(node, net.seen) for node in net.nodes))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV with a byte-order mark, lines that end in CR LF, and no cell that is a formula."""
    file = StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_neutral(cell) for cell in row] for row in (header, *rows))
    return file.getvalue()


def plain(cell: str) -> str:
    """The text that a cell was made from: without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _neutral(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _row(node: Node, seen: View) -> tuple[str, ...]:
    relations = "\n".join(map(_told, node.ties))
    if node.card is None or node.concept is None:
        return ("", node.anchor, node.name, "", "", node.status, relations, "")
    rank, card = str(node.concept.rank), node.card
    citations = "\n".join(_quote(note, seen) for note in card.notes)
    return (rank, node.anchor, node.name, card.definition, card.relevance, node.status, relations, citations)


def _told(tie: Tie) -> str:
    sentence = f"{tie.tag}: {tie.source} {tie.label} {tie.target}."
    return f"{sentence} {tie.explanation}".rstrip()


def _quote(note: Note, seen: View) -> str:
    title, location = seen.sources[note.number - 1] if note.number else ("", "")
    aside = ", ".join(filter(None, (note.of or "", title, note.place, location)))
    return f"“{note.quote}”" + (f" ({aside})" if aside else "")
