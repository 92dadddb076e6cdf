"""Repair: which problems lead to which parts, what is asked of them, and how an answer takes its place."""

from __future__ import annotations

from typing import Any

import pytest

from mapgen.errors import BadAnswer
from mapgen.model import Draft, KnowledgeMap, Outline, Plan, Problem, Relation
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.steps.repair import Mended, Part, parts, repair, repair_input
from tests.scripts import (
    EXPLANATION,
    LABEL,
    NAMES,
    QUERY,
    TEXTS,
    Counting,
    good_map,
    good_plan,
    repair_line,
)

PROMPTS = PromptSet(builtin_folder())
GOOD_DEFINITION = "Inflation is the lasting growth of what daily goods cost."
GOOD_RELEVANCE = "Wages chase it within a year. Borrowers gain from it while savers lose."


def problem(where: str, code: str = "c", message: str = "It is faulty.") -> Problem:
    return Problem(code=code, where=where, message=message)


def kinds(*places: str) -> list[tuple[str, str, int]]:
    """The parts of problems in those places: kind, id, number of problems."""
    return [(part.kind, part.id, len(part.problems)) for part in parts(tuple(map(problem, places)))]


def spoilt(at: int = 1, **fields: Any) -> KnowledgeMap:
    """The good map with one concept's fields changed."""
    concepts = list(good_map().concepts)
    concepts[at] = concepts[at].model_copy(update=fields)
    return good_map().model_copy(update={"concepts": tuple(concepts)})


async def mended(part: Part, map: KnowledgeMap, answer: Any, *, plan: Plan | None = None) -> tuple[Mended, Counting]:
    llm = Counting([repair_line(answer)])
    return await repair(part, map, plan=plan or good_plan(), llm=llm, prompts=PROMPTS), llm


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((), []),
        (("related",), []),
        (("title",), []),
        (("concepts.a.definition",), [("definition", "a", 1)]),
        (("concepts.a.relevance", "concepts.a.relevance"), [("relevance", "a", 2)]),
        (("concepts.a.definition", "concepts.a.relevance"), [("texts", "a", 2)]),
        (("concepts.a.name",), [("concept", "a", 1)]),
        (("concepts.a.name", "concepts.a.definition"), [("concept", "a", 2)]),
        (("concepts.a",), [("concept", "a", 1)]),
        (("relations", "relations.0", "relations.7"), [("relations", "", 3)]),
        (("map",), [("concept", "", 1)]),
        (("map", "map"), [("concept", "", 1), ("concept", "", 1)]),
        (
            ("concepts.a.definition", "relations.1", "concepts.b.relevance"),
            [("definition", "a", 1), ("relations", "", 1), ("relevance", "b", 1)],
        ),
    ],
)
def test_problems_are_sorted_into_what_can_be_asked(
    places: tuple[str, ...], expected: list[tuple[str, str, int]]
) -> None:
    assert kinds(*places) == expected


def test_every_problem_is_quoted_once_and_only_to_its_part() -> None:
    found = (
        problem("concepts.inflation.definition", message="First."),
        problem("concepts.inflation.definition", code="d", message="First."),
        problem("concepts.inflation.definition", message="Second."),
        problem("concepts.oil-prices.relevance", message="Other."),
    )
    first, second = parts(found)
    assert repair_input(first, good_map(), plan=good_plan()).problems == ("First.", "Second.")
    assert repair_input(second, good_map(), plan=good_plan()).problems == ("Other.",)


async def test_only_the_faulty_text_is_asked_and_the_other_is_kept() -> None:
    map = spoilt(definition="TODO")
    (part,) = parts((problem("concepts.inflation.definition", message="It is a placeholder."),))
    result, llm = await mended(part, map, {"definition": GOOD_DEFINITION})
    assert result == Mended(drafts={"inflation": Draft(definition=GOOD_DEFINITION, relevance=TEXTS["Inflation"][1])})
    (asked,) = llm.asked
    assert list(asked.schema["properties"]) == ["definition"]
    said = asked.messages[1].content
    assert "It is a placeholder." in said
    assert "Its definition so far: TODO" in said
    assert QUERY in said
    assert asked.role == "writer"


