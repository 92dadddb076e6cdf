"""Labels: what a person says of a run's definitions, blind to the arm; as a CSV file, out and in.

An item is a definition with its name and query; the same in two runs is one item, and their order tells nothing of
where they came from. It knows no judge.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from io import StringIO

from mapgen.errors import InputError
from mapgen.evaluation.metrics.base import Sample
from mapgen.model import Value
from mapgen.render.csv import plain, table
from mapgen.text import clean, shorten

HEADER = ("item", "query", "name", "definition", "verdict")
VERDICTS = ("right", "minor", "wrong", "unsure")
_HINT = f"The column verdict holds {', '.join(VERDICTS)}, their first letters, or nothing."


class Item(Value):
    """A definition to be labelled. ``id`` is made of its texts, and says nothing of their origin."""

    id: str
    query: str
    name: str
    definition: str


def items(samples: Iterable[Sample]) -> tuple[Item, ...]:
    """The different definitions of the samples' maps, in an order that is by lot and always the same."""
    found = {one.id: one for sample in samples for one in of_sample(sample).values()}
    return tuple(found[id] for id in sorted(found))


def of_sample(sample: Sample) -> Mapping[str, Item]:
    """The items of one map, by concept."""
    concepts = sample.map.concepts if sample.map else ()
    return {one.id: _item(sample.case.query, one.name, definition=one.definition) for one in concepts}


def _item(query: str, name: str, *, definition: str) -> Item:
    digest = hashlib.sha256("\0".join((query, name, definition)).encode()).hexdigest()
    return Item(id=digest[:10], query=query, name=name, definition=definition)


def written(asked: Iterable[Item], labels: Mapping[str, str] | None = None) -> str:
    """The CSV file to be filled in; ``labels`` are verdicts by item that are there already."""
    there = labels or {}
    return table(HEADER, ((one.id, one.query, one.name, one.definition, there.get(one.id, "")) for one in asked))


def verdict(text: str) -> str | None:
    """The verdict that a word or its first letter means, None where it means none."""
    said = clean(text).casefold()
    return next((one for one in VERDICTS if said and said in (one, one[0])), None)


def read(text: str, *, name: str = "The file") -> Mapping[str, str]:
    """The verdicts of a filled-in CSV file, by item; items without one are left out. Raises InputError."""
    rows = csv.DictReader(StringIO(text, newline=""), dialect=_dialect(text))
    if not {"item", "verdict"} <= set(rows.fieldnames or ()):
        raise InputError(f"{name} has no columns item and verdict.", hint="`mapgen eval label RUN --out F` writes it.")
    found: dict[str, str] = {}
    for row in rows:
        said = plain(row["verdict"] or "").strip()
        if said:
            if (meant := verdict(said)) is None:
                raise InputError(
                    f"{name}, line {rows.line_num}: {shorten(clean(said), 40)!r} is no verdict.", hint=_HINT
                )
            found[(row["item"] or "").strip()] = meant
    return found


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or the semicolons that a spreadsheet puts in their place in some countries."""

    class _Semicolons(csv.excel):
        delimiter = ";"

    first = text.split("\n", 1)[0]
    return _Semicolons if first.count(";") > first.count(",") else csv.excel
