"""Faults at random, from a seed: every kind that a map gets over when it comes once, and the server that mixes them in.

The kinds are those of the table of faults, and a few more. Left out is what ends a run at once by design (a key, a
quota, a model or an address that is refused), what needs a query of its own, and waits of many seconds. It knows
neither sessions nor figures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tests.faults.answers import ANSWERS, DECLINED, FILTERED, ONE, REFUSAL, said
from tests.faults.endpoint import CONTEXT, ENDPOINT, FILTER, LLAMA_CONTEXT
from tests.faults.fault import Fault, FaultServer, Row, parts
from tests.servers.fake import Request, completion, error
from tests.servers.http import Answer

OF_ONE_QUERY = {"a concept that is the query"}
ROWS = [
    row
    for row in (*ENDPOINT, *ANSWERS)
    if row.outcome == "R" and len(row.faults) == 1 and not row.source and row.waits <= 1.0
    if row.name not in OF_ONE_QUERY
]


def _kind(row: Row) -> Fault:
    """A row's fault, of any concept where the row means a certain one."""
    (fault,) = row.faults
    return replace(fault, part="write") if fault.part == ONE else fault


def _name(row: Row) -> str:
    """A row's name, without how often its fault comes."""
    return row.name.removesuffix(", once").removesuffix(", twice").replace("never valid", "not valid")


MENDED: Mapping[str, Fault] = {_name(row): _kind(row) for row in ROWS}
STUCK = {_name(row) for row in ROWS if row.timeout < 20.0}  # they cost a whole timeout
REPAIRED = {
    name: Fault(answer, when=lambda request: parts(request) != ("plan",))  # there it is the end, as it is in the table
    for name, answer in {
        "400 content_filter": FILTER,
        "400 context_length_exceeded": CONTEXT,
        "400 exceed_context_size_error": LLAMA_CONTEXT,
        "400": Answer(error("bad request"), status=400),
        "413": Answer(error("too large"), status=413),
        "422": Answer(error("unprocessable"), status=422),
    }.items()
}
QUICK = {name: fault for name, fault in (MENDED | REPAIRED).items() if name not in STUCK}
REFUSALS = {
    "a refusal field": Fault(DECLINED),
    "a refusal in prose": Fault(said(REFUSAL)),
    "finish_reason content_filter": Fault(FILTERED),
}
SLOW = {
    "half a second before the headers": Fault(lambda good: Answer(completion(good), before=0.5)),
    "a byte every 0.2 ms": Fault(lambda good: Answer(completion(good), drip=0.0002)),
}
KINDS = {**MENDED, **REPAIRED, **REFUSALS, **SLOW}


class Mixed(FaultServer):
    """Hits each request with one of ``kinds``, with that chance; ``hits`` counts them by name."""

    def __init__(self, *, seed: int, chance: float, kinds: Mapping[str, Fault] = KINDS) -> None:
        super().__init__(())
        self._random = random.Random(seed)
        self._chance = chance
        self._kinds = kinds
        self.hits: Counter[str] = Counter()

    @property
    def faulty(self) -> int:
        """How many requests were hit."""
        return self.hits.total()

    def _next(self, request: Request) -> Answer:
        if self._random.random() >= self._chance:
            return super()._next(request)
        name = self._random.choice([name for name, fault in self._kinds.items() if self._fits(fault, request)])
        self.hits[name] += 1
        return self._faulty(request, self._kinds[name])

    def _fits(self, fault: Fault, request: Request) -> bool:
        """Whether the fault makes a difference to what is asked."""
        if (fault.part and fault.part not in parts(request)) or not fault.when(request):
            return False
        return isinstance(fault.answer, Answer) or fault.answer(self._good(request)) != self._good(request)
