"""What is said of how a map was made: by which models and prompts, when, and what that took.

It knows sums and names; who is asked, and who counts, are the session's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from mapgen.llm.metered import Meter
from mapgen.model import KnowledgeMap, Made
from mapgen.version import __version__

_AND = " + "


class Makers(NamedTuple):
    """The models that write and plan, the host that they are asked at, and the fingerprint of the prompts."""

    model: str
    planner: str
    endpoint: str
    prompts: str


def account(meter: Meter, makers: Makers, *, repairs: int, seconds: float, dropped: int = 0) -> Made:
    """The account of a map that was made now."""
    return Made(
        **makers._asdict(),
        mapgen=__version__,
        created=datetime.now(UTC).replace(microsecond=0),
        seconds=round(seconds, 3),
        calls=meter.calls,
        input_tokens=meter.input_tokens,
        output_tokens=meter.output_tokens,
        cost=meter.cost,
        retries=meter.retries,
        reasked=meter.reasked,
        repairs=repairs,
        cache_hits=meter.cache_hits,
        dropped=dropped,
    )


def reused(map: KnowledgeMap, *, seconds: float) -> KnowledgeMap:
    """A map from the cache, accounted for as this run's: it took nothing but answers that were there."""
    if map.made is None:
        return map
    answers = map.made.calls - map.made.retries - map.made.reasked + map.made.cache_hits
    nothing = dict.fromkeys(("calls", "input_tokens", "output_tokens", "retries", "reasked"), 0)
    spent = {**nothing, "cost": 0.0, "seconds": round(seconds, 3), "cache_hits": max(1, answers)}
    return map.model_copy(update={"made": map.made.model_copy(update=spent)})


def together(before: Made | None, now: Made | None) -> Made | None:
    """The account of a map that was completed: the sums of this run, the day it was first made, all its makers."""
    if before is None or now is None:
        return now
    names = Makers._fields if now.calls else ()
    makers = {name: _both(getattr(before, name), getattr(now, name)) for name in names}
    kept = {name: getattr(before, name) for name in Makers._fields}
    return now.model_copy(update=kept | makers | {"created": before.created})


def _both(before: str, now: str) -> str:
    return _AND.join(dict.fromkeys((*before.split(_AND), now)))


def differences(made: Made | None, makers: Makers) -> tuple[str, ...]:
    """In what ``makers`` differ from those of a map; a sentence each."""
    if made is None:
        return ()
    told = []
    if _other(made, makers, "model", "planner", "endpoint"):
        was, now = _asked(made.model, made.endpoint), _asked(makers.model, makers.endpoint)
        told.append(f"The map was made by {was}; it is completed by {now}.")
    if _other(made, makers, "prompts"):
        told.append(f"The map was made with the prompts {made.prompts}; it is completed with {makers.prompts}.")
    return tuple(told)


def _other(made: Made, makers: Makers, *names: str) -> bool:
    return any(getattr(made, name) != getattr(makers, name) for name in names)


def _asked(model: str, endpoint: str) -> str:
    return model if endpoint in ("embedded", "scripted") else f"{model} at {endpoint}"
