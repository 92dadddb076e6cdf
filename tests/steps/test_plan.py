"""The plan: what is asked, and how an answer becomes outlines."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import BadAnswer, Unavailable
from mapgen.model import MAX_CONCEPTS, Plan, Query
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.rules import uncovered
from mapgen.steps.plan import PlanAnswer, plan, plan_input
from tests.scripts import NAMES, QUERY, RELATED, TITLE, Counting, good_plan, plan_line

PROMPTS = PromptSet(builtin_folder())


async def planned(query: str = QUERY, *, given: dict[str, Any] | None = None, **answer: Any) -> Plan:
    asked = Query.of(query, **(given or {}))
    return await plan(asked, llm=Counting([plan_line(**answer)]), prompts=PROMPTS)


async def names(*given_names: str, **query: Any) -> list[str]:
    return [outline.name for outline in (await planned(names=given_names, given=query)).concepts]


async def test_a_good_answer_is_the_plan() -> None:
    llm = Counting()
    assert await plan(Query.of(QUERY), llm=llm, prompts=PROMPTS) == good_plan()
    assert llm.prompts() == ["plan"]
    assert llm.asked[0].role == "planner"


async def test_concepts_keep_their_order_and_get_ids() -> None:
    found = await planned(names=("Oil Prices", "Inflation", "Interest Rates"))
    assert [(one.id, one.name) for one in found.concepts] == [
        ("oil-prices", "Oil Prices"),
        ("inflation", "Inflation"),
        ("interest-rates", "Interest Rates"),
    ]
    assert all(one.scope for one in found.concepts)


async def test_names_that_mean_the_same_are_merged() -> None:
    composed, decomposed = "Économie", unicodedata.normalize("NFD", "Économie")
    assert composed != decomposed
    assert await names("Oil Prices", "oil prices", "Inflation") == ["Oil Prices", "Inflation"]
    assert await names("Oil Price", "Oil Prices", "Inflation") == ["Oil Price", "Inflation"]
    assert await names(composed, decomposed, "Inflation") == [composed, "Inflation"]
    assert await names("Interest Rate", "Inflation", "Interest rates") == ["Interest Rate", "Inflation"]


async def test_names_that_only_look_alike_are_kept() -> None:
    assert await names("Precision", "Recall", "Precision and Recall Curve") == [
        "Precision",
        "Recall",
        "Precision and Recall Curve",
    ]


async def test_the_query_itself_and_empty_names_are_left_out() -> None:
    assert await names(QUERY, "Inflation", " ", "Oil Prices", QUERY.rstrip("?").upper()) == ["Inflation", "Oil Prices"]


async def test_no_concept_left_is_a_bad_answer() -> None:
    for given_names in ((), (QUERY,), ("", " ")):
        with pytest.raises(BadAnswer) as caught:
            await planned(names=given_names)
        assert caught.value.exit_code == 76


WORDS = (
    "Granite", "Photosynthesis", "Monarchy", "Violin", "Tariff", "Enzyme", "Asteroid", "Liturgy",
    "Bankruptcy", "Cartilage", "Sonnet", "Turbine", "Glacier", "Yeast", "Quorum",
)  # fmt: skip


async def test_concepts_are_cut_to_the_number_asked_for() -> None:
    assert await names(*WORDS, concepts=5) == list(WORDS[:5])
    assert await names(*WORDS) == list(WORDS[:MAX_CONCEPTS])


async def test_a_duplicate_does_not_use_up_the_number() -> None:
    assert await names("Granite", "granite", "Violin", "Tariff", concepts=3) == ["Granite", "Violin", "Tariff"]


async def test_the_title_falls_back_to_the_query() -> None:
    assert (await planned(title="")).title == QUERY
    assert (await planned()).title == TITLE


@pytest.mark.parametrize(
    ("query", "fixed", "said", "language"),
    [
        (QUERY, "de", "fr", "de"),
        (QUERY, "pt-BR", "fr", "pt-BR"),
        ("Wie beeinflussen Zinsen die Inflation und die Ölpreise?", None, "en", "de"),
        ("日本銀行の金利政策は物価にどのような影響を与えますか", None, "en", "ja"),
        ("BGP", None, "de", "de"),
        ("BGP", None, "DE-at", "de"),
        ("BGP", None, "German", "de"),
        ("BGP", None, "Klingon", "en"),
        ("BGP", None, "", "en"),
    ],
)
async def test_the_language_is_the_options_then_the_querys_then_the_models(
    query: str, fixed: str | None, said: str, language: str
) -> None:
    assert (await planned(query, given={"language": fixed}, language=said)).language == language


def test_the_model_is_told_number_and_language() -> None:
    free = plan_input(Query.of(QUERY))
    assert (free.fewest, free.most, free.language, free.code) == (5, 8, "English", "en")
    fixed = plan_input(Query.of(QUERY, language="pt-BR", concepts=4))
    assert (fixed.fewest, fixed.most, fixed.language, fixed.code) == (4, 4, "Portuguese (BR)", "pt-BR")
    assert plan_input(Query.of("BGP")).language == ""


async def test_topics_are_short_distinct_and_at_most_twelve() -> None:
    many = (*RELATED, "opec", "Recessions", "", "The slow end of cheap oil", *WORDS)
    found = (await planned(related=many)).related
    assert found[:6] == RELATED
    assert len(found) == 12
    assert not {"opec", "Recessions", "", "The slow end of cheap oil"} & set(found)


async def test_too_few_topics_are_filled_up_with_the_concepts() -> None:
    found = (await planned(related=("OPEC", "Recession"))).related
    assert found == ("OPEC", "Recession", *NAMES)


async def test_what_the_model_raises_is_raised() -> None:
    llm = Counting(fault=lambda filled: Unavailable("gone"))
    with pytest.raises(Unavailable):
        await plan(Query.of(QUERY), llm=llm, prompts=PROMPTS)


async def test_unseen_characters_do_not_get_into_a_plan() -> None:
    found = await planned(names=("Oil\u202e Prices", "\x1b[31mInflation"), title="T\x00itle")
    assert [one.name for one in found.concepts] == ["Oil Prices", "Inflation"]
    assert found.title == "T itle"


def test_the_answer_is_strict() -> None:
    with pytest.raises(ValueError, match="concepts"):
        PlanAnswer.model_validate_json('{"language": "en", "title": "t", "concepts": "x", "related": []}')


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(given_names=st.lists(TEXT, max_size=15), topics=st.lists(TEXT, max_size=15), title=TEXT)
async def test_any_answer_is_a_sound_plan_or_a_bad_answer(
    given_names: list[str], topics: list[str], title: str
) -> None:
    try:
        found = await planned(names=given_names, related=topics, title=title)
    except BadAnswer:
        return
    ids = [one.id for one in found.concepts]
    assert 1 <= len(ids) == len(set(ids)) <= MAX_CONCEPTS
    assert len(found.related) <= 12
    assert found.title


async def test_the_same_asking_is_made_twice_alike() -> None:
    llm = Counting()
    for _ in range(2):
        await plan(Query.of(QUERY), llm=llm, prompts=PROMPTS)
    assert llm.asked[0] == llm.asked[1]


async def test_the_model_is_told_the_subjects_that_check_will_look_for() -> None:
    assert plan_input(Query.of(QUERY)).subjects == uncovered(QUERY, ())
    assert plan_input(Query.of(QUERY)).subjects == ("interest rates", "inflation", "oil prices")
    llm = Counting()
    await plan(Query.of(QUERY), llm=llm, prompts=PROMPTS)
    said = llm.asked[0].messages[1].content
    assert "\nSubjects that the query names: interest rates; inflation; oil prices\nEND " in said
    assert "\nEach of the subjects that the query names is a concept.\nPlan its map" in said


async def test_a_query_that_names_one_subject_has_none_to_tell() -> None:
    assert plan_input(Query.of("What is inflation?")).subjects == ()
    llm = Counting()
    await plan(Query.of("What is inflation?"), llm=llm, prompts=PROMPTS)
    assert "ubjects" not in llm.asked[0].messages[1].content


def test_no_more_subjects_are_told_than_there_may_be_concepts() -> None:
    many = "How do HTTP, TCP, UDP, DNS, TLS and BGP work?"
    assert plan_input(Query.of(many, concepts=3)).subjects == ("HTTP", "TCP", "UDP")


async def test_brackets_behind_the_querys_own_words_are_dropped() -> None:
    assert await names("Interest Rates (IR)", "Oil Prices (what crude costs)", "Inflation") == [
        "Interest Rates",
        "Oil Prices",
        "Inflation",
    ]
    assert await names("inflation (CPI)", "Inflation", "Oil Prices") == ["inflation", "Oil Prices"]


async def test_other_brackets_are_kept() -> None:
    assert await names("Stagflation (1970s)", "(Un)employment", "Inflation") == [
        "Stagflation (1970s)",
        "(Un)employment",
        "Inflation",
    ]


async def test_names_that_only_put_two_others_together_are_left_out() -> None:
    given = ("Interest Rates", "Inflation", "Interest Rate and Inflation", "Supply and Demand", "Oil Prices")
    assert await names(*given) == ["Interest Rates", "Inflation", "Supply and Demand", "Oil Prices"]


async def test_a_bracket_is_dropped_behind_whole_words_of_the_query_only() -> None:
    found = await planned("How do algorithms sort?", names=("Go (game)", "Sorting", "Heaps"))
    assert found.concepts[0].name == "Go (game)"
