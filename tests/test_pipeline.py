"""The graph: order, what runs at once, what fails alone, and how often is repaired."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from scripts import (
    LINKS,
    NAMES,
    QUERY,
    SCOPES,
    TEXTS,
    Counting,
    Line,
    bad_lines,
    failing,
    good_lines,
    good_map,
    plan_line,
    relate_answer,
    relate_line,
    repair_line,
    write_line,
)

from mapgen.errors import BadAnswer, ConfigError, KeyRefused, LimitReached, MapgenError, Unavailable
from mapgen.events import Checked, ConceptWritten, Event, Planned, Related, Repaired
from mapgen.llm.base import Reply
from mapgen.model import KnowledgeMap, Query
from mapgen.pipeline import attempt, build, run
from mapgen.prompting import Filled, PromptSet, builtin_folder
from mapgen.state import Failure

PROMPTS = PromptSet(builtin_folder())
GONE = Unavailable("The endpoint is gone.")


async def made(llm: Any, **query: Any) -> tuple[KnowledgeMap, int, list[Event]]:
    """The map, the number of repairs, and the events."""
    events: list[Event] = []
    map, repairs = await run(Query.of(QUERY, **query), llm=llm, prompts=PROMPTS, emit=events.append)
    return map, repairs, events


def replaced(lines: Sequence[Line], **by_prompt: Line) -> list[Line]:
    """The lines, with the one of each of those prompts replaced."""
    return [by_prompt.get(line["prompt"], line) for line in lines]


async def test_a_good_map_takes_the_plan_the_writes_and_the_relate() -> None:
    llm = Counting()
    map, repairs, _ = await made(llm)
    assert map == good_map()
    assert repairs == 0
    assert llm.prompts()[0] == "plan"
    assert sorted(llm.prompts()[1:]) == ["relate", *["write"] * len(NAMES)]


async def test_events_come_in_order() -> None:
    _, _, events = await made(Counting())
    assert isinstance(events[0], Planned)
    second = events[1:-1]
    assert {type(event) for event in second} == {ConceptWritten, Related}
    written = [event.concept for event in second if isinstance(event, ConceptWritten)]
    assert sorted(written, key=lambda one: one.rank) == list(good_map().concepts)
    assert events[-1] == Checked(problems=())


class Barrier(Counting):
    """Answers the second wave only when as many calls as expected are in flight."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self._expected = expected
        self._full = asyncio.Event()
        self._waiting = 0

    async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
        if filled.prompt != "plan":
            self._waiting += 1
            if self._waiting == self._expected:
                self._full.set()
            async with asyncio.timeout(5):
                await self._full.wait()
        return await super().ask(filled)


async def test_all_writes_and_the_relate_are_in_flight_together() -> None:
    map, _, _ = await made(Barrier(len(NAMES) + 1))
    assert map.status == "complete"


async def test_nothing_is_in_flight_beside_the_plan() -> None:
    running: list[tuple[str, int]] = []
    llm = Counting(fault=lambda filled: running.append((filled.prompt, llm.now)))
    await made(llm)
    assert running[0] == ("plan", 1)
    assert llm.most == len(NAMES) + 1


async def test_a_map_of_two_waves_takes_as_long_as_two_calls() -> None:
    class Ticking(Counting):
        """Every call takes one turn of a clock that only moves when all calls wait."""

        turns = 0

        async def ask(self, filled: Filled[Any], /) -> Reply[Any]:
            reply = await super().ask(filled)
            await asyncio.sleep(0.02)
            return reply

    loop = asyncio.get_running_loop()
    build()
    began = loop.time()
    await made(Ticking())
    assert loop.time() - began < 3 * 0.02 + 0.1


async def test_a_write_that_fails_is_a_value_and_its_siblings_live() -> None:
    llm = Counting([*good_lines(), repair_line("none")], fault=failing("write", GONE, match=SCOPES["Inflation"]))
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert [one.status for one in map.concepts] == ["complete", "incomplete", "complete", "complete"]
    assert [one.definition for one in map.concepts] == [
        texts[0] if name != "Inflation" else "" for name, texts in TEXTS.items()
    ]
    assert {problem.where for problem in map.problems} == {
        "concepts.inflation.definition",
        "concepts.inflation.relevance",
    }
    assert {problem.message for problem in map.problems} == {"The endpoint is gone."}


