"""The evaluation is evaluated: defects are seen, harmless edits are not, and a broken evaluator fails the bars.

The maps are the forty that were written by hand; no model is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from mapgen.errors import InputError
from mapgen.evaluation import meta, metrics, runfile
from mapgen.evaluation.meta import ACROSS, arms_of, measure
from mapgen.evaluation.metatable import Result
from mapgen.evaluation.metrics import METRICS, Arm, Sample, Scores, relevances
from mapgen.evaluation.mutants import MUTANTS, find
from mapgen.evaluation.records import Run
from mapgen.evaluation.statistics import fold
from mapgen.evaluation.suite import Suite, load
from mapgen.rules.words import content

HERE = Path(__file__).resolve().parents[2]
GATED = [id for id, metric in METRICS.items() if metric.gated]


@cache
def suite() -> Suite:
    return load(HERE / "evals" / "suites" / "core.yaml")


@cache
def run() -> Run:
    return runfile.load(HERE / "evals" / "meta" / "maps.jsonl")


def measured(*ids: str, primary: tuple[str, ...] = (), doses: tuple[float, ...] = (0.3, 1.0), seeds: int = 5) -> Result:
    """What is said of those mutants; ``primary`` takes the place of the suite's own."""
    chosen = suite().model_copy(update={"primary": primary}) if primary else suite()
    return measure(arms_of(run(), chosen), find(ids), doses=doses, seeds=seeds)


# One defect for each gating metric of the core suite, that it is to see.
OWN = {
    "valid_first": "relevance-first-sentence",
    "distinct": "concept-paraphrased",
    "noncircular": "definition-half-circular",
    "rel_specific": "relevance-copied",
    "template_overlap": "relevance-mail-merge",
    "rel_query_margin": "relevance-of-another-topic",
    "def_fits_title": "definitions-two-swapped",
    "on_topic": "concept-misdefined",
    "concept_recall": "concepts-too-broad",
    "edges_valid": "relation-dangling",
}


def test_every_gating_metric_has_a_defect_of_its_own_and_sees_it() -> None:
    assert set(OWN) == set(suite().primary)
    found = measured(*OWN.values())
    assert found.held()
    for metric, mutant in OWN.items():
        row = next(one for one in found.rows if one.mutant == mutant)
        assert row.expected == (metric,)
        assert found.detection(row, 1.0) == found.fired(row, 1.0) == 1.0


def test_what_is_listed_as_a_blind_spot_is_not_seen() -> None:
    found = measured(*(one.id for one in MUTANTS if one.blind), doses=(1.0,))
    assert [row.mutant for row in found.rows if found.detection(row, 1.0)] == []


def test_harmless_edits_move_next_to_nothing_and_are_called_nothing() -> None:
    found = measured(*(one.id for one in MUTANTS if one.harmless), doses=(0.3, 1.0), seeds=1)
    assert found.false_alarms() == (0, 2 * len(found.rows))
    reworded = {"spelling", "connectives", "hyphens-unbreakable"}
    assert all(row.moved < 1e-5 for row in found.rows if row.mutant not in reworded)
    assert all(row.moved < 0.03 for row in found.rows)


def test_a_small_dose_cannot_be_called_and_a_larger_one_is_no_less_seen() -> None:
    found = measured("definitions-two-swapped", "concept-duplicate", doses=(0.1, 0.3, 1.0))
    for row in found.rows:
        rates = [found.detection(row, dose) for dose in found.doses]
        assert rates == sorted(rates)
        assert rates[0] == 0.0


def test_the_same_measurement_gives_the_same_result() -> None:
    first, second = (measured("concept-intruder", "spelling", seeds=2) for _ in range(2))
    assert first.model_copy(update={"seconds": 0.0}) == second.model_copy(update={"seconds": 0.0})
    assert (first.maps, first.clusters, first.noisy) == (40, 40, False)


def test_a_dosed_arm_is_scored_as_if_it_were_scored_whole() -> None:
    arms = arms_of(run(), suite())
    bench = meta._Bench.of(arms)
    chosen = meta._drawn([one.case.id for one in arms.new.samples], 0.3, seed=0)
    for mutant in find(("relevance-mail-merge", "definitions-rotated", "concepts-dropped", "language-one")):
        spoilt = replace(arms.new, samples=tuple(bench._mutated(mutant)))
        full = dict(metrics.score_all(meta._told(spoilt), bench.metrics))
        pairs = zip(spoilt.samples, arms.new.samples, strict=True)
        mixed = tuple(new if new.case.id in chosen else old for new, old in pairs)
        whole = metrics.score_all(meta._told(replace(spoilt, samples=mixed)), bench.metrics)
        assert bench._dosed(spoilt, full, chosen=chosen) == dict(whole)


