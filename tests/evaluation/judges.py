"""Judges for the tests: one that knows the good maps by heart, and some that are bad in one way each.

They read what they are asked from the prompt alone, as a model does.
"""

from __future__ import annotations

import json
import random
import re
from functools import cache
from typing import Any

from mapgen.errors import Unavailable
from mapgen.evaluation.judge.blanks import BLANK
from mapgen.evaluation.judge.controls import folder
from mapgen.evaluation.metrics import Arm
from mapgen.evaluation.records import Head, Record, Run
from mapgen.evaluation.suite import Case, Suite, fingerprint
from mapgen.llm.base import Reply
from mapgen.prompting import Filled, PromptSet
from mapgen.rules.sentences import sentences
from tests.evaluation.maps import good
from tests.servers.fake import Good, Request

PROMPTS = PromptSet(folder())
SUITE = Suite(
    name="good",
    description="The good maps.",
    primary=("clean",),
    cases=tuple(Case(id=one.case.id, query=one.case.query, cluster=one.case.cluster) for one in good().samples),
)
_FENCED = re.compile(r"^BEGIN (\w+)\n(.*)\nEND \1$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(\w+)\. (.*)$", re.MULTILINE)


def fenced(message: str) -> str:
    """What stands between the marks of a prompt."""
    (found,) = _FENCED.findall(message)
    return str(found[1])


def listed(text: str, heading: str) -> list[tuple[str, str]]:
    """The numbered or lettered lines below a heading, to the next empty line."""
    return _LINE.findall(text.split(f"{heading}\n", 1)[1].split("\n\n", 1)[0])


def fits(shown: str, original: str) -> bool:
    """Whether ``shown`` is ``original`` with some words blanked."""
    return re.fullmatch(re.escape(shown).replace(BLANK, ".*?"), original, re.IGNORECASE) is not None


@cache
def lines_of(query: str) -> tuple[str, ...]:
    """All sentences of the relevances of the good maps of a query."""
    maps = [one.map for one in good().samples if one.map and one.case.query == query]
    return tuple(line for map in maps for one in map.concepts for line in sentences(one.relevance))


class Perfect:
    """Knows every text of the good maps, and finds anything else at fault."""

    def __init__(self) -> None:
        self.asked: list[Filled[Any]] = []
        told = [(one.case.query, concept) for one in good().samples if one.map for concept in one.map.concepts]
        self.definitions = [(one.name, one.definition) for _, one in told]
        self.relevances = [(query, one.relevance) for query, one in told]

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        """The answer of the method that has the prompt's name."""
        self.asked.append(filled)
        answer = getattr(self, filled.prompt)(fenced(filled.messages[1].content))
        return Reply(filled.out.model_validate_json(json.dumps(answer)))

    def of(self, prompt: str) -> list[Filled[Any]]:
        """The askings of one prompt."""
        return [one for one in self.asked if one.prompt == prompt]

    def j1_match(self, text: str) -> dict[str, Any]:
        """The name of each definition."""
        letters = {name: letter for letter, name in listed(text, "Names:")}
        shown = listed(text, "Definitions:")
        return {"matches": [{"definition": int(n), "reason": "r", "name": self._named(d, letters)} for n, d in shown]}

    def _named(self, shown: str, letters: dict[str, str]) -> str:
        names = [name for name, definition in self.definitions if fits(shown, definition)]
        return next((letters[name] for name in names if name in letters), "none")

    def j2_query(self, text: str) -> dict[str, Any]:
        """The query of each text."""
        letters = {query: letter for letter, query in listed(text, "Questions:")}
        shown = listed(text, "Texts:")
        return {"answers": [{"text": int(n), "reason": "r", "query": self._asked(t, letters)} for n, t in shown]}

    def _asked(self, shown: str, letters: dict[str, str]) -> str:
        queries = [query for query, relevance in self.relevances if fits(shown, relevance)]
        return next((letters[query] for query in queries if query in letters), "none")

    def j3_right(self, text: str) -> dict[str, Any]:
        """Whether each definition is the known one."""
        found = []
        for number, line in _LINE.findall(text):
            name, definition = line.split(": ", 1)
            verdict = "right" if (name, definition) in self.definitions else "wrong"
            quote = "" if verdict == "right" else definition
            found.append({"definition": int(number), "reason": "r", "quote": quote, "verdict": verdict})
        return {"verdicts": found}

    def j5_ideas(self, text: str) -> dict[str, Any]:
        """The first sentences of the known map."""
        return {"ideas": lines_of(text)[:8]}

    def j5_covered(self, text: str) -> dict[str, Any]:
        """The ideas that stand in the text."""
        map = text.split("\nText:\n", 1)[1]
        return {
            "covered": [
                {"idea": int(n), "reason": "r", "quote": idea if idea in map else "", "told": idea in map}
                for n, idea in listed(text, "Ideas:")
            ]
        }

    def j7_prefer(self, text: str) -> dict[str, Any]:
        """The text with more of the known relevances."""
        first, second = text.split("\nThe second text:\n")
        known = [sum(relevance in one for _, relevance in self.relevances) for one in (first, second)]
        return {"reason": "r", "better": _greater(*known)}


