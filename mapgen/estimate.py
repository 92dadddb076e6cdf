"""What a map will take, told before anything is asked: calls, tokens, money.

The plan's prompt is filled as it will be; what depends on its answer is filled with names of the usual length, and
sources with as much as they may take. A token is counted as four characters, or one for scripts without spaces.
"""

from __future__ import annotations

from typing import Any

from mapgen.grounding import check, names_of, room_of
from mapgen.llm.base import Endpoint
from mapgen.llm.endpoints import endpoints
from mapgen.llm.metered import price
from mapgen.model import Count, Outline, Plan, Query, Value
from mapgen.prompting import Filled, PromptSet, Role, builtin_folder
from mapgen.settings import Settings
from mapgen.steps.ground import Room
from mapgen.steps.plan import FEWEST, MOST, PLAN, plan_input
from mapgen.steps.relate import RELATE, relate_input
from mapgen.steps.write import WRITE, write_input
from mapgen.text import clean

# Tokens of an answer, as measured on the embedded model: fixed, and for each concept.
_PLAN_OUT = (90, 32)
_WRITE_OUT = 140
_RELATE_OUT = 60
_QUOTES_OUT = 60  # at most three quotes


class Estimate(Value):
    """What to expect of one map. ``cost`` is in US dollars, None where a price is not known."""

    model: str
    endpoint: str
    concepts: Count
    calls: Count
    input_tokens: Count
    output_tokens: Count
    cost: float | None

    def told(self) -> str:
        """The estimate in lines."""
        money = "unknown" if self.cost is None else f"about ${self.cost:.4f}"
        return (
            f"model     {clean(self.model)} ({clean(self.endpoint)})\n"
            f"calls     {self.calls} for {self.concepts} concepts, and one more for each part found faulty\n"
            f"tokens    about {self.input_tokens:,} in, {self.output_tokens:,} out\n"
            f"cost      {money}"
        )


def estimate(query: Query, settings: Settings) -> Estimate:
    """What the map of ``query`` will take if no part is repaired. Raises ConfigError and SourceError; asks nothing."""
    prompts = PromptSet(settings.prompts or builtin_folder())
    asked = endpoints(settings)
    names = names_of(settings, query, asked=asked)
    check(names)
    room = room_of(asked) if names else Room(plan=0, write=0)
    concepts = query.concepts or (FEWEST + MOST) // 2
    plan = _typical(query, concepts)
    write = WRITE.fill(write_input(plan.concepts[0], plan, query=query), prompts)
    calls: tuple[tuple[Role, int, int, int], ...] = (
        (
            "planner",
            1,
            _tokens(PLAN.fill(plan_input(query), prompts)) + room.plan,
            _PLAN_OUT[0] + concepts * _PLAN_OUT[1],
        ),
        ("writer", concepts, _tokens(write) + room.write, _WRITE_OUT + (_QUOTES_OUT if room.write else 0)),
        ("planner", 1, _tokens(RELATE.fill(relate_input(query, plan), prompts)), concepts * _RELATE_OUT),
    )
    return Estimate(
        model=asked["writer"].model,
        endpoint=asked["writer"].host,
        concepts=concepts,
        calls=sum(times for _, times, _, _ in calls),
        input_tokens=sum(times * sent for _, times, sent, _ in calls),
        output_tokens=sum(times * back for _, times, _, back in calls),
        cost=_cost(asked, calls),
    )


def _cost(asked: dict[Role, Endpoint], calls: tuple[tuple[Role, int, int, int], ...]) -> float | None:
    costs = [price(asked[role], input_tokens=n * sent, output_tokens=n * back) for role, n, sent, back in calls]
    return None if None in costs else sum(cost or 0.0 for cost in costs)


def _typical(query: Query, concepts: int) -> Plan:
    names = tuple(
        Outline(id=f"c{n}", name="A concept's name", scope="what matters of it here") for n in range(concepts)
    )
    return Plan(title=query.text, language=plan_input(query).code or "en", concepts=names, related=())


def _tokens(filled: Filled[Any]) -> int:
    text = "".join(message.content for message in filled.messages)
    dense = sum(ord(character) > 0x2E80 for character in text)
    return dense + (len(text) - dense) // 4
