"""Grounded maps through the graph: who sees which passages, what is cited, and what a repair makes of it."""

from __future__ import annotations

from typing import Any

from mapgen.errors import Unavailable
from mapgen.events import Event, Grounded
from mapgen.model import Citation, KnowledgeMap, Query
from mapgen.pipeline import Outcome, run
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.resuming import begun
from mapgen.steps.ground import Room
from tests.grounds import CRUDE, PRICES, RISE, Shelf, found, quoting, source, sourced_line
from tests.scripts import (
    IDS,
    NAMES,
    QUERY,
    WAGES,
    Counting,
    Line,
    failing,
    good_lines,
    good_map,
    headed_lines,
    repair_line,
    write_answer,
    write_line,
)

PROMPTS = PromptSet(builtin_folder())
CITED = Citation(source="economics", quote=RISE, of="definition", heading="Prices", page=3)


def lines(*instead: Line, name: str = "Inflation") -> list[Line]:
    """The good script, one concept's line replaced."""
    at = good_lines().index(write_line(name))
    return [*good_lines()[:at], *instead, *good_lines()[at + 1 :]]


async def made(
    llm: Any, shelf: Shelf | None, *, start: Any = None, room: Room | None = None
) -> tuple[Outcome, list[Event]]:
    """What came of the query, and the events."""
    events: list[Event] = []
    room = room or Room(plan=1_000, write=1_000)
    query = Query.of(QUERY) if start is None else start
    return await run(query, llm=llm, prompts=PROMPTS, emit=events.append, finder=shelf, room=room), events


def concept(map: KnowledgeMap, id: str = "inflation") -> tuple[Citation, ...]:
    return map.concept(id).citations


async def test_a_concept_with_passages_quotes_them_and_the_others_are_written_as_ever() -> None:
    llm = Counting(lines(sourced_line("Inflation", definition=[(1, RISE)])))
    (map, repairs, dropped), _ = await made(llm, Shelf())
    assert concept(map) == (CITED,)
    assert map.sources == (source("economics"),)
    assert (map.status, repairs, dropped) == ("complete", 0, 0)
    bare = map.model_copy(update={"sources": (), "concepts": good_map().concepts})
    assert bare == good_map()
    shown = [one for one in llm.asked if PRICES in one.messages[1].content]
    assert [(one.prompt, "Concept to explain: Inflation" in one.messages[1].content) for one in shown] == [
        ("write", True)
    ]
    others = [one for one in llm.asked if one.prompt == "write" and one not in shown]
    assert all("passage" not in one.messages[0].content.lower() for one in others)


async def test_the_plan_sees_what_is_found_for_the_query_between_marks() -> None:
    llm = Counting()
    shelf = Shelf({"": found(("oil", CRUDE))})
    (map, _, _), _ = await made(llm, shelf)
    assert map == good_map()
    system, user = (message.content for message in llm.asked[0].messages)
    assert "Passages of sources stand between BEGIN and END" in system
    before, _, behind = user.partition(f"Passage 1, Oil > Prices: {CRUDE}")
    mark = before.splitlines()[-1].removeprefix("BEGIN ")
    assert behind.startswith(f"\nEND {mark}\n")
    assert mark not in before.removesuffix(f"BEGIN {mark}\n")


async def test_the_query_and_each_concept_are_looked_for_once_with_what_matters_of_them() -> None:
    shelf = Shelf()
    await made(Counting(lines(sourced_line("Inflation"))), shelf)
    plan, *concepts = shelf.wanted
    assert (plan.name, plan.scope, plan.query, plan.language) == ("", "", QUERY, "en")
    assert sorted(one.name for one in concepts) == sorted(NAMES)
    assert all(one.scope and one.query == QUERY for one in concepts)


async def test_what_is_found_is_told() -> None:
    _, events = await made(Counting(lines(sourced_line("Inflation"))), Shelf())
    told = [event for event in events if isinstance(event, Grounded)]
    assert told[0].concept == ""
    assert sorted(one.concept for one in told[1:]) == sorted(IDS)
    assert [one.sources for one in told if one.passages] == [(source("economics"),)]


async def test_without_sources_nothing_is_told_of_them() -> None:
    llm = Counting()
    (map, _, _), events = await made(llm, None)
    assert map == good_map()
    assert not [event for event in events if isinstance(event, Grounded)]


async def test_a_source_that_is_not_cited_is_not_the_maps_and_a_false_quote_is_counted() -> None:
    line = sourced_line("Inflation", definition=[(1, "prices fall all over the world")], relevance=[(1, "who knows")])
    (map, _, dropped), _ = await made(Counting(lines(line)), Shelf())
    assert (map.sources, concept(map), dropped) == ((), (), 2)
    assert map.status == "complete"


