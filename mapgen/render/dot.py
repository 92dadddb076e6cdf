"""DOT: the map as Graphviz draws it, with names and definitions in its nodes and the rest in tooltips.

Every text is an attribute, too (``title``, ``definition``, ``relevance``, ``kind``, ``explanation``, …), for those
who read the file with another tool; as elsewhere in DOT, two backslashes are one there, and ``\\n`` a new line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType

from mapgen.model import KnowledgeMap
from mapgen.render.graph.kinds import BAR, DIAMOND, DOT, HOLLOW, KIND_STYLE, RING, TRIANGLE, VEE
from mapgen.render.network import Network, Node, Texts, allowed, edge_texts, network
from mapgen.render.txt import wrapped
from mapgen.render.view import Options, Tie

_HEADS = {HOLLOW: "empty", DIAMOND: "diamond", VEE: "vee", TRIANGLE: "normal", BAR: "tee", DOT: "dot", RING: "odot"}
_LINES = {"": "solid", "2 4": "dotted"}
_WIDTH, _HEADING_WIDTH = 32, 80
_SHOWN = {"label", "tooltip", "labeltooltip"}
_LOOK = """\
  graph [labelloc=t, fontname="Helvetica,Arial,sans-serif", fontsize=18, nodesep=0.4, ranksep=0.7, pad=0.3];
  node [shape=box, style="rounded,filled", fillcolor="#f4f2ec", color="#8a8578", fontname="Helvetica,Arial,sans-serif",
    fontsize=12, margin="0.2,0.12"];
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=11, penwidth=1.5];"""


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as a directed graph in DOT; relations between the same two concepts stay apart."""
    return "\n".join(_lines(network(map, options))) + "\n"


def _lines(net: Network) -> Iterator[str]:
    heading = wrapped(str(net.texts.get("title", net.seen.query)), _HEADING_WIDTH)
    yield from ("digraph {", _LOOK, f"  graph {_attributes({'label': heading, **net.texts})};")
    for node in net.nodes:
        texts = _named(node.texts(), taken="name") | _drawn(node)
        yield f"  {_quoted(node.anchor)} {_attributes(texts, raw={'label': _label(node)})};"
    for tie in net.edges:
        ends = f"{_quoted(tie.source_anchor)} -> {_quoted(tie.target_anchor)}"
        yield f"  {ends} {_attributes(_named(edge_texts(tie), taken='label') | _arrow(tie))};"
    yield "}"


def _named(texts: Texts, *, taken: str) -> Texts:
    """Those texts with ``title`` for the name that Graphviz has ``taken`` for something else."""
    return {"title" if name == taken else name: text for name, text in texts.items()}


def _drawn(node: Node) -> Texts:
    relevance = node.card.relevance if node.card else ""
    tooltip = "\n\n".join(filter(None, (node.name, relevance, *node.quotes)))
    dashed: Texts = {} if node.status == "complete" else {"style": "rounded,filled,dashed"}
    return {"tooltip": tooltip, **dashed}


def _label(node: Node) -> str:
    """The name in bold with the definition below it, in Graphviz's HTML."""
    name = _rows(node.name) or " "
    definition = _rows(node.card.definition) if node.card else ""
    below = f'<br/><font point-size="4"> <br/></font><font point-size="11">{definition}</font>' if definition else ""
    return f"<<b>{name}</b>{below}>"


def _arrow(tie: Tie) -> Texts:
    style = KIND_STYLE[tie.kind]
    label = f"  {tie.label}  " if tie.label == tie.tag else f"  {tie.label}  \n  ({tie.tag})  "
    both: Texts = {"dir": "both", "arrowtail": _HEADS[style.head]} if style.both else {}
    return {
        "label": label,
        "tooltip": tie.explanation or tie.label,
        "labeltooltip": tie.explanation or tie.label,
        "color": style.light,
        "fontcolor": style.light,
        "style": _LINES.get(style.dash, "dashed"),
        "arrowhead": _HEADS[style.head],
        **both,
    }


def _attributes(texts: Texts, *, raw: Mapping[str, str] = MappingProxyType({})) -> str:
    pairs = {name: _quoted(str(text), shown=name in _SHOWN) for name, text in texts.items()} | dict(raw)
    return f"[{', '.join(f'{name}={value}' for name, value in pairs.items())}]"


def _quoted(text: str, *, shown: bool = False) -> str:
    """``text`` as a quoted string; where it is ``shown``, Graphviz takes entities for characters, too."""
    escaped = allowed(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped.replace("&", "&amp;") if shown else escaped}"'


def _rows(text: str) -> str:
    return "<br/>".join(escape(row) for row in wrapped(allowed(text), _WIDTH).split("\n"))