def _greater(first: float, second: float) -> str:
    return "same" if first == second else "first" if first > second else "second"


class Coin(Perfect):
    """Answers by lot, with quotes that are in the text."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.lot = random.Random(seed)

    def _named(self, shown: str, letters: dict[str, str]) -> str:
        return self.lot.choice([*letters.values()])

    def _asked(self, shown: str, letters: dict[str, str]) -> str:
        return self.lot.choice([*letters.values()])

    def j3_right(self, text: str) -> dict[str, Any]:
        """A verdict by lot."""
        items = super().j3_right(text)["verdicts"]
        definitions = [line.split(": ", 1)[1] for _, line in _LINE.findall(text)]
        verdicts = [self.lot.choice(["right", "wrong"]) for _ in items]
        told = zip(items, definitions, verdicts, strict=True)
        return {"verdicts": [item | {"quote": quote, "verdict": verdict} for item, quote, verdict in told]}

    def j5_covered(self, text: str) -> dict[str, Any]:
        """Told or not by lot."""
        quote = text.rsplit("\n", 1)[1]
        items = super().j5_covered(text)["covered"]
        return {"covered": [item | {"quote": quote, "told": self.lot.random() < 0.5} for item in items]}

    def j7_prefer(self, text: str) -> dict[str, Any]:
        """A text by lot."""
        return {"reason": "r", "better": self.lot.choice(["first", "second"])}


class Agreeing(Perfect):
    """Finds everything right, told, and the second text the better one."""

    def _named(self, shown: str, letters: dict[str, str]) -> str:
        return "A"

    def _asked(self, shown: str, letters: dict[str, str]) -> str:
        return "A"

    def j3_right(self, text: str) -> dict[str, Any]:
        """All right."""
        items = super().j3_right(text)["verdicts"]
        return {"verdicts": [item | {"quote": "", "verdict": "right"} for item in items]}

    def j5_covered(self, text: str) -> dict[str, Any]:
        """All told, in the words of the last line."""
        items = super().j5_covered(text)["covered"]
        return {"covered": [item | {"quote": text.rsplit("\n", 1)[1], "told": True} for item in items]}

    def j7_prefer(self, text: str) -> dict[str, Any]:
        """The second."""
        return {"reason": "r", "better": "second"}


class Inventing(Perfect):
    """Blames and praises words that are not there."""

    def j3_right(self, text: str) -> dict[str, Any]:
        """All wrong, for invented words."""
        items = super().j3_right(text)["verdicts"]
        return {"verdicts": [item | {"quote": "words of another book", "verdict": "wrong"} for item in items]}

    def j5_covered(self, text: str) -> dict[str, Any]:
        """All told, in invented words."""
        items = super().j5_covered(text)["covered"]
        return {"covered": [item | {"quote": "words of another book", "told": True} for item in items]}


class Longer(Perfect):
    """Prefers the longer text."""

    def j7_prefer(self, text: str) -> dict[str, Any]:
        """The longer."""
        first, second = text.split("\nThe second text:\n")
        first = first.split("\nThe first text:\n")[1]
        return {"reason": "r", "better": _greater(len(first.strip()), len(second.strip()))}


class First(Perfect):
    """Prefers the first text."""

    def j7_prefer(self, text: str) -> dict[str, Any]:
        """The first."""
        return {"reason": "r", "better": "first"}


class Failing(Perfect):
    """Gives every second asking no answer."""

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        """The answer, or Unavailable."""
        reply = await super().ask(filled)
        if len(self.asked) % 2:
            raise Unavailable("The endpoint is busy.")
        return reply


_ASKED = {
    "matches": "j1_match",
    "answers": "j2_query",
    "verdicts": "j3_right",
    "ideas": "j5_ideas",
    "covered": "j5_covered",
    "better": "j7_prefer",
}


def serving(judge: Perfect) -> Good:
    """What a fake endpoint answers, where ``judge`` is behind it."""

    def answer(request: Request) -> dict[str, Any]:
        prompt = next(name for field, name in _ASKED.items() if field in request.properties)
        found: dict[str, Any] = getattr(judge, prompt)(fenced(request.messages[1]))
        return found

    return answer


def head(**told: Any) -> Head:
    """The head of a run of the good maps."""
    line = {
        "suite": "good",
        "suite_fingerprint": fingerprint(SUITE),
        "prompts": "0" * 12,
        "templates": {},
        "model": "subject",
        "planner": "subject",
        "endpoint": "scripted",
        "mapgen": "0",
        "created": "2026-11-22T20:00:00Z",
    }
    return Head.model_validate_json(json.dumps(line | told))


def run_of(arm: Arm, **told: Any) -> Run:
    """A run with the maps of an arm."""
    return Run.of(head(**told), [Record(case=one.case.id, repeat=one.repeat, map=one.map) for one in arm.samples])