async def test_a_relevance_and_both_texts_are_asked_alike() -> None:
    map = spoilt(definition="TODO", relevance="TODO")
    (part,) = parts((problem("concepts.inflation.relevance"),))
    result, llm = await mended(part, map, {"relevance": GOOD_RELEVANCE})
    assert result.drafts == {"inflation": Draft(definition="TODO", relevance=GOOD_RELEVANCE)}
    assert list(llm.asked[0].schema["properties"]) == ["relevance"]
    (part,) = parts((problem("concepts.inflation.relevance"), problem("concepts.inflation.definition")))
    result, llm = await mended(part, map, {"definition": GOOD_DEFINITION, "relevance": GOOD_RELEVANCE})
    assert result.drafts == {"inflation": Draft(definition=GOOD_DEFINITION, relevance=GOOD_RELEVANCE)}
    assert list(llm.asked[0].schema["properties"]) == ["definition", "relevance"]


async def test_a_concept_that_was_not_written_is_asked_for_without_empty_texts() -> None:
    map = spoilt(definition="", relevance="")
    found = (problem("concepts.inflation.definition"), problem("concepts.inflation.relevance"))
    (part,) = parts(found)
    _, llm = await mended(part, map, {"definition": GOOD_DEFINITION, "relevance": GOOD_RELEVANCE})
    assert "Its definition" not in llm.asked[0].messages[1].content
    assert "Its relevance" not in llm.asked[0].messages[1].content


async def test_a_text_that_is_sound_without_a_sentence_costs_no_call() -> None:
    long = f"{TEXTS['Inflation'][0]} It hurts savers."
    (part,) = parts((problem("concepts.inflation.definition", code="definition-sentences"),))
    result, llm = await mended(part, spoilt(definition=long), {"definition": "unused"})
    assert result.drafts["inflation"].definition == TEXTS["Inflation"][0]
    assert llm.asked == []


NEW = {
    "name": "Wage Growth",
    "definition": GOOD_DEFINITION,
    "relevance": GOOD_RELEVANCE,
    "label": LABEL,
    "target": "Oil Prices",
    "explanation": EXPLANATION,
    "kind": "causes",
}
LINK = Relation(source="wage-growth", target="oil-prices", kind="causes", label=LABEL, explanation=EXPLANATION)
DRAFT = Draft(definition=GOOD_DEFINITION, relevance=GOOD_RELEVANCE)


async def test_a_faulty_concept_is_replaced_under_an_id_of_its_own() -> None:
    (part,) = parts((problem("concepts.inflation.name", message="The name is a heading."),))
    result, llm = await mended(part, good_map(), NEW)
    assert result == Mended(
        outlines={"inflation": Outline(id="wage-growth", name="Wage Growth", scope="")},
        drafts={"wage-growth": DRAFT},
        links=(LINK,),
    )
    said = llm.asked[0].messages[1].content
    assert "take the place of: Inflation" in said
    assert "Interest Rates; Oil Prices; Fuel Demand" in said
    assert "The name is a heading." in said
    fields = llm.asked[0].schema["properties"]
    assert list(fields) == list(NEW)
    assert fields["target"]["enum"] == ["Interest Rates", "Oil Prices", "Fuel Demand"]


async def test_a_concept_that_comes_back_under_its_name_keeps_its_id() -> None:
    (part,) = parts((problem("concepts.inflation.name"),))
    result, _ = await mended(part, good_map(), NEW | {"name": "Inflation"})
    assert list(result.outlines) == list(result.drafts) == ["inflation"]
    assert result.outlines["inflation"].id == "inflation"
    assert [(one.source, one.target) for one in result.links] == [("inflation", "oil-prices")]


async def test_a_link_that_the_map_has_already_is_not_given_again() -> None:
    (part,) = parts((problem("concepts.oil-prices.name"),))
    again = NEW | {"name": "Oil Prices", "target": "Inflation", "label": "pushes up"}
    result, _ = await mended(part, good_map(), again)
    assert list(result.outlines) == ["oil-prices"]
    assert result.links == ()


