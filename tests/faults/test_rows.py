"""Every row of the table of faults, through Python and through the command line: the whole invariant holds."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import Run, mapgen
from tests.faults.answers import ANSWERS
from tests.faults.endpoint import ENDPOINT
from tests.faults.fault import Row
from tests.faults.running import GRACE, KEY, Seen, broken, by_command, by_python, leaks

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


ESCAPED = "".join(f"\\u{ord(one):04x}" for one in KEY)


@pytest.mark.parametrize("text", [KEY, KEY[:14], ESCAPED, ESCAPED.upper().replace("\\U", "\\u"), quote(KEY, safe="")])
def test_a_key_is_seen_in_every_spelling(text: str) -> None:
    assert leaks(f'{{"message": "no such key: {text}"}}')
    assert leaks(f"no such key: {KEY}".replace("/", "\\/"))
    assert not leaks('{"message": "no such key: [key]"}')


REFUSED = Seen(77, "", "mapgen: who are you?\n  Check the key.\n", "", 1, 0.0, 1.0, closed=True)


@pytest.mark.parametrize(
    "bad",
    [
        replace(REFUSED, code=76),
        replace(REFUSED, err="mapgen: who are you?\n  \n"),
        replace(REFUSED, err="mapgen: \n  Check the key.\n"),
        replace(REFUSED, err="who are you?\n  Check the key.\n"),
        replace(REFUSED, err=f"mapgen: who is {KEY}?\n  Check the key.\n"),
        replace(REFUSED, said=f"Authorization: Bearer {ESCAPED}"),
        replace(REFUSED, said="Traceback (most recent call last):"),
        replace(REFUSED, requests=2),
        replace(REFUSED, seconds=ROWS["401"].deadline + GRACE),
        replace(REFUSED, closed=False),
    ],
)
def test_a_broken_promise_is_seen(bad: Seen, tmp_path: Path) -> None:
    row = replace(ROWS["401"], says="")
    assert broken(row, REFUSED, tmp_path) == []
    assert len(broken(row, bad, tmp_path)) == 1


@pytest.mark.parametrize("name", ["cache.db", "map.json", ".map.json.part"])
def test_what_is_kept_is_looked_at(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(KEY)
    assert f"the key is kept in {[name]}" in broken(replace(ROWS["401"], says=""), REFUSED, tmp_path)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_through_python(row: Row, tmp_path: Path) -> None:
    assert broken(row, by_python(row, tmp_path), tmp_path) == []


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_through_the_command_line(row: Row, mapgen: Run, tmp_path: Path) -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        done = mapgen(*arguments)
        return done.code, done.out, done.err

    assert broken(row, by_command(row, command, tmp_path), tmp_path) == []