@pytest.mark.parametrize("error", [GONE, LimitReached("used up"), BadAnswer("no"), KeyRefused("quota")])
async def test_a_write_that_failed_is_repaired(error: MapgenError) -> None:
    texts = dict(zip(("definition", "relevance"), TEXTS["Inflation"], strict=True))
    llm = Counting([*good_lines(), repair_line(texts)], fault=failing("write", error, match=SCOPES["Inflation"]))
    map, repairs, events = await made(llm)
    assert map == good_map()
    assert repairs == 1
    assert llm.prompts().count("repair") == 1
    assert Repaired(round=1, parts=1) in events


async def test_a_failing_relate_leaves_a_map_without_relations() -> None:
    llm = Counting([*good_lines(), repair_line("nothing")], fault=failing("relate", GONE))
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert map.relations == ()
    assert {one.status for one in map.concepts} == {"complete"}
    assert [(one.code, one.where, one.message) for one in map.problems] == [
        ("not-related", "relations", "The endpoint is gone.")
    ]


async def test_relations_that_failed_are_repaired() -> None:
    llm = Counting([*good_lines(), repair_line(relate_answer())], fault=failing("relate", GONE))
    map, repairs, _ = await made(llm)
    assert map.status == "complete"
    assert {(one.source, one.target) for one in map.relations} == {
        (one.source, one.target) for one in good_map().relations
    }
    assert repairs == 1


async def test_no_written_concept_is_the_first_failure() -> None:
    llm = Counting(fault=failing("write", GONE))
    with pytest.raises(Unavailable, match="The endpoint is gone"):
        await made(llm)
    assert "repair" not in llm.prompts()


@pytest.mark.parametrize("error", [GONE, BadAnswer("no plan"), LimitReached("used up")])
async def test_a_failing_plan_is_raised(error: MapgenError) -> None:
    llm = Counting(fault=failing("plan", error))
    with pytest.raises(type(error)):
        await made(llm)
    assert llm.prompts() == ["plan"]


@pytest.mark.parametrize("prompt", ["plan", "write", "relate", "repair"])
async def test_a_config_error_stops_everything(prompt: str) -> None:
    llm = Counting(bad_lines(), fault=failing(prompt, ConfigError("No key.")))
    with pytest.raises(ConfigError, match="No key"):
        await made(llm)
    assert llm.now == 0


async def test_only_the_faulty_part_is_asked_again_with_its_problem() -> None:
    lines = [line for line in bad_lines() if line["prompt"] != "repair"]
    llm = Counting([*lines, repair_line({"definition": TEXTS["Inflation"][0]})])
    map, repairs, events = await made(llm)
    assert map == good_map()
    assert repairs == 1
    (asked,) = [filled for filled in llm.asked if filled.prompt == "repair"]
    first, second = (event for event in events if isinstance(event, Checked))
    assert all(problem.message in asked.messages[1].content for problem in first.problems)
    assert first.problems
    assert second.problems == ()


async def test_repairs_of_a_round_run_at_once() -> None:
    bad = [write_line(name, {"definition": "TODO", "relevance": TEXTS[name][1]}) for name in NAMES]
    mends = [repair_line({"definition": TEXTS[name][0]}, match=SCOPES[name]) for name in NAMES]
    llm = Counting([plan_line(), *bad, relate_line(), *mends])
    map, repairs, _ = await made(llm)
    assert map == good_map()
    assert repairs == len(NAMES)
    assert llm.prompts()[-len(NAMES) :] == ["repair"] * len(NAMES)


async def test_there_are_two_rounds_and_what_is_still_faulty_is_kept_and_marked() -> None:
    llm = Counting(bad_lines())
    map, repairs, events = await made(llm)
    assert llm.prompts().count("repair") == 2
    assert repairs == 2
    assert map.status == "incomplete"
    assert [(one.id, one.status) for one in map.concepts if one.status == "incomplete"] == [("inflation", "incomplete")]
    assert map.concept("inflation").definition == "TODO"
    assert {problem.where for problem in map.problems} == {"concepts.inflation.definition"}
    assert [type(event) for event in events[-5:]] == [Checked, Repaired, Checked, Repaired, Checked]
    assert [event.round for event in events if isinstance(event, Repaired)] == [1, 2]


async def test_a_repair_that_fails_leaves_what_was_there() -> None:
    llm = Counting(bad_lines(), fault=failing("repair", GONE))
    map, _, _ = await made(llm)
    assert map.concept("inflation").definition == "TODO"
    assert map.status == "incomplete"


async def test_a_second_round_mends_what_the_first_did_not() -> None:
    lines = [line for line in bad_lines() if line["prompt"] != "repair"]
    mends = [repair_line({"definition": "TODO"}, times=1), repair_line({"definition": TEXTS["Inflation"][0]})]
    map, repairs, _ = await made(Counting([*lines, *mends]))
    assert map == good_map()
    assert repairs == 2


