"""What a run will take, told before the first call: maps to make, calls, tokens, money, and what it can show.

The pipeline is rehearsed on the answers at hand, so that what they already say is not counted. It asks no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isinf
from typing import Literal

from pydantic import Field

from mapgen.errors import MapgenError, SourceError
from mapgen.estimate import Estimate, estimate
from mapgen.evaluation import spreads
from mapgen.evaluation.answers import Fault, Layers, Noting, Recorder
from mapgen.evaluation.arms import renamed
from mapgen.evaluation.bench import Arm, Bench
from mapgen.evaluation.panel import JudgePlan
from mapgen.evaluation.records import cost, told_sources
from mapgen.evaluation.spreads import Spreads
from mapgen.evaluation.statistics import FEWEST_UNITS
from mapgen.events import Event, Preparing
from mapgen.llm.base import LLM
from mapgen.llm.repeated import Repeated
from mapgen.model import Count, Query, Value
from mapgen.session import Making, Session
from mapgen.text import counted

_ALWAYS = ("plan", "write", "relate")


class ArmPlan(Value):
    """What one arm will take. ``known`` maps are finished; of ``to_make`` ones, ``at_hand`` need no call."""

    label: str
    maps: Count
    known: Count
    to_make: Count
    at_hand: Count = 0
    calls: Count
    input_tokens: Count
    output_tokens: Count
    cost: float | None
    path: str = Field(default="", description="The file of the run.")
    sources: tuple[str, ...] = ()


class Plan(Value):
    """What a run or a comparison will take, and by primary metric the smallest effect that it can show."""

    kind: Literal["plan"] = "plan"
    suite: str
    cases: Count
    units: Count
    model: str
    endpoint: str
    arms: tuple[ArmPlan, ...]
    detectable: Mapping[str, float | None] = {}
    assumed: bool = False
    measured: str = Field(default="", description="The model whose A/A run measured the spread.")
    judge: JudgePlan | None = None

    def told(self) -> str:
        """The plan in lines."""
        lines = [
            f"suite     {self.suite}: {counted(self.cases, 'case')}, {counted(self.units, 'unit')}",
            f"model     {self.model} ({self.endpoint})",
            *self._grounds(),
            *(_arm_line(arm, after=any(one.to_make for one in self.arms[:at])) for at, arm in enumerate(self.arms)),
        ]
        return "\n".join([*lines, *self._judges(), *self._shows()])

    def _grounds(self) -> list[str]:
        """The sources, where there are any; by arm where these differ in them."""
        each = {arm.label: told_sources(arm.sources) for arm in self.arms}
        if not any(arm.sources for arm in self.arms):
            return []
        alike = len({arm.sources for arm in self.arms}) == 1
        told = next(iter(each.values())) if alike else "; ".join(f"{label}: {one}" for label, one in each.items())
        return [f"sources   {told}"]

    def _judges(self) -> list[str]:
        if self.judge is None:
            return []
        one = self.judge
        how = f"at most {counted(one.askings, 'asking')}, canaries among them"
        return [f"judge     {one.judge} ({one.host}): {', '.join(one.metrics)}; {how}"]

    def _shows(self) -> list[str]:
        if not self.detectable:
            return []
        found = [f"{id} {size:.3f}" for id, size in self.detectable.items() if size is not None]
        if not found:
            return [f"can show  nothing: a test needs {FEWEST_UNITS} units"]
        how = "by the A/A spread" if self.measured in ("", self.model) else f"by the A/A spread of {self.measured}"
        if self.assumed:
            how = f"spread assumed: {spreads.ASSUMED}; `mapgen eval aa` measures it"
        return [f"can show  {', '.join(found)} ({how})"]


async def plan(
    bench: Bench,
    session: Session,
    *,
    arms: tuple[Arm, ...],
    judge: JudgePlan | None = None,
    watch: Callable[[Preparing], None] = lambda event: None,
) -> Plan:
    """The plan of some arms, and of their judge; ``watch`` is told of sources that are opened for it.

    Raises ConfigError where a template cannot be filled, SourceError where a source cannot be used.
    """
    measured = spreads.load(spreads.place(bench.path, bench.suite.name))
    units = spreads.units_of(bench.suite, bench.limit)
    found = spreads.detectable(bench.suite, measured, units=units)
    return Plan(
        suite=bench.suite.name,
        cases=len(bench.cases),
        units=units,
        model=bench.asked["writer"].model,
        endpoint=bench.asked["writer"].host,
        arms=tuple([await _planned(arm, bench, session=session, watch=watch) for arm in arms]),
        detectable={id: None if isinf(size) else round(size, 4) for id, size in found.items()},
        assumed=measured is None,
        measured=_measured(measured, bench) if measured else "",
        judge=judge,
    )


def _measured(found: Spreads, bench: Bench) -> str:
    """Whose spread it is: the model's, and where these are not the bench's, by which sources."""
    alike = found.sources == (bench.settings.sources or ())
    return found.model if alike else f"{found.model} with {told_sources(found.sources)}"


def _arm_line(arm: ArmPlan, *, after: bool) -> str:
    """What an arm will take; where another one is made before it, that may spare it some calls."""
    if not arm.to_make:
        return f"{arm.label:<9} {counted(arm.maps, 'map')}, all finished"
    known = f"{arm.known} finished, " if arm.known else ""
    hand = f" ({arm.at_hand} from answers at hand)" if arm.at_hand else ""
    tokens = f"{arm.input_tokens:,} tokens in, {arm.output_tokens:,} out"
    money = "cost unknown" if arm.cost is None else f"about ${arm.cost:.4f}" if arm.cost else "free"
    about = "at most about" if after else "about"
    took = f"{about} {counted(arm.calls, 'call')}, {tokens}, {money}" if arm.calls else "no call"
    return f"{arm.label:<9} {counted(arm.maps, 'map')}: {known}{arm.to_make} to make{hand}; {took}"


async def _planned(arm: Arm, bench: Bench, *, session: Session, watch: Callable[[Preparing], None]) -> ArmPlan:
    """The calls of one arm: those of a whole map for a plan not at hand, else what the rehearsal missed."""
    calls = sent = back = at_hand = 0
    for key in arm.missing if not bench.replay else ():
        whole = _whole(arm, bench, case=key[0])
        missed = await _missed(arm, bench, session=session, key=key, watch=watch)
        wanted = whole.calls if "plan" in missed else len(missed)
        calls += wanted
        sent += whole.input_tokens * wanted // whole.calls
        back += whole.output_tokens * wanted // whole.calls
        at_hand += not missed
    return ArmPlan(
        label=arm.head.label,
        maps=len(arm.wanted),
        known=len(arm.wanted) - len(arm.missing),
        to_make=len(arm.missing),
        at_hand=len(arm.missing) if bench.replay else at_hand,
        calls=calls,
        input_tokens=sent,
        output_tokens=back,
        cost=cost(arm.head.asked, input_tokens=sent, output_tokens=back),
        path=str(arm.path),
        sources=arm.head.sources,
    )


def _whole(arm: Arm, bench: Bench, *, case: str) -> Estimate:
    asked = next(one for one in bench.suite.cases if one.id == case)
    settings = bench.settings.model_copy(update={"prompts": arm.prompts.folder})
    try:
        return estimate(Query.of(asked.query, language=asked.language), settings)
    except MapgenError as error:
        raise renamed(error, arm.prompts.folder, label=arm.head.label) from error


async def _missed(
    arm: Arm, bench: Bench, *, session: Session, key: tuple[str, int], watch: Callable[[Preparing], None]
) -> list[str]:
    """The prompts of the askings that the answers at hand do not cover, as far as they tell. Raises SourceError."""
    case, faults = next(one for one in bench.suite.cases if one.id == key[0]), list[Fault]()

    def wrap(llm: LLM) -> LLM:
        return Noting(Repeated(llm, key[1]), faults)

    def see(event: Event) -> None:
        if isinstance(event, Preparing):
            watch(event)

    layers = Layers(arm.seeds, bench.store(session), strict=True)
    making = Making(prompts=arm.prompts, answers=Recorder(layers), wrap=wrap)
    try:
        await session.make(Query.of(case.query, language=case.language), making, watch=see)
    except SourceError:
        raise
    except MapgenError:
        return [fault.prompt for fault in faults] or ["plan"]
    missed = [fault.prompt for fault in faults]
    return [prompt for prompt in missed if prompt in _ALWAYS] or missed
