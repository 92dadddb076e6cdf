"""A saved map is completed: what is asked, exactly, and what stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.errors import KeyRefused, Unavailable
from mapgen.model import Concept, KnowledgeMap, Query, Relation
from mapgen.pipeline import run
from mapgen.resuming import begun, settled
from mapgen.steps.check import check
from tests.lacking import PROMPTS, without, writes
from tests.scripts import (
    IDS,
    LINKS,
    NAMES,
    QUERY,
    TEXTS,
    Counting,
    concept_answer,
    failing,
    good_map,
    relate_answer,
    relate_line,
    repair_line,
    write_answer,
)

GONE = Unavailable("The endpoint is gone.")
REFUSED = KeyRefused("The key is refused.")


async def completed(map: KnowledgeMap, llm: Any, *, concepts: int | None = None) -> KnowledgeMap:
    """The map, completed by a model."""
    state = begun(map, concepts=concepts)
    return (await run(state, llm=llm, prompts=PROMPTS, emit=lambda event: None))[0]


async def test_only_the_concepts_without_texts_are_written() -> None:
    llm = Counting(writes("Inflation", "Oil Prices"))
    map = await completed(without(good_map(), "inflation", "oil-prices"), llm)
    assert map == good_map()
    assert llm.prompts() == ["write", "write"]
    assert llm.most == 2


async def test_only_missing_relations_are_asked_for() -> None:
    llm = Counting([relate_line()])
    assert await completed(without(good_map(), relations=False), llm) == good_map()
    assert llm.prompts() == ["relate"]


async def test_a_map_of_which_only_the_plan_is_there_is_written_and_related_at_once() -> None:
    llm = Counting([*writes(*NAMES), relate_line()])
    assert await completed(without(good_map(), *IDS, relations=False), llm) == good_map()
    assert sorted(llm.prompts()) == ["relate", *["write"] * len(NAMES)]
    assert llm.most == len(NAMES) + 1


async def test_only_the_faulty_text_is_asked_again_with_its_problem() -> None:
    faulty = without(good_map(), "inflation", definition="TODO")
    llm = Counting([repair_line({"definition": TEXTS["Inflation"][0]})])
    assert await completed(faulty, llm) == good_map()
    (asked,) = llm.asked
    assert all(problem.message in asked.messages[1].content for problem in faulty.problems)


async def test_one_empty_text_is_asked_for_and_the_other_stays() -> None:
    llm = Counting([repair_line({"relevance": TEXTS["Inflation"][1]})])
    assert await completed(without(good_map(), "inflation", relevance=""), llm) == good_map()
    assert llm.prompts() == ["repair"]


async def test_unconnected_concepts_get_their_relations_and_the_sound_ones_stay() -> None:
    lacking = without(good_map().model_copy(update={"relations": good_map().relations[:2]}))
    llm = Counting([repair_line(relate_answer(LINKS[2:]))])
    assert await completed(lacking, llm) == good_map()
    assert llm.prompts() == ["repair"]


async def test_a_concept_that_is_still_wanted_is_asked_for_by_the_number_that_the_map_tells() -> None:
    short = good_map().model_copy(
        update={
            "concepts": good_map().concepts[:3],
            "relations": tuple(one for one in good_map().relations if "fuel-demand" not in (one.source, one.target)),
        }
    )
    lacking = short.model_copy(update={"status": "incomplete", "problems": check(short, concepts=4)})
    assert [problem.code for problem in lacking.problems] == ["concepts-few"]
    llm = Counting([repair_line(concept_answer("Fuel Demand"), match="concept that is missing")])
    map = await completed(lacking, llm)
    assert (map.status, [one.id for one in map.concepts]) == ("complete", list(IDS))
    assert llm.prompts() == ["repair"]
    assert begun(short).query.concepts is None
    assert begun(short, concepts=5).query.concepts == 5
    assert begun(lacking).query == Query(text=QUERY, language="en", concepts=4)


async def test_a_map_without_concepts_is_planned() -> None:
    empty = good_map().model_copy(update={"concepts": (), "relations": ()})
    llm = Counting()
    map = await completed(empty.model_copy(update={"status": "incomplete", "problems": check(empty)}), llm)
    assert map == good_map()
    assert llm.prompts()[0] == "plan"


async def test_what_is_still_faulty_after_two_rounds_is_marked_again() -> None:
    llm = Counting([repair_line({"definition": "TODO"})])
    map = await completed(without(good_map(), "inflation", "oil-prices", definition="TODO"), llm)
    assert map.status == "incomplete"
    assert {problem.where for problem in map.problems} == {
        "concepts.inflation.definition",
        "concepts.oil-prices.definition",
    }
    assert llm.prompts() == ["repair"] * 4


async def test_a_part_that_fails_leaves_what_the_others_brought() -> None:
    lines = [*writes("Inflation", "Oil Prices"), repair_line(write_answer("Oil Prices"))]
    llm = Counting(lines, fault=failing("write", GONE, match=": Oil Prices ("))
    map = await completed(without(good_map(), "inflation", "oil-prices"), llm)
    assert map == good_map()
    assert llm.prompts() == ["write", "write", "repair"]


@pytest.mark.parametrize(
    ("lacking", "prompt"),
    [
        (without(good_map(), "inflation"), "write"),
        (without(good_map(), relations=False), "relate"),
        (without(good_map(), "inflation", definition="TODO"), "repair"),
    ],
    ids=["write", "relate", "repair"],
)
async def test_where_nothing_could_be_added_the_reason_is_raised(lacking: KnowledgeMap, prompt: str) -> None:
    llm = Counting(fault=lambda filled: REFUSED)
    with pytest.raises(KeyRefused, match="The key is refused"):
        await completed(lacking, llm)
    assert llm.prompts() == [prompt]


async def test_ids_that_no_problem_could_name_are_made_anew_with_their_relations() -> None:
    told = {"inflation": "a.b", "oil-prices": "", "fuel-demand": "interest-rates"}
    concepts = tuple(one.model_copy(update={"id": told.get(one.id, one.id)}) for one in good_map().concepts)
    odd = good_map().model_copy(
        update={
            "concepts": concepts,
            "relations": tuple(
                one.model_copy(update={"source": told.get(one.source, one.source), "target": "a.b"})
                for one in good_map().relations
            ),
        }
    )
    state = begun(odd)
    assert list(state.outlines) == ["interest-rates", "a-b", "c", "interest-rates-2"]
    assert isinstance(state.relations, tuple)
    assert {one.target for one in state.relations} == {"a-b"}
    assert settled(odd, state) is None


def test_relations_whose_ends_are_not_there_are_left_out() -> None:
    lost = Relation(source="gone", target="inflation", kind="causes", label="moves", explanation="It does.")
    odd = good_map().model_copy(update={"relations": (*good_map().relations, lost)})
    assert begun(odd).relations == good_map().relations


def test_citations_and_sources_stay() -> None:
    concept = Concept.model_validate(
        dict(good_map().concepts[0]) | {"citations": ({"source": "s", "quote": "So it is."},)}
    )
    source = {"id": "s", "title": "A book", "location": "book.pdf"}
    cited = KnowledgeMap.model_validate(
        dict(good_map())
        | {
            "concepts": (concept, *good_map().concepts[1:]),
            "sources": (source,),
            "status": "incomplete",
            "problems": without(good_map(), "inflation").problems,
        }
    )
    found = settled(cited, begun(cited))
    assert found is not None
    assert (found.sources, found.concepts[0].citations) == (cited.sources, concept.citations)
    assert found.status == "complete"
