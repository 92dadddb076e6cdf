"""What a fault is, as data: which requests it hits, how often, and what they get; and the server that does it.

It knows nothing of mapgen but what its requests look like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.servers import maps
from tests.servers.fake import FakeServer, Request, completion
from tests.servers.http import Answer

CONCEPTS = 5
CALLS = CONCEPTS + 2  # of a map without any fault
EVER = 10**9
MODELS = ("some-model", "other-model")  # that the server lists

Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Fault:
    """``times`` requests get ``answer``: those after the first ``after`` that are ``part`` of a map or pass ``when``.

    ``part`` is plan, relate, write (a concept's texts, when repaired too) or the name of a concept. In the place of an
    answer may stand a change of the good answer, which gives a value, a text or an Answer. ``{key}`` in an answer is
    the key that the request came with, ``{key escaped}`` the same in JSON's escapes; ``{port}`` is the server's.
    """

    answer: Answer | Change
    times: int = 1
    after: int = 0
    part: str = ""
    when: Callable[[Request], bool] = lambda request: True

    def hits(self, request: Request, number: int) -> bool:
        """Whether the request with that number, from 1, gets this fault."""
        return number > self.after and (not self.part or self.part in parts(request)) and self.when(request)


@dataclass(frozen=True)
class Row:
    """One row of the table: a name, its faults, and what is promised of it.

    ``outcome`` is R (recovered), P (partial) or the exit code of an error; ``requests`` are the least and the most;
    ``says`` are words of the error or of a problem; ``waits`` are seconds between the first two requests at least.
    ``steps`` of the requests are steps down the ladder of structured output, or to fewer passages; ``url`` is asked in
    the server's place; ``source`` is the text of a file that the map shall stand on.
    """

    name: str
    faults: tuple[Fault, ...]
    outcome: str | int
    requests: tuple[int, int]
    says: str = ""
    waits: float = 0.0
    deadline: float = 30.0
    timeout: float = 20.0
    url: str = ""
    steps: int = 0
    source: str = ""

    @property
    def code(self) -> int:
        """The exit code."""
        return {"R": 0, "P": 3}[self.outcome] if isinstance(self.outcome, str) else self.outcome


class FaultServer(FakeServer):
    """A fake endpoint with ``faults``; its answers are otherwise those of a good map of five concepts."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(concepts=CONCEPTS)
        self._faults = faults
        self._left = [fault.times for fault in faults]

    def _next(self, request: Request) -> Answer:
        if request.path.endswith("/models"):
            return Answer({"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]})
        for place, fault in enumerate(self._faults):
            if self._left[place] and fault.hits(request, len(self.asked)):
                self._left[place] -= 1
                return self._faulty(request, fault)
        return super()._next(request)

    def _faulty(self, request: Request, fault: Fault) -> Answer:
        if not isinstance(fault.answer, Answer):
            changed = fault.answer(self._good(request))
            return self._echoing(changed if isinstance(changed, Answer) else Answer(completion(changed)), request)
        return self._echoing(fault.answer, request)

    def _echoing(self, answer: Answer, request: Request) -> Answer:
        """The answer with the request's own key, and the server's port, where it says so."""
        key, payload = request.headers.get("authorization", "").removeprefix("Bearer "), answer.payload
        echo = {"{key}": key, "{key escaped}": "".join(f"\\u{ord(one):04x}" for one in key), "{port}": str(self.port)}
        headers = dict(answer.headers)
        for mark, text in echo.items():
            headers = {name: value.replace(mark, text) for name, value in headers.items()}
            payload = payload.replace(mark.encode(), text.encode())
        return replace(answer, headers=headers, body=payload)


def parts(request: Request) -> tuple[str, ...]:
    """What a request asks for: the part of the map, and the concept."""
    if "concepts" in request.properties:
        return ("plan",)
    if "relations" in request.properties:
        return ("relate",)
    if "name" in request.properties:
        return ("new",)
    return ("write", maps.asked_concept(request.messages[1]))
