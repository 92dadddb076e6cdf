"""Complete, plausible answers for a map of 3 to 12 concepts, as a good model would give them.

For the fake server, the scripted model and the benchmark. They pass every rule of mapgen, whatever the number.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "rates.json"
QUERY = "How do interest rates affect inflation and oil prices?"


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


def plan_answer(n: int = 5) -> dict[str, Any]:
    """The answer to plan.j2 with the first ``n`` concepts."""
    told = _data()
    concepts = [{"name": one["name"], "scope": one["scope"]} for one in told["concepts"][:n]]
    return {
        "language": told["language"],
        "title": told["title"],
        "concepts": concepts,
        "related": told["related"],
    }


def write_answers(n: int = 5) -> dict[str, dict[str, str]]:
    """The answers to write.j2, by the concept's name, in the plan's order."""
    return {
        one["name"]: {"definition": one["definition"], "relevance": one["relevance"]} for one in _data()["concepts"][:n]
    }


def relate_answer(n: int = 5) -> dict[str, Any]:
    """The answer to relate.j2: all relations whose ends are among the first ``n`` concepts."""
    names = set(write_answers(n))
    return {"relations": [one for one in _data()["relations"] if {one["source"], one["target"]} <= names]}


def asked_concept(question: str) -> str:
    """The concept that a question of write.j2 or repair.j2 is about; empty where it asks for a new one."""
    lines = [line for line in question.splitlines() if line.startswith(("Explain this concept", "Concept: "))]
    return lines[-1].split(": ", 1)[1].rsplit(" (", 1)[0] if lines else ""


def quotes(question: str) -> list[dict[str, Any]]:
    """What an answer quotes of the first passage in a question: its first eight words; nothing without passages."""
    texts = [line.split(": ", 1)[1] for line in question.splitlines() if line.startswith("Passage 1")]
    return [{"passage": 1, "quote": " ".join(text.split()[:8])} for text in texts]


def new_concept(question: str, n: int = 5) -> dict[str, str]:
    """The answer to repair.j2 where it asks for a concept more: the next after the first ``n`` that is not there."""
    listed = [line.partition(": ")[2] for line in question.splitlines() if line.startswith("Concepts of its map: ")]
    there = set(write_answers(n)).union(*(line.split("; ") for line in listed))
    name, texts = next((name, texts) for name, texts in write_answers(12).items() if name not in there)
    links = [one for one in _data()["relations"] if one["source"] == name and one["target"] in there]
    link = {key: links[0][key] for key in ("label", "target", "explanation", "kind")}
    return {"name": name, **texts, **link}


def script(n: int = 5) -> dict[str, Any]:
    """The same answers as a script for mapgen/llm/scripted.py."""
    writes = [
        {"prompt": "write", "match": f": {name} (", "answer": answer} for name, answer in write_answers(n).items()
    ]
    return {
        "answers": [
            {"prompt": "plan", "answer": plan_answer(n)},
            *writes,
            {"prompt": "relate", "answer": relate_answer(n)},
        ]
    }
