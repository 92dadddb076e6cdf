"""The composition root: settings become models, cache and limits, shared by the maps of one session.

It runs the graph and accounts for what a map took. It knows no command line and no format.
"""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from mapgen.accounting import Makers, account, differences, reused, together
from mapgen.embedded import engine
from mapgen.errors import ConfigError, InputError
from mapgen.events import Done, Event, Spent
from mapgen.grounding import Grounding, names_of, room_of
from mapgen.llm import LLM, Models
from mapgen.llm.base import Endpoint
from mapgen.llm.cached import Answers, digest
from mapgen.llm.endpoints import endpoints
from mapgen.llm.limited import Budget, Limits
from mapgen.llm.metered import Meter, price
from mapgen.llm.stopping import Stop, Stoppable
from mapgen.llm.store import Store
from mapgen.model import KnowledgeMap, Query
from mapgen.prompting import PromptSet, Role, builtin_folder
from mapgen.settings import Options, Resolved, Settings, quiet_tracing, resolve
from mapgen.version import __version__

if TYPE_CHECKING:
    from mapgen.sources.base import Finder
    from mapgen.state import State

T = TypeVar("T")
Watch = Callable[[Event], None]
_ASKED: tuple[Role, ...] = ("planner", "writer")


@dataclass(frozen=True, kw_only=True)
class Making:
    """How one map is made: by which prompts, with which answers in the place of the cache, and counted by whom.

    ``wrap`` stands before the models, and sees every asking. ``anew``: answers are kept, and none is reused.
    ``finder`` stands in the place of the session's sources.
    """

    prompts: PromptSet
    answers: Answers | None = None
    wrap: Callable[[LLM], LLM] = lambda llm: llm
    meter: Meter = field(default_factory=Meter)
    anew: bool = False
    finder: Finder | None = None


