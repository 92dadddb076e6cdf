"""Looks every labelled concept up, and prints how often the article is right: python evals/retrieval/run.py.

The bars of mapgen/sources/sense.py were set on the tuned part. The held-out part, and the second to fourth, which were
labelled later, of new maps and of plans for new queries, were never tuned on: *untuned*, all four, is what counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evals.rates import interval  # noqa: E402
from mapgen.sources.encyclopedia import EDITIONS, Encyclopedia  # noqa: E402

CONCEPTS = Path(__file__).with_name("concepts.jsonl")
PRECISION, ANSWERED = 0.95, 0.8  # what is wanted
PARTS = {
    "untuned": ("held-out", "second", "third", "fourth"),
    "held-out": ("held-out",),
    "second": ("second",),
    "third": ("third",),
    "fourth": ("fourth",),
    "tuned": ("tuned",),
    "all": ("held-out", "second", "third", "fourth", "tuned"),
}
HEAD = (
    "| part | language | senses told by | concepts | with an article | precision at 1 | of these answered | "
    "without one, left without |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)
Row = dict[str, Any]


class Rates(NamedTuple):
    """Look-ups counted: ``right`` among those ``answered`` and ``having`` an article; ``left`` of those ``without``."""

    right: int
    answered: int
    having: int
    left: int
    without: int


def main() -> None:
    """Print the table."""
    rows = labelled()
    print(HEAD)
    for meaning, by in ((True, "embeddings"), (False, "words")):
        found = list(zip(rows, looked_up(rows, meaning=meaning), strict=True))
        for part, languages in product(PARTS, (("en", "es", "fr"), ("en",))):
            chosen = [one for one in found if one[0]["part"] in PARTS[part] and one[0]["language"] in languages]
            print(f"| {part} | {', '.join(languages)} | {by} | {_told(rates(chosen))} |")


def labelled() -> list[Row]:
    """The labelled concepts."""
    return [json.loads(line) for line in CONCEPTS.read_text("utf-8").splitlines() if line]


def looked_up(rows: Iterable[Row], *, meaning: bool = True) -> list[str | None]:
    """The title of the article that each is given; None without one."""
    editions = {language: Encyclopedia.open(language, warn=warn, meaning=meaning) for language in EDITIONS}
    return [_found(editions[row["language"]], row) for row in rows]


def rates(found: Iterable[tuple[Row, str | None]]) -> Rates:
    """How many of these are right."""
    pairs = [(row["article"], got) for row, got in found]
    without = [got for wanted, got in pairs if wanted is None]
    return Rates(
        right=sum(_same(wanted, got) for wanted, got in pairs),
        answered=sum(got is not None for _, got in pairs),
        having=len(pairs) - len(without),
        left=without.count(None),
        without=len(without),
    )


def _found(encyclopedia: Encyclopedia, row: Row) -> str | None:
    match = encyclopedia.look_up(row["name"], scope=row["scope"], query=row["query"])
    return match.source.title if match else None


def _same(wanted: str | None, got: str | None) -> bool:
    """Whether it is the labelled article; some labels have the list's spelling of a title."""
    return wanted is not None and got is not None and wanted.casefold() == got.casefold()


def _told(found: Rates) -> str:
    right, answered, having, left, without = found
    shares = f"{_share(right, answered)} | {_share(right, having)} | {_share(left, without)}"
    return f"{having + without} | {having} | {shares}"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "-"
    low, high = interval(part, whole)
    return f"{part / whole:.3f} ({part}/{whole}), {low:.2f} to {high:.2f}"


def warn(message: str) -> None:
    """Say what does not work."""
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
