"""A judge in the reports: who judged, and how far its canaries let it be trusted, in every form."""

from __future__ import annotations

from xml.etree import ElementTree

from mapgen.evaluation.judge import JUDGED, Trust
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.reports import html, junit, markdown, terminal, wording
from tests.evaluation.compared import small


def test_a_judge_is_told_with_what_its_canaries_say() -> None:
    trust = (
        Trust(metric="j1_match", caught=6, of=6, trusted=True),
        Trust(metric="j3_right", caught=2, of=6, reason="swapped pair: 2 of 6 caught"),
    )
    told = small(judge="gpt\x1b[1m-5", trust=trust)
    line = "judge gpt-5: trusted with j1_match; not trusted with j3_right (2 of 6 canaries)"
    assert line in terminal.render(told, width=120).splitlines()
    assert line.replace("_", "\\_") in markdown.render(told)
    properties = ElementTree.fromstring(junit.render(told)).iter("property")
    assert {one.get("name"): one.get("value") for one in properties}["judge"] == line.removeprefix("judge ")
    assert f"<li>J{line[1:]}.</li>" in html.render(told)
    assert wording.judge(small()) == ""
    assert wording.judge(small(judge="m", trust=trust[1:])) == "judge m: not trusted with j3_right (2 of 6 canaries)"


def test_every_gated_metric_has_words_for_a_loss_and_a_gain() -> None:
    assert set(wording.PHRASES) == {id for id, metric in METRICS.items() if metric.gated} | set(JUDGED)
    assert len({phrase for pair in wording.PHRASES.values() for phrase in pair}) == 2 * len(wording.PHRASES)
