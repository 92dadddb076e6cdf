"""The judge of a comparison: told in its plan, asked about both arms, and its words kept beside the comparison.

It brings the judge's model, its prompts and two runs together; what is asked and what it is worth, judge/ knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mapgen.errors import InputError
from mapgen.evaluation.judge import Judged, Judging, askings, judge_run, named
from mapgen.evaluation.judge.controls import folder
from mapgen.evaluation.judge.door import Judgements, judge_of
from mapgen.evaluation.judge.judged import SUFFIX
from mapgen.evaluation.records import Run
from mapgen.evaluation.suite import Suite
from mapgen.events import Event
from mapgen.llm.base import Endpoint
from mapgen.llm.endpoints import endpoint
from mapgen.llm.limited import Budget
from mapgen.model import Count, Value
from mapgen.prompting import PromptSet
from mapgen.settings import Settings

_COMPARISON = ".comparison.json"


class JudgePlan(Value):
    """Who will judge, by which metrics, and at most how many askings that is; what is at hand is not asked again."""

    judge: str
    host: str
    metrics: tuple[str, ...]
    askings: Count


@dataclass(frozen=True)
class Panel:
    """A judge that was named, and the ids of its metrics."""

    settings: Settings
    endpoint: Endpoint
    metrics: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, metrics: Sequence[str] = ()) -> Panel | None:
        """The judge that the settings name, if they do; all of its metrics unless some are named.

        Raises InputError, ConfigError.
        """
        wanted = named(metrics)
        if settings.judge is None:
            if metrics:
                raise InputError("Nobody is named to judge.", hint="Name a model: --judge MODEL.")
            return None
        return cls(settings, endpoint(settings.judge, settings), wanted)

    def plan(self, maps: int, cases: int) -> JudgePlan:
        """What judging so many maps in each of two arms takes."""
        most = askings(self.metrics, maps=maps, cases=cases)
        return JudgePlan(judge=self.endpoint.model, host=self.endpoint.host, metrics=self.metrics, askings=most)

    async def judged(
        self,
        suite: Suite,
        runs: Sequence[Run],
        *,
        budget: Budget,
        warn: Callable[[str], None],
        watch: Callable[[Judgements | Event], None],
    ) -> Judged:
        """The judge's word on a base and a new run. Raises KeyRefused, UnknownModel, ConfigError."""
        cases = {one.case for run in runs for one in run.records}
        total = askings(self.metrics, maps=max(len(run.records) for run in runs), cases=len(cases))
        async with judge_of(self.settings, warn=warn, watch=watch, budget=budget) as judge:
            judging = Judging(judge=judge.endpoint.model, metrics=self.metrics)
            llm = judge.telling(watch, total=total)
            return await judge_run(runs, suite, llm=llm, prompts=PromptSet(folder()), judging=judging)


def beside(comparison: Path) -> Path:
    """The file of the judge's words, beside that of the comparison."""
    return comparison.with_name(comparison.name.removesuffix(_COMPARISON) + SUFFIX)
