"""The edit: a unified diff of templates, read into files and lines, with the words that changed in a line.

It knows the form of a diff (lines that only look like a file's head are told apart by a hunk's count of lines), and
no format of a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.reports.words import Marked, compared, plain
from mapgen.text import clean

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


class Line(NamedTuple):
    """A line of the diff: ``kind`` is ``+``, ``-`` or a space, or ``@`` where lines were left out before it."""

    kind: str
    text: Marked


class File(NamedTuple):
    """A template that changed."""

    name: str
    added: int
    removed: int
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return f"{self.name} +{self.added} −{self.removed}"


def edited(comparison: Comparison) -> tuple[File, ...]:
    """The templates that a comparison's edit changed."""
    return files(comparison.diff, labels=(comparison.base.label, comparison.new.label))


def files(diff: str, *, labels: Iterable[str] = ()) -> tuple[File, ...]:
    """The files of a unified diff; lines outside of hunks, apart from the names, are left out.

    ``labels`` may stand before the names, as git's ``a/`` and ``b/`` may.
    """
    before = tuple(f"{label} " for label in labels)
    found: list[tuple[str, list[tuple[str, str]]]] = []
    old, left = "", [0, 0]
    for line in diff.split("\n"):
        kind = line[:1] or " "
        if max(left) > 0 and kind in "+- ":
            left = [left[0] - (kind != "+"), left[1] - (kind != "-")]
            found[-1][1].append((kind, visible(line[1:])))
        elif line.startswith("--- "):
            old = _path(line, before)
        elif line.startswith("+++ "):
            new = _path(line, before)
            found.append((old if new == "/dev/null" else new, []))
        elif found and (hunk := _HUNK.match(line)):
            left = [int(count) if count else 1 for count in hunk.groups()]
            found[-1][1].append(("@", ""))
    return tuple(_file(name, lines) for name, lines in found)


def visible(line: str) -> str:
    """A line with what no reader sees, or what turns the order of letters, named by its code."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", line)


def _file(name: str, lines: list[tuple[str, str]]) -> File:
    added, removed = (sum(kind == sign for kind, _ in lines) for sign in "+-")
    shown = lines[1:] if lines[:1] == [("@", "")] else lines
    return File(name, added, removed, tuple(_marked(shown)))


def _marked(lines: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """The lines; where as many were removed as were added in their place, with the words that differ."""
    runs = [(kind, [text for _, text in run]) for kind, run in groupby(lines, key=lambda line: line[0])]
    for at, (kind, texts) in enumerate(runs):
        side = "-+".find(kind)
        beside = runs[at + 1 : at + 2] if kind == "-" else runs[max(at - 1, 0) : at]
        others = next((found for sign, found in beside if side >= 0 and sign == "+-"[side]), [])
        if len(others) != len(texts):
            yield from (Line(kind, plain(text)) for text in texts)
        else:
            both = zip(texts, others, strict=True)
            pairs = (compared(*((one, two) if kind == "-" else (two, one))) for one, two in both)
            yield from (Line(kind, pair[side]) for pair in pairs)


def _path(line: str, before: tuple[str, ...]) -> str:
    """The name in a file's head."""
    path = line[4:].split("\t")[0]
    own = next((path[len(one) :] for one in before if path.startswith(one)), path)
    return clean(own) if own == "/dev/null" else clean(re.sub("^[ab]/", "", own))
