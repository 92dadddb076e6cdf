"""Scripts for the scripted model: the answers of one good map, and ways to spoil them.

Tests import it by name; it knows the shape of answers, and neither steps nor the graph.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from mapgen.errors import MapgenError
from mapgen.llm.base import Reply
from mapgen.llm.scripted import Script, Scripted
from mapgen.model import Concept, KnowledgeMap, Outline, Plan, Relation
from mapgen.prompting import Filled
from mapgen.text import slug

Out = TypeVar("Out", bound=BaseModel)
Line = dict[str, Any]

QUERY = "How do interest rates affect inflation and oil prices?"
TITLE = "Interest rates, inflation and oil prices"
SCOPES = {
    "Interest Rates": "what money costs",
    "Inflation": "what the rates are to tame",
    "Oil Prices": "what crude costs on world markets",
    "Fuel Demand": "how much is burnt",
}
NAMES = tuple(SCOPES)
IDS = tuple(slug(name) for name in NAMES)
TEXTS = {
    "Interest Rates": (
        "Interest rates are the cost of borrowing money for a year.",
        "A rise makes mortgages and credit dearer, so households spend less. Producers then sell fewer goods.",
    ),
    "Inflation": (
        "Inflation is a general and lasting rise in the prices of goods.",
        "Central banks tighten when it exceeds their target. Fuel bills feed it within a few weeks.",
    ),
    "Oil Prices": (
        "Oil prices are what buyers on world markets pay for a barrel of crude.",
        "Dearer crude raises freight and heating bills. Weak growth after tightening brings them down.",
    ),
    "Fuel Demand": (
        "Fuel demand is the amount of petrol and diesel that is bought.",
        "Costlier credit idles trucks and factories, which burn less. Refiners then bid less for crude.",
    ),
}
LINKS = (
    ("Oil Prices", "causes", "Inflation"),
    ("Interest Rates", "limits", "Inflation"),
    ("Fuel Demand", "causes", "Oil Prices"),
)
RELATED = ("Monetary Policy", "OPEC", "Exchange Rates", "Recession", "Energy Transition", "Supply Shocks")
LABEL, EXPLANATION = "raises or lowers", "The first moves the second within some months."


def plan_answer(names: Iterable[str] = NAMES, **changes: Any) -> dict[str, Any]:
    """What a model answers to the plan's prompt."""
    concepts = [{"name": name, "scope": SCOPES.get(name, f"what {name} does")} for name in names]
    return {"language": "en", "title": TITLE, "concepts": concepts, "related": list(RELATED)} | changes


def write_answer(name: str, **changes: Any) -> dict[str, Any]:
    """What a model answers to the write's prompt for one concept."""
    definition, relevance = TEXTS[name]
    return {"definition": definition, "relevance": relevance} | changes


def relate_answer(links: Iterable[tuple[str, str, str]] = LINKS) -> dict[str, Any]:
    """What a model answers to the relate's prompt."""
    said = {"label": LABEL, "explanation": EXPLANATION}
    return {"relations": [{"source": one, "kind": kind, "target": two} | said for one, kind, two in links]}


def plan_line(**changes: Any) -> Line:
    """The plan's line of a script."""
    return {"prompt": "plan", "answer": plan_answer(**changes)}


def write_line(name: str, answer: Any = None, **changes: Any) -> Line:
    """The line of one concept's write."""
    return {"prompt": "write", "match": SCOPES[name], "answer": answer or write_answer(name)} | changes


def relate_line(links: Iterable[tuple[str, str, str]] = LINKS) -> Line:
    """The relate's line of a script."""
    return {"prompt": "relate", "answer": relate_answer(links)}


def concept_answer(name: str, **changes: Any) -> dict[str, Any]:
    """What a model answers to the repair's prompt for one concept in another's place, or one that was missing."""
    return WAGES | write_answer(name) | {"name": name} | changes


def repair_line(answer: Any, *, match: str = "", **changes: Any) -> Line:
    """A repair's line of a script."""
    return {"prompt": "repair", "match": match, "answer": answer} | changes


