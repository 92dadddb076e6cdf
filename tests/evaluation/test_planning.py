"""The plan before the first call: what is finished, what is at hand, what it takes, and what it can show."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError, OutputError
from mapgen.evaluation import acompare, arun, spreads, tables
from mapgen.evaluation.planning import ArmPlan, Plan
from mapgen.evaluation.spreads import Spreads
from mapgen.evaluation.suite import load
from tests.evaluation.trials import asked, edit, hosted, prompts, suite
from tests.servers.fake import FakeServer


async def planned(path: Path, **options: Any) -> Plan:
    """The plan of a run, whose calls are not sent."""
    events: list[Any] = []
    await arun(path, watch=events.append, **options)
    assert isinstance(events[0], Plan)
    return events[0]


async def test_a_first_run_makes_everything(tmp_path: Path) -> None:
    async with FakeServer() as server:
        told = await planned(suite(tmp_path), **hosted(server, tmp_path))
    (arm,) = told.arms
    assert (arm.label, arm.maps, arm.known, arm.to_make, arm.at_hand) == ("prompts/", 7, 0, 7, 0)
    assert 7 * 7 <= arm.calls <= 7 * 9
    assert arm.input_tokens > arm.output_tokens > 1_000
    assert (told.cases, told.units, told.model) == (7, 7, "fake-model")


async def test_a_judge_is_planned_before_the_first_call(tmp_path: Path) -> None:
    folder, events = prompts(tmp_path), list[Any]()
    edit(folder, "relate", "Take care.")
    async with FakeServer() as server:
        told: Any = hosted(server, tmp_path, prompts=folder, judge="fake-judge")
        await acompare(suite(tmp_path), base=prompts(tmp_path, "old"), watch=events.append, **told)
    assert isinstance(events[0], Plan)
    lines = events[0].told().splitlines()
    assert lines[4].startswith("judge     fake-judge (127.0.0.1:")
    assert lines[4].endswith(
        "): j1_match, j2_query, j3_right, j5_covered, j7_prefer; at most 137 askings, canaries among them"
    )


async def test_what_is_finished_and_what_is_at_hand_is_not_counted(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, prompts=folder, cache=False)
        await arun(suite(tmp_path), limit=3, **options)
        (arm,) = (await planned(suite(tmp_path), **options)).arms
        assert (arm.known, arm.to_make, arm.at_hand) == (3, 4, 0)
        (arm,) = (await planned(suite(tmp_path), **options)).arms
        assert (arm.known, arm.to_make, arm.calls) == (7, 0, 0)
        edit(folder, "write", "Take care.")
        server.requests.clear()
        (arm,) = (await planned(suite(tmp_path), **options)).arms
        assert (arm.known, arm.to_make, arm.calls) == (0, 7, 35)
        assert asked(server) == {"write": 35}
        (folder / "unused.j2").write_text("{% block system %}{% endblock %}{% block user %}{% endblock %}")
        (arm,) = (await planned(suite(tmp_path), **options)).arms
        assert (arm.known, arm.to_make, arm.at_hand, arm.calls) == (0, 7, 7, 0)


async def test_a_rehearsal_counts_no_call_and_starts_nothing(tmp_path: Path) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path, max_calls=1, concurrency=1)  # else another map may end it unsent
        events: list[Any] = []
        with pytest.raises(Exception, match="The limit of 1 calls is used up"):
            await acompare(
                suite(tmp_path), base=prompts(tmp_path), watch=events.append, prompts=_edited(tmp_path), **options
            )
        assert len(events[0].arms) == 2
        assert len(server.requests) == 1


def _edited(folder: Path) -> Path:
    new = prompts(folder, "new")
    edit(new, "write", "Take care.")
    return new


ARM = ArmPlan(
    label="new/", maps=40, known=0, to_make=40, calls=320, input_tokens=90_000, output_tokens=20_000, cost=0.5
)


def test_a_plan_in_words() -> None:
    base = ARM.model_copy(update={"label": "git:HEAD", "known": 40, "to_make": 0, "calls": 0})
    hand = ARM.model_copy(update={"known": 30, "to_make": 10, "at_hand": 10, "calls": 0})
    plan = Plan(
        suite="core",
        cases=40,
        units=36,
        model="m",
        endpoint="host",
        arms=(base, ARM, hand),
        detectable={"clean": 0.0214, "distinct": 0.1},
    )
    assert plan.told().splitlines() == [
        "suite     core: 40 cases, 36 units",
        "model     m (host)",
        "git:HEAD  40 maps, all finished",
        "new/      40 maps: 40 to make; about 320 calls, 90,000 tokens in, 20,000 out, about $0.5000",
        "new/      40 maps: 30 finished, 10 to make (10 from answers at hand); no call",
        "can show  clean 0.021, distinct 0.100 (by the A/A spread)",
    ]
    first = plan.model_copy(update={"arms": (ARM, ARM)}).told().splitlines()[2:4]
    assert [line.split("; ")[1].split(" 320")[0] for line in first] == ["about", "at most about"]
    assumed = plan.model_copy(update={"assumed": True, "arms": (ARM.model_copy(update={"cost": None}),)}).told()
    assert "cost unknown" in assumed
    assert "spread assumed: 0.15; `mapgen eval aa` measures it" in assumed
    few = plan.model_copy(update={"detectable": {"clean": None}}).told()
    assert few.splitlines()[-1] == "can show  nothing: a test needs 6 units"


def measured(**sds: float) -> Spreads:
    return Spreads(
        suite="small",
        suite_fingerprint="",
        prompts="",
        model="m",
        units=7,
        sds=sds,
        created=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_the_smallest_effect_falls_with_the_spread_and_is_none_for_few(tmp_path: Path) -> None:
    small = load(suite(tmp_path, primary=("clean", "distinct")))
    wide = spreads.detectable(small, measured(clean=0.2, distinct=0.2), units=20)
    tight = spreads.detectable(small, measured(clean=0.1, distinct=0.1), units=20)
    assert tight["clean"] < wide["clean"] < 1
    assert set(spreads.detectable(small, None, units=5).values()) == {inf}
    assert spreads.detectable(small, None, units=20) == spreads.detectable(
        small, measured(clean=spreads.ASSUMED, distinct=spreads.ASSUMED), units=20
    )


def test_the_power_table_has_a_row_for_this_suite_and_grows(tmp_path: Path) -> None:
    small = load(suite(tmp_path, primary=("clean",)))
    text = tables.power(small, measured(clean=0.1), units=36)
    lines = text.splitlines()
    assert lines[0] == "clean: margin 0.02, spread 0.100 (by the A/A run)"
    assert lines[1].split() == ["units", "+0.02", "+0.05", "+0.10", "+0.15", "+0.20"]
    assert lines[5].startswith("36 (this suite)")
    chances = [int(cell) for cell in lines[5].replace("%", "").split()[3:]]
    assert chances == sorted(chances)
    assert chances[-1] == 100
    assert "(assumed; `mapgen eval aa` measures it)" in tables.power(small, None, units=8)


def test_spreads_are_kept_and_rubbish_is_refused(tmp_path: Path) -> None:
    path = spreads.place(tmp_path / "suites" / "small.yaml", "small")
    assert spreads.load(path) is None
    spreads.save(measured(clean=0.1), path)
    assert spreads.load(path) == measured(clean=0.1)
    path.write_text("{}")
    with pytest.raises(InputError, match="holds no spreads"):
        spreads.load(path)


def test_spreads_that_have_no_place_are_told(tmp_path: Path) -> None:
    (tmp_path / "baselines").write_text("a file in the folder's place")
    with pytest.raises(OutputError, match="cannot be created"):
        spreads.save(measured(clean=0.1), tmp_path / "baselines" / "small.aa.json")
