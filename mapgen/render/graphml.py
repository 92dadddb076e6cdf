"""GraphML: the map as a directed multigraph, for yEd, Gephi, Cytoscape and networkx.

Its writer is networkx; texts lose the characters that XML 1.0 does not allow, and nothing else. It draws nothing.
"""

from __future__ import annotations

from mapgen.model import KnowledgeMap
from mapgen.render.network import multigraph, network, xml
from mapgen.render.view import Options


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as GraphML; several texts of one kind, such as citations, are the lines of one value."""
    from networkx.readwrite.graphml import GraphMLWriter

    return xml(GraphMLWriter(multigraph(network(map, options))).xml)
