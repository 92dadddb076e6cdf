"""The room of the evaluation suites: did an edit of the prompts make the maps better?

    from mapgen.evaluation import compare
    compare("core", base="git:HEAD", model="local").exit_code

The public names, loaded when first used, so that importing the room costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from mapgen.errors import ConfigError

if TYPE_CHECKING:
    from mapgen.evaluation.comparison import Comparison
    from mapgen.evaluation.doors import acompare, arun, compare, measure, run
    from mapgen.evaluation.records import Run

_HOMES = {
    "Comparison": "comparison",
    "Run": "records",
    "acompare": "doors",
    "arun": "doors",
    "compare": "doors",
    "measure": "doors",
    "run": "doors",
}

_NEEDED = ("numpy", "yaml", "wordllama")

__all__ = ["Comparison", "Run", "acompare", "arun", "compare", "measure", "run"]


def check_installed() -> None:
    """Raise ConfigError where a package is missing that only the evaluation needs."""
    for name in _NEEDED:
        if find_spec(name) is None:
            raise ConfigError(f"The evaluation needs the package {name}.", hint="pip install 'mapgen[evals]'")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mapgen.evaluation' has no attribute {name!r}")
    check_installed()
    value = getattr(import_module(f"mapgen.evaluation.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