@pytest.mark.parametrize(
    "unsound", [{"label": ""}, {"label": "is related to"}, {"target": "Nowhere"}, {"target": "Wage Growth"}]
)
async def test_a_link_that_no_rule_accepts_is_left_out_and_the_concept_kept(unsound: dict[str, str]) -> None:
    (part,) = parts((problem("map"),))
    result, _ = await mended(part, good_map(), NEW | unsound)
    assert result.drafts == {"wage-growth": DRAFT}
    assert result.links == ()


async def test_a_link_that_is_badly_said_is_kept_where_nothing_else_connects() -> None:
    (part,) = parts((problem("map"),))
    result, _ = await mended(part, good_map(), NEW | {"explanation": "The first moves the second and"})
    assert [(one.source, one.target) for one in result.links] == [("wage-growth", "oil-prices")]


async def test_a_missing_concept_is_added() -> None:
    (part,) = parts((problem("map", message="No concept covers 'wages'."),))
    result, llm = await mended(part, good_map(), NEW)
    assert result.outlines == {"wage-growth": Outline(id="wage-growth", name="Wage Growth", scope="")}
    assert result.links == (LINK,)
    said = llm.asked[0].messages[1].content
    assert "Give the concept that is missing." in said
    assert "; ".join(NAMES) in said
    assert "No concept covers 'wages'." in said
    assert "name, label, target: a short statement" in llm.asked[0].messages[0].content
    assert "- limits: A restricts, weakens or prevents B" in llm.asked[0].messages[0].content
    assert llm.asked[0].schema["properties"]["target"]["enum"] == list(NAMES)


async def test_the_only_concept_of_a_map_is_replaced_without_a_choice_of_targets() -> None:
    whole = good_map()
    map = whole.model_copy(update={"concepts": whole.concepts[1:2], "relations": ()})
    plan = good_plan().model_copy(update={"concepts": good_plan().concepts[1:2]})
    (part,) = parts((problem("concepts.inflation.name"),))
    result, llm = await mended(part, map, NEW, plan=plan)
    assert "enum" not in llm.asked[0].schema["properties"]["target"]
    assert (list(result.drafts), result.links) == (["wage-growth"], ())


def test_a_spare_concept_gives_way_to_the_first_that_is_missing() -> None:
    found = tuple(map(problem, ("map", "concepts.a.definition", "map", "concepts.b.relevance", "relations")))
    asked = [(part.kind, part.id) for part in parts(found, spare="a")]
    assert asked == [("concept", "a"), ("relevance", "b"), ("relations", "")]


def test_a_spare_concept_stays_where_none_is_missing() -> None:
    found = (problem("concepts.a.definition"), problem("concepts.b.relevance"))
    assert parts(found, spare="a") == parts(found)


def test_no_more_concepts_are_asked_for_than_there_is_room_for() -> None:
    found = tuple(map(problem, ("map", "relations", "map", "map")))
    assert [part.kind for part in parts(found, room=2)] == ["concept", "relations", "concept"]
    assert (
        [part.kind for part in parts(found, room=0)] == [part.kind for part in parts(found, room=-1)] == ["relations"]
    )


def test_too_many_concepts_are_no_missing_concept() -> None:
    assert parts((problem("map", code="concepts-many"),)) == ()


def test_a_faulty_title_is_no_missing_concept() -> None:
    assert parts((problem("map", code="text-markup"), problem("map", code="text-empty")), spare="a") == ()


async def test_a_new_id_never_takes_another_concepts() -> None:
    outlines = (Outline(id="x", name="Crude", scope=""), Outline(id="c-2", name="C++", scope=""))
    plan = good_plan().model_copy(update={"concepts": outlines})
    (part,) = parts((problem("map"),))
    for name, id in (("C#", "c"), ("C 2", "c-2-2"), ("X", "x-2")):
        result, _ = await mended(part, good_map(), NEW | {"name": name}, plan=plan)
        assert list(result.outlines) == [id]


async def test_an_answer_that_is_none_is_raised() -> None:
    (part,) = parts((problem("concepts.inflation.definition"),))
    with pytest.raises(BadAnswer):
        await mended(part, spoilt(definition="TODO"), {"relevance": "not asked"})


async def test_the_scope_of_the_plan_is_told() -> None:
    (part,) = parts((problem("concepts.inflation.definition"),))
    given = repair_input(part, good_map(), plan=good_plan())
    assert (given.name, given.scope) == ("Inflation", "what the rates are to tame")
