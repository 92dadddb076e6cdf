"""The comparison itself, as JSON.

It knows nothing of its own: Comparison.parse reads what it writes.
"""

from __future__ import annotations

from mapgen.evaluation.comparison import Comparison


def render(comparison: Comparison) -> str:
    """``comparison``, lossless."""
    return comparison.to_json()
