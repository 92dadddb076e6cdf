"""Repair of relations: what is kept, what is asked for a group that is apart, and what becomes of failures."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.errors import MapgenError, Unavailable
from mapgen.prompting import Filled, PromptSet, builtin_folder
from mapgen.steps.repair import parts, repair, repair_input
from tests.scripts import LINKS, NAMES, Counting, good_map, good_plan, relate_answer, repair_line
from tests.steps.test_repair import mended, problem

PROMPTS = PromptSet(builtin_folder())
LONG = "Dear oil makes all goods dear. It is carried by ships. They burn oil"


async def test_of_a_long_explanation_the_first_sentence_is_taken() -> None:
    map = good_map().model_copy(update={"relations": good_map().relations[1:]})
    (part,) = parts((problem("relations"),))
    answer = relate_answer((LINKS[0],))
    answer["relations"][0]["explanation"] = LONG
    result, _ = await mended(part, map, answer)
    assert [one.explanation for one in result.relations if one.source == "oil-prices"] == [
        "Dear oil makes all goods dear."
    ]


async def test_sound_relations_are_kept_and_the_faulty_asked_again() -> None:
    found = (problem("relations.0", message="It is vague."), problem("relations", message="Not connected."))
    (part,) = parts(found)
    result, llm = await mended(part, good_map(), relate_answer((LINKS[0],)))
    ends = [(one.source, one.target) for one in result.relations]
    assert ends == [("interest-rates", "inflation"), ("fuel-demand", "oil-prices"), ("oil-prices", "inflation")]
    asked = llm.asked[0]
    assert asked.role == "planner"
    assert "It is vague." in asked.messages[1].content
    ends = asked.schema["properties"]["relations"]["items"]["properties"]
    assert ends["source"]["enum"] == ["Oil Prices", "Fuel Demand"]
    assert ends["target"]["enum"] == ["Interest Rates", "Inflation"]


async def test_relations_of_a_connected_map_may_lead_from_any_concept_to_any() -> None:
    map = good_map()
    extra = map.relations[0].model_copy(update={"kind": "enables", "label": "is related to"})
    (part,) = parts((problem("relations.3", message="It is vague."),))
    given = map.model_copy(update={"relations": (*map.relations, extra)})
    result, llm = await mended(part, given, relate_answer((("Fuel Demand", "enables", "Inflation"),)))
    relations = llm.asked[0].schema["properties"]["relations"]
    ends = relations["items"]["properties"]
    assert ends["source"]["enum"] == ends["target"]["enum"] == list(NAMES)
    assert (relations["minItems"], relations["maxItems"]) == (1, len(NAMES))
    assert extra not in result.relations
    assert result.relations[:3] == map.relations
    assert len(result.relations) == 4


async def test_a_group_that_nothing_connects_is_asked_for_its_one_relation() -> None:
    map = good_map().model_copy(update={"relations": good_map().relations[:2]})
    (part,) = parts((problem("relations"),))
    given = repair_input(part, map, plan=good_plan())
    assert set(given.groups) == {("Interest Rates", "Inflation", "Oil Prices"), ("Fuel Demand",)}
    _, llm = await mended(part, map, relate_answer(LINKS[2:]))
    (asked,) = llm.asked
    said = asked.messages[1].content
    assert "No relation leads yet from Fuel Demand to the others: Interest Rates; Inflation; Oil Prices" in said
    relations = asked.schema["properties"]["relations"]
    assert (relations["minItems"], relations["maxItems"]) == (1, 1)
    assert relations["items"]["properties"]["source"]["enum"] == ["Fuel Demand"]
    assert relations["items"]["properties"]["target"]["enum"] == list(NAMES[:3])


async def test_each_group_is_asked_for_by_itself_and_one_failure_does_not_lose_the_others() -> None:
    map = good_map().model_copy(update={"relations": good_map().relations[:1]})
    (part,) = parts((problem("relations"),))
    rates, fuel = (relate_answer((link,)) for link in (LINKS[1], LINKS[2]))
    lines = [repair_line(rates, match="from Interest Rates to"), repair_line(fuel, match="from Fuel Demand to")]
    llm = Counting(lines)
    result = await repair(part, map, plan=good_plan(), llm=llm, prompts=PROMPTS)
    assert [one.schema["properties"]["relations"]["items"]["properties"]["source"]["enum"] for one in llm.asked] == [
        ["Interest Rates"],
        ["Fuel Demand"],
    ]
    assert len(result.relations) == 3

    def fails(*names: str) -> Counting:
        def fault(filled: Filled[Any]) -> MapgenError | None:
            return Unavailable("Busy.") if any(f"from {name} to" in str(filled.messages) for name in names) else None

        return Counting(lines, fault=fault)

    half = await repair(part, map, plan=good_plan(), llm=fails("Fuel Demand"), prompts=PROMPTS)
    assert half.relations == result.relations[:2]
    with pytest.raises(Unavailable):
        await repair(part, map, plan=good_plan(), llm=fails("Fuel Demand", "Interest Rates"), prompts=PROMPTS)


async def test_where_no_relation_holds_all_are_asked_for_at_once() -> None:
    map = good_map().model_copy(update={"relations": ()})
    (part,) = parts((problem("relations"),))
    result, llm = await mended(part, map, relate_answer(LINKS))
    (asked,) = llm.asked
    assert "which together connect all concepts" in asked.messages[1].content
    relations = asked.schema["properties"]["relations"]
    assert (relations["minItems"], relations["maxItems"]) == (3, 4)
    assert relations["items"]["properties"]["target"]["enum"] == list(NAMES)
    assert result.relations == good_map().relations
