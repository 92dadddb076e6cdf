"""The writes: one call a concept, and all of a map's calls alike up to the concept."""

from __future__ import annotations

from itertools import takewhile

import pytest

from mapgen.errors import BadAnswer
from mapgen.model import Draft, Query
from mapgen.prompting import PromptSet, builtin_folder, nonce
from mapgen.steps.write import WRITE, write, write_input
from tests.scripts import NAMES, QUERY, SCOPES, TEXTS, Counting, good_plan, write_line

PROMPTS = PromptSet(builtin_folder())


async def written(llm: Counting, at: int = 0) -> Draft:
    plan = good_plan()
    return await write(plan.concepts[at], plan, query=Query.of(QUERY), llm=llm, prompts=PROMPTS)


def beginning(texts: list[str]) -> str:
    """What all of the texts begin with."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in alike)


async def test_a_draft_has_the_models_texts() -> None:
    llm = Counting()
    for at, name in enumerate(NAMES):
        definition, relevance = TEXTS[name]
        assert await written(llm, at) == Draft(definition=definition, relevance=relevance)
    assert llm.prompts() == ["write"] * len(NAMES)
    assert {filled.role for filled in llm.asked} == {"writer"}


async def test_all_writes_of_a_map_share_their_beginning_up_to_the_concept() -> None:
    llm = Counting()
    for at in range(len(NAMES)):
        await written(llm, at)
    assert len({filled.messages[0] for filled in llm.asked}) == 1
    assert all(filled.shared for filled in llm.asked)
    said = [filled.messages[1].content for filled in llm.asked]
    shared = beginning(said)
    assert QUERY in shared
    assert all(name in shared for name in NAMES)
    for text, (name, scope) in zip(said, SCOPES.items(), strict=True):
        asked = "a definition of one sentence, and a relevance of two or three sentences, the first of which says what"
        explain = f"Explain this concept in English: {name}\nWrite {asked} {name} does."
        assert text[len(shared) :] == f"{name} ({scope})\nEND {nonce(QUERY)}\n\n{explain}"


async def test_schema_and_sampling_are_the_same_for_all() -> None:
    llm = Counting()
    for at in range(len(NAMES)):
        await written(llm, at)
    first, *rest = llm.asked
    assert all((one.schema, one.max_tokens, one.out) == (first.schema, first.max_tokens, first.out) for one in rest)


def test_the_model_is_told_query_language_siblings_and_scope() -> None:
    plan = good_plan().model_copy(update={"language": "pt-BR"})
    given = write_input(plan.concepts[1], plan, query=Query.of(QUERY))
    assert given.model_dump() == {
        "nonce": nonce(QUERY),
        "query": QUERY,
        "language": "Portuguese (BR)",
        "concepts": NAMES,
        "name": "Inflation",
        "scope": SCOPES["Inflation"],
        "mark": "",
        "passages": (),
    }


async def test_texts_are_cleaned() -> None:
    llm = Counting([write_line("Interest Rates", {"definition": "A\x1b[31m b\u202e.", "relevance": "c\nd"})])
    assert await written(llm) == Draft(definition="A b.", relevance="c d")


@pytest.mark.parametrize(
    "answer",
    ["", "no JSON", "{}", {"definition": "x"}, {"definition": 1, "relevance": "y"}, {"definition": "x" * 100_000,
     "relevance": "y"}],
)  # fmt: skip
async def test_what_is_no_draft_is_a_bad_answer(answer: object) -> None:
    with pytest.raises(BadAnswer) as caught:
        await written(Counting([write_line("Interest Rates", answer or " ")]))
    assert 1 <= len(caught.value.problems) <= 3


async def test_extra_keys_are_left_out() -> None:
    answer = {"definition": "d", "relevance": "r", "thought": "t"}
    assert await written(Counting([write_line("Interest Rates", answer)])) == Draft(definition="d", relevance="r")


def test_an_answer_has_room() -> None:
    assert WRITE.max_tokens >= 300
