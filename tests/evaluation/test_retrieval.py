"""The labelled concepts: the encyclopedia's look-up is as often right as is wanted, on those it was not tuned on."""

from __future__ import annotations

import pytest

from evals.retrieval.run import ANSWERED, PARTS, PRECISION, labelled, looked_up, rates
from mapgen.sources.encyclopedia import installed
from mapgen.vectors import installed as embedded


def test_rates_are_of_the_labels() -> None:
    rows = [{"article": one} for one in ("Bank", "Bank", "Oil", None, None)]
    assert rates(zip(rows, ("bank", "Shore", None, None, "Oil"), strict=True)) == (1, 3, 3, 1, 2)


@pytest.mark.skipif(not (installed() and embedded()), reason="the articles or the embeddings are not installed")
def test_the_look_up_is_right_and_answers_as_often_as_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.sources.index.passages", lambda document: ())  # it needs none, and they take long
    rows = [row for row in labelled() if row["part"] in PARTS["untuned"]]
    found = rates(zip(rows, looked_up(rows), strict=True))
    assert len(rows) == found.having + found.without == 501
    assert found.right / found.answered >= PRECISION
    assert found.right / found.having >= ANSWERED
