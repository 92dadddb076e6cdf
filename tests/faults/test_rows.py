"""Every row of the table of faults, through Python and through the command line: the whole invariant holds."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.conftest import Run, mapgen
from tests.faults.answers import ANSWERS
from tests.faults.endpoint import ENDPOINT
from tests.faults.fault import Row
from tests.faults.running import KEY, broken, by_command, by_python

__all__ = ["mapgen"]

ROWS = {row.name: row for row in (*ENDPOINT, *ANSWERS)}


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """What the first map imports does not count against the deadline of a row."""
    import_module("mapgen.pipeline")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key, a cache of its own, and backoff that takes no time; what an endpoint asks to wait is waited."""
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path))


def test_no_two_rows_have_one_name() -> None:
    assert len(ROWS) == len(ENDPOINT) + len(ANSWERS)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_through_python(row: Row, tmp_path: Path) -> None:
    assert broken(row, by_python(row, tmp_path), tmp_path) == []


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_through_the_command_line(row: Row, mapgen: Run, tmp_path: Path) -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        done = mapgen(*arguments)
        return done.code, done.out, done.err

    assert broken(row, by_command(row, command), tmp_path) == []
