"""A map's graph as a drawing: boxes placed, lines led around them, words put where there is room.

``draw`` gives one stage, in a broad or a narrow shape; ``stages`` says which concepts stand on which. All of it
is a function of the view: the same map gives the same drawing, on every run.
"""

from __future__ import annotations

from mapgen.render.graph.draw import draw
from mapgen.render.graph.drawing import Drawing, Edge, Label, Node, Row, Shape
from mapgen.render.graph.kinds import KIND_STYLE, Head, Style
from mapgen.render.graph.stages import LAYOUT_LIMIT, stages

__all__ = [
    "KIND_STYLE",
    "LAYOUT_LIMIT",
    "Drawing",
    "Edge",
    "Head",
    "Label",
    "Node",
    "Row",
    "Shape",
    "Style",
    "draw",
    "stages",
]