def good_lines() -> list[Line]:
    """The script of a map in which no rule finds a fault."""
    return [plan_line(), *(write_line(name) for name in NAMES), relate_line()]


def bad_lines(name: str = "Inflation", **texts: str) -> list[Line]:
    """The script of a map in which one concept is written badly, for ever."""
    bad = write_answer(name, **(texts or {"definition": "TODO"}))
    said = {key: value for key, value in bad.items() if not texts or key in texts}
    return [*(write_line(name, bad) if one == write_line(name) else one for one in good_lines()), repair_line(said)]


WAGES = {
    "name": "Wage Growth",
    "definition": "Wage growth is the yearly rise of what workers are paid.",
    "relevance": "Employers pass it on to buyers as dearer goods. Banks watch it when they set the cost of credit.",
    "label": LABEL,
    "target": "Inflation",
    "explanation": EXPLANATION,
    "kind": "causes",
}


def headed_lines() -> list[Line]:
    """A script whose plan has a heading for a concept, which repair replaces and connects at once."""
    names = ("Interest Rates", "Inflation", "Oil Prices", "Overview")
    overview = {"definition": WAGES["definition"], "relevance": WAGES["relevance"]}
    return [
        plan_line(names=names),
        *(write_line(name) for name in names[:3]),
        {"prompt": "write", "match": "what Overview does", "answer": overview},
        relate_line((*LINKS[:2], ("Overview", "causes", "Inflation"))),
        repair_line(WAGES, match="take the place of: Overview"),
    ]


def script(folder: Path, lines: list[Line] | None = None, *, name: str = "script.json") -> str:
    """Write a script; the name of its model."""
    path = folder / name
    path.write_text(json.dumps({"answers": good_lines() if lines is None else lines}), "utf-8")
    return f"scripted:{path}"


def scripted(lines: list[Line] | None = None) -> Scripted:
    """The model of a script."""
    answers = {"answers": good_lines() if lines is None else lines}
    return Scripted(Script.model_validate_json(json.dumps(answers)))


def good_plan() -> Plan:
    """The plan of the good map."""
    outlines = tuple(Outline(id=slug(name), name=name, scope=scope) for name, scope in SCOPES.items())
    return Plan(title=TITLE, language="en", concepts=outlines, related=RELATED)


def good_map() -> KnowledgeMap:
    """The good map, as mapgen assembles it, without how it was made."""
    concepts = tuple(
        Concept(id=slug(name), name=name, definition=texts[0], relevance=texts[1], rank=rank)
        for rank, (name, texts) in enumerate(TEXTS.items(), start=1)
    )
    relations = tuple(
        Relation(source=slug(one), target=slug(two), kind=kind, label=LABEL, explanation=EXPLANATION)  # type: ignore[arg-type]
        for one, kind, two in LINKS
    )
    return KnowledgeMap(
        query=QUERY, title=TITLE, language="en", concepts=concepts, relations=relations, related=RELATED
    )


class Counting:
    """An LLM in front of a script that counts what is asked of it, and raises where ``fault`` gives an error."""

    def __init__(
        self, lines: list[Line] | None = None, *, fault: Callable[[Filled[Any]], MapgenError | None] | None = None
    ) -> None:
        self._model = scripted(lines)
        self._fault = fault or (lambda filled: None)
        self.asked: list[Filled[Any]] = []
        self.now = self.most = 0

    def prompts(self) -> list[str]:
        """The names of the prompts asked, in order."""
        return [filled.prompt for filled in self.asked]

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The script's answer."""
        self.asked.append(filled)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0)
            if (error := self._fault(filled)) is not None:
                raise error
            return await self._model.ask(filled)
        finally:
            self.now -= 1


def failing(prompt: str, error: MapgenError, *, match: str = "") -> Callable[[Filled[Any]], MapgenError | None]:
    """A fault of every asking of that prompt whose last message holds ``match``."""
    return lambda filled: error if filled.prompt == prompt and match in filled.messages[-1].content else None
