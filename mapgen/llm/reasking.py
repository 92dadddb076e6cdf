"""Asks again where an answer is not valid, quoting what was wrong; gives an answer that was cut more room.

After the last round it takes what is whole, and tells a refusal in prose from a bad answer. It knows neither networks
nor rules on maps: only whether the text was the value asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from mapgen.errors import BadAnswer, ConfigError, MapgenError
from mapgen.llm.base import LLM, Reply
from mapgen.llm.classify import declined
from mapgen.llm.metered import Meter
from mapgen.llm.salvage import salvaged
from mapgen.prompting import Filled, Message
from mapgen.text import shorten

Out = TypeVar("Out", bound=BaseModel)

ROUNDS = 2
_ROOM = 4  # times the tokens for an answer that ran out of them
_QUOTED = 2_000  # characters of the bad answer that are shown to the model again


class Reasking:
    """An LLM that gives another one up to ``ROUNDS`` chances to mend its answer.

    After them, or where asking again fails, it gives what is whole of the last one, if anything. Raises BadAnswer;
    ContentRefused where the model said in prose that it would not answer; what failed.
    """

    def __init__(self, inner: LLM, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The answer, asked for again where it was not valid; its tokens are those of all askings."""
        asking, reasked, sent, back = filled, 0, 0, 0
        last = ""
        while True:
            try:
                reply = await self._inner.ask(asking)
            except BadAnswer as bad:
                sent, back = sent + bad.input_tokens, back + bad.output_tokens
                if reasked == ROUNDS:
                    if (value := salvaged(bad.text, filled.out)) is not None:
                        return Reply(value, sent, back, reasked, partial=True)
                    error = declined(bad.text) or bad
                    error.input_tokens, error.output_tokens, error.reasked = sent, back, reasked
                    raise error from bad.__cause__
                reasked, last = reasked + 1, bad.text or last
                self._meter.count("reasked")
                asking = asking.with_room(_ROOM) if bad.cut else _quoting(filled, bad, room=asking.max_tokens)
            except ConfigError:
                raise
            except MapgenError:
                if (value := _kept(last, filled)) is None:
                    raise
                return Reply(value, sent, back, reasked, partial=True)
            else:
                sent, back = sent + reply.input_tokens, back + reply.output_tokens
                return replace(reply, input_tokens=sent, output_tokens=back, reasked=reasked)


def _kept(text: str, filled: Filled[Out]) -> Out | None:
    """What is whole of an answer; None where a list that must hold something would be empty."""
    value = salvaged(text, filled.out)
    lists = [name for name, one in filled.schema["properties"].items() if one.get("minItems")]
    return value if value is not None and all(getattr(value, name) for name in lists) else None


def _quoting(filled: Filled[Out], bad: BadAnswer, *, room: int) -> Filled[Out]:
    faults = "\n".join(f"- {problem}" for problem in bad.problems[:3])
    return replace(filled, max_tokens=room).followed_by(
        Message(role="assistant", content=shorten(bad.text, _QUOTED) or "(empty)"),
        Message(role="user", content=f"That is not a valid answer:\n{faults}\nAnswer again, as one JSON object."),
    )