class Session:
    """Models, cache and limits shared by many maps: ``async with Session(max_calls=100) as session: …``.

    ``options`` are settings, as for generate, or ``settings`` are ready ones, resolved or not; the limits hold for all
    maps of the session together. ``asked`` are the endpoints by role, in the place of those that the settings name.
    ``warn`` is told of what does not stop a run. Raises ConfigError.
    """

    def __init__(
        self,
        *,
        settings: Settings | Resolved | None = None,
        asked: Mapping[Role, Endpoint] | None = None,
        warn: Callable[[str], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        resolved = Resolved(settings=settings, origins={}) if isinstance(settings, Settings) else settings
        resolved = resolve(options) if resolved is None else resolved
        self.settings, self._naming = resolved.settings, resolved.naming
        with resolved.naming():
            self.endpoints = dict(asked or endpoints(self.settings))
            self.prompts = _prompts(self.settings)
            self._limits = limits_of(self.settings)
            _check_price(self._limits, *(self.endpoints[role] for role in _ASKED))
        self._warn = warn or _warned
        self._watchers: list[Watch] = []
        self._stop = Stop()
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.store = Store(self.settings.cache_dir, warn=self._warn) if self.settings.cache else None
        if self.store is not None:
            self._closing.callback(self.store.close)
        self.budget = Budget(self._limits, Meter(), time.monotonic)
        start = engine(self.settings, self._tell, loop=asyncio.get_running_loop())
        self._models = Models(self.endpoints, self.budget, self.store, start, closing=self._closing)
        self._grounding = Grounding(
            self.settings, self.endpoints, within=self._within, warn=self._warn, tell=self._tell
        )
        self._closing.callback(self._grounding.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    async def generate(
        self, query: str, *, language: str | None = None, concepts: int | None = None, watch: Watch | None = None
    ) -> KnowledgeMap:
        """The map of one query; ``language`` and ``concepts`` go before the session's. Raises MapgenError."""
        began = time.monotonic()
        asked = Query.of(
            query,
            language=self.settings.language if language is None else language,
            concepts=self.settings.concepts if concepts is None else concepts,
        )
        emit = watch or _ignored
        with self._watched(emit):
            key = self._key(asked, finder=await self._grounding.finder(asked))
        map = self._remembered(key, began) if key else None
        if map is None:
            map = await self._made(asked, Making(prompts=self.prompts), emit=emit)
            if key and (store := self._maps()) is not None and map.status == "complete":
                store.put(key, map.to_json())
        emit(Done(map=map))
        return map

    async def stream(self, query: str) -> AsyncGenerator[Event]:
        """The events of making one map, as they happen. Raises MapgenError; closing it stops the work."""
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        task = asyncio.create_task(self.generate(query, watch=events.put_nowait))
        task.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            await task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def make(self, query: Query, making: Making, *, watch: Watch | None = None) -> KnowledgeMap:
        """The map of ``query``, made as ``making`` says, by the pipeline and never from the cache of whole maps.

        Raises MapgenError.
        """
        emit = watch or _ignored
        map = await self._made(query, making, emit=emit)
        emit(Done(map=map))
        return map

    async def resume(
        self, map: KnowledgeMap, *, concepts: int | None = None, watch: Watch | None = None
    ) -> KnowledgeMap:
        """``map``, completed: only what it lacks, or what the rules find faulty, is asked for, and asked anew.

        ``concepts`` is how many it shall have. A complete map comes back as it is, and nothing is asked. Raises
        MapgenError where something was to be asked and nothing could be added.
        """
        from mapgen.resuming import begun, settled

        emit, state = watch or _ignored, begun(map, concepts=concepts)
        whole = settled(map, state)
        if whole is None:
            made = await self._made(state, Making(prompts=self.prompts, anew=True), emit=emit)
            whole = made.model_copy(update={"made": together(map.made, made.made)})
        emit(Done(map=whole))
        return whole

    def differences(self, map: KnowledgeMap) -> tuple[str, ...]:
        """In what this session's models, prompts and sources differ from those of ``map``; a sentence each."""
        told = differences(map.made, self._makers(self.prompts))
        asked = Query.of(map.query, language=map.language)
        if map.sources and not names_of(self.settings, asked, asked=self.endpoints):
            told += ("The map stands on sources; it is completed without any, unless they are named (--source).",)
        return told

    def stop(self) -> None:
        """End what is asked and begin nothing more; maps in the making come back with what they have by then.

        They are incomplete, and Stopped is raised where there is no plan yet. To be called in the session's loop.
        """
        self._stop.now()

    async def _made(self, start: Query | State, making: Making, *, emit: Watch) -> KnowledgeMap:
        quiet_tracing()
        began, meter = time.monotonic(), making.meter
        pipeline = await asyncio.to_thread(import_module, "mapgen.pipeline")
        with self._watched(emit):
            self._rehearse(making.prompts)
            meter.parent, meter.watch = self.budget.meter, lambda: emit(_spent(meter))
            models = self._models.llm(meter, answers=making.answers, anew=making.anew)
            llm = making.wrap(Stoppable(models, self._stop))
            asked = start if isinstance(start, Query) else start.query
            finder = making.finder or await self._grounding.finder(asked)
            map, repairs, dropped = await pipeline.run(
                start, llm=llm, prompts=making.prompts, emit=emit, finder=finder, room=room_of(self.endpoints)
            )
        makers, seconds = self._makers(making.prompts), time.monotonic() - began
        made = account(meter, makers, repairs=repairs, dropped=dropped, seconds=seconds)
        return KnowledgeMap.model_validate(dict(map) | {"made": made})

    async def _within(self, work: Callable[[], Awaitable[T]], /) -> T:
        """What ``work`` gives while the session goes on and has time. Raises LimitReached, Stopped."""
        return await self._stop.bound(lambda: self.budget.in_time(work))

    @contextmanager
    def _watched(self, emit: Watch) -> Iterator[None]:
        """Have what happens to the whole session be seen by that watcher, too. Raises ConfigError: it is not open."""
        if not hasattr(self, "budget"):
            raise ConfigError("The session is not open.", hint="Use it so: `async with Session(…) as session:`.")
        self._watchers.append(emit)
        try:
            yield
        finally:
            self._watchers.remove(emit)

    def _rehearse(self, prompts: PromptSet) -> None:
        """Have every prompt tried before the first call by it. Raises ConfigError."""
        from mapgen.rehearsal import rehearse

        with self._naming() if prompts is self.prompts else nullcontext(), _of_setting("prompts"):
            rehearse(prompts)

    def _makers(self, prompts: PromptSet) -> Makers:
        planner, writer = self.endpoints["planner"], self.endpoints["writer"]
        return Makers(writer.model, planner.model, writer.host, prompts.fingerprint())

    def _tell(self, event: Event) -> None:
        for watch in tuple(self._watchers):
            watch(event)

    def _key(self, query: Query, *, finder: Finder | None = None) -> str | None:
        """The key of a whole map: all that changes it. None where it stands on sources that may have changed."""
        sources = "" if finder is None else finder.fingerprint()
        if sources is None:
            return None
        asked = [self.endpoints[role] for role in _ASKED]
        told = [one.model_dump(mode="json", exclude={"api_key", "timeout"}) for one in asked]
        return digest("map", __version__, query.model_dump(), told, self.prompts.fingerprint(), sources)

    def _remembered(self, key: str, began: float) -> KnowledgeMap | None:
        """The map of that key from the cache, accounted for as this run's; a broken one is a miss."""
        if (store := self._maps()) is None or (text := store.get(key)) is None:
            return None
        with suppress(InputError):
            return reused(KnowledgeMap.parse(text), seconds=time.monotonic() - began)
        return None

    def _maps(self) -> Store | None:
        """Where whole maps are kept; those of a script are not, since its file may change."""
        scripted = any(self.endpoints[role].kind == "scripted" for role in _ASKED)
        return None if scripted else self.store


def _prompts(settings: Settings) -> PromptSet:
    prompts = PromptSet(settings.prompts or builtin_folder())
    with _of_setting("prompts"):
        prompts.names()
    return prompts


@contextmanager
def _of_setting(name: str) -> Iterator[None]:
    """Have a ConfigError tell which setting it is about."""
    try:
        yield
    except ConfigError as error:
        error.setting = name
        raise


def limits_of(settings: Settings) -> Limits:
    """The limits among the settings."""
    return Limits(**settings.model_dump(include=set(Limits.model_fields)))


def _check_price(limits: Limits, *asked: Endpoint) -> None:
    for endpoint in asked if limits.max_cost is not None else ():
        if price(endpoint, input_tokens=1, output_tokens=1) is None:
            raise ConfigError(
                f"The price of {endpoint.model} at {endpoint.host} is not known, so --max-cost cannot hold.",
                hint="Use --max-tokens or --max-calls.",
                setting="max_cost",
            )


def _spent(meter: Meter) -> Spent:
    return Spent(calls=meter.calls, input_tokens=meter.input_tokens, output_tokens=meter.output_tokens)


def _ignored(event: Event) -> None:
    pass


def _warned(message: str) -> None:
    warnings.warn(message, stacklevel=3)
