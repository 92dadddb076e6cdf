"""GEXF 1.2: the map as a directed multigraph, for Gephi and sigma.js.

GEXF has no attributes of a graph as a whole: they are said in the meta element. The date is the map's own, never
today's. Its writer is networkx; texts lose the characters that XML 1.0 does not allow, and nothing else.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import SubElement

from mapgen.model import KnowledgeMap
from mapgen.render.network import allowed, multigraph, network, xml
from mapgen.render.view import Options


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as GEXF; several texts of one kind, such as citations, are the lines of one value."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = multigraph(network(map, options))
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(graph)
    _tell(writer.xml.find("meta"), graph.graph, map=map)
    return xml(writer.xml)


def _tell(meta: Any, texts: dict[str, str], *, map: KnowledgeMap) -> None:
    """What is said of the map as a whole, instead of what networkx says of itself and of today."""
    meta.clear()
    if map.made:
        meta.set("lastmodifieddate", map.made.created.date().isoformat())
    SubElement(meta, "creator").text = "mapgen"
    SubElement(meta, "keywords").text = allowed(", ".join(map.related))
    SubElement(meta, "description").text = "\n".join(f"{name}: {text}" for name, text in texts.items())
