"""Mermaid: a flowchart of names and definitions, fit for GitHub, Obsidian and any Markdown that draws it.

The relevance of a concept is its tooltip; explanations, quotes, sources and the rest are the picture's description
(accDescr), which screen readers read out. Mermaid itself draws no text of more than 50,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mapgen.model import KnowledgeMap, RelationKind
from mapgen.render.graph.kinds import KIND_STYLE
from mapgen.render.network import Network, Node, network, source_lines
from mapgen.render.view import Options, Tie
from mapgen.render.wording import INCOMPLETE, KINDS, SOURCES, footer
from mapgen.text import shorten

_TITLE_LIMIT = 90
# All ASCII that Mermaid, Markdown, KaTeX or HTML may take for more than text, and Mermaid's own marks of an entity.
_UNSAFE = re.compile(r"[^\w ',.()!?/+=@\-\u0080-\U0010ffff]|[_ﬂ¶]|(?<=\d)[.)]|(?<!\w)[-+=]")
_HTML = re.compile("[&<>]")
# Where a label, although escaped, would become a line, a formula, an icon, or an entity.
_BREAK = re.compile(r"(?<=\\)(?=n)|(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=[ﬂ¶])")
_HEADING = {ord("<"): "‹", ord(">"): "›"}

STROKES: Mapping[RelationKind, str] = {
    "is-a": "#6b7482",
    "part-of": "#0e8088",
    "depends-on": "#3b72d9",
    "enables": "#4f8a1a",
    "causes": "#c2571a",
    "limits": "#cc3d72",
    "contrasts-with": "#8d60cc",
    "example-of": "#937a0c",
    "measures": "#1584ab",
}
"""The colour of each kind, to be seen on white and on black: whether a flowchart is drawn dark is its reader's."""


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as the text of a Mermaid flowchart, with a node ``c0``, ``c1`` … per concept."""
    return "\n".join(_lines(map, network(map, options))) + "\n"


def escaped(text: str) -> str:
    """``text`` (one line) such that Mermaid shows it as it is, in any place of a flowchart."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", text)


def _lines(map: KnowledgeMap, net: Network) -> Iterator[str]:
    ids = {node.anchor: f"c{number}" for number, node in enumerate(net.nodes)}
    yield from ("---", f"title: {_heading(map.title or map.query)}", "---", "flowchart TD")
    yield f"  accTitle: {escaped(net.seen.title_line)}"
    yield from ("  accDescr {", *(f"    {escaped(line)}" for line in _description(net)), "  }")
    yield from (f"  {ids[node.anchor]}{_box(node)}" for node in net.nodes)
    yield from (f"  {ids[tie.source_anchor]} {_arrow(tie)} {ids[tie.target_anchor]}" for tie in net.edges)
    for node in net.nodes:
        if node.card and node.card.relevance:
            yield f'  click {ids[node.anchor]} href "#{node.anchor}" "{_tooltip(node.card.relevance)}"'
    yield from _styles(net, ids)


def _description(net: Network) -> Iterator[str]:
    yield from filter(None, (net.seen.subtitle,))
    for tie in net.edges:
        yield f"{tie.source} {_labelled(tie)} {tie.target}. {tie.explanation}".rstrip()
    for node in net.nodes:
        yield from (f"{node.name}: {quote}" for quote in node.quotes)
    yield from (f"{SOURCES}: {line}" for line in source_lines(net.seen))
    yield from (f"{INCOMPLETE}: {fault.place}: {fault.message}" for fault in net.seen.faults)
    yield from (f"Related: {chip}" for chip in net.seen.chips)
    yield from filter(None, (footer(net.seen.facts),))


def _box(node: Node) -> str:
    name = _label(node.name) or " "
    if node.card is None:
        return f'(["{name}"])'
    definition = f"<br/>{_label(node.card.definition)}" if node.card.definition else ""
    return f'["<b>{name}</b>{definition}"]'


def _arrow(tie: Tie) -> str:
    return f'{"<-->" if tie.kind == "contrasts-with" else "-->"}|"{_label(_labelled(tie))}"|'


def _labelled(tie: Tie) -> str:
    """The label with the kind of the relation, once where they are the same."""
    return tie.label if tie.label == tie.tag else f"{tie.label} ({tie.tag})"


def _label(text: str) -> str:
    return "<wbr/>".join(map(escaped, _BREAK.split(text)))


def _tooltip(text: str) -> str:
    """``text`` as a tooltip, which Mermaid takes for HTML."""
    return escaped(_HTML.sub(lambda found: f"&#{ord(found[0])};", text))


def _styles(net: Network, ids: dict[str, str]) -> Iterator[str]:
    for kind in KINDS:
        dash = KIND_STYLE[kind].dash
        if numbers := [str(number) for number, tie in enumerate(net.edges) if tie.kind == kind]:
            dashed = f",stroke-dasharray:{dash}" if dash else ""
            yield f"  linkStyle {','.join(numbers)} stroke:{STROKES[kind]},stroke-width:2px{dashed}"
    if faulty := [ids[node.anchor] for node in net.nodes if node.status != "complete"]:
        yield "  classDef faulty stroke-dasharray:4 4"
        yield f"  class {','.join(faulty)} faulty"


def _heading(text: str) -> str:
    """``text`` as a double-quoted scalar of YAML. Mermaid takes tags out of a heading and knows no escape there."""
    shown = shorten(text, _TITLE_LIMIT).translate(_HEADING)
    return '"' + re.sub(r"[^\w ,.]", lambda found: f"\\U{ord(found[0]):08X}", shown) + '"'
