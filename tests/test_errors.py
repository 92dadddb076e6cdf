"""The tree of errors: as drawn, each with the exit code of its class and room for a hint."""

from __future__ import annotations

import re

import pytest

from mapgen import errors
from mapgen.errors import BadAnswer, MapgenError, Overloaded, RateLimited

ALL = {
    name: thing for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, MapgenError)
}
RETRYABLE = {name for name, kind in ALL.items() if kind.retryable}


def drawn() -> dict[str, tuple[int, int | None]]:
    """The errors of the docstring's tree: how deep each stands, and its exit code."""
    found = re.findall(r"^    ([│ ]*)[├└]── (\w+) ?(\d+)?", errors.__doc__ or "", re.MULTILINE)
    return {name: (len(bars) // 4, int(code) if code else None) for bars, name, code in found}


def test_every_error_is_drawn_with_its_depth_and_code() -> None:
    tree = drawn()
    assert set(tree) == set(ALL) - {"MapgenError"}
    for name, (depth, code) in tree.items():
        assert ALL[name].__mro__.index(MapgenError) - 1 == depth, name
        assert code in (None, ALL[name].exit_code), name


def test_only_passing_faults_are_retryable() -> None:
    assert {"Unavailable", "RateLimited"} <= RETRYABLE
    assert not RETRYABLE & {"CircuitOpen", "KeyRefused", "UnknownModel", "WrongProtocol", "ConfigError", "LimitReached"}
    marked = set(re.findall(r"(\w+) \d+ .*\(retryable", errors.__doc__ or ""))
    assert marked == RETRYABLE


@pytest.mark.parametrize("kind", ALL.values(), ids=lambda kind: kind.__name__)
def test_every_error_takes_a_message_and_has_a_code_and_words(kind: type[MapgenError]) -> None:
    error = kind("What happened.")
    assert str(error) == error.message == "What happened."
    assert isinstance(error.hint, str)
    assert error.exit_code in {65, 66, 69, 70, 73, 74, 75, 76, 77, 78, 130}
    assert kind.__doc__


def test_what_some_errors_carry_besides() -> None:
    assert RateLimited("wait", retry_after=1.5, hint="h").retry_after == 1.5
    assert Overloaded("busy").retry_after is None
    bad = BadAnswer("no", problems=("a: missing",), text="{}", cut=True)
    assert (bad.problems, bad.text, bad.cut) == (("a: missing",), "{}", True)
    assert "--model" in bad.hint
