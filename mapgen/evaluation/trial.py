"""One map of one case: made, counted as it was first made, and told apart by whose fault it is where it fails.

What the prompts and the model did is a result; what the endpoint did is a missing map; what no other map would
survive (a key, a setting, a limit) is raised. It knows sessions, and neither files nor metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from mapgen.errors import (
    BadAnswer,
    ConfigError,
    EndpointError,
    EngineError,
    KeyRefused,
    LimitReached,
    MapgenError,
    OutputError,
    SourceError,
    UnknownModel,
    WeightsError,
)
from mapgen.evaluation.answers import Fault, Layers, Noting, NotRecorded, Recorder
from mapgen.evaluation.records import Record, cost
from mapgen.evaluation.suite import Case
from mapgen.events import Event, Grounded
from mapgen.llm.base import LLM
from mapgen.llm.metered import Meter
from mapgen.llm.repeated import Repeated
from mapgen.model import KnowledgeMap, Query
from mapgen.prompting import PromptSet
from mapgen.session import Making, Session
from mapgen.text import clean

FATAL = (
    ConfigError,
    KeyRefused,
    UnknownModel,
    WeightsError,
    EngineError,
    OutputError,
    LimitReached,
    NotRecorded,
    SourceError,
)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The making of one map: a case, a repeat, and what it is made with."""

    case: Case
    repeat: int
    prompts: PromptSet
    layers: Layers
    faults: list[Fault] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    grounds: list[Grounded] = field(default_factory=list)

    async def made(self, session: Session, watch: Callable[[Event], None]) -> tuple[Record, MapgenError | None]:
        """The record, and the error of the endpoint where that failed. Raises what ends the run."""
        recorder = Recorder(self.layers)
        making = Making(prompts=self.prompts, answers=recorder, wrap=self._before, meter=self.meter)
        map: KnowledgeMap | None = None
        failure: MapgenError | None = None
        query = Query.of(self.case.query, language=self.case.language)
        try:
            map = await session.make(query, making, watch=self._noted(watch))
        except MapgenError as error:
            failure = error
        self._raise_fatal(failure)
        passing = next((error for error in (failure, *self._errors()) if error and _passing(error)), None)
        record = self._record(None if passing else map, session=session)
        told = passing or failure
        update = {
            "error": clean(told.message) if told else "",
            "passing": passing is not None,
            "answers": dict(recorder.answers),
            "passages": quotable(self.grounds),
        }
        return record.model_copy(update=update), passing

    def _noted(self, watch: Callable[[Event], None]) -> Callable[[Event], None]:
        """The watcher; what the sources say is noted, too."""

        def noted(event: Event) -> None:
            if isinstance(event, Grounded):
                self.grounds.append(event)
            watch(event)

        return noted

    def _before(self, llm: LLM) -> LLM:
        return Noting(Repeated(llm, self.repeat), self.faults)

    def _errors(self) -> list[MapgenError]:
        return [fault.error for fault in self.faults]

    def _raise_fatal(self, failure: MapgenError | None) -> None:
        for fault in self.faults:
            if isinstance(fault.error, NotRecorded):
                raise NotRecorded(
                    f"An answer to the prompt {fault.prompt!r} of the case {self.case.id!r} is not recorded.",
                    hint=f"The prompts, the suite{', the sources' if self.grounds else ''} or mapgen changed since; "
                    "record anew: mapgen eval run --record FILE.",
                )
        for error in (*self._errors(), failure):
            if isinstance(error, FATAL):
                raise error

    def _record(self, map: KnowledgeMap | None, *, session: Session) -> Record:
        """The record of the map, with the sums of the answers as they were first made."""
        meter, reused = self.meter, self.meter.reused
        sums: dict[str, Any] = {
            "calls": meter.calls - meter.retries + reused.calls,
            "reasked": meter.reasked + reused.reasked,
            "input_tokens": meter.input_tokens + reused.input_tokens,
            "output_tokens": meter.output_tokens + reused.output_tokens,
            "retries": meter.retries,
        }
        made = map.made if map else None
        if map is not None and made is not None:
            tokens = {name: sums[name] for name in ("input_tokens", "output_tokens")}
            made = made.model_copy(update={**sums, "cost": cost(session.endpoints, **tokens), "cache_hits": 0})
            map = map.model_copy(update={"made": made})
        return Record(
            case=self.case.id,
            repeat=self.repeat,
            map=map,
            repairs=made.repairs if made else 0,
            seconds=made.seconds if made and not meter.cache_hits else None,
            asked=meter.calls,
            **sums,
        )


def quotable(grounds: Iterable[Grounded]) -> dict[str, str]:
    """By source id, the passages that concepts were shown, each once, in the source's order; a plan quotes none."""
    shown = {(one.source, one.offset, one.text) for found in grounds if found.concept for one in found.passages}
    texts: dict[str, list[str]] = {}
    for source, _, text in sorted(shown):
        texts.setdefault(source, []).append(text)
    return {source: "\n\n".join(of) for source, of in texts.items()}


def _passing(error: MapgenError) -> bool:
    """Whether an error is the endpoint's, which another try may not meet."""
    return isinstance(error, EndpointError) and not isinstance(error, BadAnswer)