@pytest.mark.parametrize("id", [id for id in GATED if id not in ACROSS])
def test_a_metric_that_is_scored_once_a_mutant_does_not_read_other_maps(id: str) -> None:
    arm = arms_of(run(), suite()).new
    first, *others = arm.samples
    shuffled = (replace(one, map=other.map) for one, other in zip(others, [*others[1:], others[0]], strict=True))
    assert METRICS[id].score(replace(arm, samples=(first, *shuffled)))[0] == METRICS[id].score(arm)[0]


def test_with_two_repeats_the_second_is_spoilt_and_held_against_the_first() -> None:
    again = tuple(one.model_copy(update={"repeat": 1}) for one in run().records)
    twice = Run.of(run().head, (*run().records, *again))
    slow = find(["relations-none"])[0].apply
    for_first = [one.model_copy(update={"map": one.map and slow(one.map, None)}) for one in run().records]  # type: ignore[arg-type]
    spoilt_first = Run.of(run().head, (*for_first, *again))
    found = measure(arms_of(twice, suite()), find(["relations-none"]), doses=(1.0,))
    assert found.held()
    assert not found.noisy
    noisy = measure(arms_of(spoilt_first, suite()), find(["relations-none"]), doses=(1.0,))
    assert noisy.noisy
    assert noisy.overall(1.0) == 0.0


def test_runs_of_too_few_topics_and_doses_that_are_no_shares_are_refused() -> None:
    few = run().model_copy(update={"records": run().records[:5]})
    with pytest.raises(InputError, match="fewer than 6 topics"):
        arms_of(few, suite())
    for dose in (0.0, 1.1, -0.3):
        with pytest.raises(InputError, match="no dose"):
            measured("relations-none", doses=(dose,))


# A broken evaluator fails the bars.


def patched(monkeypatch: pytest.MonkeyPatch, id: str, score: Callable[[Arm], Scores]) -> None:
    broken = {**METRICS, id: replace(METRICS[id], score=score)}
    monkeypatch.setattr(metrics, "METRICS", MappingProxyType(broken))


@pytest.mark.parametrize("id", OWN)
def test_a_metric_whose_sign_is_inverted_fails_the_bars(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    score = METRICS[id].score
    patched(monkeypatch, id, lambda arm: tuple(None if one is None else 1.0 - one for one in score(arm)))
    assert not measured(OWN[id]).held()


@pytest.mark.parametrize("id", ["distinct", "rel_specific", "concept_recall"])
def test_a_metric_that_sees_nothing_fails_the_bars(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patched(monkeypatch, id, lambda arm: tuple(0.9 for _ in arm.samples))
    assert not measured(OWN[id]).held()


def test_without_the_mask_a_pasted_query_looks_specific_and_the_bars_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured("relevance-one-query-pasted", primary=("rel_specific",)).held()

    def unmasked(sample: Sample, concept: object) -> tuple[str, ...]:
        return tuple(dict.fromkeys(content(concept.relevance, sample.case.language)))  # type: ignore[attr-defined]

    monkeypatch.setattr(relevances, "own_stems", unmasked)
    broken = measured("relevance-one-query-pasted", primary=("rel_specific",))
    assert broken.overall(0.3) < 0.8
    assert not broken.held()


def test_scores_paired_with_another_topic_s_fail_the_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ("concept-neighbour", "relevance-of-another-topic")
    assert measured(*ids, primary=("on_topic", "rel_query_margin")).held()

    def unpaired(
        arm: Mapping[str, tuple[float | None]], base: Mapping[str, tuple[float | None]], *, clusters: Mapping[str, str]
    ) -> dict[str, float]:
        keys = list(base)
        return fold(arm, dict(zip(keys, [base[key] for key in (*keys[1:], keys[0])], strict=True)), clusters=clusters)

    monkeypatch.setattr(meta, "fold", unpaired)
    broken = measured(*ids, primary=("on_topic", "rel_query_margin"))
    assert broken.overall(0.3) < 0.8
    assert not broken.held()


def test_a_metric_that_reads_what_does_not_matter_fails_the_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_id(arm: Arm) -> Scores:
        return tuple(1.0 if one.map and one.map.concepts[0].id.islower() else 0.5 for one in arm.samples)

    patched(monkeypatch, "distinct", by_id)
    broken = measured("ids-upper-case", "order-of-relations")
    assert broken.false_alarms()[0] >= 6
    assert not broken.held()


def test_progress_names_each_mutant_in_turn() -> None:
    seen: list[str] = []
    ids = ("relations-none", "title-upper-case")
    measure(arms_of(run(), suite()), find(ids), doses=(1.0,), progress=seen.append)
    assert tuple(seen) == ids


def expected_of(ids: Iterable[str]) -> set[str]:
    return {metric for one in find(ids) for metric in one.expected}


def test_every_metric_that_gates_or_is_told_of_these_maps_is_expected_of_some_defect() -> None:
    told = {"cites_resolve", "quote_match"}
    assert expected_of(one.id for one in MUTANTS) == set(GATED) - told
