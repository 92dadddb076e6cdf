"""How each kind of relation is drawn: a colour for light and for dark paper, a dash, and the form of its ends.

Dash and ends alone tell any two kinds apart, so that no one needs to see colours. It knows no graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mapgen.model import RelationKind


@dataclass(frozen=True, slots=True)
class Head:
    """The form at an arrow's end, drawn from (0, 0) to (``length``, 0); ``filled`` with the kind's colour or not."""

    path: str
    length: float
    filled: bool


TRIANGLE = Head("M0-4.5 10 0 0 4.5Z", 10, True)
HOLLOW = Head("M.6-5 10 0 .6 5Z", 10, False)
VEE = Head("M0 0H9M3-4.5 9.4 0 3 4.5", 9, False)
DIAMOND = Head("M0 0 6-4.2 12 0 6 4.2Z", 12, True)
BAR = Head("M0 0H7M7-5.5V5.5", 8, False)
DOT = Head("M0 0A4 4 0 1 1 8 0 4 4 0 1 1 0 0Z", 8, True)
RING = Head("M.6 0A4 4 0 1 1 8.6 0 4 4 0 1 1 .6 0Z", 9, False)


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind is drawn; ``dash`` is empty for a solid line; ``both``: its two ends are alike."""

    light: str
    dark: str
    dash: str
    head: Head
    both: bool = False


KIND_STYLE: Mapping[RelationKind, Style] = MappingProxyType(
    {
        "is-a": Style("#4a4f57", "#b9bfc7", "", HOLLOW),
        "part-of": Style("#0d5c63", "#7fc8c6", "", DIAMOND),
        "depends-on": Style("#1f4fa3", "#93b5f2", "7 4", VEE),
        "enables": Style("#3f6b12", "#a9cf6f", "", VEE),
        "causes": Style("#a8410a", "#f0a268", "", TRIANGLE),
        "limits": Style("#a3174f", "#f28fb1", "12 4", BAR),
        "contrasts-with": Style("#6a3d9a", "#c6a6ee", "2 4", TRIANGLE, both=True),
        "example-of": Style("#6f5a00", "#d8c25a", "2 4", DOT),
        "measures": Style("#0a6584", "#74c5e6", "11 3 2 3", RING),
    }
)
"""The style of every kind of relation."""