async def test_no_more_is_shown_than_there_is_room_for() -> None:
    llm = Counting()
    (map, _, _), events = await made(llm, Shelf(), room=Room(plan=5, write=5))
    assert map == good_map()
    assert all(event.passages == () for event in events if isinstance(event, Grounded))


async def test_a_repair_sees_the_passages_and_its_text_stands_on_its_own_quotes() -> None:
    bad = sourced_line("Inflation", definition=[(1, RISE)], relevance=[(1, "higher rates of interest")])
    bad["answer"]["definition"] = "TODO"
    answer = {
        "definition_quotes": quoting((1, "lasting rise of prices")),
        "definition": write_answer("Inflation")["definition"],
    }
    shelf, llm = Shelf(), Counting([*lines(bad), repair_line(answer)])
    (map, repairs, dropped), _ = await made(llm, shelf)
    assert (map.status, repairs, dropped) == ("complete", 1, 0)
    assert [(one.of, one.quote) for one in concept(map)] == [
        ("definition", "lasting rise of prices"),
        ("relevance", "higher rates of interest"),
    ]
    assert PRICES in llm.asked[-1].messages[1].content
    assert len([one for one in shelf.wanted if one.name == "Inflation"]) == 1


async def test_a_text_that_a_repair_wrote_without_a_quote_stands_on_none() -> None:
    bad = sourced_line("Inflation", definition=[(1, RISE)])
    bad["answer"]["definition"] = "TODO"
    answer = {"definition_quotes": [], "definition": write_answer("Inflation")["definition"]}
    (map, _, _), _ = await made(Counting([*lines(bad), repair_line(answer)]), Shelf())
    assert (concept(map), map.sources) == ((), ())


async def test_a_text_that_is_only_shortened_keeps_its_quotes() -> None:
    line = sourced_line("Inflation", definition=[(1, RISE)])
    line["answer"]["definition"] += " It is measured every month."
    llm = Counting(lines(line))
    (map, repairs, _), _ = await made(llm, Shelf())
    assert (concept(map), repairs) == ((CITED,), 1)
    assert "repair" not in llm.prompts()


async def test_a_concept_that_a_repair_brings_is_written_from_the_passages_on_it() -> None:
    wages = found(("wages", "Wage growth raises what firms must ask for their goods."))
    shelf, quote = Shelf({"Wage Growth": wages}), "raises what firms must ask"
    texts = {key: WAGES[key] for key in ("definition", "relevance")}
    answer = texts | {"definition_quotes": quoting((1, quote)), "relevance_quotes": []}
    line: Line = {"prompt": "write", "match": "Concept to explain: Wage Growth", "answer": answer}
    (map, repairs, _), _ = await made(Counting([*headed_lines(), line]), shelf)
    assert [(one.source, one.quote) for one in concept(map, "wage-growth")] == [("wages", quote)]
    assert (map.status, repairs, map.sources) == ("complete", 1, (source("wages"),))


async def test_such_a_concept_stays_as_it_came_where_the_sources_say_nothing_or_the_writing_fails() -> None:
    fault = failing("write", Unavailable("The endpoint is gone."), match="Concept to explain: Wage Growth")
    for on_shelf in ({}, {"Wage Growth": found(("wages", PRICES))}):
        (map, repairs, dropped), _ = await made(Counting(headed_lines(), fault=fault), Shelf(on_shelf))
        assert map.concept("wage-growth").definition == WAGES["definition"]
        assert (map.status, repairs, dropped, map.sources) == ("complete", 1, 0, ())


async def test_a_completed_map_keeps_its_sources_and_cites_new_ones() -> None:
    first = good_map().concepts[0].model_copy(update={"citations": (Citation(source="bank", quote="as it was"),)})
    lacking = good_map().concepts[1].model_copy(update={"definition": "", "relevance": ""})
    had = good_map().model_copy(
        update={"concepts": (first, lacking, *good_map().concepts[2:]), "sources": (source("bank"),)}
    )
    shelf = Shelf()
    line = sourced_line("Inflation", definition=[(1, RISE)], match="Concept to explain: Inflation")
    (map, _, _), _ = await made(Counting([line]), shelf, start=begun(had))
    assert map.sources == (source("bank"), source("economics"))
    assert (concept(map), map.concepts[0]) == ((CITED,), first)
    assert [one.name for one in shelf.wanted] == ["Inflation"]
