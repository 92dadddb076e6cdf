"""The pytest fixture `assert_no_worse`: a test that fails where edited prompts make worse maps.

Found by pytest through the entry point pytest11; it imports nothing of the evaluation until a test uses it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Unpack

import pytest

if TYPE_CHECKING:
    from mapgen.evaluation import Comparison
    from mapgen.evaluation.doors import EvalOptions


class AssertNoWorse(Protocol):
    """What the fixture gives."""

    def __call__(
        self,
        suite: str | Path,
        *,
        base: str | Path | None = None,
        strict: bool = False,
        **options: Unpack[EvalOptions],
    ) -> Comparison:
        """The comparison of the prompts in use with ``base``; the test fails unless its exit code is 0."""
        ...


@pytest.fixture
def assert_no_worse() -> AssertNoWorse:
    """``assert_no_worse("core", base="git:HEAD", prompts="prompts", model="local")``: see mapgen.evaluation.compare.

    The test fails, with the report, where a primary metric got worse, too few maps came about, or, with ``strict``,
    a metric is unclear.
    """
    return _compared


def _compared(
    suite: str | Path, *, base: str | Path | None = None, strict: bool = False, **options: Unpack[EvalOptions]
) -> Comparison:
    from mapgen.evaluation import compare
    from mapgen.evaluation.reports import terminal

    found = compare(suite, base=base, strict=strict, **options)
    if found.exit_code:
        pytest.fail(terminal.render(found), pytrace=False)
    return found
