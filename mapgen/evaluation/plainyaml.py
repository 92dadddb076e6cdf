"""YAML without its traps: plain mappings, lists and scalars, in bounds, each knowing the line that it stands in.

Anchors, aliases, tags, dates and doubled fields are refused. It knows no suite but by the name of its schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mapgen.errors import InputError
from mapgen.text import clean, shorten

if TYPE_CHECKING:
    from yaml import Node, YAMLError

SCHEMA_HINT = "evals/suites/suite.schema.json says what a suite may hold."
_DEPTH, _VALUES = 20, 50_000
_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null")}


def read(text: str, name: str) -> tuple[Any, Node]:
    """What the YAML says, with its nodes, which know their lines; errors call it ``name``. Raises InputError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_unplain(yaml.parse(text, Loader=loader), name)
        if (root := yaml.compose(text, Loader=loader)) is None:
            raise InputError(f"{name} is empty.", hint=SCHEMA_HINT)
        _check(root, name)
        return yaml.SafeLoader("").construct_document(root), root
    except yaml.YAMLError as error:
        raise _unreadable(error, name) from error
    except ValueError as error:
        raise InputError(f"{name} holds a number of too many digits.", hint="Write a smaller number.") from error


def _unreadable(error: YAMLError, name: str) -> InputError:
    mark = getattr(error, "problem_mark", None)
    line = f"{name}, line {mark.line + 1}" if mark else name
    what = shorten(clean(getattr(error, "problem", None) or str(error)), 160)
    if "nesting depth" in what:  # PyYAML 6.0.4 has a limit of its own, and meets it while it looks ahead
        return InputError(f"{line}: this is more than a suite can hold.", hint=SCHEMA_HINT)
    where = f"{line}, column {mark.column + 1}" if mark else line
    return InputError(f"{where} is not YAML: {what}.", hint="Look at the indents, colons and quotes.")


def _refuse_unplain(events: Iterator[Any], name: str) -> None:
    """Raise InputError for anchors, aliases and tags, which can make a small file vast, and for depth and number."""
    depth = 0
    for count, event in enumerate(events):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        where = f"{name}, line {event.start_mark.line + 1}"
        if depth > _DEPTH or count > _VALUES:
            raise InputError(f"{where}: this is more than a suite can hold.", hint=SCHEMA_HINT)
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            hint = "Write each text out; put quotes around one that starts with &, * or !."
            raise InputError(f"{where}: anchors (&), aliases (*) and tags (!) are not taken.", hint=hint)


def _check(node: Node, name: str) -> None:
    """Raise InputError where a field is given twice, or a scalar is a date or the like."""
    if node.tag not in _PLAIN:
        said = (
            f"{name}, line {line_of(node)}: {shorten(clean(str(node.value)), 40)!r} is neither text nor number to YAML."
        )
        raise InputError(said, hint='Put "…" around it.')
    seen: set[str] = set()
    for step, key, value in children(node):
        if key is not value:
            if str(step) in seen:
                said = f"{name}, line {line_of(key)}: the field {str(step)!r} is given twice."
                raise InputError(said, hint="Keep one of the two.")
            seen.add(str(step))
            _check(key, name)
        _check(value, name)


def line_of(node: Node) -> int:
    """The line that a node begins in, counted from 1."""
    return int(node.start_mark.line) + 1


def children(node: Node) -> list[tuple[Any, Node, Node]]:
    """The fields (name, key, value) of a mapping, the items (index, item, item) of a list; a scalar has none."""
    if node.tag.endswith(":map"):
        return [(key.value, key, value) for key, value in node.value]
    return [(at, item, item) for at, item in enumerate(node.value) if node.tag.endswith(":seq")]
