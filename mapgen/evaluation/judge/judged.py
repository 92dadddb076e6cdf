"""Judged: what a judge said of one run or two, with how far it is to be trusted; stored as JSON beside the comparison.

A frozen value that comparing and reports read. It knows how to be read and written, and nothing of how it came about.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError

from mapgen.errors import InputError
from mapgen.evaluation.judge.base import ArmName, Judgement
from mapgen.evaluation.judge.canaries import Caught
from mapgen.evaluation.judge.prefer import METRIC, TIE
from mapgen.evaluation.judge.trust import Trust
from mapgen.files import write_atomic
from mapgen.model import Value
from mapgen.text import clean, shorten

SUFFIX = ".judged.json"


class Judged(Value):
    """A judge's word on the maps of a run, or of a base and a new one. ``notes`` are sentences for the reader."""

    version: Literal[1] = 1
    judge: str
    prompts: str
    seed: int
    metrics: tuple[str, ...]
    judgements: tuple[Judgement, ...] = ()
    canaries: tuple[Caught, ...] = ()
    trust: tuple[Trust, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, metric: str, arm: ArmName) -> tuple[Judgement, ...]:
        """The judgements of one arm by one metric."""
        return tuple(one for one in self.judgements if (one.metric, one.arm) == (metric, arm))

    def values(self, metric: str, arm: ArmName) -> dict[str, list[float | None]]:
        """By case, one score for each repeat, None where it is missing.

        A preference is told of the new arm; the base is a tie with itself wherever the new arm has a score.
        """
        ties = metric == METRIC.id and arm == "base"
        found: dict[str, list[float | None]] = {}
        for one in self.of(metric, "new" if ties else arm):
            found.setdefault(one.case, []).append(TIE if ties and one.score is not None else one.score)
        return found

    def trusted(self, metric: str) -> bool:
        """Whether the metric may gate: its judge caught its canaries."""
        return any(one.trusted for one in self.trust if one.metric == metric)

    def to_json(self) -> str:
        """As JSON, lossless: parse reads it back."""
        return self.model_dump_json(indent=1, exclude_defaults=True) + "\n"

    @classmethod
    def parse(cls, text: str | bytes, *, name: str = "The file") -> Self:
        """From its JSON. Raises InputError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(step) for step in fault["loc"]) or "the document"
            message = shorten(clean(f"{name} holds no judgements: {where}: {fault['msg']}."), 300)
            raise InputError(message, hint="Remove it; it is made anew.") from error

    def save(self, path: Path) -> None:
        """Into a file. Raises OutputError."""
        write_atomic(path, self.to_json())
