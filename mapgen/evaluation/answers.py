"""The answers that a run has at hand: those of other runs first, then the user's cache; and what became of each map.

A recorder keeps the answers that one map was made from; strict layers have nothing behind them, so that a miss is
an error and no model is started. It knows keys and texts, and nothing of what an answer says.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import MapgenError
from mapgen.evaluation.statistics.exits import Exit
from mapgen.llm.base import LLM, Reply
from mapgen.llm.cached import Answers
from mapgen.llm.kept import failed
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)


class NotRecorded(MapgenError):
    """An answer is wanted that the recording does not have."""

    exit_code = Exit.FAILED


@dataclass(frozen=True)
class Layers:
    """Answers of other runs before a store, which may be none; ``strict``: what neither has is an error."""

    seeds: Mapping[str, str] = field(default_factory=dict)
    store: Answers | None = None
    strict: bool = False

    def get(self, key: str) -> str | None:
        """The text of ``key``. Raises NotRecorded where the layers are strict and have none."""
        found = self.seeds.get(key)
        if found is None and self.store is not None:
            found = self.store.get(key)
        if found is None and self.strict:
            raise NotRecorded("An answer is not recorded.")
        return found


@dataclass(frozen=True)
class Recorder:
    """The answers of one map, as they come from layers or from the model: ``answers``, by key."""

    layers: Layers
    answers: MutableMapping[str, str] = field(default_factory=dict)
    failures: bool = True

    def get(self, key: str) -> str | None:
        """The text of ``key`` from the layers, noted. Raises NotRecorded."""
        text = self.layers.get(key)
        if text is not None:
            self.answers[key] = text
        return text

    def put(self, key: str, text: str) -> None:
        """Note a new text; keep it in the layers' store unless it says that the model failed."""
        self.answers[key] = text
        if self.layers.store is not None and not failed(text):
            self.layers.store.put(key, text)


@dataclass(frozen=True)
class Fault:
    """An asking that failed, and why."""

    prompt: str
    error: MapgenError


class Noting:
    """An LLM that notes which askings of another one failed."""

    def __init__(self, inner: LLM, faults: list[Fault]) -> None:
        self._inner = inner
        self._faults = faults

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The inner answer."""
        try:
            return await self._inner.ask(filled)
        except MapgenError as error:
            self._faults.append(Fault(filled.prompt, error))
            raise
