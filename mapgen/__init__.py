"""mapgen: type a query, get a knowledge map.

The public names, loaded when first used, so that importing mapgen costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapgen.doors import agenerate, aresume, generate, resume, stream
    from mapgen.errors import MapgenError
    from mapgen.events import Event
    from mapgen.model import Concept, KnowledgeMap, Problem, Relation
    from mapgen.session import Session
    from mapgen.version import __version__

_HOMES = {
    "Concept": "model",
    "Event": "events",
    "KnowledgeMap": "model",
    "MapgenError": "errors",
    "Problem": "model",
    "Relation": "model",
    "Session": "session",
    "__version__": "version",
    "agenerate": "doors",
    "aresume": "doors",
    "generate": "doors",
    "resume": "doors",
    "stream": "doors",
}

__all__ = [
    "Concept",
    "Event",
    "KnowledgeMap",
    "MapgenError",
    "Problem",
    "Relation",
    "Session",
    "__version__",
    "agenerate",
    "aresume",
    "generate",
    "resume",
    "stream",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mapgen' has no attribute {name!r}")
    value = getattr(import_module(f"mapgen.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
