"""Trimming: which texts are mended by leaving sentences out, and which have to be asked again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.model import Concept, Problem
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.rules.concepts import check_draft
from mapgen.rules.relevances import MAX_SENTENCES
from mapgen.rules.sentences import sentences
from mapgen.steps.repair import parts, repair
from mapgen.steps.trimming import trimmed
from tests.scripts import QUERY, TEXTS, Counting, good_map, good_plan, repair_line

PROMPTS = PromptSet(builtin_folder())
DEFINITION, RELEVANCE = TEXTS["Inflation"]
FIRST, SECOND = sentences(RELEVANCE)
MORE = (
    "Borrowers gain from it while savers lose.",
    "Unions ask for higher pay within a year.",
    "Shops print new labels every week.",
)


def concept(definition: str = DEFINITION, relevance: str = RELEVANCE) -> Concept:
    return Concept(id="inflation", name="Inflation", definition=definition, relevance=relevance, rank=1)


def trim(*faulty: str, **texts: str) -> dict[str, str]:
    return trimmed(concept(**texts), frozenset(faulty or texts), query=QUERY, language="en")


@pytest.mark.parametrize(
    "definition",
    [
        f"{DEFINITION} It hurts savers.",
        f"{DEFINITION} It hurts savers. It helps those who owe.",
        f"{DEFINITION} It hurts",
        f"{DEFINITION}}}",
        f'{DEFINITION}"}}',
        f'{DEFINITION}" }}]}}',
        f"{DEFINITION} It hurts savers.}}",
    ],
)
def test_a_definition_is_cut_to_its_first_sentence(definition: str) -> None:
    assert trim(definition=definition) == {"definition": DEFINITION}


@pytest.mark.parametrize(
    "relevance",
    [
        f"{RELEVANCE} {FIRST}",
        f"{FIRST} {FIRST} {SECOND}",
        f"{RELEVANCE} {SECOND.upper()}",
        f"{RELEVANCE} Dearer imports",
        f"{RELEVANCE} Dearer imports...",
        f"{RELEVANCE}}}",
        f'{RELEVANCE}"}}',
        f'{RELEVANCE} "}}]',
    ],
)
def test_repeated_and_unfinished_sentences_and_remnants_of_json_are_left_out(relevance: str) -> None:
    assert trim(relevance=relevance) == {"relevance": RELEVANCE}


def test_surplus_sentences_are_left_out_from_the_end() -> None:
    assert len((FIRST, SECOND, *MORE)) == MAX_SENTENCES + 1
    said = " ".join((FIRST, SECOND, *MORE))
    assert trim(relevance=said) == {"relevance": " ".join((FIRST, SECOND, *MORE[:2]))}


def test_a_sentence_said_again_later_keeps_its_first_place() -> None:
    assert trim(relevance=" ".join((FIRST, SECOND, MORE[0], FIRST, MORE[1]))) == {
        "relevance": " ".join((FIRST, SECOND, *MORE[:2]))
    }


@pytest.mark.parametrize(
    "texts",
    [
        {"definition": ""},
        {"definition": "TODO"},
        {"definition": "Inflation is inflation."},
        {"definition": "Inflation is a general rise in"},
        {"definition": "Inflation is a rise in the interval [0, 1]"},
        {"relevance": ""},
        {"relevance": "TODO"},
        {"relevance": FIRST},
        {"relevance": f"{FIRST} {FIRST}"},
        {"relevance": f"{FIRST} Fuel bills feed it because"},
        {"relevance": "It is important here. It matters a lot."},
        {"relevance": f'{FIRST} They say "no."}}'},
    ],
)
def test_what_no_omission_mends_is_left_to_be_asked(texts: dict[str, str]) -> None:
    assert trim(**texts) == {}


def test_of_two_faulty_texts_only_the_sound_one_is_given() -> None:
    assert trim(definition="TODO", relevance=f"{RELEVANCE} {FIRST}") == {"relevance": RELEVANCE}
    assert trim(definition=f"{DEFINITION} It hurts savers.", relevance="TODO") == {"definition": DEFINITION}


def test_a_text_that_is_not_faulty_is_left_alone() -> None:
    long = f"{DEFINITION} It hurts savers."
    assert trim("relevance", definition=long, relevance=f"{RELEVANCE} {FIRST}") == {"relevance": RELEVANCE}


SAID = st.lists(
    st.sampled_from((DEFINITION, FIRST, SECOND, *MORE, "TODO", "Dearer imports", "}", '"}', "It has (one", "...")),
    max_size=8,
).map(" ".join)


@given(text=st.sampled_from(("definition", "relevance")), before=SAID)
def test_nothing_is_invented_and_what_is_given_is_sound(text: str, before: str) -> None:
    for said in trim(**{text: before}).values():
        assert all(sentence in before for sentence in sentences(said))
        assert len(said) <= len(before)
        shorter = concept(**{text: said})
        assert check_draft("Inflation", shorter, where="", query=QUERY, language="en") == ()


async def test_only_the_text_that_cannot_be_trimmed_is_asked() -> None:
    faulty = concept(definition=f"{DEFINITION} It hurts savers.", relevance="TODO")
    map = good_map().model_copy(update={"concepts": (good_map().concepts[0], faulty, *good_map().concepts[2:])})
    places = ("concepts.inflation.definition", "concepts.inflation.relevance")
    (part,) = parts(tuple(Problem(code="c", where=where, message="It is faulty.") for where in places))
    llm = Counting([repair_line({"relevance": RELEVANCE})])
    mended = await repair(part, map, plan=good_plan(), llm=llm, prompts=PROMPTS)
    assert (mended.drafts["inflation"].definition, mended.drafts["inflation"].relevance) == (DEFINITION, RELEVANCE)
    (asked,) = llm.asked
    assert list(asked.schema["properties"]) == ["relevance"]
    assert "Write the relevance of Inflation anew" in asked.messages[1].content
