"""The Comparison: two runs over one suite, metric by metric, with what was said of each difference.

A frozen value that reports are made from; it is saved as JSON and read back. It knows how to be read and written,
and nothing of how its figures came about: comparing.py makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError

from mapgen.errors import InputError
from mapgen.evaluation.judge.trust import Trust
from mapgen.evaluation.records import Head
from mapgen.evaluation.suite import Suite
from mapgen.files import read_text
from mapgen.model import Count, Value
from mapgen.text import clean, shorten

LIMIT = 50_000_000  # bytes of a saved comparison

Scores = Mapping[str, float | None]
"""By case: the mean over its repeats; None where there is no score."""
Interval = tuple[float, float]
Said = Literal["better", "worse", "same", "unclear", "untested"]


class MetricResult(Value):
    """One metric in both arms. Differences are new minus base, so a gain is positive; ``margin`` is what matters.

    ``n`` units (clusters of cases) had a pair, ``missing`` had none. ``p`` is the metric's own, ``adjusted`` is for
    the number of primary metrics, None for a secondary one. ``detectable`` is the smallest true difference that so
    many units of this spread would show four times in five.
    """

    id: str
    title: str
    primary: bool
    margin: float
    unit: str = "share"
    n: Count
    missing: Count = 0
    base_mean: float | None = None
    new_mean: float | None = None
    difference: float | None = None
    sd: float | None = None
    interval90: Interval | None = None
    interval95: Interval | None = None
    p: float | None = None
    adjusted: float | None = None
    detectable: float | None = None
    verdict: Said
    reason: str = ""
    gated: bool = Field(default=True, description="False: only told, never a ground for a verdict.")
    judged: bool = Field(default=False, description="Whether a judge gave the scores.")
    base: Scores = Field(default={}, description="The base's score of each case.")
    new: Scores = Field(default={}, description="The new arm's score of each case.")


class Loser(Value):
    """A case that lost: ``change`` is the mean over the primary metrics of difference / margin, below 0.

    ``metrics`` has the differences of the primary metrics that changed, the gravest first.
    """

    case: str
    query: str
    change: float
    metrics: Mapping[str, float] = {}


class Totals(Value):
    """What one arm has and took. Calls, tokens, ``cost`` (US dollars, None: not known) are as of the first making.

    ``maps`` were to be made: ``complete`` and ``incomplete`` ones, ``unusable`` (they score 0), ``missing`` (the
    endpoint's fault). ``asked`` are the calls really sent for this comparison; ``seconds`` is the mean of the maps
    that were timed.
    """

    maps: Count = 0
    complete: Count = 0
    incomplete: Count = 0
    unusable: Count = 0
    missing: Count = 0
    calls: Count = 0
    asked: Count = 0
    reasked: Count = 0
    repairs: Count = 0
    input_tokens: Count = 0
    output_tokens: Count = 0
    cost: float | None = None
    seconds: float | None = None


class Cost(Value):
    """The totals of both arms."""

    base: Totals = Totals()
    new: Totals = Totals()


class Comparison(Value):
    """Is the new prompt set better, worse, the same, or can this suite not tell?

    ``base_run`` and ``new_run`` are the files of the runs, empty where there is none; ``same`` says that both prompt
    sets render the same, so that nothing had to be asked. ``notes`` are sentences for the reader.
    """

    version: Literal[1] = 1
    suite: Suite
    suite_fingerprint: str
    cases: tuple[str, ...] = Field(description="Ids of the cases that were compared.")
    base: Head
    new: Head
    base_run: str = ""
    new_run: str = ""
    same: bool = False
    metrics: tuple[MetricResult, ...] = ()
    losers: tuple[Loser, ...] = Field(default=(), description="At most ten, the greatest loss first.")
    diff: str = Field(default="", description="Unified diff of the templates.")
    cost: Cost = Cost()
    judge: str = Field(default="", description="The model that was asked to judge, where one was.")
    trust: tuple[Trust, ...] = Field(default=(), description="What its canaries said of the judge, by metric.")
    notes: tuple[str, ...] = ()
    exit_code: Annotated[int, Field(ge=0, le=5)] = 0

    def metric(self, id: str) -> MetricResult:
        """The result of that metric. Raises KeyError."""
        return {metric.id: metric for metric in self.metrics}[id]

    def of(self, *verdicts: str) -> tuple[str, ...]:
        """The ids of the primary metrics with one of those verdicts."""
        return tuple(one.id for one in self.metrics if one.primary and one.verdict in verdicts)

    def to_json(self) -> str:
        """The comparison as JSON, lossless: parse reads it back."""
        return self.model_dump_json(indent=1) + "\n"

    @classmethod
    def parse(cls, text: str | bytes, *, name: str = "The comparison") -> Self:
        """A comparison from its JSON. Raises InputError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(step) for step in fault["loc"]) or "the document"
            raise InputError(
                shorten(clean(f"{name} is no comparison: {where}: {fault['msg']}."), 300),
                hint="`mapgen eval compare SUITE` makes one.",
            ) from error

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A comparison from its file. Raises ReadError, InputError."""
        return cls.parse(read_text(Path(path), limit=LIMIT), name=str(path))
