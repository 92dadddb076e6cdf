"""JSON: the whole map, lossless, as KnowledgeMap.parse reads it back.

It shows no brand and knows no page; the schema is the model's.
"""

from __future__ import annotations

from mapgen.model import KnowledgeMap
from mapgen.render.view import Options


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as indented JSON, in UTF-8, with a newline at its end."""
    return map.to_json()
