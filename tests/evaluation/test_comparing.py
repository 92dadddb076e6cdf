"""Two runs held against each other: verdicts, losers, counts, coverage, and what cannot be compared."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.errors import InputError
from mapgen.evaluation.comparing import NotComparable, assess, check_comparable, same
from mapgen.evaluation.comparison import Comparison, Loser, MetricResult
from mapgen.evaluation.records import Record, Run
from mapgen.evaluation.scoring import means, totals, values
from mapgen.evaluation.suite import Suite, load
from mapgen.model import Citation
from tests.evaluation.trials import head, record, suite, worse
from tests.grounds import CRUDE, PRICES, RISE, source
from tests.scripts import good_map

CASES = 8
PRIMARY = ("valid_first", "one_sentence", "clean")


@pytest.fixture
def small(tmp_path: Path) -> Suite:
    """A suite of eight units."""
    return load(suite(tmp_path, cases=CASES, primary=PRIMARY))


def run_of(*records: Record, **changes: object) -> Run:
    return Run.of(head(**changes), records)


def good(count: int = CASES) -> list[Record]:
    return [record(f"case-{n}") for n in range(count)]


def bad(at: int, repeat: int = 0) -> Record:
    return record(f"case-{at}", repeat, map=worse(good_map()))


def test_runs_that_are_equal_are_the_same(small: Suite) -> None:
    found = assess(small, run_of(*good()), new=run_of(*good(), label="new"), wanted=CASES)
    assert found.of("same") == PRIMARY[1:]
    assert found.exit_code == 0
    assert (found.losers, found.notes) == ((), ())
    assert (found.metric("clean").difference, found.metric("valid_first").verdict) == (0.0, "untested")
    assert found.cost.base.model_dump(exclude_defaults=True) == {
        "maps": CASES,
        "complete": CASES,
        "calls": 6 * CASES,
        "asked": 6 * CASES,
        "seconds": 1.0,
    }


def test_a_loss_is_worse_names_its_metric_and_its_cases(small: Suite) -> None:
    new = run_of(*(bad(n) for n in range(7)), record("case-7"))
    found = assess(small, run_of(*good()), new=new, wanted=CASES)
    assert found.of("worse") == ("one_sentence",)
    assert found.exit_code == 1
    metric = found.metric("one_sentence")
    assert (metric.n, metric.missing, metric.base_mean, metric.new_mean) == (8, 0, 1.0, 0.125)
    assert metric.difference == pytest.approx(-0.875)
    assert metric.adjusted is not None
    assert metric.adjusted <= 0.05
    assert [one.case for one in found.losers] == [f"case-{n}" for n in range(7)]
    assert found.losers[0].metrics == {"one_sentence": -1.0}
    again = assess(small, new, new=run_of(*good()), wanted=CASES)
    assert (again.of("better"), again.exit_code, again.losers) == (("one_sentence",), 0, ())


def test_the_losers_are_ten_and_the_greatest_loss_comes_first(tmp_path: Path) -> None:
    many = load(suite(tmp_path, cases=12, primary=("one_sentence", "clean")))
    half = good_map().model_copy(update={"concepts": (worse(good_map()).concepts[0], *good_map().concepts[1:])})
    new = [bad(n) if n % 2 else record(f"case-{n}", map=half) for n in range(12)]
    found = assess(many, run_of(*good(12)), new=run_of(*new), wanted=12)
    assert len(found.losers) == 10
    assert [one.case for one in found.losers[:6]] == [f"case-{n}" for n in range(1, 12, 2)]
    assert found.losers[0].change < found.losers[-1].change < 0


def test_an_unusable_map_scores_nothing_and_a_missing_one_is_no_pair(small: Suite) -> None:
    unusable = record("case-0", map=None, error="no answer was valid")
    missing = record("case-1", map=None, error="oops", passing=True)
    found = assess(small, run_of(*good()), new=run_of(unusable, missing, *good()[2:]), wanted=CASES)
    metric = found.metric("one_sentence")
    assert (metric.new["case-0"], "case-1" in metric.new) == (0.0, False)
    assert (metric.n, metric.missing) == (7, 1)
    assert (found.cost.new.unusable, found.cost.new.missing) == (1, 1)
    assert found.losers[0].case == "case-0"


def test_too_little_coverage_is_said_and_has_its_exit_code(small: Suite) -> None:
    lost = [record(f"case-{n}", map=None, error="oops", passing=True) for n in range(2)]
    found = assess(small, run_of(*good()), new=run_of(*lost, *good()[2:], label="new"), wanted=CASES)
    assert found.exit_code == 3
    assert "of 8 maps of new, 0 unusable and 2 missing, such as: oops" in found.notes[0]
    stored = assess(small, run_of(*good()[:4]), new=run_of(*good()), wanted=CASES)
    assert stored.exit_code == 3
    assert "0 unusable and 4 missing" in stored.notes[0]


def test_fewer_than_six_units_are_no_test(tmp_path: Path) -> None:
    five = load(suite(tmp_path, cases=5))
    base, new = run_of(*good(5)), run_of(*(bad(n) for n in range(5)))
    found = assess(five, base, new=new, wanted=5)
    assert {one.verdict for one in found.metrics} == {"untested"}
    assert found.exit_code == 0
    assert "No test: 5 units, and a test needs 6." in found.notes
    assert assess(five, base, new=new, wanted=5, strict=True).exit_code == 2


def test_repeats_are_averaged_and_clusters_are_units(tmp_path: Path) -> None:
    path = suite(tmp_path, cases=CASES)
    text = (
        path.read_text()
        .replace("case-7,", "case-7, cluster: case-6,")
        .replace("case-6,", "case-6, cluster: case-6,", 1)
    )
    path.write_text(text)
    clustered = load(path)
    base = run_of(*good(), *(record(f"case-{n}", 1) for n in range(CASES)))
    new = run_of(
        *good()[:6], bad(6), record("case-6", 1), record("case-7"), record("case-7", 1), *base.records[1::2][:6]
    )
    found = assess(clustered, base, new=new, wanted=2 * CASES).metric("one_sentence")
    assert found.n == 7
    assert found.new["case-6"] == 0.5
    assert found.difference == pytest.approx(-0.25 / 7)
    assert found.base_mean is not None
    assert found.new_mean is not None
    assert found.new_mean - found.base_mean == pytest.approx(found.difference)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1_000))
def test_the_order_of_records_does_not_matter(seed: int) -> None:
    small = Suite.model_validate_json(SUITE)
    new = [bad(0), bad(3), *(record(f"case-{n}") for n in (1, 2, 4, 5, 6, 7))]
    shuffled = random.Random(seed).sample(new, len(new))
    one, two = (assess(small, run_of(*good()), new=run_of(*records), wanted=CASES) for records in (new, shuffled))
    assert one == two


SUITE = (
    '{"name": "small", "description": "d", "primary": ["one_sentence"], "cases": ['
    + ", ".join(f'{{"id": "case-{n}", "query": "Query {n}?"}}' for n in range(CASES))
    + "]}"
)


@pytest.mark.parametrize(
    "change", [{"model": "big"}, {"suite_fingerprint": "x"}, {"planner": "p"}, {"temperature": 1.0}]
)
def test_runs_that_differ_in_more_than_prompts_are_not_compared(small: Suite, change: dict[str, object]) -> None:
    with pytest.raises(NotComparable) as caught:
        assess(small, run_of(*good()), new=run_of(*good(), **change), wanted=CASES)
    assert caught.value.exit_code == 5
    assert next(iter(change)).split("_")[0] in caught.value.message
    check_comparable(run_of(), run_of(prompts="x"))


def test_what_else_differs_is_noted(small: Suite) -> None:
    base, new = run_of(*good(), mapgen="0.0.9"), run_of(*good(), endpoint="elsewhere")
    notes = assess(small, base, new=new.model_copy(update={"torn": True}), wanted=CASES).notes
    assert notes == (
        "The endpoints differ: 127.0.0.1:9 and elsewhere.",
        "The base was made by mapgen 0.0.9, the new maps by 0.1.0.",
        "The last line of a run's file was broken off, and was left out.",
    )


def test_sources_that_differ_are_noted_with_what_else_does(small: Suite) -> None:
    sourced, bare = run_of(*good(), sources=("encyclopedia",)), run_of(*good())
    found = assess(small, bare, new=sourced, wanted=CASES)
    assert found.notes == (
        "The arms differ in their sources, and not in their prompts. Base: no sources; new: encyclopedia.",
    )
    assert (found.same, found.exit_code, found.of("same")) == (False, 0, PRIMARY[1:])
    other = run_of(*good(), sources=("encyclopedia", "notes.pdf"), prompts="x")
    assert assess(small, sourced, new=other, wanted=CASES).notes == (
        "The arms differ in their sources, and not only in their prompts. "
        "Base: encyclopedia; new: encyclopedia, notes.pdf.",
    )
    assert assess(small, sourced, new=sourced, wanted=CASES).notes == ()


def test_quotes_are_looked_up_in_the_passages_of_the_record(small: Suite) -> None:
    first, *rest = good_map().concepts
    cited = first.model_copy(update={"citations": (Citation(source="economics", quote=RISE),)})
    map = good_map().model_copy(update={"concepts": (cited, *rest), "sources": (source("economics"),)})
    run = run_of(
        record("case-0", map=map, passages={"economics": PRICES}),
        record("case-1", map=map, passages={"economics": CRUDE}),
        record("case-2"),
        record("case-3", map=None, passages={"economics": PRICES}),
    )
    found = values(small, run)
    assert found["quote_match"] == {"case-0": [1.0], "case-1": [0.0], "case-2": [None], "case-3": [0.0]}
    assert found["cites_resolve"] == {"case-0": [1.0], "case-1": [1.0], "case-2": [None], "case-3": [0.0]}
    assert found["sourced"] == {"case-0": [0.25], "case-1": [0.25], "case-2": [0.0], "case-3": [None]}


def test_a_metric_that_needs_references_misses_nothing_where_there_are_none(small: Suite) -> None:
    found = assess(small, run_of(*good()), new=run_of(*good()), wanted=CASES)
    assert (found.metric("concept_recall").n, found.metric("concept_recall").missing) == (0, 0)
    assert (found.metric("stability").n, found.metric("stability").missing) == (0, 0)


def test_latency_is_that_of_maps_that_were_timed(small: Suite) -> None:
    reused = [record(f"case-{n}", seconds=None) for n in range(CASES)]
    found = assess(small, run_of(*good()), new=run_of(*reused), wanted=CASES)
    assert found.metric("latency").n == 0
    assert (found.cost.base.seconds, found.cost.new.seconds) == (1.0, None)


def test_prompts_that_render_the_same_are_the_same_without_a_map(small: Suite) -> None:
    found = same(small, run_of(), new=run_of(label="new"))
    assert {one.verdict for one in found.metrics} == {"same"}
    assert (found.same, found.exit_code, found.of("same")) == (True, 0, PRIMARY)
    assert found.notes == ("Both prompt sets render the same, so nothing was asked.",)


@pytest.mark.parametrize("primary", [("nonsense",), ("tokens",), ("clean", "stability")])
def test_a_suite_is_judged_by_metrics_that_gate(tmp_path: Path, primary: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="is no metric that a suite can be judged by"):
        assess(load(suite(tmp_path, primary=primary)), run_of(), new=run_of(), wanted=1)


def test_a_comparison_is_read_as_it_was_written(small: Suite, tmp_path: Path) -> None:
    found = assess(small, run_of(*good()), new=run_of(*(bad(n) for n in range(CASES))), wanted=CASES)
    assert Comparison.parse(found.to_json()) == found
    (tmp_path / "a.json").write_text(found.to_json(), "utf-8")
    assert Comparison.load(tmp_path / "a.json") == found
    for text in ("", "{}", found.to_json().replace('"exit_code": 1', '"exit_code": 9')):
        with pytest.raises(InputError, match="is no comparison"):
            Comparison.parse(text)


NUMBERS = st.none() | st.floats(-1e6, 1e6)
RESULTS = st.builds(
    MetricResult,
    id=st.text(max_size=9),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    primary=st.booleans(),
    margin=st.floats(0, 1),
    n=st.integers(0, 99),
    difference=NUMBERS,
    interval95=st.none() | st.tuples(st.floats(-1, 0), st.floats(0, 1)),
    verdict=st.sampled_from(["better", "worse", "same", "unclear", "untested"]),
    base=st.dictionaries(st.text(max_size=5), NUMBERS, max_size=3),
)


@given(st.lists(RESULTS, max_size=3), st.text(max_size=30))
def test_any_result_is_read_as_it_was_written(metrics: list[MetricResult], diff: str) -> None:
    found = same(Suite.model_validate_json(SUITE), run_of(), new=run_of())
    loser = Loser(case="case-0", query="Query 0?", change=-1.5, metrics={"clean": -1.0})
    whole = found.model_copy(update={"metrics": tuple(metrics), "diff": diff, "losers": (loser,)})
    assert Comparison.parse(whole.to_json()) == whole


def test_scores_and_totals_of_a_run(small: Suite) -> None:
    run = run_of(bad(0), *good()[1:], record("elsewhere"))
    scores = values(small, run)
    assert scores["one_sentence"]["case-0"] == [0.0]
    assert "elsewhere" not in scores["one_sentence"]
    assert means(scores)["one_sentence"] == pytest.approx(7 / 8)
    assert totals(run_of(*good()[:3]), wanted=5).missing == 2
