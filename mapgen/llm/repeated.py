"""Asks as one of several repeats, so that the same question may be asked more than once and remembered apart.

It knows neither models nor stores: the repeat is a part of every answer's key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from mapgen.llm.base import LLM, Reply
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)


class Repeated:
    """An LLM whose every asking is of one ``repeat``, counted from 0."""

    def __init__(self, inner: LLM, repeat: int) -> None:
        self._inner = inner
        self._repeat = repeat

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer to that repeat of the asking."""
        return await self._inner.ask(replace(filled, repeat=self._repeat))
