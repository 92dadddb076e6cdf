"""OPML 2.0: the map as an outline, for OmniOutliner, Dynalist, Logseq and other outliners.

What is said below a heading is its ``_note``, as outliners have agreed on. Texts lose the characters that XML 1.0 does
not allow, and nothing else. It knows no file.
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement

from mapgen.model import KnowledgeMap
from mapgen.render.network import Network, Node, allowed, network, source_lines, xml
from mapgen.render.view import Options, Tie
from mapgen.render.wording import INCOMPLETE, SOURCES, footer

RELATED = "Related topics"


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as an outline of one heading, the query: concepts with their relations, topics, sources, problems."""
    net = network(map, options)
    opml = Element("opml", version="2.0")
    head = SubElement(opml, "head")
    SubElement(head, "title").text = allowed(net.seen.title_line)
    if map.made:
        SubElement(head, "dateCreated").text = format_datetime(map.made.created)
    _fill(_outline(SubElement(opml, "body"), net.seen.query, note=_about(net)), net)
    return xml(opml)


def _about(net: Network) -> str:
    return _paragraphs(net.seen.subtitle, footer(net.seen.facts))


def _fill(root: Element, net: Network) -> None:
    seen = net.seen
    for node in net.nodes:
        _concept(root, node)
    _section(root, RELATED, items=seen.chips)
    _section(root, SOURCES, items=source_lines(seen))
    _section(root, INCOMPLETE, items=tuple(f"{fault.place}: {fault.message}" for fault in seen.faults))


def _concept(parent: Element, node: Node) -> None:
    texts = (node.card.definition, node.card.relevance) if node.card else ()
    outline = _outline(parent, node.name, note=_paragraphs(*texts, *node.quotes))
    if node.status != "complete":
        outline.set("_status", node.status)
    for tie in node.ties:
        _outline(outline, _sentence(tie), note=tie.explanation if tie.outgoing else "")


def _sentence(tie: Tie) -> str:
    return f"{tie.tag}: {tie.source} {tie.label} {tie.target}"


def _section(parent: Element, heading: str, *, items: tuple[str, ...]) -> None:
    if items:
        section = _outline(parent, heading)
        for item in items:
            _outline(section, item)


def _outline(parent: Element, text: str, *, note: str = "") -> Element:
    outline = SubElement(parent, "outline", text=allowed(text))
    if note:
        outline.set("_note", allowed(note))
    return outline


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
