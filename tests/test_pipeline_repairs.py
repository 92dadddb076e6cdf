"""How the graph repairs: what is asked again, how often, and what takes whose place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mapgen.errors import LimitReached, MapgenError, Unavailable
from mapgen.events import Checked, Event, Repaired
from mapgen.model import KnowledgeMap, Query
from mapgen.pipeline import run
from mapgen.prompting import PromptSet, builtin_folder
from tests.scripts import (
    EXPLANATION,
    LINKS,
    NAMES,
    QUERY,
    SCOPES,
    TEXTS,
    WAGES,
    Counting,
    Line,
    bad_lines,
    concept_answer,
    failing,
    good_lines,
    good_map,
    headed_lines,
    plan_line,
    relate_answer,
    relate_line,
    repair_line,
    write_line,
)

PROMPTS = PromptSet(builtin_folder())
GONE = Unavailable("The endpoint is gone.")


async def made(llm: Any, text: str = QUERY, **query: Any) -> tuple[KnowledgeMap, int, list[Event]]:
    """The map, the number of repairs, and the events."""
    events: list[Event] = []
    map, repairs, _ = await run(Query.of(text, **query), llm=llm, prompts=PROMPTS, emit=events.append)
    return map, repairs, events


def replaced(lines: Sequence[Line], **by_prompt: Line) -> list[Line]:
    """The lines, with the one of each of those prompts replaced."""
    return [by_prompt.get(line["prompt"], line) for line in lines]


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


async def test_a_replaced_concept_has_its_place_and_new_relations() -> None:
    map, repairs, _ = await made(Counting(headed_lines()))
    assert map.status == "complete"
    assert [one.id for one in map.concepts] == ["interest-rates", "inflation", "oil-prices", "wage-growth"]
    assert [one.rank for one in map.concepts] == [1, 2, 3, 4]
    assert [(one.source, one.target) for one in map.relations][-1] == ("wage-growth", "inflation")
    assert len(map.relations) == 3
    assert repairs == 1


async def test_a_replaced_concept_whose_link_is_unsound_is_connected_in_the_second_round() -> None:
    lines = [line for line in headed_lines() if line["prompt"] != "repair"]
    relations = relate_answer((("Wage Growth", "causes", "Inflation"),))
    unsound = repair_line(WAGES | {"label": ""}, match="take the place of: Overview")
    llm = Counting([*lines, unsound, repair_line(relations, match="No relation leads yet")])
    map, repairs, _ = await made(llm)
    assert map.status == "complete"
    assert ("wage-growth", "inflation") in {(one.source, one.target) for one in map.relations}
    assert repairs == 2


async def test_a_badly_said_link_does_not_come_back_once_the_relations_are_mended() -> None:
    lines = [line for line in headed_lines() if line["prompt"] != "repair"]
    said = WAGES | {"explanation": "The first moves the second and"}
    relations = relate_answer((("Wage Growth", "causes", "Inflation"),))
    mends = [
        repair_line(said, match="take the place of: Overview"),
        repair_line(relations, match="No relation leads yet"),
    ]
    map, repairs, _ = await made(Counting([*lines, *mends]))
    assert map.status == "complete"
    assert {one.explanation for one in map.relations} == {EXPLANATION}
    assert len(map.relations) == 3
    assert repairs == 2


async def test_a_failed_write_of_a_concept_that_is_replaced_is_forgotten() -> None:
    llm = Counting(headed_lines(), fault=failing("write", GONE, match="what Overview does"))
    map, _, _ = await made(llm)
    assert map.status == "complete"
    assert [one.id for one in map.concepts] == ["interest-rates", "inflation", "oil-prices", "wage-growth"]


async def test_a_replacement_that_is_faulty_again_is_replaced_in_its_place() -> None:
    summary = repair_line(WAGES | {"name": "Summary"}, match="take the place of: Overview")
    lines = [line for line in headed_lines() if line["prompt"] != "repair"]
    llm = Counting([*lines, summary, repair_line(WAGES, match="take the place of: Summary"), repair_line("none")])
    map, _, _ = await made(llm)
    assert [one.name for one in map.concepts] == ["Interest Rates", "Inflation", "Oil Prices", "Wage Growth"]
    assert map.status == "complete"
    assert [(one.source, one.target) for one in map.relations][2:] == [("wage-growth", "inflation")]


async def test_a_missing_subject_is_added_as_a_concept() -> None:
    names = ("Interest Rates", "Inflation", "Wage Growth")
    wages = {key: WAGES[key] for key in ("definition", "relevance")}
    llm = Counting(
        [
            plan_line(names=names),
            *(write_line(name) for name in names[:2]),
            {"prompt": "write", "match": "what Wage Growth does", "answer": wages},
            relate_line((("Interest Rates", "limits", "Inflation"), ("Wage Growth", "causes", "Inflation"))),
            repair_line(concept_answer("Oil Prices"), match="concept that is missing"),
        ]
    )
    map, repairs, _ = await made(llm)
    assert map.status == "complete"
    assert map.concepts[-1].name == "Oil Prices"
    assert [(one.source, one.target) for one in map.relations][2:] == [("oil-prices", "inflation")]
    assert len(map.relations) == 3
    assert repairs == 1


async def test_a_full_map_gives_up_a_spare_concept_for_a_missing_one() -> None:
    names = ("Interest Rates", "Inflation", "Fuel Demand")
    links = (("Interest Rates", "limits", "Inflation"), ("Fuel Demand", "causes", "Inflation"))
    mend = repair_line(concept_answer("Oil Prices"), match="take the place of: Fuel Demand")
    llm = Counting([plan_line(names=names), *map(write_line, names), relate_line(links), mend])
    found, repairs, _ = await made(llm, concepts=3)
    assert found.status == "complete"
    assert [one.id for one in found.concepts] == ["interest-rates", "inflation", "oil-prices"]
    assert [(one.source, one.target) for one in found.relations] == [
        ("interest-rates", "inflation"),
        ("oil-prices", "inflation"),
    ]
    assert repairs == 1


async def test_a_concept_that_is_there_already_takes_no_others_place() -> None:
    names = ("Interest Rates", "Inflation", "Fuel Demand")
    links = (("Interest Rates", "limits", "Inflation"), ("Fuel Demand", "causes", "Inflation"))
    again = repair_line(
        concept_answer("Interest Rates") | {"name": "Interest rate"}, match="take the place of: Fuel Demand"
    )
    llm = Counting([plan_line(names=names), *map(write_line, names), relate_line(links), again])
    found, _, _ = await made(llm, concepts=3)
    assert [one.name for one in found.concepts] == list(names)
    assert [one.code for one in found.problems] == ["subject-missing", "not-mended"]
    assert "there already" in reasons(found)[0]
    assert "Interest Rates" in reasons(found)[0]


async def test_the_number_of_concepts_that_was_wished_is_kept_where_the_query_names_more_subjects() -> None:
    """Each concept is a subject of the query, so that none is spare: what is missing is told, and not added."""
    names = ("Interest Rates", "Inflation", "Oil Prices")
    links = (("Interest Rates", "limits", "Inflation"), ("Oil Prices", "causes", "Inflation"))
    llm = Counting([plan_line(names=names), *map(write_line, names), relate_line(links)])
    query = "How do interest rates affect inflation, oil prices and exchange rates?"
    found, repairs, _ = await made(llm, query, concepts=3)
    assert [one.name for one in found.concepts] == list(names)
    assert (found.status, [one.code for one in found.problems], repairs) == ("incomplete", ["subject-missing"], 0)
    assert "repair" not in llm.prompts()


async def test_a_text_that_is_trimmed_costs_no_call() -> None:
    definition, relevance = TEXTS["Inflation"]
    lines = [line for line in bad_lines(definition=f"{definition} It hurts savers.") if line["prompt"] != "repair"]
    llm = Counting(lines)
    found, repairs, _ = await made(llm)
    assert found == good_map()
    assert found.concept("inflation").relevance == relevance
    assert "repair" not in llm.prompts()
    assert repairs == 1


def reasons(map: KnowledgeMap) -> list[str]:
    """What is said of repairs that failed."""
    return [one.message for one in map.problems if one.code == "not-mended"]


async def test_why_a_repair_failed_is_told_and_is_no_part_to_be_asked_for() -> None:
    llm = Counting(bad_lines(), fault=failing("repair", GONE))
    map, repairs, _ = await made(llm)
    assert reasons(map) == ["1 part could not be mended: The endpoint is gone."]
    assert [one.status for one in map.concepts].count("incomplete") == 1
    assert repairs == 2
    asked = [filled.messages[1].content for filled in llm.asked if filled.prompt == "repair"]
    assert len(asked) == 2
    assert not any("gone" in text for text in asked)


async def test_a_failure_that_the_next_round_made_good_is_no_reason() -> None:
    failures = [GONE]
    mended = repair_line({"definition": TEXTS["Inflation"][0]})
    lines = [*(line for line in bad_lines() if line["prompt"] != "repair"), mended]
    llm = Counting(lines, fault=lambda filled: failures.pop() if filled.prompt == "repair" and failures else None)
    map, _, _ = await made(llm)
    assert map == good_map()


async def test_a_part_that_was_mended_badly_in_the_last_round_did_not_fail() -> None:
    failures = [GONE]
    llm = Counting(bad_lines(), fault=lambda filled: failures.pop() if filled.prompt == "repair" and failures else None)
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert reasons(map) == []


async def test_a_reason_that_is_told_already_is_not_told_again() -> None:
    def fault(filled: Any) -> MapgenError | None:
        said = filled.messages[1].content
        return GONE if filled.prompt == "repair" or (filled.prompt == "write" and SCOPES["Inflation"] in said) else None

    map, _, _ = await made(Counting(bad_lines("Oil Prices"), fault=fault))
    assert reasons(map) == []
    assert [one.message for one in map.problems].count("The endpoint is gone.") == 2


async def test_groups_that_a_limit_left_apart_are_told() -> None:
    limit = LimitReached("The limit of 9 calls is used up.")
    mended = relate_answer((("Fuel Demand", "causes", "Oil Prices"),))
    lines = [*replaced(good_lines(), relate=relate_line(LINKS[:1])), repair_line(mended)]
    llm = Counting(lines, fault=failing("repair", limit, match="yet from Interest Rates to"))
    map, _, _ = await made(llm)
    assert map.status == "incomplete"
    assert reasons(map) == ["1 part could not be mended: The limit of 9 calls is used up."]
