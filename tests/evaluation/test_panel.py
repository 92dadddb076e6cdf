"""A judge beside the metrics of a comparison: what it may gate, what it costs, and what becomes of its failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import InputError, KeyRefused
from mapgen.evaluation import acompare, arun
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.doors import Warned, place
from mapgen.evaluation.judge import ASKINGS, JUDGED, Judged, askings
from mapgen.evaluation.judge.door import Judgements
from mapgen.evaluation.panel import beside
from mapgen.evaluation.planning import Plan
from tests.evaluation.judges import Agreeing, Perfect, serving
from tests.evaluation.trials import QUERY, careless, comment, edit, hosted, repository, suite
from tests.servers.fake import FakeServer, Request, error
from tests.servers.http import Answer

CANARIES = 6
RIGHT = ("j3_right",)


class Reading(Perfect):
    """Knows the canaries' maps, and takes other definitions for right unless they are marked as a task."""

    def j3_right(self, text: str) -> dict[str, Any]:
        found = super().j3_right(text)
        known = [name for name, _ in self.definitions]
        for item, line in zip(found["verdicts"], text.splitlines()[-len(found["verdicts"]) :], strict=True):
            name = line.split(". ", 1)[1].split(": ", 1)[0]
            if name not in known and "TODO" not in line:
                item |= {"quote": "", "verdict": "right"}
        return found


class Silent(Reading):
    """Knows the canaries' maps, and says nothing of others."""

    def j3_right(self, text: str) -> dict[str, Any]:
        return {"verdicts": []} if f"{QUERY} " in text else super().j3_right(text)


def both(judge: Perfect) -> Callable[[Request], dict[str, Any]]:
    """An endpoint with a subject, careless where it is told to be, and a judge."""
    judging = serving(judge)

    def answer(request: Request) -> dict[str, Any]:
        return judging(request) if request.body["model"] == "fake-judge" else careless(request)

    return answer


def judged(server: FakeServer) -> int:
    """How many requests went to the judge."""
    return Counter(request.body["model"] for request in server.requests)["fake-judge"]


def options(server: FakeServer, folder: Path, **more: Any) -> Any:
    """The options of a comparison with a judge of one metric."""
    return hosted(server, folder, judge="fake-judge", judged=RIGHT, **more)


async def test_a_trusted_judge_gates_beside_the_suite_and_is_not_asked_twice(tmp_path: Path) -> None:
    folder, events = repository(tmp_path), list[Any]()
    edit(folder, "write")
    edit(folder, "repair")
    async with FakeServer(good=both(Reading())) as server:
        told = options(server, tmp_path, prompts=folder)
        found = await acompare(suite(tmp_path), watch=events.append, **told)
        assert judged(server) == CANARIES + 2 * 7
        server.requests.clear()
        again = await acompare(suite(tmp_path), **told)
        assert server.requests == []
    right = found.metric("j3_right")
    assert (right.verdict, right.primary, right.judged, right.gated) == ("worse", True, True, True)
    assert (right.base_mean, right.new_mean, right.n) == (1.0, 0.0, 7)
    assert found.exit_code == 1
    assert "j3_right" in found.of("worse")
    assert (found.judge, [one.trusted for one in found.trust], again.metrics) == ("fake-judge", [True], found.metrics)
    assert "j3_right" in found.losers[0].metrics
    words = Judged.parse(beside(place(found, tmp_path / "runs")).read_bytes())
    assert {one.verdicts[id] for one in words.of("j3_right", "new") for id in one.verdicts} == {"wrong"}
    assert Comparison.load(place(found, tmp_path / "runs")) == again
    assert isinstance(events[0], Plan)
    plan = events[0].judge
    assert plan is not None
    assert (plan.judge, plan.metrics, plan.askings) == ("fake-judge", RIGHT, CANARIES + 2 * 7)
    assert "judge     fake-judge (127.0.0.1:" in events[0].told()
    answers = [event for event in events if isinstance(event, Judgements)]
    assert (answers[-1].done, answers[-1].total) == (plan.askings, plan.askings)