async def test_unconnected_relations_are_mended_and_the_sound_ones_kept() -> None:
    lines = [*replaced(good_lines(), relate=relate_line(LINKS[:2])), repair_line(relate_answer(LINKS[2:]))]
    map, repairs, _ = await made(Counting(lines))
    assert map == good_map()
    assert repairs == 1


WAGES = {
    "name": "Wage Growth",
    "definition": "Wage growth is the yearly rise of what workers are paid.",
    "relevance": "Employers pass it on to buyers as dearer goods. Banks watch it when they set the cost of credit.",
}


def headed() -> list[Line]:
    """A script whose plan has a heading for a concept, which repair replaces and then connects."""
    names = ("Interest Rates", "Inflation", "Oil Prices", "Overview")
    overview = {"definition": WAGES["definition"], "relevance": WAGES["relevance"]}
    return [
        plan_line(names=names),
        *(write_line(name) for name in names[:3]),
        {"prompt": "write", "match": "what Overview does", "answer": overview},
        relate_line((*LINKS[:2], ("Overview", "causes", "Inflation"))),
        repair_line(relate_answer((("Wage Growth", "causes", "Inflation"),)), match="connects these groups"),
        repair_line(WAGES, match="take the place of: Overview"),
    ]


async def test_a_replaced_concept_has_its_place_and_new_relations() -> None:
    map, repairs, _ = await made(Counting(headed()))
    assert map.status == "complete"
    assert [one.id for one in map.concepts] == ["interest-rates", "inflation", "oil-prices", "wage-growth"]
    assert [one.rank for one in map.concepts] == [1, 2, 3, 4]
    assert ("wage-growth", "inflation") in {(one.source, one.target) for one in map.relations}
    assert repairs == 2


async def test_a_failed_write_of_a_concept_that_is_replaced_is_forgotten() -> None:
    llm = Counting(headed(), fault=failing("write", GONE, match="what Overview does"))
    map, _, _ = await made(llm)
    assert map.status == "complete"
    assert [one.id for one in map.concepts] == ["interest-rates", "inflation", "oil-prices", "wage-growth"]


async def test_a_replacement_that_is_faulty_again_is_replaced_in_its_place() -> None:
    summary = repair_line(WAGES | {"name": "Summary"}, match="take the place of: Overview")
    lines = [line for line in headed() if line["prompt"] != "repair"]
    llm = Counting([*lines, summary, repair_line(WAGES, match="take the place of: Summary"), repair_line("none")])
    map, _, _ = await made(llm)
    assert [one.name for one in map.concepts] == ["Interest Rates", "Inflation", "Oil Prices", "Wage Growth"]


async def test_a_missing_subject_is_added_as_a_concept() -> None:
    names = ("Interest Rates", "Inflation", "Wage Growth")
    wages = {key: WAGES[key] for key in ("definition", "relevance")}
    oil = {"name": "Oil Prices", "definition": TEXTS["Oil Prices"][0], "relevance": TEXTS["Oil Prices"][1]}
    llm = Counting(
        [
            plan_line(names=names),
            *(write_line(name) for name in names[:2]),
            {"prompt": "write", "match": "what Wage Growth does", "answer": wages},
            relate_line((("Interest Rates", "limits", "Inflation"), ("Wage Growth", "causes", "Inflation"))),
            repair_line(relate_answer((("Oil Prices", "causes", "Inflation"),)), match="connects these groups"),
            repair_line(oil, match="concept that is missing"),
        ]
    )
    map, _, _ = await made(llm)
    assert map.status == "complete"
    assert map.concepts[-1].name == "Oil Prices"
    assert len(map.relations) == 3


async def test_the_same_script_gives_the_same_map() -> None:
    maps = [(await made(Counting(headed())))[0] for _ in range(3)]
    assert maps[0] == maps[1] == maps[2]


async def test_many_maps_at_once_do_not_know_each_other() -> None:
    results = await asyncio.gather(*(made(Counting(lines)) for lines in (good_lines(), bad_lines(), headed())))
    assert [map.status for map, _, _ in results] == ["complete", "incomplete", "complete"]


async def test_an_attempt_lets_only_config_errors_and_bugs_through() -> None:
    async def raising(error: Exception) -> None:
        raise error

    assert await attempt(raising(GONE)) == Failure(GONE)
    for error in (ConfigError("c"), ValueError("bug")):
        with pytest.raises(type(error)):
            await attempt(raising(error))


def test_the_graph_is_built_once() -> None:
    assert build() is build()
    assert set(build().get_graph().nodes) >= {"plan", "write", "relate", "check", "repair"}
