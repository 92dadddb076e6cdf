"""The account of a map: what a completed one says, and in what its makers differ."""

from __future__ import annotations

import pytest

from mapgen.accounting import Makers, account, differences, together
from mapgen.llm.metered import Meter
from tests.lacking import made

MAKERS = Makers("gpt-1", "gpt-2", "new.example", "abc")


def test_an_account_has_the_makers_and_the_sums() -> None:
    found = account(Meter(calls=3, input_tokens=5, cost=None), MAKERS, repairs=2, seconds=1.23456)
    assert (found.model, found.planner, found.endpoint, found.prompts) == MAKERS
    assert (found.calls, found.input_tokens, found.cost, found.repairs, found.seconds) == (3, 5, None, 2, 1.235)


def test_a_map_that_was_completed_twice_by_the_same_names_each_maker_once() -> None:
    now = account(Meter(calls=1), MAKERS, repairs=0, seconds=1.0)
    once = together(made(), now)
    assert once == together(once, now)
    assert once is not None
    assert (once.model, once.planner, once.endpoint) == ("gpt-0 + gpt-1", "gpt-0 + gpt-2", "old.example + new.example")
    assert (once.created, once.calls) == (made().created, 1)


def test_a_run_that_asked_nothing_names_no_new_maker() -> None:
    found = together(made(), account(Meter(), MAKERS, repairs=1, seconds=0.1))
    assert found is not None
    assert (found.model, found.prompts, found.calls) == ("gpt-0", made().prompts, 0)


def test_without_an_earlier_account_there_is_this_runs() -> None:
    now = account(Meter(calls=1), MAKERS, repairs=0, seconds=1.0)
    assert together(None, now) == now
    assert together(made(), None) is None


@pytest.mark.parametrize(
    ("makers", "told"),
    [
        (Makers("gpt-0", "gpt-0", "old.example", made().prompts), ()),
        (
            Makers("gpt-1", "gpt-0", "old.example", made().prompts),
            ("The map was made by gpt-0 at old.example; it is completed by gpt-1 at old.example.",),
        ),
        (
            Makers("local", "local", "embedded", "abc"),
            (
                "The map was made by gpt-0 at old.example; it is completed by local.",
                f"The map was made with the prompts {made().prompts}; it is completed with abc.",
            ),
        ),
    ],
)
def test_other_makers_are_told(makers: Makers, told: tuple[str, ...]) -> None:
    assert differences(made(), makers) == told
    assert differences(None, makers) == ()
