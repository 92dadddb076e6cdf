"""Looks every labelled concept up, and prints how often the article is right: python evals/retrieval/run.py.

The bars of mapgen/sources/sense.py were set on the tuned part; the held-out part and the second, which was
labelled later from new maps, are final figures, never tuned on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

from mapgen.sources.encyclopedia import EDITIONS, Encyclopedia

CONCEPTS = Path(__file__).with_name("concepts.jsonl")
HEAD = (
    "| part | language | senses told by | concepts | with an article | precision at 1 | of these answered | "
    "without one, left without |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def main() -> None:
    """Print the table."""
    rows = [json.loads(line) for line in CONCEPTS.read_text("utf-8").splitlines() if line]
    print(HEAD)
    for meaning, by in ((True, "embeddings"), (False, "words")):
        editions = {language: Encyclopedia.open(language, warn=warn, meaning=meaning) for language in EDITIONS}
        found = [(row, _found(editions[row["language"]], row)) for row in rows]
        for part, languages in product(("tuned", "held-out", "second", "all"), (("en",), ("en", "es", "fr"))):
            chosen = [one for one in found if part in ("all", one[0]["part"]) and one[0]["language"] in languages]
            print(f"| {part} | {', '.join(languages)} | {by} | {_figures(chosen)} |")


def _found(encyclopedia: Encyclopedia, row: dict[str, Any]) -> str | None:
    match = encyclopedia.look_up(row["name"], scope=row["scope"], query=row["query"])
    return match.source.title if match else None


def _figures(found: Iterable[tuple[dict[str, Any], str | None]]) -> str:
    pairs = [(row["article"], got) for row, got in found]
    right = sum(_same(wanted, got) for wanted, got in pairs)
    answered = sum(got is not None for _, got in pairs)
    having = sum(wanted is not None for wanted, _ in pairs)
    without = [got for wanted, got in pairs if wanted is None]
    left = sum(got is None for got in without)
    shares = f"{_share(right, answered)} | {_share(right, having)} | {_share(left, len(without))}"
    return f"{len(pairs)} | {having} | {shares}"


def _same(wanted: str | None, got: str | None) -> bool:
    """Whether it is the labelled article; some labels have the list's spelling of a title."""
    return wanted is not None and got is not None and wanted.casefold() == got.casefold()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"


def warn(message: str) -> None:
    """Say what does not work."""
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