async def test_a_judge_that_misses_its_canaries_is_asked_about_no_map_and_gates_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")
    async with FakeServer(good=both(Agreeing())) as server:
        found = await acompare(suite(tmp_path), **options(server, tmp_path, prompts=folder))
        assert judged(server) == CANARIES
    right = found.metric("j3_right")
    assert (right.verdict, right.primary, right.gated, right.n) == ("untested", False, False, 0)
    assert right.reason.startswith("the judge is not trusted: swapped pair: 0 of 6 caught")
    assert found.of("worse") == ()
    assert found.exit_code == 3
    assert found.notes[0].startswith("The judge is not trusted with j3_right: swapped pair: 0 of 6 caught")


async def test_a_loss_that_was_shown_outranks_a_judge_that_is_not_trusted(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write")
    edit(folder, "repair")
    async with FakeServer(good=both(Agreeing())) as server:
        found = await acompare(suite(tmp_path), **options(server, tmp_path, prompts=folder))
    assert found.exit_code == 1
    assert "j3_right" not in found.of("worse")


async def test_a_judge_that_says_nothing_leaves_data_missing_and_is_too_little(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")
    async with FakeServer(good=both(Silent())) as server:
        found = await acompare(suite(tmp_path), **options(server, tmp_path, prompts=folder))
    right = found.metric("j3_right")
    assert (right.verdict, right.primary, right.n) == ("untested", True, 0)
    assert found.notes[0] == "Too little is judged: j3_right has no score of 14 of 14 maps."
    assert found.exit_code == 3


async def test_one_budget_holds_for_the_maps_and_the_judge(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")
    async with FakeServer(good=both(Reading())) as server:
        found = await acompare(suite(tmp_path), **options(server, tmp_path, prompts=folder, max_calls=49 + 35 + 10))
        assert (len(server.requests), judged(server)) == (49 + 35 + 10, 10)
    assert found.exit_code == 3
    assert found.notes[0] == "Too little is judged: j3_right has no score of 6 of 14 maps."


async def test_prompts_that_render_the_same_and_replays_ask_no_judge(tmp_path: Path) -> None:
    folder, events = repository(tmp_path), list[Any]()
    comment(folder, "write")
    async with FakeServer(good=both(Reading())) as server:
        told = options(server, tmp_path, prompts=folder)
        assert (await acompare(suite(tmp_path), **told)).judge == ""
        edit(folder, "relate", "Take care.")
        await acompare(suite(tmp_path), **told | {"judge": None, "judged": ()})
        server.requests.clear()
        found = await acompare(suite(tmp_path), watch=events.append, replay=True, **told)
        assert server.requests == []
    assert (found.judge, found.exit_code) == ("", 0)
    assert events[0] == Warned(message="A replay asks no model, so the judge is left out.")


async def test_a_refused_key_of_the_judge_ends_it_and_keeps_the_maps(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    edit(folder, "write", "Take care.")

    async with FakeServer(good=both(Reading())) as server:
        told = options(server, tmp_path, prompts=folder)
        await arun(suite(tmp_path), **hosted(server, tmp_path, prompts=folder))
        await acompare(suite(tmp_path), **told | {"judge": None, "judged": ()})
    async with FakeServer([Answer(error("no"), status=401)] * 30) as server:
        with pytest.raises(KeyRefused):
            await acompare(suite(tmp_path), **options(server, tmp_path, prompts=folder, base_url=server.url))
    assert len(list((tmp_path / "runs").glob("*.jsonl"))) >= 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"judged": ("j9_beauty",)}, "There is no judge metric 'j9_beauty'."),
        ({"judge": None}, "Nobody is named to judge."),
    ],
)
async def test_what_cannot_be_judged_asks_nothing(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    async with FakeServer() as server:
        with pytest.raises(InputError, match=message):
            await acompare(suite(tmp_path), **options(server, tmp_path, prompts=repository(tmp_path)) | change)
        assert server.requests == []


def test_the_askings_of_all_metrics() -> None:
    tried = 6 * sum(ASKINGS.values())
    assert sum(ASKINGS.values()) == 10
    assert askings(JUDGED, maps=49, cases=49) == tried + 49 + 2 * 4 * 49 + 2 * 49
    assert askings(("j7_prefer",), maps=10, cases=5) == 6 * ASKINGS["j7_prefer"] + 20
    assert askings(("j1_match",), maps=10, cases=5) == 6 + 20
