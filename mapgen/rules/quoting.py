"""How a rule words what it found: the faulty words shortened between quotes.

It knows no rule and no map.
"""

from __future__ import annotations

from mapgen.text import clean, shorten

QUOTED = 60  # characters of a faulty text that a message repeats


def quote(text: str, limit: int = QUOTED) -> str:
    """``text`` as a message repeats it: cleaned, at most ``limit`` characters, between double quotes."""
    return f'"{shorten(clean(text), limit)}"'


def listing(items: tuple[str, ...], *, limit: int = 6) -> str:
    """Quoted items in one line; beyond ``limit`` only their number is told."""
    shown = ", ".join(quote(item) for item in items[:limit])
    return shown if len(items) <= limit else f"{shown} and {len(items) - limit} more"
