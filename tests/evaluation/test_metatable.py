"""Rates, bars and words of a meta-evaluation, from trials given as values."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from mapgen.evaluation.metareport import percent, summary, table
from mapgen.evaluation.metatable import Cell, Result, Row, Seen, wilson

PRIMARY = ("valid_first", "distinct", "on_topic")


def cell(dose: float, *seen: tuple[str, int]) -> Cell:
    """Trials: metrics that called worse (in words, ``>`` before those that said better), and how often."""
    told = []
    for words, times in seen:
        better = tuple(word[1:] for word in words.split() if word.startswith(">"))
        worse = tuple(word for word in words.split() if not word.startswith(">"))
        told.append(Seen(worse=worse, better=better, times=times))
    return Cell(dose=dose, seen=tuple(told))


def row(id: str, *cells: Cell, **more: object) -> Row:
    told = {"mutant": id, "family": "f", "does": "it does", "expected": ("distinct",), "changed": 40, "moved": 0.5}
    return Row.model_validate({**told, **more, "cells": cells})


def result(*rows: Row, doses: tuple[float, ...] = (0.3, 1.0)) -> Result:
    return Result(
        suite="core",
        suite_fingerprint="0" * 12,
        primary=PRIMARY,
        metrics=(*PRIMARY, "clean"),
        maps=40,
        clusters=40,
        doses=doses,
        rows=rows,
        seconds=1.0,
    )


def harmless(*seen: tuple[str, int]) -> Row:
    return row("edit", cell(0.3, *seen), cell(1.0, ("", 1)), harmless=True, expected=())


SEEN = row("seen", cell(0.3, ("distinct", 4), ("", 1)), cell(1.0, ("distinct clean", 1)))
TOLD = row("told", cell(0.3, ("clean", 5)), cell(1.0, ("clean", 1)), expected=("clean",))
BLIND = row("blind", cell(0.3, ("", 5)), cell(1.0, ("", 1)), blind="nobody knows", expected=())
GAMED = row("gamed", cell(0.3, ("valid_first >on_topic", 5)), cell(1.0, ("valid_first >on_topic", 1)))


@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (0, 176), (3, 40), (20, 40), (39, 40), (40, 40)])
def test_the_interval_of_a_share_is_wilson_s(hits: int, trials: int) -> None:
    assert wilson(hits, trials) == pytest.approx(proportion_confint(hits, trials, method="wilson"), abs=1e-9)


def test_the_interval_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_detection_counts_gating_metrics_only() -> None:
    found = result(SEEN, TOLD)
    assert found.detection(SEEN, 0.3) == 0.8
    assert found.detection(TOLD, 1.0) == 0.0
    assert found.fired(TOLD, 1.0) == 1.0
    assert found.overall(0.3) == 0.4
    assert found.missed() == (("told", 0.3, 0.0), ("told", 1.0, 0.0))


def test_the_bars_hold_where_all_is_seen_by_whom_it_should_be_and_nothing_else_is() -> None:
    assert result(SEEN, BLIND, harmless(("", 5))).held()
    assert not result(SEEN, TOLD).held()


def test_a_defect_that_only_others_see_fails_the_bars() -> None:
    found = result(SEEN, GAMED)
    assert found.overall(1.0) == 1.0
    assert found.missed() == ()
    assert found.silent() == ("gamed",)
    assert not found.held()


@pytest.mark.parametrize(("said", "held"), [("", True), ("clean", True), ("distinct", False), (">distinct", False)])
def test_false_alarms_count_worse_and_better_of_gating_metrics(said: str, held: bool) -> None:
    found = result(SEEN, harmless((said, 5)))
    assert found.false_alarms() == (0 if held else 5, 6)
    assert found.held() is held


def test_one_false_alarm_in_twenty_is_borne() -> None:
    assert result(SEEN, harmless(("", 18), ("distinct", 1))).held()
    assert not result(SEEN, harmless(("", 17), ("distinct", 1))).held()


def test_who_catches_what_alone() -> None:
    both = row("both", cell(0.3, ("valid_first distinct", 5)), cell(1.0, ("valid_first distinct clean", 1)))
    found = result(SEEN, TOLD, both, GAMED)
    assert found.catches("distinct") == ("seen", "both")
    assert found.alone("distinct") == ("seen",)
    assert found.alone_beside_rules("distinct") == ("seen", "both")
    assert found.alone("valid_first") == ("gamed",)
    assert found.alone("clean") == ("told",)
    assert found.alone("on_topic") == ()


def test_the_table_tells_bars_defects_blind_spots_and_metrics() -> None:
    few = row("few", *SEEN.cells, changed=7)
    text = table(result(SEEN, TOLD, GAMED, few, BLIND, harmless(("", 5))))
    assert "40 maps (40 topics of the suite core), 5 defects, 1 harmless edit." in text
    assert "| defects called worse, in 30 % of maps | 65 % | ≥ 80 % | no |" in text
    assert "Below a bar of their own: `told` at 30 %: 0 %; `told` at 100 %: 0 %." in text
    assert "Seen by no expected metric: `gamed`." in text
    assert "A dose is a share of the maps that a mutant can change: all, 7 for `few`." in text
    assert "| `seen` | it does | 80 % | 100 % | `distinct` | `distinct`, (`clean`) |  |" in text
    assert "| `gamed` | it does | 100 % | 100 % | `distinct` (silent) | `valid_first` | `on_topic` |" in text
    assert "| `blind` | it does | 0 % | 0 % | nobody knows |" in text
    assert "| `edit` | it does | 40 | 0.5 | 0 of 6 |" in text
    assert "Gating metrics that catch nothing alone: `on_topic`; not even beside `valid_first`: `on_topic`." in text


def test_every_row_of_a_table_has_the_columns_of_its_head() -> None:
    parts = table(result(SEEN, TOLD, GAMED, BLIND, harmless(("", 5)))).split("\n\n")
    tables = [part.splitlines() for part in parts if part.startswith("| ")]
    assert len(tables) == 5
    assert all(len({line.count("|") for line in lines}) == 1 for lines in tables)


def test_doses_that_no_test_can_call_are_told() -> None:
    tiny = row("seen", cell(0.1, ("", 5)), cell(1.0, ("distinct", 1)))
    assert "At 10 % of maps fewer than 5 topics change" in table(result(tiny, doses=(0.1, 1.0)))
    assert "fewer than 5" not in table(result(SEEN))


def test_one_line_says_whether_the_bars_hold() -> None:
    assert summary(result(SEEN, harmless(("", 5)))).startswith("The bars hold: detected 80 % at 30 % of maps, 100 %")
    assert summary(result(TOLD)).startswith("The bars do NOT hold")


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (1, "100 %"), (0.3, "30 %"), (0.9981, "99.8 %"), (0.002, "0.2 %")]
)
def test_shares_are_not_rounded_to_all_or_nothing(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_result_is_saved_and_read() -> None:
    found = result(SEEN, BLIND)
    assert Result.model_validate_json(found.to_json()) == found
